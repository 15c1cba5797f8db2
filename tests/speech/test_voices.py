"""Voices made of numbers: two directions in the space of voiceprints, and windows scattered around them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.speech.voices import WINDOW_MS, VoiceWindow, known_voices, tell_apart
from iprkit.timeline import Span

SIZE = 192


def unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return vector / np.linalg.norm(vector)


def two_voices(cosine: float = 0.3) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit vectors with the given cosine; unlike voices in CAM++ have 0.1 to 0.5."""
    numbers = np.random.default_rng(1)
    first = unit(numbers.normal(size=SIZE))
    across = numbers.normal(size=SIZE)
    across = unit(across - (across @ first) * first)
    return first, cosine * first + np.sqrt(1 - cosine**2) * across


def windows(
    order: str, noise: float = 0.04, duration_ms: int = WINDOW_MS, voices: tuple[NDArray[np.float64], ...] | None = None
) -> list[VoiceWindow]:
    """``order`` says who speaks in each window, ``"aabba"``."""
    numbers = np.random.default_rng(2)
    centres = dict(zip("ab", voices or two_voices(), strict=True))
    vectors = [unit(centres[who] + numbers.normal(scale=noise, size=SIZE)) for who in order]
    spans = [Span(n * 2_000, n * 2_000 + duration_ms) for n in range(len(order))]
    return [VoiceWindow(span, vector.astype(np.float32)) for span, vector in zip(spans, vectors, strict=True)]


@pytest.mark.parametrize("order", ["ab", "aab", "abababab", "aaaaaaaaab", "bbbbbaabbb" * 5])
def test_two_voices_are_told_apart(order: str) -> None:
    heard = windows(order)
    voices = tell_apart(heard)
    assert voices is not None
    sides = [voices.log_odds(window) > 0 for window in heard]
    assert len({(who, side) for who, side in zip(order, sides, strict=True)}) == 2


def test_the_same_recording_gives_the_same_voices() -> None:
    first, second = tell_apart(windows("aabbab")), tell_apart(windows("aabbab"))
    assert first is not None
    assert second is not None
    assert np.array_equal(first.centres, second.centres)
    assert (first.scale, first.middle) == (second.scale, second.middle)


@pytest.mark.parametrize("order", ["", "a"])
def test_fewer_than_two_stretches_are_not_two_voices(order: str) -> None:
    assert tell_apart(windows(order)) is None


def test_windows_that_are_all_alike_do_not_fail() -> None:
    voices = tell_apart(windows("aaaa", noise=0.0))
    assert voices is not None
    assert np.isfinite(voices.centres).all()


def test_a_short_window_says_less_than_a_long_one() -> None:
    voices = tell_apart(windows("aabbaabb"))
    assert voices is not None
    (long,), (short,) = windows("a"), windows("a", duration_ms=WINDOW_MS // 4)
    assert abs(voices.log_odds(short)) == pytest.approx(abs(voices.log_odds(long)) / 2)


def test_scraps_do_not_shape_the_voices() -> None:
    scraps = [VoiceWindow(Span(0, 200), -window.vector) for window in windows("ababab")]
    clean, littered = tell_apart(windows("aabbaabb")), tell_apart([*windows("aabbaabb"), *scraps])
    assert clean is not None
    assert littered is not None
    assert np.array_equal(clean.centres, littered.centres)


def test_voices_known_from_before_are_recognised_in_a_recording_where_one_hardly_speaks() -> None:
    first, second = two_voices()
    heard = windows("aaaaaaaaaaab")
    voices = known_voices(first, second, heard)
    assert [voices.log_odds(window) > 0 for window in heard] == [True] * 11 + [False]
