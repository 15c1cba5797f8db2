"""Many at once: no change is lost, none is made twice, and late ones are told."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2

from iprkit.actions.coders import add_coder
from iprkit.actions.codings import list_codings
from iprkit.actions.history import history
from iprkit.database.connect import Study
from iprkit.web.app import Address, Served, serve_study

from .conftest import HOST, Browser, open_browser

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


def test_one_change_sent_by_eight_hands_at_once_is_made_once(coded: Study) -> None:
    served = serve_study(coded, Address())
    browser = open_browser(served)
    answers = asyncio.run(_send_at_once(served, browser, 8))
    assert [answer == answers[0] for answer in answers] == [True] * 8
    assert len(browser.get("/api/moments/D01-S01")) == 1


async def _send_at_once(served: Served, browser: Browser, times: int) -> list[object]:
    moment = {"start_ms": 0, "end_ms": 400, "label": "once"}
    headers = {"x-iprkit-token": browser.csrf, "x-iprkit-edit": "once"}
    cookies = dict(browser.client.cookies)
    transport = httpx2.ASGITransport(app=served.app)
    async with httpx2.AsyncClient(transport=transport, base_url=HOST, cookies=cookies, headers=headers) as client:
        sent = (client.post("/api/moments/D01-S01", json=moment) for _ in range(times))
        return [answer.json() for answer in await asyncio.gather(*sent)]
