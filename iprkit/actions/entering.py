"""What came from another program entered into the study, inside one change: everything under a key of its own here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session as Db

from iprkit import __version__
from iprkit.actions import keys
from iprkit.actions.coders import usable_name
from iprkit.actions.coding_desk import Desk
from iprkit.actions.dyads import join
from iprkit.actions.places import Place, matched, moved, target_here
from iprkit.codebook import Codebook, Rules
from iprkit.coding import NO_CODE, Adjudication, Anchor, Coding
from iprkit.database import codebook_queries, coding_queries, queries, recall_queries
from iprkit.database.codebook_models import CodebookRow, CodeRow
from iprkit.database.codebooks import load_codebook, pin_codebook
from iprkit.database.coding_models import AdjudicationRow, CoderRow, CodingRow
from iprkit.database.codings import next_key, put, round_row
from iprkit.database.journal import now
from iprkit.database.models import Conversation as Row
from iprkit.database.models import Dyad, Recall, RecallInterview, Run, Session
from iprkit.database.moments import new_moment
from iprkit.database.recall_models import Memo
from iprkit.database.transcripts import load_transcript, store_transcript
from iprkit.errors import Conflict, InvalidInput
from iprkit.exchange import Conversation, Exchange
from iprkit.formats.laid_out import UNTIMED
from iprkit.formats.refi import told
from iprkit.language.edits import bare, compare
from iprkit.language.tongue import likely_language
from iprkit.scale import number
from iprkit.timeline import clock
from iprkit.transcript import Transcript, Word
from iprkit.wording import tidy

_KEY = re.compile(
    r"(?P<dyad>[A-Z]{1,4}\d{1,4})-S(?P<number>\d{2,3})(?:-(?P<role>[a-z]+)(?:-(?P<who>[A-Z]{1,4}\d{1,4}))?)?"
)


BEYOND_MS = 2_000
"""By how much a text may go on after its recording: programs round, and let the last words last."""


@dataclass(frozen=True)
class Into:
    """Where an import goes, as far as a person says: a session (or interview), or the dyad that new sessions join."""

    session: str | None = None
    dyad: str | None = None
    language: str | None = None


@dataclass
class Entered:
    """What became of it: by the source's name the key here, counts by kind of what is new, and what was left out."""

    places: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)


