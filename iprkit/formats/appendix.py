"""The appendix of a paper: moment by moment, what was said in the session beside what each of both recalled of it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from iprkit.exchange import Conversation, Exchange
from iprkit.formats.long_table import sessions_of
from iprkit.formats.quotable import Quotable
from iprkit.formats.sheet import write_undated
from iprkit.recall import Moment
from iprkit.report.paired import PairedMoment, PairedTable, Quotation, Said
from iprkit.report.paired_docx import write_docx_of
from iprkit.timeline import Span
from iprkit.transcript import Transcript, turns


def write_appendix(values: Exchange, stream: BinaryIO) -> None:
    """Write a table for every session, of what everybody concerned permitted; each table says what was left out."""
    tables = [
        paired(session, Quotable(session, interviews))
        for session, interviews in sessions_of(values.conversations)
        if session.recall is None
    ]
    made = io.BytesIO()
    write_docx_of(tables, f"Moments: {values.title}", made, datetime(2000, 1, 1))
    write_undated(made, stream)


def paired(
    session: Conversation, allowed: Quotable | None = None, interviews: Sequence[Conversation] = ()
) -> PairedTable:
    """The moments of a session as a table: all that was recalled, or with ``allowed`` only what may stand in a paper.

    A moment that nothing but comments without permission marked is left out with them.
    """
    given = Quotable(session, interviews) if allowed is None else allowed
    comments = {one.key: one for one in given.comments}
    silent = {key for key, one in comments.items() if allowed is not None and not given.comment(one)}
    columns = dict.fromkeys(["client", "therapist", *(by for moment in session.moments for by in moment.marked_by)])
    moments, gone = [], set()
    for moment in session.moments:
        keys = {by: [key for key in moment.comments(by) if key in comments] for by in moment.marked_by}
        gone |= {key for each in keys.values() for key in each} & silent
        recalls = {
            by: tuple(Quotation(key, comments[key].text, comments[key].prompt) for key in each if key not in silent)
            for by, each in keys.items()
        }
        if any(recalls.values()) or not any(keys.values()):
            moments.append(_paired(session, moment, recalls, quoted=allowed is None or not session.unquotable))
    return PairedTable(session.key, tuple(columns), tuple(moments), tuple(_notes(session, gone, allowed)))


def excerpt(transcript: Transcript, span: Span) -> Iterator[Said]:
    """The turns of a session in a span, cut at its ends, with … where more was said."""
    inside = [
        replace(segment, words=kept)
        for segment in transcript.segments
        if (kept := tuple(word for word in segment.words if word.span.middle_ms in span))
    ]
    whole = {segment.key: segment.words for segment in transcript.segments}
    for turn in turns(inside):
        first, last = turn.segments[0], turn.segments[-1]
        before = "… " if first.words[0] != whole[first.key][0] else ""
        after = " …" if last.words[-1] != whole[last.key][-1] else ""
        yield Said(transcript.title(turn.speaker), f"{before}{turn.text}{after}", first.key)


def _paired(
    session: Conversation, moment: Moment, recalls: dict[str, tuple[Quotation, ...]], quoted: bool
) -> PairedMoment:
    said = tuple(excerpt(session.transcript, moment.span)) if session.transcript and quoted else ()
    return PairedMoment(moment.key, moment.span, moment.source, moment.label, moment.memos, said, recalls)


def _notes(session: Conversation, gone: set[str], allowed: Quotable | None) -> Iterator[str]:
    if gone:
        yield f"{len(gone)} comments are left out, they lack a permission."
    if allowed is not None and session.unquotable:
        yield f"The session's words are left out: the {', '.join(session.unquotable)} did not consent to quotation."
