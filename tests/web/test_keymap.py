"""Keys: what people's hands know, and what a study says instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from iprkit.database.connect import Study
from iprkit.errors import InvalidInput
from iprkit.web.keymap import ACTIONS, FILE, keymap_of, spelled

from .conftest import Browser


def keys(folder: Path, action: str) -> list[str]:
    return next(one.keys for one in keymap_of(folder).keys if one.action == action)


def test_the_keys_of_other_programs_work(lea: Browser) -> None:
    told = {one["action"]: one["keys"] for one in lea.get("/api/keymap")["keys"]}
    assert told["play"] == ["F4", "Esc", "Ctrl+Space"]
    assert (told["back"], told["forward"]) == (["F3"], ["F5"])
    assert (told["clip_start"], told["clip_end"]) == ([",", "F9"], [".", "F10"])
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
        ('[keys]\nbegin = ["F1"]\n', "there is no action begin; the actions are play"),
        ('[keys]\nnext_segmnet = ["F1"]\n', "there is no action next_segmnet; perhaps next_segment is meant"),
        ('[keys]\nplay = "F1"\n', "expected a list, as in"),
        ('[keys]\nplay = ["F5"]\n', r"the key F5 is meant for both forward and play; .* none: forward = \[\]"),
        ('[keys]\nback = ["Ctrl + arrowleft"]\n', r"the key Ctrl\+Left is meant for both start_earlier and back"),
        ('[keys]\nhelp = ["Escape"]\n', "the key Esc is meant for both play and help"),
        ('[keys]\nsave_text = ["Enter"]\n', "the key Enter is meant for both save_and_next and save_text"),
        ('[keys]\nplay = ["Pedal"]\n', "there is no key 'Pedal'; keys are written as in F4"),
        ('[keys]\nplay = ["Shift+7"]\n', r"Shift\+7 types another sign on each keyboard"),
        ("[settings]\nskip_ms = 1.5\n", "expected whole milliseconds from 100 to 60000"),
        ("[settings]\npace = 1\n", "there is no setting pace"),
    ],
)
def test_a_file_that_cannot_be_meant_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(InvalidInput, match=said):
        keymap_of(tmp_path)


def test_a_key_may_mean_one_thing_in_a_text_and_another_outside(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('[keys]\nwhole_turn = ["F2"]\nsave_text = ["F2"]\n')
    assert (keys(tmp_path, "whole_turn"), keys(tmp_path, "save_text")) == (["F2"], ["F2"])


def test_the_page_opens_with_the_usual_keys_where_the_file_cannot_be_meant(lea: Browser, coded: Study) -> None:
    (coded.folder / FILE).write_text('[keys]\nplay = ["F5"]\n')
    told = lea.get("/api/keymap")
    assert told["problem"].startswith("keys.toml: the key F5 is meant for both forward and play")
    assert next(one["keys"] for one in told["keys"] if one["action"] == "play") == ["F4", "Esc", "Ctrl+Space"]


def test_each_key_is_spelled_as_the_page_spells_it() -> None:
    assert all(spelled(key) == key for action in ACTIONS.values() for key in action.keys)
