"""The figures of a paper: read out of the study as far as the person who asks may see it, drawn, written to files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from matplotlib.figure import Figure

from iprkit.actions.exchange import read_out
from iprkit.actions.handed_out import handed_out
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.database.kept import kept
from iprkit.database.transcripts import activity
from iprkit.errors import InvalidInput, NotFound
from iprkit.exchange import Conversation, Exchange
from iprkit.linking.windows import silences
from iprkit.report import figures
from iprkit.report.draw_grid import draw_grid
from iprkit.report.draw_talk import draw_talk
from iprkit.report.draw_timeline import draw_timeline
from iprkit.report.drawing import KINDS, save
from iprkit.report.figures import (
    CODES,
    MOMENT,
    RECALL,
    SETTLED,
    SILENCE,
    SPEAKER,
    Bar,
    Grid,
    Lane,
    Picture,
    Shares,
    Talk,
    TimeLine,
)
from iprkit.timeline import Span, covered_ms

FIGURES = ("timeline", "codes", "together", "talk")
"""Time line of a session, codes by dyad and session, codes that occur together, talk and silence."""


@dataclass(frozen=True)
class Sketch:
    """Which figures are wanted: of which sessions or dyads (all where none is named), which of ``FIGURES``, as files of
    which of ``KINDS``; of time lines the stretch ``window`` alone."""

    keys: tuple[str, ...] = ()
    which: tuple[str, ...] = FIGURES
    kinds: tuple[str, ...] = KINDS
    window: Span | None = None


def write_figures(study: Study, sketch: Sketch, folder: Path | None = None) -> list[Path]:
    """Draw figures into a folder, ``exports/figures`` of the study where none is named, each with its data as CSV.

    Raises NotFound for an unknown key and where there is nothing to draw, InvalidInput for a window that lies in none
    of the sessions, StorageFull.
    """
    pictures = pictures_of(study, sketch)
    place = folder or study.folder / "exports" / "figures"
    with storing():
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for name, picture in pictures.items():
        drawn = draw(picture)
        for kind in sketch.kinds:
            with handed_out(place / f"{name}{kind}") as stream:
                save(drawn, kind, stream)
            written.append(place / f"{name}{kind}")
        with handed_out(place / f"{name}.csv") as stream:
            stream.write(_as_csv(picture.table))
        written.append(place / f"{name}.csv")
    return written


def pictures_of(study: Study, sketch: Sketch) -> dict[str, Picture]:
    """The figures as values, by the name of their files. Raises as ``write_figures``."""
    found = _pictures(study, sketch)
    if not found:
        raise NotFound(_NOTHING)
    return _cut(found, sketch.window) if sketch.window else found


def beside(study: Study, session: str, every: bool) -> dict[str, Picture]:
    """What is shown of a session: its time line, and the other figures of it alone or of ``every`` session.

    They are read anew only where something was changed since. Raises NotFound.
    """

    def read() -> dict[str, Picture]:
        keys, rest = () if every else (session,), tuple(one for one in FIGURES if one != "timeline")
        return _pictures(study, Sketch((session,), ("timeline",))) | _pictures(study, Sketch(keys, rest))

    with study.read() as db:
        found = kept(db, ("figures", study.author, session, every), read, of=lambda _table: True)
    if not found:
        raise NotFound(_NOTHING)
    return found


def beside_named(study: Study, session: str, every: bool, name: str) -> bytes:
    """One of these as SVG. Raises NotFound."""
    found = beside(study, session, every)
    if name not in found:
        raise NotFound(f"there is no figure {name[:80]!r} of {session}; there are {', '.join(found)}")
    made = io.BytesIO()
    save(draw(found[name]), ".svg", made)
    return made.getvalue()


_NOTHING = "there is nothing to draw yet; try: iprkit transcribe, iprkit link, iprkit code add"


def _pictures(study: Study, sketch: Sketch) -> dict[str, Picture]:
    with read_out(study, sketch.keys) as values:
        sessions = list(_sessions(study, values))
        named = {book.name: {code.key: code.name for code in book.codes} for book in values.codebooks}
    found: dict[str, Picture] = {}
    if "timeline" in sketch.which:
        found |= {f"{one.key}-timeline": _timeline(one, named) for one in sessions if one.lanes}
    if "codes" in sketch.which:
        found |= {f"codes-{grid.name}": grid for grid in _grids(sessions, named)}
    if "together" in sketch.which:
        found |= {f"together-{grid.name}": grid for grid in _together(sessions, named)}
    shares = [one.shares for one in sessions if one.shares is not None]
    if "talk" in sketch.which and shares:
        found["talk"] = Talk(tuple(shares))
    return found


def draw(picture: Picture) -> Figure:
    """A figure from its values."""
    if isinstance(picture, TimeLine):
        return draw_timeline(picture)
    return draw_grid(picture) if isinstance(picture, Grid) else draw_talk(picture)


@dataclass(frozen=True)
class _Coded:
    """A coding as figures need it: by whom, in which round, with what, where."""

    book: str
    code: str
    coder: str
    round: str | None
    span: Span


@dataclass(frozen=True)
class _Session:
    """What figures need of a session, its transcript forgotten."""

    key: str
    dyad: str
    duration_ms: int
    lanes: tuple[Lane, ...]
    coded: tuple[_Coded, ...]
    shares: Shares | None


def _sessions(study: Study, values: Exchange) -> Iterator[_Session]:
    """Each session with the interviews about it, one after the other."""
    held: list[Conversation] = []
    for one in values.conversations:
        if one.recall is None and held:
            yield _session(study, held)
            held = []
        if one.recall is None or held:
            held.append(replace(one, transcript=None) if one.recall else one)
    if held:
        yield _session(study, held)


def _session(study: Study, held: Sequence[Conversation]) -> _Session:
    session, interviews = held[0], held[1:]
    lanes = [*_talk_lanes(study, session), *_recall_lanes(session, interviews), *_code_lanes(session)]
    coded = [
        _Coded(one.codebook, one.code, one.coder, one.round, one.anchor.span)
        for one in session.codings
        if one.anchor.target.kind != "session"
    ]
    shares = _shares(study, session) if session.transcript else None
    kept = tuple(lane for lane in lanes if lane.bars)
    return _Session(session.key, session.dyad, session.duration_ms, kept, tuple(coded), shares)


def _talk_lanes(study: Study, session: Conversation) -> Iterator[Lane]:
    if session.transcript is None:
        return
    by_role: dict[str, list[Bar]] = {}
    for segment in session.transcript.segments:
        by_role.setdefault(session.transcript.title(segment.speaker), []).append(Bar(segment.span, segment.key))
    order = {"Therapist": 0, "Client": 1}
    for name in sorted(by_role, key=lambda one: (order.get(one, 2), one)):
        yield Lane(name, SPEAKER, _in_order(by_role[name]))
    quiet = [Bar(span, f"{session.key}@{span.start_ms}") for span in silences(_heard(study, session))]
    yield Lane("Silence of 3 s and more", SILENCE, tuple(quiet))


def _recall_lanes(session: Conversation, interviews: Sequence[Conversation]) -> Iterator[Lane]:
    yield Lane("Moments", MOMENT, _in_order(Bar(one.span, one.key, one.label or "") for one in session.moments))
    by: dict[str, list[Bar]] = {}
    for interview in interviews:
        for comment in interview.recall.comments if interview.recall else ():
            if comment.session is not None:
                by.setdefault(comment.speaker, []).append(Bar(comment.session, comment.key))
    for perspective in sorted(by):
        yield Lane(f"{perspective.capitalize()} recall", RECALL, _in_order(by[perspective]))


def _code_lanes(session: Conversation) -> Iterator[Lane]:
    lanes: dict[tuple[str, str, str | None], list[Bar]] = {}
    spread = [one for one in session.codings if one.anchor.target.kind != "session"]
    rounds = {one.round for one in spread}
    books = {one.codebook for one in spread}
    for one in sorted(spread, key=lambda one: (one.codebook, one.coder, one.round or "")):
        key = (one.codebook, one.coder, one.round if len(rounds) > 1 else None)
        lanes.setdefault(key, []).append(Bar(one.anchor.span, one.key, f"{one.codebook}:{one.code}"))
    for (book, coder, round_name), bars in lanes.items():
        told = [coder, *([round_name] if round_name else []), *([book] if len(books) > 1 else [])]
        yield Lane(", ".join(told), CODES, _in_order(bars))
    settled = [
        Bar(one.anchor.span, one.key, f"{one.codebook}:{one.code}")
        for one in session.adjudications
        if one.code != "none"
    ]
    yield Lane("Adjudicated", SETTLED, _in_order(settled))


def _in_order(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    return tuple(sorted(bars, key=lambda bar: (bar.span, bar.key)))


def _heard(study: Study, session: Conversation) -> list[Span]:
    """Where somebody is heard, by voice activity or by a word."""
    with study.read() as db:
        version = queries.newest_transcript(db, queries.conversation(db, session.key).id)
        sounds = activity(version) if version else []
    return [*sounds, *(word.span for word in session.transcript.words)] if session.transcript else sounds


def _shares(study: Study, session: Conversation) -> Shares:
    """How a session's time divides; words that overlap are time together, what nobody fills is a pause or a silence."""
    assert session.transcript is not None
    whole = Span(0, session.duration_ms)
    spans: dict[str, list[Span]] = {"therapist": [], "client": [], "others": []}
    for segment in session.transcript.segments:
        spans[segment.role if segment.role in ("therapist", "client") else "others"].append(segment.span)
    said = [span for each in spans.values() for span in each]
    spoken = covered_ms(said, whole)
    alone = {who: spoken - covered_ms(_but(spans, who), whole) for who in spans}
    silent = covered_ms([*silences(_heard(study, session)), *said], whole) - spoken
    together = spoken - sum(alone.values())
    pauses = whole.duration_ms - spoken - silent
    return Shares(session.key, (alone["therapist"], alone["client"], alone["others"], together, pauses, silent))


