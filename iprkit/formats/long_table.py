"""The long table: one row a coding with everything that the study knows of it, as statistics programs want it.

What the columns are called, what they mean and which of them have levels stands here, once for every program.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from iprkit.codebook import Codebook
from iprkit.coding import ABOUT, CERTAINTIES, KINDS, PURPOSES, Adjudication, Coding
from iprkit.exchange import RECALL, SESSION, Conversation, Exchange, Task
from iprkit.recall import Comment, Moment

Value = str | int | float | None
LongRow = dict[str, Value]

TEXT, LEVELS, COUNT, NUMBER = "text", "levels", "count", "number"


@dataclass(frozen=True)
class Column:
    """A column by name, what it says, and what stands in it; ``levels`` where they are the same in every study."""

    name: str
    label: str
    kind: str = TEXT
    levels: tuple[str, ...] = ()


YES_NO = ("no", "yes")

COLUMNS = (
    Column("coding", "Key of the coding"),
    Column("study", "Title of the study", LEVELS),
    Column("dyad", "Dyad", LEVELS),
    Column("session", "Session", LEVELS),
    Column("session_number", "Number of the session in its dyad", COUNT),
    Column("date", "Date of what was coded, year-month-day"),
    Column("place", "What was coded: session or recall interview, by key", LEVELS),
    Column("clock", "Whose clock the times are on", LEVELS, (SESSION, RECALL)),
    Column("target", "Key of what was coded"),
    Column("kind", "Unit that was coded", LEVELS, KINDS),
    Column("start_ms", "Begin in ms", COUNT),
    Column("end_ms", "End in ms", COUNT),
    Column("duration_ms", "Length in ms", COUNT),
    Column("speakers", "Who speaks there, by role, several parted by |", LEVELS),
    Column("quote", "What is said there"),
    Column("codebook", "Codebook", LEVELS),
    Column("codebook_version", "Version of the codebook", LEVELS),
    Column("code", "Key of the code", LEVELS),
    Column("code_name", "Name of the code", LEVELS),
    Column("code_path", "Names of the code and those above it, parted by >", LEVELS),
    Column("coded_as", "Key that it was coded with, where the codebook changed since", LEVELS),
    Column("coder", "Coder", LEVELS),
    Column("coder_role", "Role of the coder", LEVELS),
    Column("rating", "Rating on the scale of the code", NUMBER),
    Column("rating_min", "Least rating of the scale", NUMBER),
    Column("rating_max", "Greatest rating of the scale", NUMBER),
    Column("about", "Whom the code is about", LEVELS, ABOUT),
    Column("certainty", "How certain the coder was", LEVELS, CERTAINTIES),
    Column("memo", "Note of the coder"),
    Column("round", "Round of coding", LEVELS),
    Column("purpose", "Purpose of the round", LEVELS, PURPOSES),
    Column("assignment", "Assignment that it was coded for", LEVELS),
    Column("blind", "Whether that assignment is coded blind", LEVELS, YES_NO),
    Column("made_at", "When it was coded"),
    Column("moved", "Why somebody should look where it stands"),
    Column("adjudicated_code", "Code that was settled on this target; none: nothing applies", LEVELS),
    Column("adjudicated_rating", "Rating that was settled", NUMBER),
    Column("adjudicated_agrees", "Whether the coding is what was settled", LEVELS, YES_NO),
    Column("adjudicated_reason", "Why it was settled so"),
    Column("moments", "Moments that share time with it, by key, parted by |"),
    Column("client_comments", "What the client recalled of these moments, parted by |"),
    Column("client_comment_keys", "Keys of these comments, parted by |"),
    Column("therapist_comments", "What the therapist recalled of these moments, parted by |"),
    Column("therapist_comment_keys", "Keys of these comments, parted by |"),
)


def long_rows(values: Exchange) -> Iterator[LongRow]:
    """Every coding in order of session, then time. Conversations are read once and none is held longer than needed."""
    known = Known(values)
    for session, interviews in sessions_of(values.conversations):
        recalled = [comment for one in interviews if one.recall for comment in one.recall.comments]
        head = {"session": session.key, "session_number": session.number}
        for one in (session, *interviews):
            desk = Desk(known, one, session.moments if one is session else (), recalled)
            for coding in one.codings:
                yield desk.row(coding, head)


def sessions_of(conversations: Iterable[Conversation]) -> Iterator[tuple[Conversation, list[Conversation]]]:
    """Each session with the recall interviews about it, which come after it; an interview alone stands for itself."""
    held: list[Conversation] = []
    for one in conversations:
        if held and not (one.recall and one.recall.about == held[0].key):
            yield held[0], held[1:]
            held = []
        held.append(one)
    if held:
        yield held[0], held[1:]


def levels_of(rows: Sequence[LongRow]) -> dict[str, tuple[str, ...]]:
    """By column with levels: the fixed ones, else those that occur, in the order in which people read them."""
    found = {}
    for column in COLUMNS:
        if column.kind == LEVELS:
            used = {str(row[column.name]) for row in rows if row[column.name] not in (None, "")}
            found[column.name] = tuple(level for level in column.levels if level in used) if column.levels else ()
            found[column.name] += tuple(sorted(used - set(found[column.name])))
    return found


@dataclass(frozen=True)
class Known:
    """What rows say of codes, coders and rounds, each looked up once."""

    values: Exchange
    _codes: dict[tuple[str, str], LongRow] = field(default_factory=dict)

    @cached_property
    def roles(self) -> dict[str, str]:
        return {one.name: one.role for one in self.values.coders}

    @cached_property
    def purposes(self) -> dict[str, str]:
        return {task.round: task.purpose for task in self.values.tasks}

    def code(self, coding: Coding) -> LongRow:
        """What the codebook says of a coding's code; ``coded_as`` is the coding's own."""
        key = (coding.codebook, coding.code)
        if key not in self._codes:
            self._codes[key] = _about_code(self.values.book(coding.codebook), coding)
        return self._codes[key] | {"coded_as": coding.coded_as}


@dataclass(frozen=True)
class Desk:
    """One conversation with all that its codings' rows are made of."""

    known: Known
    place: Conversation
    moments: tuple[Moment, ...]
    comments: Sequence[Comment]

    def row(self, coding: Coding, head: Mapping[str, Value]) -> LongRow:
        """The row of a coding of this conversation."""
        span, settled, moments = coding.anchor.span, self._settled(coding), self._moments(coding)
        recalled = {who: self._recalled(moments, who) for who in ("client", "therapist")}
        return {
            "coding": coding.key, "study": self.known.values.title, "dyad": self.place.dyad, **head,
            "date": self.place.date, "place": self.place.key, "clock": self.place.kind,
            "target": coding.anchor.target.key, "kind": coding.anchor.target.kind,
            "start_ms": span.start_ms, "end_ms": span.end_ms, "duration_ms": span.duration_ms,
            "speakers": self.speakers(coding), "quote": coding.anchor.quote, **self.known.code(coding),
            "rating": coding.rating,
            "coder": coding.coder, "coder_role": self.known.roles.get(coding.coder), "about": coding.about,
            "certainty": coding.certainty, "memo": coding.memo, "round": coding.round, **self._task(coding),
            "made_at": coding.made_at, "moved": coding.moved,
            "adjudicated_code": settled.code if settled else None,
            "adjudicated_rating": settled.rating if settled else None,
            "adjudicated_agrees": None if settled is None else YES_NO[_agree(coding, settled)],
            "adjudicated_reason": settled.reason if settled else None,
            "moments": "|".join(one.key for one in moments),
            "client_comments": " | ".join(one.text for one in recalled["client"]),
            "client_comment_keys": "|".join(one.key for one in recalled["client"]),
            "therapist_comments": " | ".join(one.text for one in recalled["therapist"]),
            "therapist_comment_keys": "|".join(one.key for one in recalled["therapist"]),
        }  # fmt: skip

    def _task(self, coding: Coding) -> LongRow:
        found = next((task for task in self._tasks.get(coding.anchor.target.key, ()) if _is_for(task, coding)), None)
        return {
            "purpose": self.known.purposes.get(coding.round or ""),
            "assignment": found.key if found else None,
            "blind": YES_NO[found.blind] if found else None,
        }

    def _settled(self, coding: Coding) -> Adjudication | None:
        """What was settled on the coding's target; where several codes were, its own among them, else the first."""
        there = [
            one
            for one in self._adjudications.get(coding.anchor.target.key, ())
            if one.codebook == coding.codebook and one.round in (None, coding.round)
        ]
        return next((one for one in there if one.code == coding.code), there[0] if there else None)

    def _moments(self, coding: Coding) -> list[Moment]:
        span, target = coding.anchor.span, coding.anchor.target.key
        return [one for one in self.moments if one.span.overlap_ms(span) > 0 or one.key == target]

    def _recalled(self, moments: Sequence[Moment], who: str) -> list[Comment]:
        keys = {mark.key for moment in moments for mark in moment.marks}
        return [one for one in self.comments if one.speaker == who and one.key in keys]

    def speakers(self, coding: Coding) -> str:
        """The roles of those who speak in the words of a target, or in its time; of a comment, whose it is."""
        anchor = coding.anchor
        if anchor.target.kind == "comment":
            return next((one.speaker for one in self.comments if one.key == anchor.target.key), "")
        if anchor.words and all(word in self._at for word in anchor.words) and anchor.target.kind != "session":
            first, last = (self._at[word] for word in anchor.words)
            return "|".join(sorted({who for who in self._who[first : last + 1] if who}))
        first, last = (bisect_left(self._middles, ms) for ms in (anchor.span.start_ms, anchor.span.end_ms))
        return "|".join(sorted({who for who in self._who_by_time[first:last] if who}))

    @cached_property
    def _tasks(self) -> dict[str, list[Task]]:
        found: dict[str, list[Task]] = {}
        for task in self.known.values.tasks:
            for target in task.targets:
                if target.startswith(self.place.key):
                    found.setdefault(target, []).append(task)
        return found

    @cached_property
    def _adjudications(self) -> dict[str, list[Adjudication]]:
        found: dict[str, list[Adjudication]] = {}
        for one in self.place.adjudications:
            found.setdefault(one.anchor.target.key, []).append(one)
        return found

    @cached_property
    def _said(self) -> list[tuple[str, int, str]]:
        """Every word's id, middle and speaker's role, or name where nobody said which role that is."""
        transcript = self.place.transcript
        return [
            (word.id, (word.start_ms + word.end_ms) // 2, segment.role or (segment.speaker or ""))
            for segment in (transcript.segments if transcript else ())
            for word in segment.words
        ]

    @cached_property
    def _at(self) -> dict[str, int]:
        return {word: at for at, (word, _, _) in enumerate(self._said)}

    @cached_property
    def _who(self) -> list[str]:
        return [who for _, _, who in self._said]

    @cached_property
    def _by_time(self) -> list[tuple[str, int, str]]:
        return sorted(self._said, key=lambda one: one[1])

    @cached_property
    def _middles(self) -> list[int]:
        return [middle for _, middle, _ in self._by_time]

    @cached_property
    def _who_by_time(self) -> list[str]:
        return [who for _, _, who in self._by_time]


def path_of(book: Codebook, key: str) -> str:
    """The names of a code and of those above it, the topmost first: ``Withdrawal > Denial``."""
    names = [book.by_key[key].name, *(code.name for code in book.ancestors(key))]
    return " > ".join(reversed(names))


def _about_code(book: Codebook | None, coding: Coding) -> LongRow:
    scale = book.scale(coding.code) if book else None
    return {
        "codebook": coding.codebook,
        "codebook_version": book.version if book else None,
        "code": coding.code,
        "code_name": book.by_key[coding.code].name if book else coding.code,
        "code_path": path_of(book, coding.code) if book else coding.code,
        "rating_min": scale.min if scale else None,
        "rating_max": scale.max if scale else None,
    }


def _is_for(task: Task, coding: Coding) -> bool:
    return (task.codebook, task.round) == (coding.codebook, coding.round) and coding.coder in task.coders


def _agree(coding: Coding, settled: Adjudication) -> bool:
    return coding.code == settled.code and (settled.rating is None or settled.rating == coding.rating)
