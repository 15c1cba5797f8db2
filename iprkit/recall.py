"""What a recall interview says about its session: which stretch of it was playing when, where playback paused, and
what the participant then said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from iprkit.timeline import Span

FOUND, LOGGED, MANUAL = "found", "logged", "manual"

PERSPECTIVES = ("client", "therapist", "observer", "other")
"""Whose recall an interview can be."""

FRAMES = ("then", "now", "mixed", "unclear")
"""Whether a comment tells what was felt in the session, or what is thought at watching it (Elliott 1986)."""

ABOUT = ("stretch", "place", "set")
ORIGINS = ("marked", "researcher", "protocol")


@dataclass(frozen=True, order=True)
class Piece:
    """A stretch of playback: the session's ``session`` was heard in the interview during ``interview``.

    ::

        interview clock   ----|=========|----
                               \\         \\
        session clock     -------|=========|-

    Both clocks run through the piece at constant speed; their lengths differ by the drift of the machines.
    ``confidence`` is 0 to 1; ``source`` is ``found`` (by sound), ``logged`` (by a player) or ``manual``.
    """

    interview: Span
    session: Span
    confidence: float = 1.0
    source: str = FOUND

    def session_ms(self, interview_ms: int) -> int:
        """The session time that was heard at ``interview_ms``, which lies in the piece."""
        return _along(interview_ms, self.interview, self.session)

    def interview_ms(self, session_ms: int) -> int:
        """When ``session_ms``, which lies in the piece, was heard."""
        return _along(session_ms, self.session, self.interview)


@dataclass(frozen=True)
class TimeMap:
    """Pieces in order of the interview's clock, none overlapping another there; rewinds and repeats are allowed.

    Raises ValueError where two pieces claim the same time of the interview.
    """

    pieces: tuple[Piece, ...] = ()

    def __post_init__(self) -> None:
        for before, piece in zip(self.pieces, self.pieces[1:], strict=False):
            if piece.interview.start_ms < before.interview.end_ms:
                raise ValueError(f"pieces {before.interview} and {piece.interview} claim the same interview time")

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> TimeMap:
        """A map of pieces given in any order."""
        return cls(tuple(sorted(pieces)))

    def session_ms(self, interview_ms: int) -> int | None:
        """The session time that was heard at ``interview_ms``, None where nothing was played."""
        found = next((piece for piece in self.pieces if interview_ms in piece.interview), None)
        return None if found is None else found.session_ms(interview_ms)

    def interview_ms(self, session_ms: int) -> list[int]:
        """Every time at which ``session_ms`` was heard: none, one, or several where it was played again."""
        return [piece.interview_ms(session_ms) for piece in self.pieces if session_ms in piece.session]


@dataclass(frozen=True)
class Pause:
    """Where playback stopped: at ``session_ms`` of the session, and how long the interview then went on without it.

    ``initiated_by`` is who stopped it (``client``, ``therapist``, ``interviewer`` …), None where nobody noted it.
    """

    session_ms: int
    interview: Span
    initiated_by: str | None = None

    def __post_init__(self) -> None:
        if self.session_ms < 0:
            raise ValueError(f"playback cannot stop at {self.session_ms} ms of a session")


@dataclass(frozen=True)
class Comment:
    """What the participant said at one go, and the stretch of the session that it is about.

    ``speaker`` is whose recall it is (``client``). ``words`` are the ids of its first and last word in the
    interview's transcript. ``prompt`` is what the interviewer said before it. ``session`` is the stretch it is about:
    by ``about`` the ``stretch`` just shown, the ``place`` that was talked over, or one ``set`` by a person; None where
    nothing had been shown. ``session_ms`` is how far playback had come, ``delay_ms`` how long after the stop the
    comment began. ``temporal_frame`` is a coder's to say. ``may_be_quoted`` and ``may_be_shown`` (to the other party)
    are None where nobody asked. ``moved``: what the session says there was changed since.
    """

    key: str
    speaker: str
    interview: Span
    text: str
    words: tuple[str, str]
    prompt: str | None = None
    session: Span | None = None
    about: str | None = None
    session_ms: int | None = None
    delay_ms: int | None = None
    temporal_frame: str | None = None
    moment: str | None = None
    may_be_quoted: bool | None = None
    may_be_shown: bool | None = None
    moved: bool = False

    def __post_init__(self) -> None:
        if (self.session is None) != (self.about is None):
            raise ValueError(f"comment {self.key}: a session span and the reason for it go together")
        if self.about is not None and self.about not in ABOUT:
            raise ValueError(f"comment {self.key} is about a {self.about!r}; expected one of {', '.join(ABOUT)}")
        if self.temporal_frame is not None and self.temporal_frame not in FRAMES:
            raise ValueError(f"temporal frame {self.temporal_frame!r}; expected one of {', '.join(FRAMES)}")
        if self.delay_ms is not None and self.delay_ms < 0:
            raise ValueError(f"comment {self.key} began {-self.delay_ms} ms before its pause")


@dataclass(frozen=True)
class Mark:
    """That a person found something worth talking about: their comment ``key`` of perspective ``by``.

    ``at_ms`` is how far playback had come when they spoke, ``span`` the stretch that they spoke about.
    """

    key: str
    by: str
    at_ms: int
    span: Span


@dataclass(frozen=True)
class Moment:
    """A stretch of a session worth talking about.

    ``origin`` is how it came to be: ``marked`` in an interview, added by a ``researcher``, cut by a ``protocol``.
    ``marks`` are the comments that belong to it. ``excerpt`` is what the session says there, as it was when the moment
    was made; ``moved``: that was changed since.
    """

    key: str
    span: Span
    origin: str
    label: str | None = None
    marks: tuple[Mark, ...] = ()
    memos: tuple[str, ...] = ()
    moved: bool = False

    def __post_init__(self) -> None:
        if self.origin not in ORIGINS:
            raise ValueError(f"moment {self.key} is {self.origin!r}; expected one of {', '.join(ORIGINS)}")

    def comments(self, by: str) -> list[str]:
        """The keys of the comments of one perspective."""
        return [mark.key for mark in self.marks if mark.by == by]

    @property
    def marked_by(self) -> tuple[str, ...]:
        """Whose comments belong to it, each once, the client first."""
        return tuple(sorted({mark.by for mark in self.marks}, key=_perspective_order))

    @property
    def source(self) -> str:
        """``client``, ``therapist`` or ``both`` where they marked it, else its origin; a window is a ``protocol``'s."""
        if self.origin == "protocol":
            return self.origin
        marked = self.marked_by
        if "client" in marked and "therapist" in marked:
            return "both"
        return marked[0] if marked else self.origin


