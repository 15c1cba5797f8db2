"""Studies as values, made up at random, and one with everything in it that a format can carry or lose."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from iprkit.codebook import Code, Codebook, Rules
from iprkit.coding import Adjudication, Anchor, Coding, Target, span_key, words_key
from iprkit.exchange import (
    Coder,
    Conversation,
    Exchange,
    Medium,
    Note,
    Person,
    Recalled,
    Together,
)
from iprkit.formats.chat_read import read_chat
from iprkit.formats.eaf_read import read_eaf
from iprkit.formats.qdpx_read import read_qdpx
from iprkit.formats.studies import STUDY_WRITERS
from iprkit.formats.textgrid import read_textgrid
from iprkit.recall import Comment, Mark, Moment, Pause, Piece, TimeMap
from iprkit.scale import Anchor as ScaleAnchor
from iprkit.scale import Scale
from iprkit.timeline import Span
from iprkit.transcript import Segment, Speaker, Transcript, Word

KEY = "D01-S03"
READERS: dict[str, Callable[[bytes], Exchange]] = {
    "qdpx": lambda data: read_qdpx(io.BytesIO(data), "a.qdpx"),
    "eaf": lambda data: read_eaf(data, "a.eaf", KEY),
    "textgrid": lambda data: read_textgrid(data, "a.TextGrid", KEY),
    "cha": lambda data: read_chat(data, "a.cha", KEY),
}
WHEN = "2026-03-31T10:00:00Z"
BOOK = Codebook(
    "ruptures", "1.0",
    (
        Code("WD", "Withdrawal", definition="Away.", colour="#4477AA", rules=Rules(scale="salience")),
        Code("WD_quiet", "Quiet: here", "WD", rules=Rules(scale="presence")),
        Code("CF", "Confrontation", include="Against, loudly"),
    ),
    title="Ruptures", rules=Rules(unit="span"), scales=(Scale("salience", 1, 5, anchors=(ScaleAnchor(1, "none"),)),),
)  # fmt: skip
SECOND = Codebook("mood", "2", (Code("WD", "Withdrawal"), Code("low", "Low")), rules=Rules(unit="segment"))


def written(values: Exchange, form: str) -> bytes:
    stream = io.BytesIO()
    STUDY_WRITERS[form].write(values, stream)
    return stream.getvalue()


def again(values: Exchange, form: str) -> Exchange:
    """The values written in a format and read back."""
    return READERS[form](written(values, form)).whole()


tokens = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp"]), min_size=1, max_size=10
)
texts = st.lists(tokens, max_size=4).map(" ".join)
names = st.none() | st.sampled_from(["Dr. Ärmel", "Anna", "S01", "田中"])
persons = st.none() | st.sampled_from(["client", "therapist", "both"])
certainties = st.none() | st.sampled_from(["low", "medium", "high"])


@st.composite
def studies(draw: st.DrawFn) -> Exchange:
    """One session with a recall interview, coded, with memos and moments."""
    transcript = draw(transcripts())
    words = list(transcript.words)
    end_ms = max([1000, *(w.end_ms for w in words)])

    def span() -> Span:
        start = draw(st.integers(0, end_ms - 1))
        return Span(start, draw(st.integers(start + 1, end_ms)))

    def anchor() -> Anchor:
        if words and draw(st.booleans()):
            first = draw(st.integers(0, len(words) - 1))
            last = draw(st.integers(first, min(first + 3, len(words) - 1)))
            inside = words[first : last + 1]
            whole = Span(inside[0].start_ms, max(inside[0].start_ms, *(w.end_ms for w in inside)))
            ends = (inside[0].id, inside[-1].id)
            return Anchor(Target(words_key(KEY, *ends), "words", KEY), whole, ends, " ".join(w.text for w in inside))
        free = span()
        return Anchor(Target(span_key(KEY, free), "span", KEY), free)

    def coding(n: int) -> Coding:
        book, code = draw(st.sampled_from([("ruptures", "WD"), ("ruptures", "WD_quiet"), ("mood", "WD"), ("mood", "low")]))
        rating = float(draw(st.integers(1, 5))) if (book, code) == ("ruptures", "WD") else None
        coder = draw(st.sampled_from(["anna", "ben"]))
        memo = draw(texts)
        return Coding(f"{KEY}-{coder}-{n:04d}", book, code, coder, anchor(), rating, draw(persons), draw(certainties), memo, None, WHEN)

    codings = {(c.coder, c.codebook, c.code, c.anchor.target.key): c for c in map(coding, range(draw(st.integers(0, 5))))}
    memos = tuple(Note(KEY, text, "anna", WHEN) for text in draw(st.lists(texts.filter(bool), max_size=2, unique=True)))
    moments = {s: Moment(f"{KEY}-M{n:02d}", s, "researcher", draw(st.none() | texts.filter(bool)))
               for n, s in enumerate((span() for _ in range(draw(st.integers(0, 2)))), start=1)}  # fmt: skip
    session = Conversation(
        KEY, "D01", 3, draw(st.none() | st.just("2026-03-04")), (Medium("d01-s03.mp4", end_ms, video=True),), transcript,
        codings=tuple(codings.values()), moments=tuple(moments.values()), memos=memos,
    )  # fmt: skip
    return Exchange(
        "Study", (session,), (Person("C01", "client"),), (Together("D01", ("C01",)),), (BOOK, SECOND),
        (Coder("anna"), Coder("ben")), written_at=WHEN, by="anna",
    )  # fmt: skip


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    ids, at, segments = count(1), 0, []
    labels = draw(st.sampled_from([("A", "B"), ("A", None), (None,)]))
    for n in range(draw(st.integers(0, 5))):
        words = []
        start = max(0, at + draw(st.integers(-400, 3000)))
        for _ in range(draw(st.integers(1, 4))):
            end = start + draw(st.integers(1, 900))
            words.append(Word(f"w{next(ids):04d}", draw(tokens), start, end, draw(st.none() | st.just(0.5))))
            start = end + draw(st.integers(0, 200))
        at = start
        segments.append(Segment(f"{KEY}-{n:03d}", draw(st.sampled_from(labels)), tuple(words)))
    speakers = (Speaker("A", "therapist", draw(names)), Speaker("B", "client"))
    return Transcript(KEY, "en", "scripted", "none", at, tuple(segments), speakers)


def rich() -> Exchange:
    """At least one of every kind of thing that a study holds."""
    words = (Word("w0001", "And", 0, 300, 0.9, "A"), Word("w0002", "then?", 300, 900, 0.8, "A"))
    answer = (Word("w0003", "I", 1500, 1700, 0.4, "B", doubtful=True), Word("w0004", "left.", 1700, 2400, 0.9, "B"))
    segments = (Segment(f"{KEY}-T001", "A", words, "therapist"), Segment(f"{KEY}-C001", "B", answer, "client", ("unsure",)))
    speakers = (Speaker("A", "therapist"), Speaker("B", "client"))
    talk = Transcript(KEY, "en", "scripted", "none", 60_000, segments, speakers)
    on_words = Anchor(Target(f"{KEY}-C001", "segment", KEY), Span(1500, 2400), ("w0003", "w0004"), "I left.")
    on_time = Anchor(Target(span_key(KEY, Span(0, 60_000)), "span", KEY), Span(0, 60_000), ("w0001", "w0004"))
    codings = (
        Coding(f"{KEY}-anna-0001", "ruptures", "WD", "anna", on_words, 4.0, "client", "high", "Quietly.", "main", WHEN),
        Coding(f"{KEY}-ben-0001", "mood", "low", "ben", on_time, made_at=WHEN),
    )
    settled = Adjudication(f"{KEY}-settled-001", "ruptures", "CF", on_words, None, None, None, "Both agree.", "anna", WHEN)
    comment = Comment(
        f"{KEY}-client-K01", "client", Span(6000, 9000), "I wanted to go.", ("w0001", "w0004"), session=Span(1500, 2400),
        about="stretch", session_ms=2400, moment=f"{KEY}-M01",
    )  # fmt: skip
    moment = Moment(f"{KEY}-M01", Span(1500, 2400), "marked", "leaving", (Mark(comment.key, "client", 2400, Span(1500, 2400)),))
    session = Conversation(
        KEY, "D01", 3, "2026-03-04", (Medium("d01-s03.mp4", 60_000, "a" * 64, video=True),), talk,
        moments=(moment,), codings=codings, adjudications=(settled,),
        memos=(Note(KEY, "Seen twice.", "anna", WHEN), Note(f"{KEY}-M01", "Look again.", "ben", WHEN)),
    )  # fmt: skip
    time_map = TimeMap((Piece(Span(0, 5000), Span(0, 2400)),))
    interview = Conversation(
        f"{KEY}-client", "D01", None, "2026-03-05", (Medium("d01-s03-client.m4a", 30_000),),
        Transcript(f"{KEY}-client", "en", "scripted", "none", 30_000, (Segment("x", "A", words, "interviewer"),),
                   (Speaker("A", "interviewer"),)),
        Recalled(KEY, "client", "C01", time_map, (Pause(2400, Span(5000, 9000), "client"),), (comment,)),
    )  # fmt: skip
    people = (Person("C01", "client", (("Age", "34"),)), Person("T01", "therapist"))
    return Exchange(
        "Study", (session, interview), people, (Together("D01", ("T01", "C01")),), (BOOK, SECOND),
        (Coder("anna"), Coder("ben")), memos=(Note("", "Begun in spring.", "anna", WHEN),), written_at=WHEN, by="anna",
    )  # fmt: skip


def listed(values: Exchange) -> list[Any]:
    return list(values.conversations)


SAMPLES = Path(__file__).parent / "samples"
