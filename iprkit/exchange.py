"""A study, or some of its sessions, as it travels between programs: people, recordings, transcripts, recall, codings.

Every study-level export takes this value and every study-level import gives it. Conversations are read one after the
other, and may be read several times, so that a large study is never held as a whole. ::

    Exchange ── people, dyads, codebooks, coders, memos on none of the conversations
       └─ conversations: sessions and recall interviews, each with its
            media · transcript · recall (map, pauses, comments) · moments · codings · adjudications · memos
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path

from iprkit.codebook import Codebook
from iprkit.coding import Adjudication, Coding
from iprkit.recall import Comment, Moment, Pause, TimeMap
from iprkit.timeline import Span
from iprkit.transcript import Transcript

SESSION, RECALL = "session", "recall"

KINDS = (
    "participants", "variables", "dyads", "sessions", "recall interviews", "recordings", "segments", "word times",
    "speakers", "confidences", "flags", "map pieces", "pauses", "comments", "moments", "codebooks", "codes", "coders",
    "codings", "ratings", "persons meant", "certainties", "coding memos", "rounds", "adjudications", "memos",
)  # fmt: skip
"""The kinds of things that a study holds, as loss tables name them."""


@dataclass(frozen=True)
class Person:
    """A participant under a pseudonym, with what is known of them by name: ``(("age", "34"),)``."""

    key: str
    role: str
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Together:
    """A dyad: its key, and its members' keys."""

    key: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Medium:
    """One recording. ``name`` is its file's, ``offset_ms`` where it starts on the conversation's clock.

    ``file`` is where the bytes lie; None where they do not travel. On the way in ``inside`` is the part of an archive
    that holds them. ``sha256`` is empty where nobody counted.
    """

    name: str
    duration_ms: int
    sha256: str = ""
    offset_ms: int = 0
    view: str = "main"
    part: int = 1
    video: bool = False
    file: Path | None = None
    inside: str = ""


@dataclass(frozen=True)
class Recalled:
    """What a recall interview says about the session with the key ``about``; ``perspective`` is whose recall it is."""

    about: str
    perspective: str
    participant: str | None = None
    time_map: TimeMap = field(default_factory=TimeMap)
    pauses: tuple[Pause, ...] = ()
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True)
class Coder:
    """Who codes; see ``coding.CODER_ROLES``."""

    name: str
    role: str = "coder"


@dataclass(frozen=True)
class Task:
    """An assignment as codings are sorted by it: its round, whether it is blind, who codes, and the targets' keys."""

    key: str
    codebook: str
    round: str
    purpose: str
    blind: bool
    coders: frozenset[str]
    targets: frozenset[str]


@dataclass(frozen=True)
class Note:
    """A memo: on what bears the key ``target``, by whom, when. An empty target means the study."""

    target: str
    text: str
    author: str = ""
    made_at: str = ""


@dataclass(frozen=True)
class Conversation:
    """A session or a recall interview with all that lies on its clock.

    ``number`` and ``date`` are None where they are not known; ``recall`` is None for a session. Codings of recall
    comments and of moments stand with the session. ``unquotable`` are the people heard in it whose consent does not
    name quotation.
    """

    key: str
    dyad: str = ""
    number: int | None = None
    date: str | None = None
    media: tuple[Medium, ...] = ()
    transcript: Transcript | None = None
    recall: Recalled | None = None
    moments: tuple[Moment, ...] = ()
    codings: tuple[Coding, ...] = ()
    adjudications: tuple[Adjudication, ...] = ()
    memos: tuple[Note, ...] = ()
    unquotable: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return RECALL if self.recall else SESSION

    @property
    def duration_ms(self) -> int:
        """How long it lasts: to the end of the recordings of the main view, or of the last word."""
        ends = [one.offset_ms + one.duration_ms for one in self.media if one.view == "main"]
        said = [segment.end_ms for segment in self.transcript.segments] if self.transcript else []
        return max([*ends, *said], default=0)


@dataclass(frozen=True)
class Exchange:
    """What travels. ``written_at`` is when (``2026-03-31T10:00:00Z``), ``by`` in whose name.

    ``remarks`` are sentences about what is not in it: hidden by a blind assignment or a withdrawal on the way out,
    not understood on the way in.
    """

    title: str
    conversations: Iterable[Conversation] = ()
    people: tuple[Person, ...] = ()
    dyads: tuple[Together, ...] = ()
    codebooks: tuple[Codebook, ...] = ()
    coders: tuple[Coder, ...] = ()
    memos: tuple[Note, ...] = ()
    written_at: str = "1970-01-01T00:00:00Z"
    by: str = ""
    origin: str = "iprkit"
    remarks: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()

    def book(self, name: str) -> Codebook | None:
        return next((book for book in self.codebooks if book.name == name), None)

    def whole(self) -> Exchange:
        """The same with all conversations read."""
        return replace(self, conversations=tuple(self.conversations))


@dataclass
class Tally:
    """Counts by kind what passes through on its way into a file; a conversation that passes twice counts once."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def of(self, values: Exchange) -> Exchange:
        """The same values, counted while they are read."""
        self.counts[""] = _count_study(values)
        return replace(values, conversations=_Counted(values.conversations, self))

    def total(self) -> dict[str, int]:
        """How many of every kind of ``KINDS`` there were."""
        summed: Counter[str] = Counter()
        for counts in self.counts.values():
            summed.update(counts)
        return {kind: summed[kind] for kind in KINDS}


@dataclass(frozen=True)
class _Counted:
    source: Iterable[Conversation]
    tally: Tally

    def __iter__(self) -> Iterator[Conversation]:
        for one in self.source:
            self.tally.counts[one.key] = count(one)
            yield one


def count(one: Conversation) -> Counter[str]:
    """How many things of every kind a conversation holds."""
    found = Counter({"recordings": len(one.media), "moments": len(one.moments), "memos": len(one.memos)})
    found["recall interviews" if one.recall else "sessions"] = 1
    found["adjudications"] = len(one.adjudications)
    if one.transcript:
        found.update(_count_transcript(one.transcript))
    if one.recall:
        found["map pieces"], found["pauses"] = len(one.recall.time_map.pieces), len(one.recall.pauses)
        found["comments"] = len(one.recall.comments)
    found["codings"] = len(one.codings)
    for coding in one.codings:
        found["ratings"] += coding.rating is not None
        found["persons meant"] += coding.about is not None
        found["certainties"] += coding.certainty is not None
        found["coding memos"] += bool(coding.memo)
        found["rounds"] += coding.round is not None
    return found


def standing_on(one: Conversation, span: Span) -> str:
    """The words whose middle lies in a span of a conversation."""
    words = one.transcript.words if one.transcript else ()
    return " ".join(word.text for word in words if word.span.middle_ms in span)


def _count_transcript(transcript: Transcript) -> Counter[str]:
    found = Counter({"segments": len(transcript.segments), "speakers": len(transcript.speakers)})
    words = list(transcript.words)
    found["word times"] = len(words) - sum(map(attrgetter("interpolated"), words))
    found["confidences"] = len(words) - list(map(attrgetter("confidence"), words)).count(None)
    found["flags"] = sum(map(attrgetter("doubtful"), words)) + sum(len(one.flags) for one in transcript.segments)
    return found


def _count_study(values: Exchange) -> Counter[str]:
    return Counter(
        {
            "participants": len(values.people),
            "variables": sum(len(person.variables) for person in values.people),
            "dyads": len(values.dyads),
            "codebooks": len(values.codebooks),
            "codes": sum(len(book.codes) for book in values.codebooks),
            "coders": len(values.coders),
            "memos": len(values.memos),
        }
    )
