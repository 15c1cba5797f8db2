"""Keys: what people's hands know, and what a study says instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from iprkit.errors import InvalidInput
from iprkit.web.keymap import FILE, keymap_of

from .conftest import Browser


def keys(folder: Path, action: str) -> list[str]:
    return next(one.keys for one in keymap_of(folder).keys if one.action == action)


def test_the_keys_of_other_programs_work(lea: Browser) -> None:
    told = {one["action"]: one["keys"] for one in lea.get("/api/keymap")["keys"]}
    assert told["play"] == ["F4", "Escape", "Ctrl+Space"]
    assert (told["back"], told["forward"]) == (["F3"], ["F5"])
    assert (told["clip_start"], told["clip_end"]) == (["F9", ","], ["F10", "."])
    assert (told["speaker_1"], told["speaker_2"]) == (["Ctrl+1"], ["Ctrl+2"])
    assert (told["find_code"], told["help"]) == (["/"], ["?"])


def test_a_study_gives_an_action_other_keys_or_none(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('[keys]\nplay = ["F8"]\nback = []\n[settings]\nrewind_on_resume_ms = 0\n')
    found = keymap_of(tmp_path)
    assert (keys(tmp_path, "play"), keys(tmp_path, "back"), keys(tmp_path, "forward")) == (["F8"], [], ["F5"])
    assert found.settings["rewind_on_resume_ms"] == 0
    assert found.changed == ["back", "play"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[keys", "keys.toml cannot be read"),
        ("[shortcuts]\n", r"part \[shortcuts\]; expected \[keys\] and \[settings\]"),
        ("keys = 1\n", "keys is a single value"),
        ('[keys]\nstart = ["F1"]\n', "there is no action start; the actions are play"),
        ('[keys]\nplay = "F1"\n', "expected a list, as in"),
        ('[keys]\nplay = ["F5"]\n', "the key F5 is meant for both"),
        ("[settings]\nskip_ms = 1.5\n", "expected whole milliseconds from 100 to 60000"),
        ("[settings]\npace = 1\n", "there is no setting pace"),
    ],
)
def test_a_file_that_cannot_be_meant_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(InvalidInput, match=said):
        keymap_of(tmp_path)