def map_json(time_map: TimeMap) -> list[dict[str, object]]:
    """A time map in the data contract's shape."""
    return [
        {
            "interview_start_ms": piece.interview.start_ms,
            "interview_end_ms": piece.interview.end_ms,
            "session_start_ms": piece.session.start_ms,
            "session_end_ms": piece.session.end_ms,
            "confidence": piece.confidence,
            "source": piece.source,
        }
        for piece in time_map.pieces
    ]


def pause_json(pause: Pause) -> dict[str, object]:
    """A pause in the data contract's shape."""
    return {
        "session_ms": pause.session_ms,
        "interview_start_ms": pause.interview.start_ms,
        "interview_end_ms": pause.interview.end_ms,
        "initiated_by": pause.initiated_by,
    }


def comment_json(comment: Comment) -> dict[str, object]:
    """A comment in the data contract's shape, with how it was linked and what it may be used for."""
    about = comment.session
    return {
        "key": comment.key,
        "speaker": comment.speaker,
        "interview_start_ms": comment.interview.start_ms,
        "interview_end_ms": comment.interview.end_ms,
        "text": comment.text,
        "prompt": comment.prompt,
        "session_start_ms": about.start_ms if about else None,
        "session_end_ms": about.end_ms if about else None,
        "temporal_frame": comment.temporal_frame,
        "moment": comment.moment,
        "about": comment.about,
        "session_ms": comment.session_ms,
        "delay_ms": comment.delay_ms,
        "may_be_quoted": comment.may_be_quoted,
        "may_be_shown": comment.may_be_shown,
        "moved": comment.moved,
    }


def moment_json(moment: Moment, codings: Sequence[dict[str, object]] = ()) -> dict[str, object]:
    """A moment in the data contract's shape, with who marked it, the notes on it, and what was coded there."""
    return {
        "key": moment.key,
        "start_ms": moment.span.start_ms,
        "end_ms": moment.span.end_ms,
        "source": moment.source,
        "label": moment.label,
        "client": moment.comments("client"),
        "therapist": moment.comments("therapist"),
        "codings": list(codings),
        "origin": moment.origin,
        "marked_by": list(moment.marked_by),
        "memos": list(moment.memos),
        "moved": moment.moved,
    }


def _perspective_order(perspective: str) -> tuple[int, str]:
    known = PERSPECTIVES.index(perspective) if perspective in PERSPECTIVES else len(PERSPECTIVES)
    return known, perspective


def _along(ms: int, clock: Span, other: Span) -> int:
    share = (ms - clock.start_ms) / max(1, clock.duration_ms)
    return other.start_ms + round(share * other.duration_ms)
