"""What a study that stays open keeps: good as long as nobody changed what it was made from, by whatever program."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session as Db

from iprkit.actions.coders import add_coder
from iprkit.actions.dyads import add_dyad
from iprkit.database.connect import Study, open_study
from iprkit.database.kept import Kept, kept
from iprkit.database.models import Dyad


def made(study: Study, name: str, log: list[str]) -> int:
    """A value that says how often it was made so far."""

    def make() -> int:
        log.append(name)
        return len(log)

    with study.read() as db:
        return kept(db, name, make)


def test_a_value_is_made_once_while_only_coders_work(study: Study) -> None:
    lasting, log = replace(study, kept=Kept()), list[str]()
    assert made(lasting, "words", log) == made(lasting, "words", log) == 1
    add_coder(lasting, "ben")
    assert made(lasting, "words", log) == 1
    assert made(lasting, "others", log) == 2


def test_whoever_began_to_read_before_a_change_gets_what_was_kept_of_other_things(study: Study) -> None:
    lasting, log = replace(study, kept=Kept()), list[str]()
    assert made(lasting, "words", log) == 1
    with lasting.read() as before:
        assert kept(before, "names", lambda: "those") == "those"
        add_coder(lasting, "ben")
        assert made(lasting, "words", log) == 1
        assert kept(before, "words", lambda: log.append("again")) == 1
    assert log == ["words"]


def test_a_value_is_renewed_from_the_state_that_the_reader_sees(study: Study) -> None:
    lasting, since = replace(study, kept=Kept()), list[int]()

    def read(db: Db) -> str:
        return kept(
            db,
            "coders",
            lambda: "made",
            of=lambda table: table == "dyad",
            renew=lambda v, n: since.append(n) or f"{v}+",
        )

    with lasting.read() as before:
        assert read(before) == "made"
        add_coder(lasting, "ben")
        with lasting.read() as after:
            assert read(after) == "made+"
        assert read(before) == ("made" if study.engine.dialect.name == "sqlite" else "made+")
    assert len(since) == 1


def test_a_change_by_another_program_is_noticed(study: Study) -> None:
    lasting, log = replace(study, kept=Kept()), list[str]()
    made(lasting, "words", log)
    with open_study(study.folder, "ben") as elsewhere:
        add_dyad(elsewhere, "D01", {})
    assert made(lasting, "words", log) == 2


def test_inside_a_change_nothing_is_taken_from_before_it(study: Study) -> None:
    lasting, log = replace(study, kept=Kept()), list[str]()
    made(lasting, "words", log)
    with lasting.change("added a dyad") as db:
        db.add(Dyad(key="D05"))
        assert kept(db, "words", lambda: "new") == "new"


def test_whoever_sees_an_older_state_is_given_nothing_newer(study: Study) -> None:
    lasting, log = replace(study, kept=Kept()), list[str]()
    with lasting.read() as older:
        assert kept(older, "title", lambda: "as it was") == "as it was"
        add_dyad(study, "D01", {})
        made(lasting, "words", log)
        sees_it = study.engine.dialect.name == "postgresql"  # there a transaction sees what others committed meanwhile
        assert kept(older, "words", lambda: 0) == int(sees_it)


def test_without_a_memory_everything_is_made_anew(study: Study) -> None:
    log = list[str]()
    assert (made(study, "words", log), made(study, "words", log)) == (1, 2)
