"""Reports: a dyad or the study as one page, the methods paragraph, and the COREQ sheet, true to what there is."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from iprkit.actions.exchange import read_out
from iprkit.actions.figures import Sketch, draw, pictures_of
from iprkit.actions.handed_out import handed_out
from iprkit.actions.study_facts import facts_of
from iprkit.agreement.method import Method
from iprkit.agreement.result import NAMES
from iprkit.coding import Coding
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.errors import InvalidInput, NotFound
from iprkit.exchange import Conversation, Exchange
from iprkit.formats.appendix import paired
from iprkit.formats.long_table import path_of, sessions_of
from iprkit.formats.quotable import Quotable
from iprkit.formats.sheet import write_undated
from iprkit.report.coreq import coreq, write_coreq_csv, write_coreq_docx, write_coreq_markdown
from iprkit.report.drawing import as_svg
from iprkit.report.facts import Facts, Figure
from iprkit.report.figures import Picture, TimeLine, caption_of
from iprkit.report.methods import methods, missing
from iprkit.report.paired import PairedTable
from iprkit.report.study_page import Drawn, Page, Part, Sheet, rows_of, write_page
from iprkit.scale import number
from iprkit.timeline import clock

COREQ_KINDS = (".docx", ".md", ".csv")

FOR_THE_TEAM = "For those who work on the study: this page holds words that nobody permitted to be quoted or shown."

_MOST_TIMELINES = 12
_MOST_CODINGS = 400
_LONGEST = 160


@dataclass(frozen=True)
class Reported:
    """Of whom, the whole study where nobody is named. ``for_team``: also what may not be quoted or shown."""

    keys: tuple[str, ...] = ()
    for_team: bool = False


def write_report(study: Study, wanted: Reported, to: Path | None = None, method: Method | None = None) -> Path:
    """Write the page; ``exports/study.report.html`` or ``exports/KEY.report.html`` where no place is named.

    What an open blind assignment or a withdrawal hides is not in it; what nobody permitted to be quoted and shown only
    ``for_team``. Returns the file. Raises NotFound for an unknown key or an empty study, InvalidInput, StorageFull.
    """
    page = page_of(study, wanted, method)
    name = wanted.keys[0] if len(wanted.keys) == 1 else "study"
    place = to or study.folder / "exports" / f"{name}.report.html"
    if to is None:
        with storing():
            place.parent.mkdir(mode=0o700, exist_ok=True)
    with handed_out(place) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        write_page(page, text)
        text.detach()
    return place


def page_of(study: Study, wanted: Reported, method: Method | None = None) -> Page:
    """The page as a value. Raises NotFound for an unknown key and where there is nothing to report."""
    facts = facts_of(study, wanted.keys, method)
    with read_out(study, wanted.keys) as values:
        held = _Held([], [], [])
        for session, interviews in sessions_of(values.conversations):
            held.take(values, session, interviews, wanted.for_team)
        parts = [
            _people(values),
            Part("Sessions", sheets=(Sheet("How far each session is", _STATE, tuple(held.states), _COUNTED),)),
            _figures(study, wanted),
            Part("Moments", moments=tuple(held.moments)),
            _codings(held),
            _agreement(facts),
            _methods(facts),
        ]
    whole = [part for part in parts if part.paragraphs or part.sheets or part.figures or part.moments or part.items]
    about = f"{', '.join(wanted.keys) or 'The whole study'}. Written by iprkit {facts.iprkit}."
    return Page(facts.title or "Study", about, tuple(whole), FOR_THE_TEAM if wanted.for_team else "")


def write_coreq(study: Study, keys: Sequence[str], to: Path) -> Path:
    """Write the sheet as a Word document, Markdown or CSV, by the suffix of ``to``. Raises InvalidInput, NotFound."""
    kind = to.suffix.lower()
    if kind not in COREQ_KINDS:
        raise InvalidInput(f"{to.name}: COREQ is written as {', '.join(COREQ_KINDS)}; name a file that ends so")
    items = coreq(facts_of(study, keys))
    with handed_out(to) as stream:
        if kind == ".docx":
            made = io.BytesIO()
            write_coreq_docx(items, made)
            write_undated(made, stream)
        else:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
            (write_coreq_markdown if kind == ".md" else write_coreq_csv)(items, text)
            text.detach()
    return to


def methods_text(study: Study, keys: Sequence[str] = ()) -> str:
    """The methods paragraphs, and below them what the author must add. Raises NotFound for an unknown key."""
    facts = facts_of(study, keys)
    lines = [*(f"{paragraph}\n" for paragraph in methods(facts)), "For you to write:\n"]
    return "\n".join([*lines, *(f"- {one}" for one in missing(facts))]) + "\n"


def write_methods(study: Study, keys: Sequence[str], to: Path) -> Path:
    """The same into a file."""
    said = methods_text(study, keys)
    with handed_out(to) as stream:
        stream.write(said.encode("utf-8"))
    return to


_STATE = ("Session", "Date", "Length", "Transcript", "Speakers", "Recall", "Comments", "Moments", "Codings", "Settled")
_COUNTED = frozenset({2, 6, 7, 8, 9})


@dataclass
class _Held:
    """What is kept of the sessions while they pass by."""

    states: list[tuple[str, ...]]
    moments: list[PairedTable]
    codings: list[tuple[Coding, str, str]]

    def take(self, values: Exchange, session: Conversation, interviews: Sequence[Conversation], team: bool) -> None:
        """One session with its interviews."""
        allowed = Quotable(session, interviews)
        self.states.append(_state(session, interviews))
        if session.moments:
            table = paired(session, None if team else allowed, interviews)
            self.moments.append(table)
        for place in (session, *interviews):
            for coding in place.codings:
                shown = team or allowed.coding(place, coding)
                book = values.book(coding.codebook)
                path = path_of(book, coding.code) if book else coding.code
                self.codings.append((coding, path, coding.anchor.quote if shown else "(no permission to quote)"))


def _people(values: Exchange) -> Part:
    role = {person.key: person.role for person in values.people}
    rows = tuple((one.key, ", ".join(f"{key} ({role[key]})" for key in one.members)) for one in values.dyads)
    return Part(
        "Participants", values.remarks, (Sheet("Dyads and their members, by pseudonym", ("Dyad", "Members"), rows),)
    )


def _state(session: Conversation, interviews: Sequence[Conversation]) -> tuple[str, ...]:
    transcript = session.transcript
    named = [one.title for one in transcript.speakers if one.role] if transcript else []
    comments = sum(len(one.recall.comments) for one in interviews if one.recall)
    return (
        session.key,
        session.date or "not known",
        clock(session.duration_ms),
        f"{transcript.meta.get('status', '')} ({transcript.language})" if transcript else "none",
        ", ".join(named) or ("not named" if transcript else ""),
        ", ".join(one.recall.perspective for one in interviews if one.recall) or "none",
        str(comments),
        str(len(session.moments)),
        str(sum(len(one.codings) for one in (session, *interviews))),
        str(len(session.adjudications)),
    )


def _codings(held: _Held) -> Part:
    counts = Counter((coding.codebook, path, coding.coder) for coding, path, _ in held.codings)
    coders = sorted({coder for _, _, coder in counts})
    codes = dict.fromkeys((book, path) for book, path, _ in sorted(counts))
    rows = [(f"{path}", book, *(str(counts[book, path, coder]) for coder in coders)) for book, path in codes]
    numbers = frozenset(range(2, 2 + len(coders)))
    sheets = [Sheet("Codings by code and coder", ("Code", "Codebook", *coders), tuple(rows), numbers)] if rows else []
    if 0 < len(held.codings) <= _MOST_CODINGS:
        sheets.append(Sheet("All codings", _CODING, tuple(_coding(*one) for one in held.codings), frozenset({6})))
    more = f"There are {len(held.codings)} codings; iprkit export csv writes each with everything known of it."
    return Part("Codings", (more,) if len(held.codings) > _MOST_CODINGS else (), tuple(sheets))


_CODING = ("Coding", "Target", "Time", "Code", "Coder", "Round", "Rating", "What is said", "Memo")


def _coding(coding: Coding, path: str, quote: str) -> tuple[str, ...]:
    span = coding.anchor.span
    rating = "" if coding.rating is None else number(coding.rating)
    time = f"{clock(span.start_ms)} to {clock(span.end_ms)}"
    head = (coding.key, coding.anchor.target.key, time, path, coding.coder, coding.round or "")
    said = quote if len(quote) <= _LONGEST else f"{quote[:_LONGEST].rsplit(' ', 1)[0]} …"
    return (*head, rating, said, coding.memo)


def _agreement(facts: Facts) -> Part:
    rows = tuple(_agreed(figure) for one in facts.coded for figure in one.agreement)
    heads = ("Codebook", "Statistic", "Value", "Interval", "Unit", "Units", "Coders", "Round", "How, or why not")
    sheets = (Sheet("Agreement over all codes", heads, rows, frozenset({2, 3, 5})),) if rows else ()
    return Part("Agreement", (), sheets)


def _agreed(one: Figure) -> tuple[str, ...]:
    value = "undefined" if one.value is None else f"{one.value:.2f}"
    ci = f"{one.ci[0]:.2f} to {one.ci[1]:.2f}" if one.ci else "none"
    name = NAMES.get(one.statistic, one.statistic)
    told = one.reason or one.interval
    return one.codebook, name, value, ci, one.unit, str(one.n_units), ", ".join(one.coders), one.round or "", told


def _figures(study: Study, wanted: Reported) -> Part:
    try:
        pictures = pictures_of(study, Sketch(wanted.keys))
    except NotFound:
        return Part("Figures")
    lines = [name for name, picture in pictures.items() if isinstance(picture, TimeLine)]
    many = len(lines) > _MOST_TIMELINES
    shown = {name: picture for name, picture in pictures.items() if not (many and name in lines)}
    told = (f"Time lines of {len(lines)} sessions are not shown; name a dyad or sessions.",) if many else ()
    return Part("Figures", told, figures=tuple(_drawn(picture) for picture in shown.values()))


def _drawn(picture: Picture) -> Drawn:
    return Drawn(*caption_of(picture), as_svg(draw(picture)), rows_of(picture.table))


def _methods(facts: Facts) -> Part:
    items: Iterator[str] = (f"For you to write: {one}" for one in missing(facts))
    return Part("Methods", tuple(methods(facts)), items=tuple(items))
