"""What a person changes on the page: stored in the journal, never over what somebody else did meanwhile, and once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from iprkit.actions import codes
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding
from iprkit.actions.corrections import correct
from iprkit.actions.history import history
from iprkit.database.connect import Study, open_study
from iprkit.web.app import Address, serve_study

from .conftest import HOST, Browser, open_browser

SEGMENT = "/api/transcripts/D01-S01/segments/D01-S01-T001"


def segment(lea: Browser, key: str = "D01-S01-T001") -> Any:
    return next(one for one in lea.get("/api/transcripts/D01-S01")["segments"] if one["key"] == key)


def test_a_correction_is_one_step_of_undo(lea: Browser, coded: Study) -> None:
    done = lea.done("PATCH", SEGMENT, {"text": "And so then?", "base": segment(lea)["version"]})
    assert (done["segment"]["text"], done["kept"], done["added"]) == ("And so then?", 2, 1)
    assert history(coded, "D01-S01-T001")[-1].id == done["seq"]
    lea.done("POST", "/api/undo", {})
    assert segment(lea)["text"] == "And then?"
    lea.done("POST", "/api/redo", {})
    assert segment(lea)["text"] == "And so then?"


def test_a_late_correction_is_shown_theirs_and_overwrites_nothing(
    lea: Browser, others: Callable[[str, str], Browser]
) -> None:
    seen = segment(lea)["version"]
    others("mia", "researcher").done("PATCH", SEGMENT, {"text": "And now?", "base": seen})
    answer = lea.send("PATCH", SEGMENT, {"text": "And when?", "base": seen})
    assert answer.status_code == 409
    assert answer.json()["error"] == "conflict"
    assert answer.json()["theirs"]["text"] == "And now?"
    assert answer.json()["theirs"]["base"] == segment(lea)["version"]
    assert segment(lea)["text"] == "And now?"


def test_corrections_of_different_segments_do_not_stand_in_each_others_way(lea: Browser) -> None:
    one, other = segment(lea, "D01-S01-T001"), segment(lea, "D01-S01-C001")
    lea.done("PATCH", SEGMENT, {"text": "And now?", "base": one["version"]})
    lea.done("PATCH", "/api/transcripts/D01-S01/segments/D01-S01-C001", {"text": "I go.", "base": other["version"]})


def test_changes_of_speakers_go_on_from_each_other_and_a_late_one_overwrites_nothing(
    lea: Browser, others: Callable[[str, str], Browser]
) -> None:
    place = "/api/speakers/D01-S01"
    seen = lea.get("/api/transcripts/D01-S01")["version"]
    named = lea.done("POST", place, {"do": "name", "names": {"A": "Dr. T"}, "base": seen})
    assert named["version"] == lea.get("/api/transcripts/D01-S01")["version"]
    gift = {"do": "give", "gifts": [{"place": "C002", "to": "A"}], "base": named["version"]}
    given = lea.done("POST", place, gift)
    again = lea.done("POST", place, {"do": "name", "names": {"A": "Dr. T"}, "base": given["version"]})
    assert again["version"] == given["version"]
    others("mia", "researcher").done("POST", place, {"do": "name", "names": {"B": "Ms. Ode"}})
    late = lea.send("POST", place, {"do": "swap", "one": "A", "other": "B", "base": given["version"]})
    assert late.status_code == 409
    assert {one["label"]: one["name"] for one in lea.get(place)} == {"A": "Dr. T", "B": "Ms. Ode"}


def test_segments_that_were_corrected_are_had_without_the_others(lea: Browser) -> None:
    lea.done("PATCH", SEGMENT, {"text": "And so then?"})
    told = lea.get("/api/transcripts/D01-S01/segments?keys=D01-S01-T001&keys=D01-S01-T099")
    whole = lea.get("/api/transcripts/D01-S01")
    assert told == {"version": whole["version"], "segments": whole["segments"][:1]}
    assert told["segments"][0]["text"] == "And so then?"


def test_copies_for_other_programs_follow_corrections_before_the_server_ends(coded: Study) -> None:
    served = serve_study(coded, Address())
    with TestClient(served.app, base_url=HOST, follow_redirects=False) as client:
        client.get(f"/?token={served.visits.token_for('lea', 'researcher')}")
        Browser(client, client.get("/api/me").json()["csrf"]).done("PATCH", SEGMENT, {"text": "And so then?"})
    assert "And so then?" in (coded.folder / "transcripts/D01-S01.vtt").read_text(encoding="utf-8")


def made(lea: Browser, **more: Any) -> Any:
    wish = {"target": "D01-S01-T001", "code": "Warmth", "codebook": "talk", "rating": 2, "coder": "anna"}
    return lea.done("POST", "/api/codings", wish | more)["coding"]


def test_a_coding_is_given_changed_and_taken_back(lea: Browser) -> None:
    coding = made(lea)
    changed = lea.done(
        "PATCH", f"/api/codings/{coding['key']}", {"rating": 4, "memo": "look", "base": coding["version"]}
    )
    assert (changed["coding"]["rating"], changed["coding"]["memo"]) == (4, "look")
    (listed,) = lea.get("/api/codings/D01-S01")
    assert listed == changed["coding"]
    lea.done("DELETE", f"/api/codings/{coding['key']}?base={listed['version']}")
    assert lea.get("/api/codings/D01-S01") == []


def test_only_what_is_sent_is_changed_and_null_takes_away(lea: Browser) -> None:
    coding = made(lea, about="client")
    kept = lea.done("PATCH", f"/api/codings/{coding['key']}", {"memo": "why"})["coding"]
    assert (kept["rating"], kept["about"]) == (2, "client")
    assert lea.done("PATCH", f"/api/codings/{coding['key']}", {"about": None})["coding"]["about"] is None


@pytest.mark.parametrize("change", ["PATCH", "DELETE"])
def test_a_coding_that_changed_meanwhile_stays_as_it_is(lea: Browser, change: str) -> None:
    coding = made(lea)
    place = f"/api/codings/{coding['key']}"
    lea.done("PATCH", place, {"rating": 5})
    late = f"{place}?base={coding['version']}" if change == "DELETE" else place
    answer = lea.send(change, late, {"rating": 1, "base": coding["version"]} if change == "PATCH" else None)
    assert answer.status_code == 409
    assert answer.json()["theirs"]["rating"] == 5
    assert lea.get("/api/codings/D01-S01")[0]["rating"] == 5


def test_a_span_can_be_coded_by_its_times(lea: Browser, coded: Study) -> None:
    lea.done("POST", "/api/codebooks/talk/codes", {"name": "Glance"})
    codes.edit(coded, "talk", "Glance", {"unit": "span"})
    wish = {"session": "D01-S01", "start_ms": 500, "end_ms": 900, "code": "Glance", "coder": "anna"}
    coding = lea.done("POST", "/api/codings", wish)["coding"]
    assert (coding["target"], coding["start_ms"], coding["end_ms"]) == ("D01-S01@0:00.500-0:00.900", 500, 900)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"start_ms": 500}, "a stretch needs both a beginning and an end; give the other one, too"),
        (
            {"start_ms": 900, "end_ms": 500},
            "the stretch would end at 0:00.5 and begin at 0:00.9; give an end after the beginning",
        ),
    ],
)
def test_half_a_stretch_and_one_that_runs_backwards_are_refused_in_a_sentence(
    lea: Browser, times: dict[str, int], said: str
) -> None:
    answer = lea.send("POST", "/api/moments/D01-S01", times)
    assert (answer.status_code, answer.json()["message"]) == (422, said)


def test_moments_are_added_changed_merged_and_struck_out(lea: Browser) -> None:
    (first,) = lea.done("POST", "/api/moments/D01-S01", {"start_ms": 0, "end_ms": 400, "label": "start"})["moments"]
    (other,) = lea.done("POST", "/api/moments/D01-S01", {"start_ms": 500, "end_ms": 900})["moments"]
    (named,) = lea.done("PATCH", f"/api/moments/{first['key']}", {"label": "open", "base": first["version"]})["moments"]
    assert (
        lea.send("PATCH", f"/api/moments/{first['key']}", {"label": "x", "base": first["version"]}).status_code == 409
    )
    both = lea.done("POST", "/api/moments/D01-S01/merge", {"keys": [named["key"], other["key"]]})
    assert both["gone"] == [other["key"]]
    assert both["moments"][0]["end_ms"] == 900
    lea.done("DELETE", f"/api/moments/{named['key']}")
    assert lea.get("/api/moments/D01-S01") == []


def test_a_change_sent_twice_is_made_once(lea: Browser, coded: Study) -> None:
    edit = {"x-iprkit-edit": "one-and-the-same"}
    wish = {"target": "D01-S01-T001", "code": "Push", "coder": "anna"}
    first = lea.done("POST", "/api/codings", wish, headers=edit)
    again = lea.done("POST", "/api/codings", wish, headers=edit)
    assert again == first
    memo = {"label": "twice?", "start_ms": 0, "end_ms": 400}
    for _ in range(2):
        lea.done("POST", "/api/moments/D01-S01", memo, headers={"x-iprkit-edit": "another"})
    assert len(lea.get("/api/moments/D01-S01")) == 1


def test_a_change_sent_again_after_the_server_ended_is_not_made_again(lea: Browser, coded: Study) -> None:
    memo, edit = {"label": "twice?", "start_ms": 0, "end_ms": 400}, {"x-iprkit-edit": "before the end"}
    lea.done("POST", "/api/moments/D01-S01", memo, headers=edit)
    later = open_browser(serve_study(coded, Address()))
    answer = later.send("POST", "/api/moments/D01-S01", memo, headers=edit)
    assert (answer.status_code, answer.json()["error"]) == (409, "done_already")
    assert len(later.get("/api/moments/D01-S01")) == 1


def test_what_failed_may_be_sent_again_under_the_same_word(lea: Browser) -> None:
    edit = {"x-iprkit-edit": "try"}
    assert lea.send("POST", "/api/coders", {"name": "client"}, headers=edit).status_code == 422
    assert lea.send("POST", "/api/coders", {"name": "cleo"}, headers=edit).status_code == 200


def test_unchanged_reads_cost_nothing_and_changes_by_other_programs_are_seen(lea: Browser, coded: Study) -> None:
    first = lea.client.get("/api/codings/D01-S01")
    again = lea.client.get("/api/codings/D01-S01", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with open_study(coded.folder, "anna") as elsewhere:
        add_coding(elsewhere, Wish("D01-S01-T001", "Push"))
        correct(elsewhere, "D01-S01-T001", "And what then?")
    fresh = lea.client.get("/api/codings/D01-S01", headers={"if-none-match": first.headers["etag"]})
    assert fresh.status_code == 200
    assert fresh.json()[0]["moved"] is not None  # the words under it are others now


def test_a_transcript_is_not_sent_again_because_somebody_coded_it(lea: Browser, coded: Study) -> None:
    first = lea.client.get("/api/transcripts/D01-S01")
    known = {"if-none-match": first.headers["etag"]}
    add_coding(replace(coded, author="anna"), Wish("D01-S01-T001", "Push"))
    assert lea.client.get("/api/transcripts/D01-S01", headers=known).status_code == 304
    lea.done("PATCH", SEGMENT, {"text": "And now?"})
    fresh = lea.client.get("/api/transcripts/D01-S01", headers=known)
    assert (fresh.status_code, fresh.json()["segments"][0]["text"]) == (200, "And now?")


def test_history_tells_who_did_what_and_what_was_taken_back(lea: Browser) -> None:
    lea.done("PATCH", SEGMENT, {"text": "And now?"})
    lea.done("POST", "/api/undo", {})
    newest, before, *_ = lea.get("/api/history?key=D01-S01-T001")
    assert (newest["kind"], before["what"], before["author"]) == ("undo", "corrected D01-S01-T001", "lea")
    assert before["undone"] and not newest["undone"]
    page = lea.get(f"/api/history?limit=1&before={before['seq']}")
    assert page[0]["seq"] == before["seq"] - 1


def test_a_study_is_begun_on_the_page(lea: Browser, record: Callable[..., Path]) -> None:
    lea.done("POST", "/api/dyads", {"key": "d02", "therapist": ["T02"], "client": ["C02"]})
    lea.done("POST", "/api/sessions", {"dyad": "D02", "number": 1, "date": "2026-03-04"})
    lea.done("POST", "/api/recalls", {"session": "D02-S01", "participant": "client", "date": "2026-03-05"})
    for key, pitch in (("D02-S01", 300), ("D02-S01-client", 200)):
        data = record(f"{pitch}.wav", seconds=2, pitch=pitch).read_bytes()
        assert lea.send("POST", f"/api/recordings?key={key}&name=a.wav", content=data).status_code == 200
    (dyad,) = [one for one in lea.get("/api/study")["dyads"] if one["key"] == "D02"]
    session = dyad["sessions"][0]
    assert (session["date"], session["duration_ms"], session["state"]) == ("2026-03-04", 2000, ["recorded"])
    assert session["interviews"][0]["participant"] == "client"
    assert session["interviews"][0]["recordings"][0]["kind"] == "audio"