def _but(spans: Mapping[str, Sequence[Span]], who: str) -> list[Span]:
    return [span for other, each in spans.items() if other != who for span in each]


def _timeline(one: _Session, named: dict[str, dict[str, str]]) -> TimeLine:
    names = {f"{book}:{key}": name for book, codes in named.items() for key, name in codes.items()}
    return TimeLine(one.key, Span(0, one.duration_ms), one.lanes, names)


def _cut(found: dict[str, Picture], window: Span) -> dict[str, Picture]:
    """Time lines cut to a window, as far as it lies in their session."""
    out: dict[str, Picture] = {}
    for name, picture in found.items():
        if not isinstance(picture, TimeLine):
            out[name] = picture
        elif (inside := picture.window & window) is not None:
            lanes = tuple(replace(lane, bars=tuple(b for b in lane.bars if b.span & inside)) for lane in picture.lanes)
            out[name] = replace(picture, window=inside, lanes=tuple(lane for lane in lanes if lane.bars))
    if not out:
        raise InvalidInput(
            f"{window.start_ms} to {window.end_ms} ms lies outside of every session; name an earlier time"
        )
    return out


def _grids(sessions: Sequence[_Session], named: dict[str, dict[str, str]]) -> Iterator[Grid]:
    """For each codebook: how often each code was given in each session, as a mean over those who coded there."""
    for book, names in named.items():
        used = {one.code for session in sessions for one in session.coded if one.book == book}
        rows = [key for key in names if key in used]
        if not rows:
            continue
        counts = [_per_coder(session, book) for session in sessions]
        cells = tuple(tuple(None if c is None else c.get(key, 0.0) for c in counts) for key in rows)
        yield Grid(
            name=book,
            title=f"Codes of {book} by dyad and session",
            rows=tuple(names[key] for key in rows),
            columns=tuple(session.key.removeprefix(f"{session.dyad}-") for session in sessions),
            cells=cells,
            what="codings in a session, mean over its coders",
            groups=tuple(session.dyad for session in sessions),
            empty="not coded",
        )


