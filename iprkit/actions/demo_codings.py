"""The sample session as two invented coders saw it: their sheets, how far they agree, one difference settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from iprkit.actions import codebooks
from iprkit.actions.adjudications import Verdict, adjudicate, differences, list_adjudications
from iprkit.actions.coders import add_coder, list_coders
from iprkit.actions.coding_sheets import import_sheet
from iprkit.actions.codings import Sought, list_codings
from iprkit.actions.study_agreement import Comparison, agree_on_codings
from iprkit.agreement.bootstrap import Bootstrap
from iprkit.agreement.method import Method
from iprkit.agreement.result import NAMES
from iprkit.database.connect import Study
from iprkit.timeline import clock

CODERS = ("anna", "ben")
WINDOWS, SENTENCES = "3rs-2022", "real-relationship"
SETTLED = "D01-S03-W60s-01"
_SHOWN = 3
_STATISTICS = ("percent_agreement", "cohen_kappa", "gwet_ac1", "krippendorff_alpha")


def code_sample(study: Study, sheets: Path) -> Iterator[str]:
    """Pin two codebooks, enter the coders, import their sheets; what is there already is left.

    Their rows stand on sentences by time. Where an engine hears two sentences as one, the later row of the two counts.
    """
    pinned = {one.name for one in codebooks.list_codebooks(study) if one.pinned}
    for name in (WINDOWS, SENTENCES):
        if name not in pinned:
            codebooks.add_codebook(study, name)
    if WINDOWS not in pinned:
        codebooks.edit_codebook(study, WINDOWS, {"unit": "window", "window_ms": 60_000})
    known = {one.name for one in list_coders(study)}
    for name in CODERS:
        if name not in known:
            add_coder(study, name)
        sheet = sheets / f"d01-s03-{name}.csv"
        if list_codings(study, Sought(coder=name)).filed:
            yield f"{sheet.name}: 0 codings of {name} (done before)"
        else:
            done = import_sheet(replace(study, author=name), sheet, update=True)
            yield f"{done.file}: {done.added} codings of {name}"


def compare_sample(study: Study) -> Iterator[str]:
    """How far the two agree, sentence by sentence, and where they differ first."""
    report = agree_on_codings(study, Comparison(SENTENCES), Method(Bootstrap(200)))
    told = [one for one in report.figures if one.statistic in _STATISTICS and one.value is not None]
    for one in [one for one in told if one.code is None] or told:
        yield f"{NAMES[one.statistic]:<18} {one.value:6.3f}  of {one.n_units} {one.unit}s, {one.code or 'all codes'}"
    for first in report.confusions[:1]:
        yield f"most often one says {first.first} and the other {first.second}: {first.count} times"
    yield f"they differ on {len(report.disagreements)} {report.figures[0].unit}s, as here:"
    for other in report.disagreements[:_SHOWN]:
        said = ", ".join(f"{who}: {what}" for who, what in zip(other.coders, other.said, strict=True))
        yield f"  {clock(other.start_ms or 0)}  {said}  ({other.quote})"


def settle_sample(study: Study) -> Iterator[str]:
    """One difference is settled with its reason; the codings stay as they are."""
    if not list_adjudications(study):
        reason = "two clear signs, but the client still answers every question: they do not rule the whole window"
        adjudicate(study, Verdict(SETTLED, "WD_P", reason, codebook=WINDOWS, rating=4))
    for one in list_adjudications(study):
        yield f"{one.anchor.target.key}: {one.code} {one.rating:g}, because: {one.reason}"
    left = [one for one in differences(study) if not one.settled]
    yield f"{len(left)} differences are left to be talked over; see them with: iprkit adjudicate"
