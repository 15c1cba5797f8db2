"""The one door to a study: finds its folder, makes sure that the database is ours and sound, brings it up to date."""

from __future__ import annotations

import getpass
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import TracebackType

from sqlalchemy import Engine, event, inspect, text
from sqlalchemy.orm import Session as Db

from iprkit.database import files, journal, queries, together_queries
from iprkit.database.engine import WAIT_S, postgres_engine, sqlite_engine, writer
from iprkit.database.kept import Kept
from iprkit.database.models import StudyRow
from iprkit.database.shares import share_of
from iprkit.database.together_models import PageChange
from iprkit.errors import Conflict, DoneAlready, ForeignFile, InvalidInput, NetworkShare, NewerStudy, StudyNotFound
from iprkit.rights import RESEARCHER

DATABASE = "study.db"
SETTINGS = "study.toml"
FOLDERS = ("recordings", "transcripts", "codebooks", "exports", "backups")
REVISIONS = tuple(sorted(file.name[:4] for file in (Path(__file__).parent / "migrations/versions").glob("0*_*.py")))
"""The numbers of the migrations that this iprkit knows, oldest first."""


@dataclass(frozen=True)
class Study:
    """An open study: its folder, its database, and in whose name changes are made.

    ``read()`` sees one unchanging state and stores nothing. ``change()`` is one journaled change in one transaction.
    ``write()`` is for what stays out of the journal. Close it, or use it as ``with open_study(…) as study``.

    ``role`` is the author's part in the study, which limits what they may change. ``kept`` is what a study that stays
    open for long need not read again, ``numbers`` are the journal's of the changes made through this value.
    ``page_change`` is how a page calls what it asks for, so that it is done once however often it is sent.
    ``demand`` is asked before every change, inside its transaction, and raises where it must not be made. ``turn`` is
    whose turn it is to write among the threads that share the study: the next one begins the moment the last is done.
    """

    folder: Path
    engine: Engine
    author: str
    share: str | None = None
    role: str = RESEARCHER
    kept: Kept | None = field(default=None, compare=False, repr=False)
    numbers: list[int] = field(default_factory=list, compare=False, repr=False)
    page_change: str | None = field(default=None, compare=False, repr=False)
    demand: Callable[[Db], None] | None = field(default=None, compare=False, repr=False)
    turn: Lock = field(default_factory=Lock, compare=False, repr=False)

    @contextmanager
    def read(self) -> Iterator[Db]:
        with Db(self.engine, expire_on_commit=False, info={"kept": self.kept}) as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[Db]:
        """A transaction that is kept whole or not at all. Raises NetworkShare, StorageFull, Conflict."""
        if self.share:
            raise NetworkShare(
                f"{self.folder} lies on a network share ({self.share}), where two writers can ruin a study; copy it "
                "to a disk of this machine, or name --allow-network-share if nobody else has it open"
            )
        with self._turn(), Db(writer(self.engine), expire_on_commit=False, info={"kept": self.kept}) as db, db.begin():
            db.connection()  # wait for one's turn here, before anything is read that another writer might change
            seen: list[object] = []  # held, so that what one change asks for several times is read once
            event.listen(db, "loaded_as_persistent", lambda _db, row: seen.append(row))
            yield db

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite lets those who wait ask again after growing pauses; this one is called as soon as it may begin."""
        if not self.turn.acquire(timeout=WAIT_S):
            raise Conflict("somebody else is writing to this study just now; nothing was stored. Repeat the command")
        try:
            yield
        finally:
            self.turn.release()

    @contextmanager
    def change(self, action: str, subject: str | None = None) -> Iterator[Db]:
        """As ``write()``, and one entry of the journal; see ``journal.change``."""
        with (
            self.write() as db,
            journal.change(db, action, subject=subject, author=self.author, role=self.role) as made,
        ):
            self.begin(db)
            if self.demand is not None:
                self.demand(db)
            yield db
        if made.number is not None:
            self.numbers.append(made.number)

    def begin(self, db: Db) -> None:
        """Note the page's change that begins here. Raises DoneAlready where it was stored before."""
        if self.page_change is None or self.numbers:
            return
        if together_queries.is_stored(db, self.page_change):
            raise DoneAlready("this change is stored already; look at the thing as it is now")
        db.add(PageChange(id=self.page_change, at=journal.now()))

    def path(self, relative: str) -> Path:
        """Where a stored path points: inside the study folder unless it is absolute."""
        return self.folder / relative

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def create(folder: Path, title: str, author: str | None = None, database: str | None = None) -> Study:
    """Make a study folder with an empty database, readable by nobody else, and open it.

    ``database`` is the address of a PostgreSQL database for a team; media stay in the folder then. Raises Conflict
    where a study is there already, InvalidInput where the folder is a file, NetworkShare, StorageFull.
    """
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is a file; name a folder for the study")
    if (folder / DATABASE).exists() or (folder / SETTINGS).exists():
        raise Conflict(f"{folder} holds a study already; open it, or choose another folder")
    with _folders(folder):
        share = share_of(folder)
        if share and database is None:
            raise NetworkShare(f"{folder} lies on a network share ({share}); make the study on a disk of this machine")
        who = author or default_author()
        engine = _new_server_study(folder, database, title, who) if database else _new_file(folder, title, who)
    return Study(folder.resolve(), engine, who)


