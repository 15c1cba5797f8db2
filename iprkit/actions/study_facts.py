"""What the database knows of how a study was made: its runs, who corrected how much, who coded, how far they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session as Db

from iprkit import __version__
from iprkit.actions.exchange import keys_of, read_out
from iprkit.actions.study_agreement import Comparison, agree_on_codings
from iprkit.agreement.method import Method
from iprkit.agreement.result import Agreement
from iprkit.database import coding_queries, journal_queries, queries, recall_queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation, RecallInterview, Session, TranscriptVersion
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.exchange import Exchange
from iprkit.report.facts import SETTINGS, UNTOLD, Coded, Corrected, Facts, Figure, Heard, Linked

_LINKING = ("back_ms", "around_ms", "closing_ms", "tolerance_ms")
_REPORTED = "krippendorff_alpha"


def facts_of(study: Study, keys: Sequence[str] = (), method: Method | None = None) -> Facts:
    """The facts of the study, or of the sessions and dyads named, as far as the person who asks may see them.

    Raises NotFound for an unknown key.
    """
    with read_out(study, keys) as values:
        wanted = keys_of(values)
        with study.read() as db:
            rows = [queries.conversation(db, key) for key in wanted]
            told = _Read(db, study, rows)
            passed = _Passed().of(values)
            coded = tuple(_coded(study, values, passed, method or Method(pairs=False)))
            return told.facts(values, coded, passed)


@dataclass
class _Passed:
    """What is counted while the conversations pass by, which takes long: by codebook, the codings and settlements."""

    moments: int = 0
    memos: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)
    rounds: dict[str, set[str | None]] = field(default_factory=dict)
    settled: dict[str, list[str]] = field(default_factory=dict)

    def of(self, values: Exchange) -> _Passed:
        """The same, once all of them passed."""
        for one in values.conversations:
            self.moments += len(one.moments)
            self.memos += len(one.memos)
            for coding in one.codings:
                self.counts.setdefault(coding.codebook, Counter())[coding.coder] += 1
                self.used.setdefault(coding.codebook, set()).add(coding.code)
                self.rounds.setdefault(coding.codebook, set()).add(coding.round)
            for adjudication in one.adjudications:
                self.settled.setdefault(adjudication.codebook, []).append(adjudication.decided_by)
        return self


@dataclass(frozen=True)
class _Read:
    """The rows of what is reported on."""

    db: Db
    study: Study
    rows: Sequence[Conversation]

    def facts(self, values: Exchange, coded: tuple[Coded, ...], passed: _Passed) -> Facts:
        """All facts."""
        sessions = [row for row in self.rows if isinstance(row, Session)]
        comments = [one for row in self._interviews for one in recall_queries.comments(self.db, row.id)]
        recordings = [one for row in self.rows for one in row.recordings]
        return Facts(
            title=values.title,
            iprkit=__version__,
            dyads=len({row.dyad_id for row in self.rows}),
            people=tuple(sorted(Counter(person.role for person in values.people).items())),
            sessions=len(sessions),
            recorded=sum(bool(row.recordings) for row in sessions),
            undated_sessions=sum(row.date is None for row in sessions),
            video=sum(bool(one.media.get("video_codec")) for one in recordings),
            duration_ms=sum(row.duration_ms for row in sessions),
            heard=tuple(self._heard()),
            untranscribed=tuple(row.key for row in self.rows if not row.versions),
            unnamed=tuple(row.key for row in self.rows if row.versions and any(s.role is None for s in row.speakers)),
            corrected=self._corrected(),
            linked=self._linked(passed.moments),
            coded=coded,
            memos=len(values.memos) + passed.memos,
            consents=sum(len(recall_queries.consents(self.db, dyad)) for dyad in {row.dyad_id for row in self.rows}),
            quotable_comments=sum(one.may_be_quoted is True for one in comments),
            asked_comments=sum(one.may_be_quoted is not None for one in comments),
            remarks=values.remarks,
        )

    @property
    def _interviews(self) -> list[RecallInterview]:
        return [row for row in self.rows if isinstance(row, RecallInterview)]

    def _heard(self) -> Iterator[Heard]:
        """The runs that today's transcripts come from, those alike together."""
        alike: dict[Heard, list[str]] = {}
        for row in self.rows:
            version = queries.newest_transcript(self.db, row.id)
            if version is not None:
                alike.setdefault(_manner(version), []).append(row.key)
        for manner, keys in alike.items():
            yield replace(manner, keys=tuple(keys))

    def _corrected(self) -> Corrected:
        changed, heard, transcripts = 0, 0, 0
        for row in self.rows:
            version = queries.newest_transcript(self.db, row.id)
            raw = _raw_of(version)
            if version is None or raw is None:
                continue
            before = self._words(raw)
            after = before if version is raw else self._words(version)
            differ = sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
            changed, heard, transcripts = changed + differ, heard + len(before), transcripts + bool(differ)
        said = journal_queries.corrections(self.db, [row.key for row in self.rows])
        return Corrected(transcripts, changed, heard, tuple(said.items()))

    def _words(self, version: TranscriptVersion) -> dict[str, str]:
        said = queries.segments_said(self.db, version.id)
        return {word["id"]: word["text"] for _, _, _, words, _ in said for word in words}

    def _linked(self, moments: int) -> Linked:
        pieces = [one for row in self._interviews for one in recall_queries.playback(self.db, row.id)]
        standing = [one for one in pieces if not one.rejected]
        comments = [(row, one) for row in self._interviews for one in recall_queries.comments(self.db, row.id)]
        delays = [_delay(row) for row in self._interviews]
        settings: dict[str, int] = {}
        for row in self._interviews:
            run = row.recall.comments_run
            settings |= {k: v for k, v in (run.settings if run else {}).items() if k in _LINKING}
        return Linked(
            interviews=len(self._interviews),
            sources=tuple(Counter(one.source for one in standing).items()),
            pinned=sum(one.pinned for one in standing),
            comments=tuple(sorted(Counter(row.recall.perspective for row, _ in comments).items())),
            about_by_hand=sum(one.about == "set" for _, one in comments),
            moments=moments,
            settings=tuple(settings.items()),
            delays_days=tuple(days for days in delays if days is not None),
            undated=sum(days is None for days in delays),
        )


