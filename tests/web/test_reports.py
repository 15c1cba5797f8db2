"""Everything that the Report mode lists can be had: each report in each of its formats, each export."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding
from iprkit.database.connect import Study
from iprkit.web.app import Address, serve_study

from .conftest import open_browser


def _coded_twice(study: Study) -> Study:
    for who in ("anna", "ben"):
        for key in ("T001", "C001"):
            add_coding(replace(study, author=who), Wish(f"D01-S01-{key}", "push"))
    return study


def test_every_report_that_is_listed_is_made_in_every_format(coded: Study) -> None:
    browser = open_browser(serve_study(_coded_twice(coded), Address()))
    asked = {"session": "D01-S01", "codebook": "talk"}
    for one in browser.get("/api/reports"):
        needs = "".join(f"&{need}={asked[need]}" for need in one["needs"])
        for form in one["formats"]:
            answer = browser.client.get(f"/api/reports/{one['kind']}?format={quote(form)}{needs}")
            assert answer.status_code == 200, (one["kind"], form, answer.text)
            assert answer.content
            assert "filename=" in answer.headers["content-disposition"]


def test_every_format_that_is_listed_is_written(coded: Study) -> None:
    browser = open_browser(serve_study(_coded_twice(coded), Address()))
    names = [one["name"] for one in browser.get("/api/exports")]
    assert {"qdpx", "eaf", "sav", "csv", "vtt", "json"} <= set(names)
    for name in names:
        answer = browser.client.get(f"/api/exports/{name}?keys=D01-S01")
        assert answer.status_code == 200, (name, answer.text)
        assert answer.content


def test_figures_are_seen_with_their_data_and_follow_what_is_coded(coded: Study) -> None:
    browser = open_browser(serve_study(_coded_twice(coded), Address()))
    listed = browser.get("/api/figures?session=D01-S01")
    assert [one["name"] for one in listed] == ["D01-S01-timeline", "codes-talk", "talk"]
    assert listed[1]["data"] == [["row", "column", "group", "value"], ["Push", "S01", "D01", "2"]]
    for one in listed:
        image = browser.client.get(f"/api/figures/{one['name']}?session=D01-S01&version={one['version']}")
        assert (image.status_code, image.headers["content-type"]) == (200, "image/svg+xml")
        assert "default-src 'none'" in image.headers["content-security-policy"]
    add_coding(replace(coded, author="ben"), Wish("D01-S01-C002", "push"))
    later = browser.get("/api/figures?session=D01-S01&every=true")
    assert [one["version"] == two["version"] for one, two in zip(listed, later, strict=True)] == [False, False, True]
    assert browser.client.get("/api/figures/nothing?session=D01-S01").status_code == 404


def test_a_report_in_a_format_that_it_has_not_is_refused_in_a_sentence(coded: Study) -> None:
    browser = open_browser(serve_study(coded, Address()))
    for kind, form in (("coreq", "exe"), ("moments", "pdf"), ("nothing", "txt")):
        answer = browser.client.get(f"/api/reports/{kind}?format={form}&session=D01-S01")
        assert answer.status_code in (404, 422, 400), answer.text
        assert answer.json()["message"]
