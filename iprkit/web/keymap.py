"""Which key does what in the workbench: what people's hands know from other programs, and what a study says instead.

A study's own keys stand in ``keys.toml`` in its folder: the name of an action and its keys, none to free them. ::

    [keys]
    play = ["F4", "Escape"]
    faster = ["+"]
    zoom_in = ["Ctrl+Up"]

    [settings]
    rewind_on_resume_ms = 1000
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from iprkit.errors import InvalidInput
from iprkit.web.shapes.base import Shape

FILE = "keys.toml"

Where = Literal["everywhere", "outside", "text"]
"""Whether a key works while one writes too, only while one does not, or only while one corrects a text."""


class Action(NamedTuple):
    """What a key can mean: its name for people, its usual keys, and where they work."""

    label: str
    keys: tuple[str, ...]
    where: Where = "outside"


GROUPS: dict[str, dict[str, Action]] = {
    "Playing": {
        "play": Action("Play or pause", ("F4", "Esc", "Ctrl+Space"), "everywhere"),
        "play_outside_text": Action("Play or pause, outside text", ("Space",)),
        "back": Action("Back", ("F3",), "everywhere"),
        "forward": Action("Forward", ("F5",), "everywhere"),
        "slower": Action("Slower", ("[",)),
        "faster": Action("Faster", ("]",)),
        "step_back": Action("A step back", ("Left",)),
        "step_forward": Action("A step forward", ("Right",)),
        "jump_back": Action("A second back", ("Shift+Left",)),
        "jump_forward": Action("A second forward", ("Shift+Right",)),
        "loop": Action("Repeat the current turn", ("Ctrl+L",), "everywhere"),
        "detach": Action("Video in a window of its own", ("Alt+V",)),
    },
    "Text": {
        "edit": Action("Correct the selected segment", ("Enter",)),
        "save_and_next": Action("Save the text and go to the next", ("Enter",), "text"),
        "save_text": Action("Save the text", ("Ctrl+Enter", "Shift+Enter"), "text"),
        "timestamp": Action("Insert the time", ("Ctrl+J", "Ctrl+T"), "everywhere"),
        "speaker_1": Action("The first speaker says this", ("Ctrl+1",), "everywhere"),
        "speaker_2": Action("The second speaker says this", ("Ctrl+2",), "everywhere"),
        "speaker_3": Action("The third speaker says this", ("Ctrl+3",), "everywhere"),
        "speaker_4": Action("The fourth speaker says this", ("Ctrl+4",), "everywhere"),
        "next_speaker": Action("The other speaker says this", ("Alt+Enter",), "everywhere"),
        "next_doubt": Action("Next place to check", ("Alt+Down",), "everywhere"),
        "previous_doubt": Action("Place to check before", ("Alt+Up",), "everywhere"),
    },
    "Selecting": {
        "next_unit": Action("Next unit", ("J",)),
        "previous_unit": Action("Unit before", ("K",)),
        "next_segment": Action("Next segment", ("Down",)),
        "previous_segment": Action("Segment before", ("Up",)),
        "next_word": Action("Next word", ("Alt+Right",)),
        "previous_word": Action("Word before", ("Alt+Left",)),
        "longer": Action("Selection longer by a word", ("Alt+Shift+Right",)),
        "shorter": Action("Selection shorter by a word", ("Alt+Shift+Left",)),
        "whole_turn": Action("The whole turn", ("Alt+T",)),
        "clip_start": Action("Mark where it begins", (",", "F9")),
        "clip_end": Action("Mark where it ends", (".", "F10")),
        "select_nothing": Action("Select nothing", ("Backspace",)),
    },
    "Coding": {
        "find_code": Action("Find a code", ("/",)),
        "recent_code": Action("The code used last", ("R",)),
        "memo": Action("Write a memo", ("M",)),
        "next_memo": Action("Next memo", ("N",)),
        "previous_memo": Action("Memo before", ("Shift+N",)),
        "next_coding": Action("Next coding on this place", ("Alt+O",)),
        "remove_coding": Action("Take the coding back", ("Delete",)),
        "submit": Action("Submit the assignment", ("Ctrl+Shift+Enter",)),
    },
    "Recall": {
        "pin_piece": Action("Pin the chosen stretch", ("Alt+P",)),
        "split_piece": Action("Split the chosen stretch here", ("Alt+X",)),
        "start_earlier": Action("Begins earlier", ("Ctrl+Left",)),
        "start_later": Action("Begins later", ("Ctrl+Right",)),
        "end_earlier": Action("Ends earlier", ("Ctrl+Shift+Left",)),
        "end_later": Action("Ends later", ("Ctrl+Shift+Right",)),
        "stopped_by_client": Action("Interview: the client stopped", ("C",)),
        "stopped_by_therapist": Action("Interview: the therapist stopped", ("T",)),
        "stopped_by_interviewer": Action("Interview: the interviewer stopped", ("I",)),
    },
    "Screen": {
        "mode_1": Action("Transcribe", ("Alt+1",), "everywhere"),
        "mode_2": Action("Link recall", ("Alt+2",), "everywhere"),
        "mode_3": Action("Code", ("Alt+3",), "everywhere"),
        "mode_4": Action("Compare", ("Alt+4",), "everywhere"),
        "mode_5": Action("Adjudicate", ("Alt+5",), "everywhere"),
        "mode_6": Action("Report", ("Alt+6",), "everywhere"),
        "zoom_in": Action("Zoom in", ("Plus",)),
        "zoom_out": Action("Zoom out", ("-",)),
        "zoom_all": Action("The whole session", ("Home",)),
        "undo": Action("Undo", ("Ctrl+Z",), "everywhere"),
        "redo": Action("Redo", ("Ctrl+Y", "Ctrl+Shift+Z"), "everywhere"),
        "history": Action("Show or hide the history", ("Ctrl+H",)),
        "search": Action("Search the study", ("Ctrl+K",), "everywhere"),
        "help": Action("All keys", ("?",)),
    },
}
"""Everything that a key can mean, by group and name. Foot pedals send F4."""

ACTIONS: dict[str, Action] = {name: action for group in GROUPS.values() for name, action in group.items()}

SETTINGS: dict[str, tuple[int, int, int]] = {
    "rewind_on_resume_ms": (1500, 0, 5000),
    "skip_ms": (5000, 100, 60_000),
    "step_ms": (100, 10, 1000),
    "jump_ms": (1000, 100, 10_000),
    "nudge_ms": (500, 10, 5000),
    "reaction_ms": (800, 0, 3000),
}
"""By name: the usual value, the least and the greatest."""

_NAMES = {
    name.casefold(): name
    for name in (
        "Space", "Esc", "Left", "Right", "Up", "Down", "Enter", "Tab", "Home", "End", "PageUp", "PageDown", "Insert",
        "Delete", "Backspace", "Plus", "Pause", "MediaPlayPause", "MediaTrackNext", "MediaTrackPrevious",
        *(f"F{number}" for number in range(1, 25)),
    )
}  # fmt: skip
_OTHER_NAMES = {
    "escape": "Esc", "del": "Delete", "return": "Enter", "arrowleft": "Left", "arrowright": "Right", "arrowup": "Up",
    "arrowdown": "Down",
}  # fmt: skip
_HELD = {"ctrl": "Ctrl", "cmd": "Ctrl", "meta": "Ctrl", "alt": "Alt", "shift": "Shift"}


class Key(Shape):
    """What one action is called, by which keys it is done and where they work, and beside what it is shown."""

    action: Annotated[str, Field(json_schema_extra={"enum": list(ACTIONS)})]
    group: str
    label: str
    keys: list[str]
    where: Where


class Keymap(Shape):
    """All keys, and the settings that go with them; ``changed`` names the actions that the study gave other keys.

    ``problem``: why the study's file counts for nothing, where it cannot be meant.
    """

    keys: list[Key]
    settings: dict[str, int]
    changed: list[str]
    problem: str | None = None


def keymap_of(folder: Path) -> Keymap:
    """The keys of a study. Raises InvalidInput where its file cannot be meant."""
    file = folder / FILE
    told = _read(file) if file.is_file() else {}
    return _keymap(_keys(told.get("keys", {})), _settings(told.get("settings", {})))


def keymap_or_usual(folder: Path) -> Keymap:
    """The keys of a study; where its file cannot be meant the usual ones, with what is wrong."""
    try:
        return keymap_of(folder)
    except InvalidInput as e:
        return _keymap({}, {}).model_copy(update={"problem": f"{e}. Until then the usual keys hold"})


def spelled(key: str) -> str:
    """A key in the one spelling that the page knows. Raises InvalidInput for what is no key.

    >>> spelled("ctrl + a"), spelled("Escape"), spelled("Shift+ArrowLeft"), spelled("+"), spelled("Ctrl++")
    ('Ctrl+A', 'Esc', 'Shift+Left', 'Plus', 'Ctrl+Plus')
    """
    whole = key.strip()
    *held, name = (whole[:-1] + "Plus" if whole == "+" or whole.endswith("++") else whole).split("+")
    mods = {_HELD.get(one.strip().casefold(), "") for one in held}
    sign = _sign(name.strip())
    if "" in mods or not sign:
        raise InvalidInput(
            f"{FILE}: there is no key {key!r}; keys are written as in F4, Space, Ctrl+Shift+Left, A or ?"
        )
    if "Shift" in mods and len(sign) == 1 and not sign.isalpha():
        raise InvalidInput(f"{FILE}: {key} types another sign on each keyboard; write the sign itself, as in ?")
    return "+".join([*(one for one in ("Ctrl", "Alt", "Shift") if one in mods), sign])


def _sign(name: str) -> str:
    if len(name) == 1 and name.isprintable():
        return name.upper()
    return _NAMES.get(name.casefold()) or _OTHER_NAMES.get(name.casefold(), "")


def _keymap(own: dict[str, list[str]], settings: dict[str, int]) -> Keymap:
    keys = {name: own.get(name, list(action.keys)) for name, action in ACTIONS.items()}
    _check_once(keys, own)
    return Keymap(
        keys=[
            Key(action=name, group=group, label=action.label, keys=keys[name], where=action.where)
            for group, actions in GROUPS.items()
            for name, action in actions.items()
        ],
        settings={name: usual for name, (usual, _, _) in SETTINGS.items()} | settings,
        changed=sorted(own),
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise InvalidInput(f"{FILE} cannot be read: {e}") from e
    unknown = set(found) - {"keys", "settings"}
    if unknown:
        raise InvalidInput(f"{FILE} has a part [{sorted(unknown)[0]}]; expected [keys] and [settings]")
    for name, part in found.items():
        if not isinstance(part, dict):
            raise InvalidInput(f"{FILE}: {name} is a single value; expected a part [{name}]")
    return found


def _keys(told: dict[str, Any]) -> dict[str, list[str]]:
    own = {}
    for name, keys in told.items():
        if name not in ACTIONS:
            raise InvalidInput(f"{FILE}: there is no action {name}; {_meant(name)}")
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise InvalidInput(f'{FILE}: the keys of {name} are {keys!r}; expected a list, as in ["F4", "Escape"]')
        own[name] = [spelled(key) for key in keys]
    return own


def _meant(name: str) -> str:
    near = get_close_matches(name, ACTIONS, 1)
    return f"perhaps {near[0]} is meant" if near else f"the actions are {', '.join(ACTIONS)}"


def _check_once(keys: dict[str, list[str]], own: dict[str, list[str]]) -> None:
    """Raises InvalidInput where one key is meant for two actions in the same place."""
    for place in ("outside", "text"):
        taken: dict[str, str] = {}
        for name in sorted(keys, key=lambda one: one in own):
            if ACTIONS[name].where not in (place, "everywhere"):
                continue
            for key in keys[name]:
                other = taken.setdefault(key, name)
                if other != name:
                    raise InvalidInput(
                        f"{FILE}: the key {key} is meant for both {other} and {name}; give {other} another one, "
                        f"or none: {other} = []"
                    )


def _settings(told: dict[str, Any]) -> dict[str, int]:
    for name, value in told.items():
        if name not in SETTINGS:
            raise InvalidInput(f"{FILE}: there is no setting {name}; the settings are {', '.join(SETTINGS)}")
        _, least, most = SETTINGS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise InvalidInput(f"{FILE}: {name} is {value!r}; expected whole milliseconds from {least} to {most}")
    return told
