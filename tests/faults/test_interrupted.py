"""Ctrl-C: exit status 130, a word about how to go on, and nothing lost."""

import signal
from collections.abc import Callable
from typing import Any

import pytest

Talks = Callable[..., Any]


@pytest.fixture
def session(program: Any, record_talk: Talks) -> Any:
    talked = record_talk(seconds=150, times=3)
    program.do("session", "add", "D01", 3, talked.file, "--link")
    return ("transcribe", "--engine", "scripted", "--model", talked.script)


@pytest.mark.parametrize("told", ["finding speech 100 %", r"transcribing [4-9]\d %"])
def test_transcribing_stops_and_the_same_command_goes_on(program: Any, session: tuple[object, ...], told: str) -> None:
    stopped = program.stop_at(told, signal.SIGINT, *session)
    assert stopped.returncode == 130
    assert "Stopped. What is finished is kept; the same command goes on from there." in stopped.stderr
    assert "Traceback" not in stopped.stderr
    program.do(*session)
    assert program.transcript("D01-S03")["segments"]
    assert (program.pieces(), program.is_sound()) == ([], True)


def test_adding_a_session_stops_and_leaves_nothing_behind(program: Any, record_talk: Talks) -> None:
    stopped = program.stop_at("copy", signal.SIGINT, "session", "add", "D01", 3, record_talk(seconds=175, times=6).file)
    assert (stopped.returncode, "Interrupted." in stopped.stderr) == (130, True)
    assert "Traceback" not in stopped.stderr
    assert program.files("recordings") == []
    assert program.is_sound()
