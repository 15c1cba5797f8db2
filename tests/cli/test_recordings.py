"""``iprkit recording``: what comes to a session later."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from iprkit.database.connect import Study


def test_a_further_part_and_another_microphone_are_added_and_moved(
    cli: Any, study: Study, record: Callable[..., Path]
) -> None:
    cli("dyad", "add", "D01")
    cli("session", "add", "D01", "3", str(record("a.wav", seconds=2)))
    part = cli("recording", "add", "D01-S03", str(record("b.wav", pitch=200)))
    assert part.stdout == "Added part 2 to D01-S03. Next: iprkit transcribe D01-S03\n"
    side = str(record("side.wav", seconds=3, pitch=300))
    added = json.loads(cli("recording", "add", "D01-S03", side, "--beside", "--offset-ms", "-500", "--json").stdout)
    assert (added["view"], added["offset_ms"]) == ("camera2", -500)
    assert cli("recording", "start", "D01-S03", "camera2", "1500").stdout == "camera2 of D01-S03 starts at 0:01.5.\n"


def test_where_a_recording_starts_is_asked_only_of_those_beside(
    cli: Any, study: Study, record: Callable[..., Path]
) -> None:
    done = cli("recording", "add", "D01-S03", str(record("a.wav")), "--offset-ms", "5")
    assert done.exit_code == 2
    assert "--offset-ms goes with --beside" in done.output