def open_study(folder: Path | None = None, author: str | None = None, allow_network_share: bool = False) -> Study:
    """Open the study in ``folder``, or the one found by ``find_study``.

    An older study is brought up to date first, after a backup into ``backups/``. Raises StudyNotFound, ForeignFile,
    NewerStudy, NetworkShare, StudyError where the file is damaged.
    """
    home = find_study(folder)
    address = _server_address(home)
    share = None if address or allow_network_share else share_of(home)
    if address:
        engine = postgres_engine(address)
    else:
        files.check_ours(home / DATABASE)
        engine = sqlite_engine(home / DATABASE)
    study = Study(home, engine, author or default_author(), share)
    try:
        _bring_up_to_date(study)
    except BaseException:
        study.close()
        raise
    return study


def find_study(folder: Path | None = None) -> Path:
    """The study folder: ``folder``, else ``IPRKIT_STUDY``, else the nearest one from here upwards.

    Raises StudyNotFound.
    """
    named = folder or (Path(os.environ["IPRKIT_STUDY"]) if os.environ.get("IPRKIT_STUDY") else None)
    here = Path.cwd()
    for place in [named.resolve()] if named else [here, *here.parents]:
        if (place / DATABASE).is_file() or (place / SETTINGS).is_file():
            return place
    where = f"in {named}" if named else f"in {here} or above"
    raise StudyNotFound(f"there is no study {where}; make one with: iprkit init DIR, or name it with -C DIR")


def default_author() -> str:
    """In whose name changes are made where nobody said: ``IPRKIT_AUTHOR``, else the name of the account."""
    try:
        return os.environ.get("IPRKIT_AUTHOR") or getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return "unknown"


@contextmanager
def _folders(folder: Path) -> Iterator[None]:
    """The study's folders; those that were not there before are gone again where the block fails."""
    places = [folder, *(folder / name for name in FOLDERS)]
    made = [place for place in places if not place.exists()]
    try:
        with files.storing():
            for place in places:
                place.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except BaseException:
        for place in reversed(made):
            with suppress(OSError):  # somebody put a file there meanwhile, or it was never made
                place.rmdir()
        raise


def _new_file(folder: Path, title: str, author: str) -> Engine:
    """The database is made under another name and renamed when whole, so that a failure leaves no half study."""
    fresh = folder / f"{DATABASE}.new"
    traces = (fresh, *(Path(f"{fresh}{end}") for end in ("-wal", "-shm", "-journal")))
    try:
        _remove(traces)  # of an attempt that a power cut ended
        with files.storing():
            files.make_empty_database(fresh)
            engine = sqlite_engine(fresh)
            try:
                _upgrade(engine)
                _begin(engine, title, author)
            finally:
                engine.dispose()
            files.gather(fresh)
            fresh.rename(folder / DATABASE)
    finally:
        _remove(traces)
    return sqlite_engine(folder / DATABASE)


def _remove(places: Iterable[Path]) -> None:
    for place in places:
        place.unlink(missing_ok=True)


def _begin(engine: Engine, title: str, author: str) -> None:
    """The study's own row, and the journal's first entry, which cannot be undone."""
    with (
        Db(writer(engine)) as db,
        db.begin(),
        journal.change(db, f"created the study {title!r}", author=author) as beginning,
    ):
        beginning.kind = "start"
        db.add(StudyRow(title=title, created_at=journal.now()))


def _new_server_study(folder: Path, address: str, title: str, author: str) -> Engine:
    engine = postgres_engine(address)
    try:
        _upgrade(engine)
        with Db(engine) as db:
            if queries.the_study(db) is not None:
                raise Conflict(f"the database holds a study already; to join it, write it into {folder / SETTINGS}")
        with files.storing():
            files.write_private(folder / SETTINGS, f'database = "{address}"\n')
        _begin(engine, title, author)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _server_address(folder: Path) -> str | None:
    file = folder / SETTINGS
    if not file.is_file():
        return None
    try:
        address = tomllib.loads(file.read_text(encoding="utf-8")).get("database")
    except tomllib.TOMLDecodeError as e:
        raise InvalidInput(f"{file} cannot be read: {e}") from e
    if address is not None and not isinstance(address, str):
        raise InvalidInput(f"{file}: database is {address!r}; expected an address in quotes")
    return address


def _bring_up_to_date(study: Study) -> None:
    found = _revision(study.engine)
    if found == REVISIONS[-1]:
        return
    place = study.engine.url.render_as_string(hide_password=True)
    if found is None:
        raise ForeignFile(f"{place} holds no study; make one with: iprkit init DIR")
    if found not in REVISIONS:
        raise NewerStudy(
            f"{study.folder} was written by a later iprkit (step {found}, this one knows {REVISIONS[-1]}); "
            "update iprkit: pip install --upgrade iprkit"
        )
    if study.share:
        raise NetworkShare(f"{study.folder} must be brought up to date, but lies on a network share ({study.share})")
    if study.engine.dialect.name == "sqlite":
        files.check_sound(study.engine)
        files.back_up(study.engine, study.folder / "backups")
    _upgrade(study.engine)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
        return None if row is None else str(row[0])


def _upgrade(engine: Engine) -> None:
    from iprkit.database.migrate import migrate  # Alembic takes longer to load than most commands take to run

    migrate(engine)
