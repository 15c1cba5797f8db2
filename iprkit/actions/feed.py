"""What others change while one works: the journal as it grows, told to each person as far as they may know it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TypeVar

from sqlalchemy.orm import Session as Db

from iprkit.database import coding_queries, journal, journal_queries
from iprkit.database.blindness import Sight, seen_entries, sight_of
from iprkit.database.codings import Grounds
from iprkit.database.connect import Study
from iprkit.database.filed_codings import Filed, filed_under
from iprkit.database.kept import kept
from iprkit.database.models import JournalEntry

Value = TypeVar("Value")

MOST_KEYS = 100
"""Of more things than this an event names only the kinds and the subject."""

MOST_ENTRIES = 200
"""Entries that are told at once."""

_CODED = frozenset({"coding", "round"})


@dataclass(frozen=True)
class Event:
    """One entry of the journal: ``what`` in words, the ``keys`` that it touched, and of which ``kinds`` these are.

    There are no ``keys`` where there would be more than ``MOST_KEYS``: all of these kinds is to be looked at anew.

    ``number`` counts the journal's entries; ``sort`` is start, change, undo, redo, submit or reveal. ``undone``: taken
    back, as things stand.
    """

    number: int
    at: str
    author: str
    what: str
    subject: str | None
    sort: str
    keys: tuple[str, ...]
    kinds: tuple[str, ...]
    undone: bool


@dataclass(frozen=True)
class News:
    """An event and, where it touched nothing but codings, those of its keys that there are and that may be seen."""

    event: Event
    codings: tuple[Filed, ...] | None


@dataclass(frozen=True)
class Portion:
    """News in order; ``upto`` is the number up to which the journal was read, also where events were left out.

    ``state`` is the journal's newest number when the codings were read.
    """

    news: tuple[News, ...]
    upto: int
    state: int


def last_number(study: Study) -> int:
    """The number of the journal's newest entry."""
    with study.read() as db:
        return journal_queries.last_number(db)


def made_once(study: Study, name: Hashable, make: Callable[[], Value]) -> Value:
    """What is made of everything but codings, made anew only where something else than these was changed."""
    with study.read() as db:
        return kept(db, name, make)


def news_since(study: Study, number: int) -> Portion:
    """What was changed after entry ``number``, oldest first. Blind coders hear nothing of others' codings."""
    return news_for(study, number, [study.author])[study.author]


def news_for(study: Study, number: int, askers: Collection[str]) -> dict[str, Portion]:
    """The same for several people, by name, with one look at the journal for all of them."""
    with study.read() as db:
        entries = journal_queries.entries_after(db, number, MOST_ENTRIES)
        state = journal_queries.last_number(db) if entries else number
        events = {entry.id: event for entry, event in zip(entries, _events(db, entries), strict=True)}
        named = {event.number: event.keys for event in events.values() if set(event.kinds) <= _CODED and event.keys}
        filed = filed_under(Grounds(db), {key for keys in named.values() for key in keys}) if named else {}
        upto = entries[-1].id if entries else number
        told: dict[str, Portion] = {}
        for asker in askers:
            sight = sight_of(db, asker)
            seen = [events[entry.id] for entry in seen_entries(db, entries, sight)]
            news = (News(one, _seen(filed, named.get(one.number), sight)) for one in seen)
            told[asker] = Portion(tuple(news), upto, state)
        return told


def recent(study: Study, limit: int, key: str | None = None, before: int | None = None) -> tuple[Event, ...]:
    """The newest events first, all or those about a key and what lies under it; ``before`` goes on from a number.

    As many as asked for where there are as many that the asker may read of.
    """
    with study.read() as db:
        sight = sight_of(db, study.author)
        if key is None:
            return _events(db, _newest_seen(db, sight, limit, before))
        about = [one for one in journal.history(db, key) if before is None or one.id < before]
        return _events(db, seen_entries(db, about[::-1], sight)[:limit])


def _newest_seen(db: Db, sight: Sight, limit: int, before: int | None) -> list[JournalEntry]:
    seen: list[JournalEntry] = []
    portion = max(limit, MOST_ENTRIES) if sight.blind_in else limit
    while len(seen) < limit and (entries := list(journal_queries.newest_entries(db, portion, before))):
        seen += seen_entries(db, entries, sight)
        before = entries[-1].id
    return seen[:limit]


def done_today(study: Study) -> tuple[int, int]:
    """How many changes the author made since midnight, and how many codings of theirs made since then stand."""
    midnight = datetime.combine(datetime.now().astimezone().date(), time()).astimezone()
    since = midnight.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with study.read() as db:
        coder = coding_queries.find_coder(db, study.author)
        made = journal_queries.codings_made(db, coder.id, since) if coder else 0
        return journal_queries.changes_since(db, study.author, since), made


def _events(db: Db, entries: Sequence[JournalEntry]) -> tuple[Event, ...]:
    numbers = [entry.id for entry in entries]
    undone, touched = journal_queries.undone_among(db, numbers), journal_queries.touched_by(db, numbers, MOST_KEYS)
    return tuple(_event(entry, *touched[entry.id], entry.id in undone) for entry in entries)


def _seen(filed: Mapping[str, Filed], keys: Sequence[str] | None, sight: Sight) -> tuple[Filed, ...] | None:
    if keys is None:
        return None
    return tuple(filed[key] for key in keys if key in filed and sight.coding(filed[key]))


def _event(entry: JournalEntry, keys: tuple[str, ...], kinds: tuple[str, ...], undone: bool) -> Event:
    return Event(entry.id, entry.at, entry.author, entry.action, entry.subject, entry.kind, keys, kinds, undone)