class Entry:
    """One import's work. ``settings`` say in every Run what the file was."""

    def __init__(self, db: Db, author: str, into: Into, settings: Mapping[str, object], sha256: str) -> None:
        self.db, self.author, self.into = db, author, into
        self.settings, self.sha256 = dict(settings), sha256
        self.done = Entered()
        self.desk = Desk(db, author)
        self._books: dict[tuple[str, str], CodeRow] = {}
        self._rows: dict[str, CodebookRow] = {}
        self._coders: dict[str, CoderRow] = {}
        self._new_dyad: Dyad | None = None

    def enter(self, values: Exchange) -> Entered:
        """Everything of a file. Raises Conflict, InvalidInput; the change is not kept then."""
        came = sorted(values.conversations, key=lambda one: one.recall is not None)
        conversations = [one for one in came if _holds(one)]
        self._leave_out([one for one in came if not _holds(one)])
        if self.into.session and len(conversations) > 1:
            raise InvalidInput(
                f"the file holds {len(conversations)} texts, and --session names one place; leave it out"
            )
        self._people(values)
        for book in values.codebooks:
            self._codebook(book, [c for one in conversations for c in one.codings if c.codebook == book.name])
        places = {one.key: self._conversation(one) for one in conversations}
        for one in conversations:
            self._upon(one, places[one.key])
        self._memos(values, conversations, places)
        self.done.remarks += values.remarks
        return self.done

    def _leave_out(self, empty: Sequence[Conversation]) -> None:
        if empty:
            names = ", ".join(one.key for one in empty[:5]) + (" …" if len(empty) > 5 else "")
            self.done.remarks.append(f"{len(empty)} sources hold nothing that came along: {names}")

    def _people(self, values: Exchange) -> None:
        members = {key: one.key for one in values.dyads for key in one.members}
        for person in values.people:
            role = person.role if person.role in keys.ROLES else "other"
            dyad = members.get(person.key) or self.into.dyad
            known = queries.find_participant(self.db, person.key)
            if known is not None and known.role != role:
                self.done.remarks.append(f"{person.key} is known as {known.role} here, not as {role}")
                continue
            if dyad is not None and self._joined(self._dyad(dyad), person.key, role):
                self.done.counts["participants"] += 1
            said = [(name, value) for name, value in person.variables if name != "Dyad"]
            if said:
                self._memo(person.key, "\n".join(f"{name} = {value}" for name, value in said), "", "")

    def _joined(self, dyad: Dyad, key: str, role: str) -> bool:
        if any(member.participant.key == key for member in dyad.members):
            return False
        join(self.db, dyad, key, role)
        return True

    def _dyad(self, key: str) -> Dyad:
        found = queries.find_dyad(self.db, keys.dyad_key(key))
        if found is None:
            found = Dyad(key=keys.dyad_key(key))
            self.db.add(found)
            self.db.flush()
            self.done.counts["dyads"] += 1
        return found

    def _codebook(self, book: Codebook, codings: Sequence[Coding]) -> None:
        """Map a file's codes to those of a codebook that is here, or pin it."""
        for row in codebook_queries.pinned_codebooks(self.db):
            here = load_codebook(row)
            known = matched(book, here)
            if known is not None:
                self._note_codes(book, row, known)
                return
        name = book.name
        taken = {row.name for row in codebook_queries.pinned_codebooks(self.db)}
        free = next(n for n in (name, *(f"{name[:40]}-{i}" for i in range(2, 1000))) if n not in taken)
        ruled = book if book.rules.unit else replace(book, rules=replace(Rules(), unit="span"))
        row = pin_codebook(self.db, replace(ruled, name=free), f"file {self.settings.get('file', '')}")
        self.done.counts["codebooks"] += 1
        self.done.counts["codes"] += len(book.codes)
        self.done.places[f"codebook {name}"] = f"codebook {free}"
        self._note_codes(book, row, {code.key: code.key for code in book.codes})

    def _note_codes(self, book: Codebook, row: CodebookRow, matched: Mapping[str, str]) -> None:
        rows = {code.key: code for code in row.codes}
        self._rows[book.name] = row
        for theirs, ours in matched.items():
            self._books[book.name, theirs] = rows[ours]

    def _conversation(self, one: Conversation) -> Place:
        row = self._row(one)
        _check_length(row, one, str(self.settings.get("file", one.key)))
        self.done.places[one.key] = row.key
        words: dict[str, Word] = {}
        if one.transcript is not None:
            words = self._transcript(row, one.transcript)
        elif row.versions:
            here = load_transcript(self.db, row.key)
            words = {word.id: word for word in here.words}
        if not row.versions:
            return Place(row, {}, (), {})
        now_here = load_transcript(self.db, row.key)
        segments = {(segment.words[0].id, segment.words[-1].id): segment.key for segment in now_here.segments}
        return Place(row, words, tuple(now_here.words), segments)

    def _row(self, one: Conversation) -> Row:
        """The conversation here that is meant, a new one where there is none yet."""
        wanted = self.into.session or (one.key if _KEY.fullmatch(one.key) else None)
        if wanted is not None:
            found = queries.find_conversation(self.db, wanted)
            return found or self._new(wanted, one)
        dyad = self._dyad(self.into.dyad) if self.into.dyad else self._own_dyad(one.dyad)
        numbers = [c.number or 0 for c in dyad.conversations]
        return self._new(keys.session_key(dyad.key, max(numbers, default=0) + 1), one)

    def _own_dyad(self, named: str) -> Dyad:
        """The dyad that new sessions of this import join: the one named, else a new one."""
        if re.fullmatch(r"[A-Z]{1,4}\d{1,4}", named):
            return self._dyad(named)
        if self._new_dyad is None:
            taken = {dyad.key for dyad in queries.all_dyads(self.db)}
            self._new_dyad = self._dyad(next(key for n in range(1, 1000) if (key := f"D{n:02d}") not in taken))
        return self._new_dyad

    def _new(self, key: str, one: Conversation) -> Row:
        said = _KEY.fullmatch(key)
        if said is None:
            raise InvalidInput(f"{key} is no session of this study and cannot name one; write it as D01-S03")
        dyad = self._dyad(said["dyad"])
        row: Row
        if said["role"] is None:
            session_key = keys.session_key(dyad.key, int(said["number"]))
            row = Session(key=session_key, number=int(said["number"]), date=one.date, dyad=dyad)
            self.done.counts["sessions"] += 1
        else:
            about = recall_queries.session(self.db, f"{said['dyad']}-S{said['number']}")
            who = said["who"] or (one.recall.participant if one.recall else None)
            person = next((m.participant for m in dyad.members if m.participant.key == who), None)
            row = RecallInterview(key=key, date=one.date, dyad=dyad, about=about, participant=person)
            row.recall = Recall(perspective=keys.role(said["role"]))
            self.done.counts["recall interviews"] += 1
        self.db.add(row)
        self.db.flush()
        return row

    def _transcript(self, row: Row, came: Transcript) -> dict[str, Word]:
        """By the file's word ids the words here, stored now where the conversation was not transcribed."""
        theirs = list(came.words)
        if not row.versions:
            self._store(row, came)
            return dict(zip((w.id for w in theirs), load_transcript(self.db, row.key).words, strict=True))
        here = list(load_transcript(self.db, row.key).words)
        if [bare(w.text) for w in here] == [bare(w.text) for w in theirs]:
            return dict(zip((w.id for w in theirs), here, strict=True))
        edit = compare([bare(w.text) for w in here], [bare(w.text) for w in theirs])
        if not edit.kept:
            raise Conflict(f"{row.key} is transcribed already, and says something else; name another --session")
        self.done.remarks.append(
            f"{row.key} is transcribed already; its words stay as they are, codings follow those that both texts have "
            f"(to correct it by a text: iprkit align {row.key} --text FILE)"
        )
        return {theirs[n].id: here[heir] for n, heir in enumerate(edit.heirs) if heir is not None}

    def _store(self, row: Row, came: Transcript) -> None:
        language = self.into.language or came.language or likely_language(w.text for w in came.words) or "und"
        run = Run(
            step="import", tool_version=__version__, settings=self.settings, input_sha256=self.sha256,
            author=self.author, started_at=now(), ended_at=now(), outcome={"segments": len(came.segments)},
        )  # fmt: skip
        self.db.add(run)
        store_transcript(self.db, row, replace(came, language=language[:16], style="checked"), run)
        self.done.counts["segments"] += len(came.segments)

    def _upon(self, one: Conversation, place: Place) -> None:
        """What stands on a conversation: codings, what was settled, moments."""
        self._known = {_same(row) for row in coding_queries.codings(self.db, None, [place.row.id])}
        for coding in sorted(one.codings, key=_order):
            self._coding(coding, place)
        for verdict in one.adjudications:
            self._verdict(verdict, place)
        there = {(m.start_ms, m.end_ms) for m in recall_queries.moments(self.db, place.row.id)}
        for moment in one.moments:
            if isinstance(place.row, Session) and (moment.span.start_ms, moment.span.end_ms) not in there:
                row = new_moment(self.db, place.row, moment.span, "researcher", place.order)
                row.label, row.fixed = moment.label, True
                self.done.counts["moments"] += 1

    def _coding(self, coding: Coding, place: Place) -> None:
        anchor = moved(coding.anchor, place)
        code = self._books.get((coding.codebook, coding.code))
        if anchor is None or code is None:
            self.done.counts["left out"] += 1
            return
        coder = self._coder(coding.coder)
        wanted = CodingRow(
            key="", coder=coder, code=code, coder_id=coder.id, code_id=code.id, conversation=place.row,
            conversation_id=place.row.id, about=coding.about, certainty=coding.certainty,
            made_at=coding.made_at or now(), **self._rated(coding, code),
        )  # fmt: skip
        put(wanted, anchor)
        if _same(wanted) in self._known:
            self.done.counts["known codings"] += 1
            return
        self.desk.check_unlocked(coder, code.codebook_id, place.row.id, anchor.span, coding.round)
        wanted.key = self.desk.next_key(place.row.key, coder.name)
        wanted.round = round_row(self.db, coding.round[:48]) if coding.round else None
        self._known.add(_same(wanted))
        self.db.add(wanted)
        self.done.counts["codings"] += 1

    def _rated(self, coding: Coding, code: CodeRow) -> dict[str, object]:
        """Rating and memo; a rating that the code's scale does not have stands in the memo."""
        scale = self.desk.grounds.book(code.codebook).scale(code.key) if coding.rating is not None else None
        if coding.rating is None or (scale is not None and scale.holds(coding.rating)):
            return {"rating": coding.rating, "memo": tidy(coding.memo)}
        return {"rating": None, "memo": tidy(told(coding.memo, {"rating": number(coding.rating)}))}

    def _coder(self, name: str) -> CoderRow:
        if name not in self._coders:
            usable = usable_name(name)
            row = coding_queries.find_coder(self.db, usable)
            if row is None:
                row = CoderRow(name=usable, folded=usable.casefold(), role="coder")
                self.db.add(row)
                self.db.flush()
                self.done.counts["coders"] += 1
                if usable != name:
                    self.done.remarks.append(f"the coder {name!r} is called {usable} here")
            else:
                self.desk.writer(row.name)
            self._coders[name] = row
        return self._coders[name]

    def _verdict(self, verdict: Adjudication, place: Place) -> None:
        anchor, book = moved(verdict.anchor, place), self._rows.get(verdict.codebook)
        code = self._books.get((verdict.codebook, verdict.code))
        if anchor is None or book is None or (code is None and verdict.code != NO_CODE):
            self.done.counts["left out"] += 1
            return
        sealed = self.desk.sight.sealed_at(book.id, place.row.id, anchor.span)
        if sealed is not None:
            raise Conflict(f"{anchor.target.key} is coded blind in {sealed}; nothing can be settled there yet")
        for known in coding_queries.adjudications(self.db, place.row.id):
            if (known.start_ms, known.end_ms, known.code_id) == (*_ends(anchor), code.id if code else None):
                return
        row = AdjudicationRow(
            key=next_key(self.db, "adjudication", f"{place.row.key}-settled-", digits=3), codebook=book, code=code,
            conversation=place.row, rating=verdict.rating, about=verdict.about, reason=tidy(verdict.reason),
            decided_by=verdict.decided_by, decided_at=verdict.decided_at or now(),
            round=round_row(self.db, verdict.round[:48]) if verdict.round else None,
        )  # fmt: skip
        put(row, anchor)
        self.db.add(row)
        self.db.flush()
        self.done.counts["adjudications"] += 1

    def _memos(
        self, values: Exchange, conversations: Iterable[Conversation], places: Mapping[str, Place]
    ) -> None:  # fmt: skip
        for note in values.memos:
            place = places.get(note.target)
            self._memo(place.row.key if place else note.target, note.text, note.author, note.made_at)
        for one in conversations:
            recalled = {row.text for row in recall_queries.comments_about(self.db, places[one.key].row.id)}
            for note in one.memos:
                if tidy(note.text) in recalled:
                    continue  # what a recall interview in this study says already
                self._memo(target_here(note.target, one, places[one.key]), note.text, note.author, note.made_at)

    def _memo(self, target: str, text: str, author: str, at: str) -> None:
        said, known = tidy(text), {(m.target, m.text) for m in recall_queries.memos(self.db, [target])}
        if said and (target, said) not in known:
            self.db.add(Memo(target=target[:80], text=said, author=author or self.author, created_at=at or now()))
            self.db.flush()
            self.done.counts["memos"] += 1


