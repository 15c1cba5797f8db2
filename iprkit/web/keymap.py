"""Which key does what in the workbench: what people's hands know from other programs, and what a study says instead.

A study's own keys stand in ``keys.toml`` in its folder: the name of an action and its keys, none to free them. ::

    [keys]
    play = ["F4", "Escape"]
    speed_up = ["]"]

    [settings]
    rewind_on_resume_ms = 1000
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from iprkit.errors import InvalidInput
from iprkit.web.shapes.base import Shape

FILE = "keys.toml"

ACTIONS: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "play": ("Play or pause", ("F4", "Escape", "Ctrl+Space"), True),
    "play_outside_text": ("Play or pause, outside text", ("Space",), False),
    "back": ("Back", ("F3",), True),
    "forward": ("Forward", ("F5",), True),
    "slower": ("Slower", ("[",), False),
    "faster": ("Faster", ("]",), False),
    "loop": ("Repeat the current turn", ("Ctrl+L",), True),
    "timestamp": ("Insert the time", ("Ctrl+T", "Ctrl+J"), True),
    "speaker_1": ("The therapist says this", ("Ctrl+1",), True),
    "speaker_2": ("The client says this", ("Ctrl+2",), True),
    "next_speaker": ("The other speaker says this", ("Alt+Enter",), True),
    "clip_start": ("Mark where it begins", ("F9", ","), False),
    "clip_end": ("Mark where it ends", ("F10", "."), False),
    "find_code": ("Find a code", ("/",), False),
    "recent_code": ("A code used lately", ("R",), False),
    "memo": ("Write a memo", ("M",), False),
    "remove_coding": ("Take the coding back", ("Delete",), False),
    "next_doubt": ("Next place to look at", ("Alt+ArrowDown",), True),
    "previous_doubt": ("Place to look at before", ("Alt+ArrowUp",), True),
    "next_unit": ("Next unit", ("J",), False),
    "previous_unit": ("Unit before", ("K",), False),
    "step_back": ("A step back", ("ArrowLeft",), False),
    "step_forward": ("A step forward", ("ArrowRight",), False),
    "jump_back": ("A second back", ("Shift+ArrowLeft",), False),
    "jump_forward": ("A second forward", ("Shift+ArrowRight",), False),
    "start_earlier": ("Begins earlier", ("Ctrl+ArrowLeft",), False),
    "start_later": ("Begins later", ("Ctrl+ArrowRight",), False),
    "end_earlier": ("Ends earlier", ("Ctrl+Shift+ArrowLeft",), False),
    "end_later": ("Ends later", ("Ctrl+Shift+ArrowRight",), False),
    "zoom_in": ("Zoom in", ("+",), False),
    "zoom_out": ("Zoom out", ("-",), False),
    "stopped_by_client": ("Recall room: the client stopped", ("C",), False),
    "stopped_by_therapist": ("Recall room: the therapist stopped", ("T",), False),
    "stopped_by_interviewer": ("Recall room: the interviewer stopped", ("I",), False),
    "undo": ("Undo", ("Ctrl+Z",), True),
    "redo": ("Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), True),
    "search": ("Search", ("Ctrl+K",), True),
    "mode_1": ("Transcribe", ("Alt+1",), True),
    "mode_2": ("Link recall", ("Alt+2",), True),
    "mode_3": ("Code", ("Alt+3",), True),
    "mode_4": ("Compare", ("Alt+4",), True),
    "mode_5": ("Adjudicate", ("Alt+5",), True),
    "mode_6": ("Report", ("Alt+6",), True),
    "help": ("All keys", ("?",), False),
}
"""By name: what it does, its keys, and whether they work while one writes. Foot pedals send F4."""

SETTINGS: dict[str, tuple[int, int, int]] = {
    "rewind_on_resume_ms": (1500, 0, 5000),
    "skip_ms": (5000, 100, 60_000),
    "step_ms": (100, 10, 1000),
    "jump_ms": (1000, 100, 10_000),
    "nudge_ms": (500, 10, 5000),
    "reaction_ms": (0, 0, 3000),
}
"""By name: the usual value, the least and the greatest."""


class Key(Shape):
    """What one action is called and by which keys it is done. ``in_text``: also while one writes."""

    action: str
    label: str
    keys: list[str]
    in_text: bool


class Keymap(Shape):
    """All keys, and the settings that go with them; ``changed`` names the actions that the study gave other keys."""

    keys: list[Key]
    settings: dict[str, int]
    changed: list[str]


def keymap_of(folder: Path) -> Keymap:
    """The keys of a study. Raises InvalidInput where its file cannot be meant."""
    file = folder / FILE
    told = _read(file) if file.is_file() else {}
    own = _keys(told.get("keys", {}))
    keys = {name: list(own.get(name, usual)) for name, (_, usual, _) in ACTIONS.items()}
    _check_once(keys)
    return Keymap(
        keys=[Key(action=n, label=ACTIONS[n][0], keys=keys[n], in_text=ACTIONS[n][2]) for n in ACTIONS],
        settings={name: usual for name, (usual, _, _) in SETTINGS.items()} | _settings(told.get("settings", {})),
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
    for name, keys in told.items():
        if name not in ACTIONS:
            raise InvalidInput(f"{FILE}: there is no action {name}; the actions are {', '.join(ACTIONS)}")
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise InvalidInput(f'{FILE}: the keys of {name} are {keys!r}; expected a list, as in ["F4", "Escape"]')
    return told


def _check_once(keys: dict[str, list[str]]) -> None:
    taken: dict[str, str] = {}
    for name, chosen in keys.items():
        for key in chosen:
            folded = key.casefold()
            if folded in taken and taken[folded] != name:
                raise InvalidInput(f"{FILE}: the key {key} is meant for both {taken[folded]} and {name}; choose one")
            taken[folded] = name


def _settings(told: dict[str, Any]) -> dict[str, int]:
    for name, value in told.items():
        if name not in SETTINGS:
            raise InvalidInput(f"{FILE}: there is no setting {name}; the settings are {', '.join(SETTINGS)}")
        _, least, most = SETTINGS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise InvalidInput(f"{FILE}: {name} is {value!r}; expected whole milliseconds from {least} to {most}")
    return told
