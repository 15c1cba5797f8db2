"""Client and therapist at the same moment, as a table: to look at, and, where that is permitted, for a paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session as Db

from iprkit.actions.coded_moments import codings_at
from iprkit.actions.handed_out import handed_out
from iprkit.actions.moments import hidden
from iprkit.coding import Coding
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.models import RecallInterview, Session
from iprkit.database.moments import load_moments
from iprkit.database.recall_models import CommentRow
from iprkit.database.recalls import words_of
from iprkit.database.transcripts import load_transcript
from iprkit.database.withdrawals import party
from iprkit.errors import Conflict, InvalidInput
from iprkit.formats.appendix import excerpt
from iprkit.recall import Moment
from iprkit.report.paired import PairedMoment, PairedTable, Quotation
from iprkit.report.paired_docx import write_docx
from iprkit.report.paired_html import write_html
from iprkit.report.paired_xlsx import write_xlsx
from iprkit.scale import number
from iprkit.transcript import Transcript

QUOTATION = "quotation"
"""The use that a consent must name for what is printed in a paper."""

KINDS = (".docx", ".html", ".xlsx")


@dataclass(frozen=True)
class Lacking:
    """A comment that must not stand in a paper, and which permission it lacks, as in ``to be quoted``."""

    key: str
    why: str


def table_of(study: Study, key: str) -> PairedTable:
    """The moments of a session with excerpts and comments, for the eyes of those who work on the study.

    Raises NotFound, InvalidInput for a recall interview's key, Conflict where a withdrawal leaves nothing to show.
    """
    with study.read() as db:
        return _table(db, recall_queries.session(db, key), study.author)


def export_table(study: Study, key: str, to: Path, leave_out: bool = False) -> list[Lacking]:
    """Write the table as DOCX, HTML or XLSX, by the suffix of ``to``.

    Every comment in it must be permitted to be quoted and to be shown to the other party, and no consent given for a
    recording may exclude quotation. With ``leave_out`` what is not permitted is left out, and the table says so;
    returns what was. Raises Conflict naming what lacks permission, InvalidInput for another suffix, and as
    ``table_of`` does.
    """
    if to.suffix.lower() not in KINDS:
        raise InvalidInput(f"{to.name}: the table is written as {', '.join(KINDS)}; name a file that ends so")
    with study.read() as db:
        session = recall_queries.session(db, key)
        table = _table(db, session, study.author)
        lacking = list(_lacking(db, session, table))
        silent = _unquotable(db, session)
    if (lacking or silent) and not leave_out:
        raise Conflict(_refusal(key, lacking, silent))
    with handed_out(to) as stream:
        _write(_without(table, lacking, silent), to.suffix.lower(), stream)
    return lacking


def _table(db: Db, session: Session, asker: str) -> PairedTable:
    gone = hidden(db, session)
    transcript = load_transcript(db, session.key) if queries.newest_transcript(db, session.id) else None
    rows = {row.key: row for row in recall_queries.comments_about(db, session.id) if row.conversation.key not in gone}
    moments = load_moments(db, session, words_of(db, session), gone)
    columns = dict.fromkeys(["client", "therapist", *(by for moment in moments for by in moment.marked_by)])
    coded = codings_at(db, asker, session, [moment.span for moment in moments])
    return PairedTable(
        session.key,
        tuple(columns),
        tuple(_paired(moment, transcript, rows, its) for moment, its in zip(moments, coded, strict=True)),
        ("The interviews of those who withdrew are not in this table.",) if gone else (),
    )


def _paired(
    moment: Moment, transcript: Transcript | None, rows: dict[str, CommentRow], coded: Sequence[Coding]
) -> PairedMoment:
    recalls = {
        by: tuple(Quotation(key, rows[key].text, rows[key].prompt) for key in moment.comments(by))
        for by in moment.marked_by
    }
    said = tuple(excerpt(transcript, moment.span)) if transcript else ()
    codes = tuple(_by_code(coded))
    return PairedMoment(moment.key, moment.span, moment.source, moment.label, moment.memos, said, recalls, codes)


def _by_code(coded: Sequence[Coding]) -> Iterator[str]:
    """Each code with who gave it and how much of it, as ``warmth: anna 4, ben 3``."""
    for code in dict.fromkeys(one.code for one in coded):
        given = (f"{one.coder}{_rating(one)}" for one in coded if one.code == code)
        yield f"{code}: {', '.join(dict.fromkeys(given))}"


def _rating(one: Coding) -> str:
    return "" if one.rating is None else f" {number(one.rating)}"


def _lacking(db: Db, session: Session, table: PairedTable) -> Iterator[Lacking]:
    rows = {row.key: row for row in recall_queries.comments_about(db, session.id)}
    silent = _unquotable_interviews(db, session)
    keys = dict.fromkeys(q.key for moment in table.moments for said in moment.recalls.values() for q in said)
    for key in keys:
        row = rows[key]
        needs = {
            "to be quoted": row.may_be_quoted is True,
            "to be shown to the other party": row.may_be_shown is True,
            "by the consent for the recording": row.conversation_id not in silent,
        }
        missing = [need for need, given in needs.items() if not given]
        if missing:
            yield Lacking(key, ", ".join(missing))


def _unquotable_interviews(db: Db, session: Session) -> set[str]:
    """Interviews whose participant gave a consent that does not name quotation."""
    consents = recall_queries.consents(db, session.dyad_id)
    return {
        one.recording.conversation_id
        for one in consents
        for interview in [one.recording.conversation]
        if isinstance(interview, RecallInterview) and one.party == party(interview) and QUOTATION not in one.scope
    }


def _unquotable(db: Db, session: Session) -> list[str]:
    """Who is heard in the session and gave a consent that does not name quotation."""
    consents = recall_queries.consents(db, session.dyad_id)
    mine = [one for one in consents if one.recording.conversation_id == session.id]
    return sorted({one.party for one in mine if QUOTATION not in one.scope})


def _refusal(key: str, lacking: Sequence[Lacking], silent: Sequence[str]) -> str:
    said = [
        f"{', '.join(one.key for one in lacking if one.why == why)} ({why})"
        for why in dict.fromkeys(one.why for one in lacking)
    ]
    said += [f"the {who}'s words in {key} (by the consent for the recording)" for who in silent]
    return (
        f"a permission is lacking for {'; '.join(said)}. Note it with: iprkit recall allow KEY --quote --show-other; "
        "or leave these out: --leave-out"
    )


def _without(table: PairedTable, lacking: Sequence[Lacking], silent: Sequence[str]) -> PairedTable:
    """The table without what lacks permission; a moment that only such comments marked goes too."""
    gone = {one.key for one in lacking}
    if not gone and not silent:
        return table
    kept = []
    for moment in table.moments:
        recalls = {by: tuple(q for q in said if q.key not in gone) for by, said in moment.recalls.items()}
        excerpt = () if silent else moment.excerpt
        if any(recalls.values()) or not any(moment.recalls.values()):
            kept.append(replace(moment, recalls=recalls, excerpt=excerpt))
    notes = [f"{len(gone)} comments are left out, they lack a permission."] if gone else []
    notes += (
        [f"The session's words are left out: the {', '.join(silent)} did not consent to quotation."] if silent else []
    )
    return replace(table, moments=tuple(kept), notes=(*table.notes, *notes))


def _write(table: PairedTable, suffix: str, stream: BinaryIO) -> None:
    made = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    if suffix == ".docx":
        write_docx(table, stream, made)
    elif suffix == ".xlsx":
        write_xlsx(table, stream, made)
    else:
        text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        write_html(table, text)
        text.detach()
