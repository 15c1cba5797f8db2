"""What a recording looks like to a comparison: the same for the same sound, however it comes and how loud it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from iprkit.replay.prints import RATE, take_print

RNG = np.random.default_rng(2)
SOUND = (RNG.normal(0, 0.1, 8 * RATE) * np.repeat(RNG.uniform(0.05, 1, 80), RATE // 10)).astype(np.float32)
WHOLE = take_print([SOUND])


@given(st.lists(st.integers(0, 8 * RATE), max_size=6))
@settings(max_examples=20, deadline=None)
def test_the_print_does_not_depend_on_how_the_sound_is_cut_into_blocks(cuts: list[int]) -> None:
    cut = take_print(np.split(SOUND[np.newaxis], sorted(cuts), axis=1))
    assert np.allclose(cut.frames, WHOLE.frames, atol=1e-4)
    assert np.allclose(cut.level, WHOLE.level, atol=1e-4)


def test_there_are_twenty_frames_a_second_from_the_very_beginning_to_the_end() -> None:
    assert len(WHOLE.frames) == len(WHOLE.level) == len(WHOLE.size) == 8 * 20 + 1


def test_a_quieter_copy_looks_the_same_and_says_by_how_much() -> None:
    quiet = take_print([SOUND / 10])
    assert np.abs(quiet.frames - WHOLE.frames).max() < 0.05
    assert np.allclose(quiet.level, WHOLE.level - 20, atol=0.1)


def test_a_dull_loudspeaker_hardly_changes_it() -> None:
    dull = take_print([lfilter([0.3], [1, -0.7], SOUND).astype(np.float32)])
    alike = (dull.frames * WHOLE.frames).sum() / np.sqrt((dull.frames**2).sum() * (WHOLE.frames**2).sum())
    assert alike > 0.9


def test_its_numbers_are_uncorrelated() -> None:
    correlations = np.corrcoef(WHOLE.frames, rowvar=False)
    assert np.abs(correlations - np.eye(len(correlations))).max() < 0.25


@pytest.mark.parametrize("samples", [0, 1, 100, 3 * RATE])
def test_silence_of_any_length_looks_like_nothing(samples: int) -> None:
    print_ = take_print([np.zeros(samples, np.float32)])
    assert not print_.frames.any()
    assert np.isfinite(print_.level).all()