def _per_coder(session: _Session, book: str) -> dict[str, float] | None:
    """None where nobody coded the session with this codebook."""
    mine = [one for one in session.coded if one.book == book]
    passes = {(one.coder, one.round) for one in mine}
    counts = Counter(one.code for one in mine)
    return {code: count / len(passes) for code, count in counts.items()} if passes else None


def _together(sessions: Sequence[_Session], named: dict[str, dict[str, str]]) -> Iterator[Grid]:
    """For each codebook with two codes in use: how often one coder's codings with both share time."""
    for book, names in named.items():
        counts: Counter[tuple[str, str]] = Counter()
        for session in sessions:
            counts.update(_pairs([one for one in session.coded if one.book == book]))
        rows = [key for key in names if (key, key) in counts]
        if len(rows) < 2:
            continue
        cells = tuple(tuple(float(counts[a, b]) for b in rows) for a in rows)
        labels = tuple(names[key] for key in rows)
        what = "codings of one coder that share time; on the diagonal, all codings with the code"
        yield Grid(book, f"Codes of {book} that occur together", labels, labels, cells, what, half=True)


def _pairs(coded: Sequence[_Coded]) -> Iterator[tuple[str, str]]:
    """Every coding as a pair with itself, and each two of one coder and round that share time, both ways round."""
    by_pass: dict[tuple[str, str | None], list[_Coded]] = {}
    for one in coded:
        by_pass.setdefault((one.coder, one.round), []).append(one)
        yield one.code, one.code
    for mine in by_pass.values():
        mine.sort(key=lambda one: one.span)
        for at, one in enumerate(mine):
            for other in mine[at + 1 :]:
                if other.span.start_ms >= one.span.end_ms:
                    break
                if other.code != one.code:
                    yield one.code, other.code
                    yield other.code, one.code


def _as_csv(rows: figures.Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")
