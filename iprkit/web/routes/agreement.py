"""``/api/compare``, ``/api/adjudications`` and ``/api/agreement``: where coders differ, what was settled, how far they
agree."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from iprkit.actions import adjudications
from iprkit.actions.adjudications import Verdict
from iprkit.actions.agreement import method
from iprkit.actions.comparison import compare
from iprkit.actions.study_agreement import Comparison, agree_on_codings
from iprkit.agreement.report import Report
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer, written
from iprkit.web.shapes.asked import AgreementAsked
from iprkit.web.shapes.codings import (
    AdjudicationShape,
    AdjudicationWritten,
    AgreementShape,
    CompareShape,
    NewAdjudication,
)

router = APIRouter(prefix="/api", tags=["agreement"], responses=REFUSALS)

Name = Annotated[str | None, Query(max_length=64)]


@router.get("/compare/{session}", response_model=CompareShape)
def side_by_side(
    session: str, study: Asked, request: Request, codebook: Annotated[str, Query(max_length=64)], round: Name = None
) -> Response:
    """The coders of a session side by side: stretches of agreement and difference, and what was settled."""
    return answer(request, study, lambda: told.compared(compare(study, session, codebook, round)))


@router.get("/adjudications", response_model=list[AdjudicationShape])
def settled(study: Asked, request: Request) -> Response:
    """What was settled, as far as the asker may see it."""
    return answer(request, study, lambda: [told.adjudication(one) for one in adjudications.list_adjudications(study)])


@router.get("/agreement", response_model=AgreementShape)
def agree(study: Asked, request: Request, asked: Annotated[AgreementAsked, Query()]) -> Response:
    """How far coders agree, as ``iprkit agree --json``; without intervals and so at once with ``draws=0``."""
    wanted = Comparison(asked.codebook, asked.round, (), asked.unit, session=asked.session)
    how = method(asked.draws, 1, pairs=False)
    return answer(request, study, lambda: _told(agree_on_codings(study, wanted, how)))


def _told(report: Report) -> dict[str, Any]:
    figures = [asdict(one) for one in (*report.pairs, *report.figures)]
    return {"coders": list(report.coders), "figures": figures, "notes": list(report.notes)}


@router.post("/adjudications", response_model=AdjudicationWritten)
def settle(new: NewAdjudication, study: Asked) -> dict[str, Any]:
    """Settle what applies to a target, with the reason; the codings stay."""
    verdict = Verdict(**new.model_dump(exclude={"again"}))
    return written(study, {"adjudication": told.adjudication(adjudications.adjudicate(study, verdict, new.again))})
