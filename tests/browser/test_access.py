"""The page can be used by everybody: axe-core finds nothing against WCAG 2.2 AA, in any mode, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

AXE = Path(__file__).parents[2] / "workbench/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOCUSED = """() => {
  const here = document.activeElement;
  return [here.getAttribute('aria-label') || here.textContent.trim(), getComputedStyle(here).outlineStyle];
}"""
MODES = ["transcribe", "link-recall", "code", "compare", "adjudicate", "report"]

Opened = Callable[..., Page]


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_no_violation_in_light_and_dark(open_page: Opened, mode: str) -> None:
    page = open_page(mode)
    _choose_something(page, mode)
    assert _violations(page) == []
    page.get_by_role("button", name="Dark", exact=True).click()
    assert _violations(page) == []


def test_axe_finds_no_violation_in_what_opens_above_the_page(open_page: Opened) -> None:
    page = open_page("code")
    page.keyboard.press("ArrowDown")
    for key in ("?", "/"):
        page.keyboard.press(key)
        page.get_by_role("dialog").wait_for()
        assert _violations(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+h")
    page.get_by_role("complementary", name="History").wait_for()
    assert _violations(page) == []


def test_axe_finds_no_violation_in_the_recall_room(open_page: Opened) -> None:
    page = open_page("link-recall")
    page.get_by_role("button", name="Hold an interview here").click()
    page.get_by_role("main", name="Recall room").wait_for()
    assert _violations(page) == []


def test_every_control_is_reached_by_tab_and_shows_that_it_has_the_focus(open_page: Opened) -> None:
    page = open_page("code")
    reached = []
    for _ in range(130):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert {"Transcribe", "Play", "Turns", "Playhead on the time axis"} <= {name for name, _ in reached}
    assert {outline for name, outline in reached if name in ("Play", "Turns", "Transcribe")} == {"solid"}


def _choose_something(page: Page, mode: str) -> None:
    if mode in ("compare", "adjudicate"):
        page.keyboard.press("j")
        page.get_by_role("table").first.wait_for()
    elif mode == "link-recall":
        page.get_by_role("region", name="Stretches").get_by_role("button").first.click()
    elif mode == "code":
        page.keyboard.press("j")
        page.keyboard.press("1")
    page.wait_for_timeout(300)


def _violations(page: Page) -> list[Any]:
    """Each as its rule and the elements; the page's policy lets no script in, so axe comes by the driver."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES)
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:4]) for one in found["violations"]]
