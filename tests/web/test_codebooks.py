"""What `iprkit codebook` does, done by a page: begun, brought in from a file, changed, and nobody overwritten."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from iprkit.actions import codebooks, codes
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding, list_codings
from iprkit.codebook import Code, Codebook
from iprkit.database.connect import Study
from iprkit.formats.codebooks import CODEBOOK_WRITERS

from .conftest import Browser

ODD = Path(__file__).parents[1] / "formats/odd_codebooks"

Others = Callable[[str, str], Browser]


def book(study: Study, name: str = "talk") -> Codebook:
    return codebooks.show(study, name).book


def told(lea: Browser, key: str) -> Any:
    return next(one for one in lea.get("/api/codebooks/talk")["codes"] if one["key"] == key)


def bring(lea: Browser, data: bytes, file: str, more: str = "") -> Any:
    return lea.send("POST", f"/api/codebooks/import?file={quote(file)}{more}", content=data)


def test_an_own_codebook_is_begun_by_its_title(lea: Browser, coded: Study) -> None:
    made = lea.done("POST", "/api/codebooks/own", {"title": " Chair work ", "unit": "window", "window_ms": 60_000})
    assert (made["codebook"]["name"], made["codebook"]["title"]) == ("chair-work", "Chair work")
    assert codebooks.show(coded, "chair-work").origin == codebooks.OWN
    code = lea.done("POST", "/api/codebooks/chair-work/codes", {"name": "Critic"})["codebook"]["codes"][0]
    assert (code["applied"]["unit"], code["applied"]["window_ms"]) == ("window", 60_000)
    again = lea.send("POST", "/api/codebooks/own", {"title": "Chair work"})
    assert (again.status_code, "give this one another name" in again.json()["message"]) == (409, True)
    assert lea.done("POST", "/api/codebooks/own", {"title": "Chair work", "name": "chairs"})["codebook"]["codes"] == []


@pytest.mark.parametrize("form", list(CODEBOOK_WRITERS))
def test_a_file_of_every_format_comes_in_by_what_it_holds(lea: Browser, coded: Study, form: str) -> None:
    stream = BytesIO()
    codebooks.export_codebook_to(coded, "talk", CODEBOOK_WRITERS[form], stream)
    made = bring(lea, stream.getvalue(), "colleagues.bin", "&name=Theirs").json()["codebook"]
    assert (made["name"], [one["name"] for one in made["codes"]]) == ("theirs", ["Push", "Pull", "Warmth"])
    assert made["origin"] == "file colleagues.bin"


def test_a_file_bears_its_own_name_and_no_folder(lea: Browser) -> None:
    data = (ODD / "taguette_1.5.2_codebook.csv").read_bytes()
    made = bring(lea, data, r"C:\Users\lea\..\Our codes.csv").json()["codebook"]
    assert (made["name"], made["origin"]) == ("our-codes", "file Our codes.csv")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00\xff" * 40, b"name: talk\ncodes: 3\n", b"PK\x03\x04 not a workbook", b"<a><b></a>", b"{[",
        b"- " * 9000, b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', b"a: &a [1]\nb: *a\n",
    ],
    ids=["empty", "noise", "other yaml", "zip", "broken xml", "broken yaml", "deep", "entity", "alias"],
)  # fmt: skip
def test_a_bad_file_is_told_by_its_own_name_and_nothing_is_stored(lea: Browser, coded: Study, data: bytes) -> None:
    answer = bring(lea, data, "/home/lea/secret/mine.yaml")
    assert answer.status_code == 422, answer.text
    assert "mine.yaml" in answer.json()["message"]
    for place in ("secret", str(coded.folder), "passwd"):
        assert place not in answer.text
    assert [one.name for one in codebooks.list_codebooks(coded) if one.pinned] == ["talk"]


def test_a_file_that_is_too_large_is_not_read(lea: Browser) -> None:
    answer = bring(lea, b"x" * 5_000_001, "big.yaml")
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_a_codebook_follows_a_file_and_its_own_copy(lea: Browser, coded: Study) -> None:
    stream = BytesIO()
    codebooks.export_codebook_to(coded, "talk", CODEBOOK_WRITERS["yaml"], stream)
    newer = stream.getvalue().replace(b"name: Push", b"name: Pushing")
    done = lea.done("PUT", "/api/codebooks/talk?file=newer.yaml", content=newer)["codebook"]
    assert (done["codes"][0]["name"], done["origin"]) == ("Pushing", "file newer.yaml")
    copy = coded.folder / "codebooks/talk.yaml"
    copy.write_bytes(copy.read_bytes().replace(b"name: Pull", b"name: Pulling"))
    refused = lea.send("POST", "/api/codebooks/talk/codes", {"name": "Glance"})
    assert (refused.status_code, "was changed by hand" in refused.json()["message"]) == (409, True)
    lea.done("PUT", "/api/codebooks/talk?file=talk.yaml", content=copy.read_bytes())
    assert book(coded).by_key["pull"].name == "Pulling"
    lea.done("POST", "/api/codebooks/talk/codes", {"name": "Glance"})


def test_a_codebook_of_the_library_is_brought_up_to_its_version(lea: Browser, coded: Study) -> None:
    codebooks.add_codebook(coded, "pics")
    codes.edit(coded, "pics", "mnemonic", {"definition": "Ours."})
    done = lea.done("POST", "/api/codebooks/pics/update")["codebook"]
    assert not done["changed"]
    assert lea.send("POST", "/api/codebooks/talk/update").status_code == 404


def test_what_a_codebook_says_of_itself_is_changed(lea: Browser, coded: Study) -> None:
    seen = lea.get("/api/codebooks/talk")["head_version"]
    change = {"title": "Talk ", "rights": "Ours.\n", "unit": "turn", "exclusive": True, "base": seen}
    lea.done("PATCH", "/api/codebooks/talk", change)
    now = book(coded)
    assert (now.title, now.rights, now.rules.unit, now.exclusive) == ("Talk", "Ours.", "turn", True)
    lea.done("PATCH", "/api/codebooks/talk", {"unit": None})
    assert book(coded).rules.unit is None
    assert lea.send("PATCH", "/api/codebooks/talk", {"title": None}).status_code == 422


def test_a_codebook_that_changed_meanwhile_is_not_overwritten_but_new_codes_do_not_count(lea: Browser) -> None:
    seen = lea.get("/api/codebooks/talk")["head_version"]
    lea.done("POST", "/api/codebooks/talk/codes", {"name": "Glance"})
    lea.done("PATCH", "/api/codebooks/talk", {"title": "First", "base": seen})
    late = lea.send("PATCH", "/api/codebooks/talk", {"title": "Second", "base": seen})
    assert (late.status_code, late.json()["theirs"]["title"]) == (409, "First")
    lea.done("PATCH", "/api/codebooks/talk", {"title": "Second", "base": late.json()["theirs"]["base"]})


def test_a_codebook_gets_a_scale_with_what_its_numbers_mean(lea: Browser, coded: Study) -> None:
    anchors = [{"value": 3, "text": "boiling "}, {"value": 0, "text": "cold"}]
    lea.done("POST", "/api/codebooks/talk/scales", {"name": "heat", "min": 0, "max": 3, "anchors": anchors})
    lea.done("PATCH", "/api/codebooks/talk/codes/push", {"scale": "heat"})
    scale = book(coded).scale("push")
    assert scale is not None
    assert [(one.value, one.text) for one in scale.anchors] == [(0, "cold"), (3, "boiling")]
    for wrong in ({"min": 3, "max": 3}, {"min": 0, "max": 3, "no_evidence": 1e308}, {"min": 0, "max": 3, "step": 2}):
        assert lea.send("POST", "/api/codebooks/talk/scales", {"name": "heat"} | wrong).status_code == 422
    assert book(coded).scale("push") == scale


def test_a_scale_that_changed_meanwhile_stays(lea: Browser, coded: Study) -> None:
    (seen,) = (one["version"] for one in lea.get("/api/codebooks/talk")["scales"])
    wish = {"name": "1-5", "min": 1, "max": 7, "base": seen}
    lea.done("POST", "/api/codebooks/talk/scales", wish)
    late = lea.send("POST", "/api/codebooks/talk/scales", wish | {"max": 9})
    assert (late.status_code, late.json()["theirs"]["max"]) == (409, 7)
    assert [one.max for one in book(coded).scales] == [7]


def test_texts_are_kept_without_blank_ends_and_colours_in_capitals(lea: Browser, coded: Study) -> None:
    code = {"name": " Glance ", "definition": "Looks.\r\n", "colour": "#aabbcc", "examples": [" A look.", " "]}
    lea.done("POST", "/api/codebooks/talk/codes", code)
    made = book(coded).by_key["glance"]
    assert (made.name, made.definition, made.colour) == ("Glance", "Looks.", "#AABBCC")
    assert made.examples == ("A look.",)


def test_a_code_moves_with_all_below_it_under_and_behind_others(lea: Browser, coded: Study) -> None:
    seen = told(lea, "warmth")["version"]
    lea.done("POST", "/api/codebooks/talk/codes/warmth/move", {"parent": "push", "base": seen})
    lea.done("POST", "/api/codebooks/talk/codes/push/move", {"after": "pull"})
    assert [(one.key, one.parent) for one in book(coded).codes] == [("pull", None), ("push", None), ("warmth", "push")]
    under_itself = lea.send("POST", "/api/codebooks/talk/codes/push/move", {"parent": "warmth"})
    assert (under_itself.status_code, "cannot lie under itself" in under_itself.json()["message"]) == (422, True)


def test_a_merged_codes_codings_stay_and_go_by_the_name_of_the_other(lea: Browser, coded: Study) -> None:
    add_coding(coded, Wish("D01-S01-T001", "Push", coder="anna"))
    assert told(lea, "push")["uses"] == {"coding": 1}
    lea.done("POST", "/api/codebooks/talk/merge", {"codes": ["push"], "into": "pull"})
    (coding,) = list_codings(coded).codings
    assert (coding.code, coding.coded_as) == ("pull", "push")
    scales = lea.send("POST", "/api/codebooks/talk/merge", {"codes": ["pull"], "into": "warmth"})
    assert (scales.status_code, "give both the same scale first" in scales.json()["message"]) == (422, True)


def test_a_split_code_is_retired_and_its_parts_stand_in_its_place(lea: Browser, coded: Study) -> None:
    lea.done("POST", "/api/codebooks/talk/codes/push/split", {"names": ["Shove", "Nudge"]})
    assert [(one.key, one.split_from, one.retired) for one in book(coded).codes[:3]] == [
        ("push", None, True), ("shove", "push", False), ("nudge", "push", False),
    ]  # fmt: skip
    assert lea.send("POST", "/api/codebooks/talk/codes/pull/split", {"names": ["One"]}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "change"),
    [
        ("PATCH", "", {"definition": "Mine."}), ("PATCH", "", {"retired": True}),
        ("POST", "/move", {"parent": "pull"}), ("POST", "/split", {"names": ["Shove", "Nudge"]}),
    ],
)  # fmt: skip
def test_a_code_that_changed_meanwhile_is_shown_as_it_is_now_and_stays(
    lea: Browser, coded: Study, others: Others, method: str, path: str, change: dict[str, Any]
) -> None:
    seen, place = told(lea, "push")["version"], "/api/codebooks/talk/codes/push"
    others("mia", "researcher").done("PATCH", place, {"definition": "Theirs.", "base": seen})
    late = lea.send(method, place + path, change | {"base": seen})
    assert (late.status_code, late.json()["error"]) == (409, "conflict")
    assert late.json()["theirs"]["definition"] == "Theirs."
    assert _as_it_was(book(coded).by_key["push"], "Theirs.")
    lea.done(method, place + path, change | {"base": late.json()["theirs"]["base"]})


def test_words_and_retiring_in_one_change_are_both_made_on_what_was_seen(lea: Browser, coded: Study) -> None:
    both = {"definition": "No more.", "retired": True, "base": told(lea, "push")["version"]}
    lea.done("PATCH", "/api/codebooks/talk/codes/push", both)
    assert (book(coded).by_key["push"].definition, book(coded).by_key["push"].retired) == ("No more.", True)


@pytest.mark.parametrize("role", ["coder", "reader"])
def test_only_researchers_change_codebooks(others: Others, coded: Study, role: str) -> None:
    anna, before = others("anna", role), book(coded)
    place = "/api/codebooks/talk"
    tried = [
        anna.send("POST", "/api/codebooks/own", {"title": "Mine"}),
        bring(anna, b"name,definition\nGlance,Looks.\n", "mine.csv"),
        bring(anna, b"nothing that could be read", "mine.csv"),
        anna.send("PUT", f"{place}?file=mine.yaml", content=b"nothing that could be read"),
        anna.send("POST", f"{place}/scales", {"name": "heat", "min": 0, "max": 3}),
        anna.send("PATCH", place, {"title": "Mine"}),
        anna.send("POST", f"{place}/codes/push/move", {"parent": "pull"}),
        anna.send("POST", f"{place}/codes/push/split", {"names": ["Shove", "Nudge"]}),
        anna.send("POST", f"{place}/merge", {"codes": ["push"], "into": "pull"}),
    ]
    assert [answer.status_code for answer in tried] == [403] * len(tried)
    assert book(coded) == before


def _as_it_was(code: Code, definition: str) -> bool:
    return code == Code("push", "Push", definition=definition)
