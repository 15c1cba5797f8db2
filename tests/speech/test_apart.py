"""Words put on their sound in another process: the same answers, also after somebody ended that process."""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from iprkit.speech.apart import Apart
from iprkit.speech.sphinx import place

from .test_sphinx import cut


@pytest.fixture
def apart() -> Iterator[Apart]:
    made = Apart()
    yield made
    made.close()


def children() -> set[int]:
    """The processes that this one began and that have not ended."""
    found = [int(pid) for file in Path("/proc/self/task").glob("*/children") for pid in file.read_text().split()]
    return set(found)


def test_it_finds_what_the_aligner_finds_here(apart: Apart, sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    for turn in turns[:3]:
        words = turn.text.split()
        found = apart.aligners["en"](cut(sound, turn), words)
        assert found is not None
        assert found == place(cut(sound, turn), words)
    assert apart.aligners["en"](cut(sound, turns[0])[:4000], turns[0].text.split()) is None


def test_it_lets_other_work_go_first(apart: Apart, sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    before = children()
    apart.aligners["en"](cut(sound, turns[1]), turns[1].text.split())
    (process,) = children() - before
    assert psutil.Process(process).nice() >= 10


def test_words_are_placed_though_the_process_was_ended(
    apart: Apart, sound: NDArray[np.float32], turns: Sequence[Any]
) -> None:
    before, words = children(), turns[1].text.split()
    apart.aligners["en"](cut(sound, turns[1]), words)
    (process,) = children() - before
    os.kill(process, signal.SIGKILL)
    here = place(cut(sound, turns[1]), words)
    assert [apart.aligners["en"](cut(sound, turns[1]), words) for _ in range(2)] == [here, here]


def test_it_ends_when_it_is_let_go(apart: Apart, sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    before = children()
    apart.aligners["en"](cut(sound, turns[1]), turns[1].text.split())
    assert children() - before
    apart.close()
    assert not children() - before
