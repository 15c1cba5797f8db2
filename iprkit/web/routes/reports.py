"""``/api/reports`` and ``/api/exports``: files to look at and to take along."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from iprkit.actions import figures, page_files
from iprkit.actions.agreement import method
from iprkit.actions.grids import grid_of
from iprkit.actions.page_files import Made
from iprkit.actions.study_agreement import Comparison
from iprkit.errors import InvalidInput, NotFound
from iprkit.formats import WRITERS
from iprkit.formats.codebooks import CODEBOOK_WRITERS
from iprkit.formats.studies import STUDY_WRITERS
from iprkit.web import told
from iprkit.web.asking import REFUSALS, Asked, answer
from iprkit.web.shapes.asked import DrawingsAsked, ReportAsked
from iprkit.web.shapes.grids import GridShape
from iprkit.web.shapes.reports import DrawingShape, FormatShape, ReportShape

router = APIRouter(prefix="/api", tags=["reports"], responses=REFUSALS)

_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
"""For reports that are pages of their own: nothing in them runs."""

_REPORTS = (
    ReportShape(kind="moments", title="Client and therapist at the same moment", formats=["html", "docx", "xlsx"],
                needs=["session"]),
    ReportShape(kind="agreement", title="How far coders agree", formats=["csv", "docx"], needs=["codebook"]),
    ReportShape(kind="page", title="The report on one page", formats=["html"], needs=["session"]),
    ReportShape(kind="figures", title="Figures, each with its data", formats=["zip"], needs=["session"]),
    ReportShape(kind="methods", title="The methods paragraph", formats=["txt"], needs=["session"]),
    ReportShape(kind="coreq", title="The COREQ sheet, as far as the study knows it", formats=["docx", "md", "csv"],
                needs=["session"]),
    ReportShape(kind="codebook", title="A codebook", formats=list(CODEBOOK_WRITERS), needs=["codebook"]),
)  # fmt: skip

_SVG = "image/svg+xml"
_DRAWN: dict[int | str, dict[str, Any]] = {200: {"content": {_SVG: {}}, "description": "The image."}}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"*/*": {}}, "description": "The file."}}


@router.get("/grid", response_model=GridShape)
def grid(study: Asked) -> Any:
    """Which recall interviews were held, session by session, and which are missing."""
    return grid_of(study)


@router.get("/reports", response_model=list[ReportShape])
def reports(study: Asked) -> list[ReportShape]:
    """What reports there are."""
    return list(_REPORTS)


@router.get("/reports/{kind}", response_class=Response, responses=_FILE)
def report(kind: str, study: Asked, asked: Annotated[ReportAsked, Query()]) -> Response:
    """One report as a file; for a paper only with what may be quoted, or with ``leave_out`` without the rest."""
    if kind == "moments":
        session = _said("session", asked.session)
        return _file(page_files.moments_file(study, session, f".{asked.format}", asked.leave_out))
    if kind == "agreement":
        wanted = Comparison(asked.codebook, asked.round, (), asked.unit, session=asked.session)
        return _file(page_files.agreement_file(study, wanted, method(1000, 1, pairs=False), f".{asked.format}"))
    if kind == "codebook":
        return _file(page_files.codebook_file(study, _said("codebook", asked.codebook), asked.format))
    return _file(_paper(kind, study, [asked.session] if asked.session else [], asked))


def _paper(kind: str, study: Asked, keys: list[str], asked: ReportAsked) -> Made:
    """What goes into a paper as it is."""
    if kind == "page":
        return page_files.report_file(study, keys, for_team=not asked.leave_out)
    if kind == "figures":
        return page_files.figures_file(study, keys)
    if kind == "methods":
        return page_files.methods_file(study, keys, f".{asked.format}")
    if kind == "coreq":
        return page_files.coreq_file(study, keys, f".{asked.format}")
    raise NotFound(f"there is no report {kind[:40]!r}; choose among {', '.join(one.kind for one in _REPORTS)}")


@router.get("/figures", response_model=list[DrawingShape])
def drawings(study: Asked, request: Request, asked: Annotated[DrawingsAsked, Query()]) -> Response:
    """The figures of a session with their data: its time line, codes by dyad and session, codes together, talk."""

    def make() -> list[dict[str, Any]]:
        return [told.drawing(*one) for one in figures.beside(study, asked.session, asked.every).items()]

    return answer(request, study, make)


@router.get("/figures/{name}", response_class=Response, responses=_DRAWN)
def drawing(name: str, study: Asked, asked: Annotated[DrawingsAsked, Query()]) -> Response:
    """One of these figures as an image."""
    svg = figures.beside_named(study, asked.session, asked.every, name)
    return Response(svg, media_type=_SVG, headers={"content-security-policy": _PAGE_POLICY})


@router.get("/exports", response_model=list[FormatShape])
def formats(study: Asked) -> list[dict[str, Any]]:
    """The formats of studies, then those of transcripts alone."""
    listed = [(name, one.suffix, one.purpose, ", ".join(one.carries.dropped)) for name, one in STUDY_WRITERS.items()]
    listed += [(name, one.suffix, one.purpose, one.loses) for name, one in WRITERS.items()]
    return [dict(zip(("name", "suffix", "purpose", "loses"), one, strict=True)) for one in listed]


@router.get("/exports/{format}", response_class=Response, responses=_FILE)
def export(format: str, study: Asked, keys: Annotated[list[str] | None, Query(max_length=1000)] = None) -> Response:
    """The study or its transcripts in a format, all or those of the keys; several files as one archive."""
    if format in STUDY_WRITERS:
        return _file(page_files.study_file(study, format, keys or []))
    return _file(page_files.transcripts_file(study, format, keys or []))


def _said(name: str, value: str | None) -> str:
    if value is None:
        raise InvalidInput(f"this report needs {name}")
    return value


def _file(made: Made) -> Response:
    shown = made.kind == "text/html"
    headers = {"content-disposition": f'{"inline" if shown else "attachment"}; filename="{made.name}"'}
    if shown:
        headers["content-security-policy"] = _PAGE_POLICY
    return Response(made.data, media_type=made.kind, headers=headers)
