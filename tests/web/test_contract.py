"""What the server says of itself holds: its answers have the shapes that it promises, and nothing breaks it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import TypeAdapter

from iprkit.actions.adjudications import Verdict, adjudicate
from iprkit.actions.assignments import Plan, assign
from iprkit.actions.codebooks import pin_of_library, show
from iprkit.actions.coders import add_coder
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding
from iprkit.actions.rooms import KINDS
from iprkit.database.connect import Study
from iprkit.web.app import Address, serve_study
from iprkit.web.openapi import document
from iprkit.web.shapes.codebooks import CodebookShape, ListedShape
from iprkit.web.shapes.codings import (
    AdjudicationShape,
    AgreementShape,
    AssignmentShape,
    AssignmentWithUnits,
    CodingShape,
    CompareShape,
)
from iprkit.web.shapes.recalls import MomentShape, RecallShape
from iprkit.web.shapes.reports import DrawingShape
from iprkit.web.shapes.studies import EventShape, HitShape, StudyShape
from iprkit.web.shapes.transcripts import DoubtShape, TranscriptShape, VoiceShape

from .conftest import HOST, Browser, open_browser

SHAPES: list[tuple[str, Any]] = [
    ("/api/study", StudyShape),
    ("/api/transcripts/D01-S03", TranscriptShape),
    ("/api/transcripts/D01-S03-client", TranscriptShape),
    ("/api/transcripts/D01-S03/doubts", list[DoubtShape]),
    ("/api/speakers/D01", list[VoiceShape]),
    ("/api/recalls/D01-S03-client", RecallShape),
    ("/api/moments/D01-S03", list[MomentShape]),
    ("/api/codebooks", list[ListedShape]),
    ("/api/codebooks/3rs-2022", CodebookShape),
    ("/api/codings/D01-S03", list[CodingShape]),
    ("/api/assignments", list[AssignmentShape]),
    ("/api/assignments/A01", AssignmentWithUnits),
    ("/api/compare/D01-S03?codebook=3rs-2022", CompareShape),
    ("/api/adjudications", list[AdjudicationShape]),
    ("/api/agreement?codebook=3rs-2022&draws=10", AgreementShape),
    ("/api/figures?session=D01-S03", list[DrawingShape]),
    ("/api/history", list[EventShape]),
    ("/api/search?q=bus", list[HitShape]),
]


@pytest.fixture
def whole(recalled: Study) -> Study:
    """The sample study with a bit of everything: moments, codings by two, a difference settled, an assignment."""
    pin_of_library(recalled, "3rs-2022")
    add_coder(recalled, "anna", "researcher")
    add_coder(recalled, "ben")
    book = show(recalled, "3rs-2022").book
    first, second, *_ = [code.key for code in book.active if code.codable]
    for coder, code in (("anna", first), ("ben", second), ("ben", first)):
        scale = book.scale(code)
        rating = None if scale is None else scale.min + (coder == "ben")
        add_coding(recalled, Wish("D01-S03-W300s-01", code, "3rs-2022", coder, rating))
    adjudicate(recalled, Verdict("D01-S03-W300s-01", "none", "neither", codebook="3rs-2022"))
    assign(recalled, Plan("3rs-2022", ("anna", "ben"), blind=False, round="later"))
    return recalled


def test_answers_have_the_shapes_that_are_promised(whole: Study) -> None:
    anna = open_browser(serve_study(whole, Address()), "anna")
    for path, shape in SHAPES:
        answer = anna.client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        found = TypeAdapter(shape).validate_json(answer.content, strict=True)
        assert found != [] or path.endswith("doubts"), path


def test_numbers_and_keys_are_those_of_the_command_line(whole: Study, cli: Any) -> None:
    anna = open_browser(serve_study(whole, Address()), "anna")
    said = json.loads(cli("transcript", "show", "D01-S03", "--json", folder=whole.folder).stdout)
    shown = anna.get("/api/transcripts/D01-S03")
    assert [segment["words"] for segment in shown["segments"]] == [segment["words"] for segment in said["segments"]]
    listed = json.loads(cli("code", "list", "D01-S03", "--json", folder=whole.folder).stdout)
    for coding in (codings := anna.get("/api/codings/D01-S03")):
        del coding["version"]
    assert codings == listed
    moments = json.loads(cli("moments", "D01-S03", "--json", folder=whole.folder).stdout)
    for moment in (told := anna.get("/api/moments/D01-S03")):
        del moment["version"]
    assert told == moments


def test_every_answer_has_a_shape_and_every_refusal_too() -> None:
    for path, kinds in document()["paths"].items():
        for kind, route in kinds.items():
            assert route["summary"] and route["description"], (kind, path)
            assert "4XX" in route["responses"], (kind, path)
            (content,) = [one.get("content", {}) for code, one in route["responses"].items() if code == "200"]
            json_answer = content.get("application/json", {}).get("schema", {})
            assert json_answer or not set(content) & {"application/json"}, (kind, path)


def test_the_document_is_the_same_each_time_and_is_written_by_the_command(cli: Any, tmp_path: Path) -> None:
    assert cli("open", "--openapi", tmp_path / "contract.json").exit_code == 0
    assert json.loads((tmp_path / "contract.json").read_text(encoding="utf-8")) == document()


def test_no_request_that_fits_the_document_is_a_fault(coded: Study) -> None:
    browser = open_browser(serve_study(coded, Address()))
    schemathesis.serializer.alias(list(KINDS), "application/octet-stream")
    schema = schemathesis.openapi.from_dict(document())
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path not in ("/api/events", "/api/logout"):  # the one never ends, the other ends the visit
            _try(operation, browser)


def _try(operation: Any, browser: Browser) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=20, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=HOST)
        sent.update({"content": sent.pop("data")} if "data" in sent else {})
        sent["headers"] = dict(sent.get("headers") or {}) | {"x-iprkit-token": browser.csrf}
        answer = browser.client.request(**{name: value for name, value in sent.items() if name != "cookies"})
        assert answer.status_code < 500, (operation.method, operation.path, answer.text)

    ask()