def _manner(version: TranscriptVersion) -> Heard:
    """How a transcript was made, without saying of what."""
    run = version.run
    if run is None or run.engine is None:
        return Heard("", "", "", "", version.language, run.tool_version if run else "", (), ())
    engine, model = (_pair(run.settings.get(name)) for name in ("engine", "model"))
    return Heard(
        engine=run.engine,
        engine_version=engine[1],
        model=run.model or model[0],
        model_sha256=run.model_sha256 or model[1],
        language=version.language,
        tool_version=run.tool_version,
        settings=tuple(
            (name, told) for name in SETTINGS if (told := _setting(run.settings.get(name))) and told != UNTOLD.get(name)
        ),
        keys=(),
    )


def _pair(value: Any) -> tuple[str, str]:
    """A name and what goes with it, as runs store engines and models."""
    return (str(value[0]), str(value[1])) if isinstance(value, list) and len(value) == 2 else ("", "")


def _setting(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _raw_of(version: TranscriptVersion | None) -> TranscriptVersion | None:
    """The raw version that a working one comes from."""
    while version is not None and version.status != "raw":
        version = version.parent
    return version


def _delay(row: RecallInterview) -> int | None:
    if row.date is None or row.about.date is None:
        return None
    return (date.fromisoformat(row.date) - date.fromisoformat(row.about.date)).days


def _coded(study: Study, values: Exchange, passed: _Passed, method: Method) -> Iterator[Coded]:
    with study.read() as db:
        assignments = list(coding_queries.assignments(db))
    for book in (book for book in values.codebooks if book.name in passed.counts):
        mine = [row for row in assignments if row.codebook.name == book.name]
        figures = [
            figure
            for name in sorted(passed.rounds[book.name], key=str)
            for figure in _figures(study, Comparison(book.name, name), book.rules.statistic, method)
        ]
        yield Coded(
            name=book.name,
            version=book.version,
            title=book.title,
            citation=book.citation,
            codes_used=len(passed.used[book.name]),
            codes=sum(code.codable for code in book.active),
            unit=book.rules.unit or "segment",
            codings=tuple(sorted(passed.counts[book.name].items())),
            assignments=len(mine),
            blind=sum(row.blind for row in mine),
            samples=tuple(dict.fromkeys(row.sample for row in mine if row.sample)),
            settled=len(passed.settled.get(book.name, [])),
            deciders=tuple(dict.fromkeys(passed.settled.get(book.name, []))),
            agreement=tuple(figures),
        )


def _figures(study: Study, wanted: Comparison, statistic: str | None, method: Method) -> Iterator[Figure]:
    """The figure over all codes by the statistic that the codebook asks for, else Krippendorff's alpha."""
    asked = statistic or _REPORTED
    try:
        report = agree_on_codings(study, wanted, method)
    except (Conflict, InvalidInput, NotFound) as error:
        yield Figure(asked, wanted.codebook or "", wanted.round, "", 0, (), None, None, "", str(error))
        return
    over_all = [one for one in report.figures if one.code is None]
    chosen = [one for one in over_all if one.statistic == asked] or [
        one for one in over_all if one.statistic in (_REPORTED, "cu_alpha", "time_unit_kappa", "icc_2_k")
    ]
    yield from (_figure(one, wanted.round) for one in chosen or over_all[:1])


def _figure(one: Agreement, round_name: str | None) -> Figure:
    return Figure(
        statistic=one.statistic,
        codebook=one.codebook or "",
        round=round_name,
        unit=one.unit,
        n_units=one.n_units,
        coders=one.coders,
        value=one.value,
        ci=one.ci,
        interval=one.interval,
        reason=one.reason,
    )
