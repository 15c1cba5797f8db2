"""Many at once: no change is lost, none is made twice, and late ones are told."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from iprkit.actions.coders import add_coder
from iprkit.actions.codings import list_codings
from iprkit.actions.history import history
from iprkit.database.connect import Study
from iprkit.web.app import Address, serve_study

from .conftest import Browser, open_browser

CODERS = [f"coder{number:02d}" for number in range(20)]
TARGETS = ("D01-S01-T001", "D01-S01-C001", "D01-S01-C002")


def code_all(browser: Browser) -> list[int]:
    """One coder's morning: three codings given, all rated anew, one taken back. The numbers of all that was stored."""
    numbers, keys = [], []
    for target in TARGETS:
        done = browser.done("POST", "/api/codings", {"target": target, "code": "Warmth", "rating": 2})
        numbers.append(done["seq"])
        keys.append(done["coding"])
    for coding in keys:
        change = {"rating": 3, "base": coding["version"]}
        numbers.append(browser.done("PATCH", f"/api/codings/{coding['key']}", change)["seq"])
    numbers.append(browser.done("DELETE", f"/api/codings/{keys[0]['key']}")["seq"])
    return numbers


def test_twenty_coders_at_once_lose_nothing_and_double_nothing(coded: Study) -> None:
    for name in CODERS:
        add_coder(coded, name)
    served = serve_study(coded, Address())
    browsers = [open_browser(served, name, "coder") for name in CODERS]
    with ThreadPoolExecutor(len(CODERS)) as pool:
        numbers = [number for done in pool.map(code_all, browsers) for number in done]
    assert len(numbers) == len(set(numbers)) == 7 * len(CODERS)  # every change has an entry of its own
    found = list_codings(coded).codings
    assert Counter(one.coder for one in found) == dict.fromkeys(CODERS, 2)
    assert {one.rating for one in found} == {3}
    made = [one for one in history(coded, "D01-S01") if one.author in CODERS]
    assert Counter(one.author for one in made) == dict.fromkeys(CODERS, 7)


def test_of_twenty_who_correct_the_same_words_one_is_first_and_all_others_are_told(coded: Study) -> None:
    served = serve_study(coded, Address())
    people = [open_browser(served, f"person{number}") for number in range(20)]
    seen = people[0].get("/api/transcripts/D01-S01")["segments"][0]["version"]

    def correct(number: int) -> int:
        change = {"text": f"And then, {number}?", "base": seen}
        place = "/api/transcripts/D01-S01/segments/D01-S01-T001"
        status: int = people[number].send("PATCH", place, change).status_code
        return status

    with ThreadPoolExecutor(20) as pool:
        statuses = Counter(pool.map(correct, range(20)))
    assert statuses == {200: 1, 409: 19}


def test_one_change_sent_by_twenty_hands_at_once_is_made_once(coded: Study) -> None:
    browser = open_browser(serve_study(replace(coded, author="lea"), Address()))
    moment = {"start_ms": 0, "end_ms": 400, "label": "once"}

    def send(_: int) -> object:
        return browser.send("POST", "/api/moments/D01-S01", moment, headers={"x-iprkit-edit": "once"}).json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    stored = browser.get("/api/moments/D01-S01")
    assert len(stored) == 1
    assert all(answer == answers[0] or answer["error"] == "done_already" for answer in answers)  # type: ignore[index]