def _holds(one: Conversation) -> bool:
    """Whether there is anything in it but the name of a recording."""
    return one.transcript is not None or bool(one.codings or one.memos or one.moments or one.adjudications)


def _check_length(row: Row, one: Conversation, file: str) -> None:
    """Raises InvalidInput where something lies beyond the recording that is here."""
    if not row.recordings or (one.transcript and UNTIMED in one.transcript.segments[0].flags):
        return
    ends = [(segment.end_ms, "") for segment in one.transcript.segments] if one.transcript else []
    ends += [(coding.anchor.span.end_ms, coding.key) for coding in one.codings]
    last_ms, key = max(ends, default=(0, ""))
    if last_ms > row.duration_ms + BEYOND_MS:
        where = f"{file}, {key}" if key else file
        raise InvalidInput(
            f"{where}: it goes on until {clock(last_ms)}, and the recording of {row.key} ends at "
            f"{clock(row.duration_ms)}; correct that time, or name the session that it belongs to with --session"
        )


def _same(row: CodingRow) -> tuple[object, ...]:
    return (row.coder_id, row.code_id, row.start_ms, row.end_ms, row.about)


def _ends(anchor: Anchor) -> tuple[int, int]:
    return anchor.span.start_ms, anchor.span.end_ms


def _order(coding: Coding) -> tuple[object, ...]:
    span = coding.anchor.span
    return span.start_ms, span.end_ms, coding.coder.casefold(), coding.codebook, coding.code, coding.about or ""
