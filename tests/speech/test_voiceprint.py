import cmath
import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from iprkit.errors import ModelDamaged
from iprkit.speech.fbank import FRAMES, RATE, fbank
from iprkit.speech.models import voice_model
from iprkit.speech.voiceprint import Voiceprints

SIZE, STEP, FFT, BINS = 400, 160, 512, 80


def tone(hertz: float, seconds: float = 0.1, level: float = 0.3) -> NDArray[np.float32]:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(RATE * seconds)) / RATE)).astype(np.float32)


def mel(hertz: float) -> float:
    return 1127 * math.log(1 + hertz / 700)


def written_out(samples: Sequence[float], bin_number: int) -> float:
    """One log mel energy of one frame by the formulas of Kaldi's feature-fbank.cc, one number after another."""
    mean = sum(samples) / SIZE
    centred = [sample - mean for sample in samples]
    sharp = [centred[n] - 0.97 * centred[max(0, n - 1)] for n in range(SIZE)]
    shaped = [value * (0.5 - 0.5 * math.cos(2 * math.pi * n / (SIZE - 1))) ** 0.85 for n, value in enumerate(sharp)]
    low, high = mel(20), mel(RATE / 2)
    left, centre, right = (low + (bin_number + k) * (high - low) / (BINS + 1) for k in (0, 1, 2))
    energy = 0.0
    for k in range(FFT // 2):
        at = mel(k * RATE / FFT)
        if left < at < right:
            power = abs(sum(x * cmath.exp(-2j * math.pi * k * n / FFT) for n, x in enumerate(shaped))) ** 2
            energy += power * ((at - left) / (centre - left) if at <= centre else (right - at) / (right - centre))
    return math.log(max(energy, 1.1920929e-07))


@pytest.mark.parametrize("bin_number", [0, 11, 40, 79])
def test_energies_are_those_of_the_formula(bin_number: int) -> None:
    noise = np.random.default_rng(4).normal(scale=0.1, size=SIZE).astype(np.float32)
    assert fbank(noise)[0, bin_number] == pytest.approx(written_out(noise.tolist(), bin_number), abs=2e-3)


@pytest.mark.parametrize("hertz", [200, 1000, 3000])
def test_a_tone_is_loudest_in_its_own_bin(hertz: float) -> None:
    expected = (mel(hertz) - mel(20)) / (mel(RATE / 2) - mel(20)) * (BINS + 1) - 1
    assert abs(int(fbank(tone(hertz))[3].argmax()) - expected) <= 1


@pytest.mark.parametrize(("length", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16_000, 98)])
def test_there_is_a_frame_every_10_ms_as_long_as_a_whole_window_fits(length: int, frames: int) -> None:
    assert fbank(np.zeros(length, np.float32)).shape == (frames, BINS)


def test_twice_as_loud_is_the_same_amount_more_everywhere() -> None:
    noise = np.random.default_rng(4).normal(scale=0.1, size=RATE).astype(np.float32)
    assert np.allclose(fbank(2 * noise) - fbank(noise), math.log(4), atol=1e-3)


def test_a_microphones_constant_offset_is_taken_out() -> None:
    assert np.allclose(fbank(tone(500) + 0.2), fbank(tone(500)), atol=0.05)


def test_silence_has_finite_energies() -> None:
    assert np.isfinite(fbank(np.zeros(RATE, np.float32))).all()


@pytest.mark.parametrize("content", [b"", b"not weights at all"])
def test_a_file_that_holds_something_else_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "voices.pt").write_bytes(content)
    with pytest.raises(ModelDamaged, match=r"voices\.pt does not hold the voice model CAM\+\+"):
        Voiceprints(tmp_path / "voices.pt")


def test_another_network_is_damaged(tmp_path: Path) -> None:
    torch.save({"linear.weight": torch.zeros(3, 3)}, tmp_path / "voices.pt")
    with pytest.raises(ModelDamaged, match="does not hold the voice model"):
        Voiceprints(tmp_path / "voices.pt")


@pytest.fixture(scope="module")
def voiceprints() -> Iterator[Voiceprints]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a network spends its time waiting otherwise
    yield Voiceprints(voice_model().path)
    torch.set_num_threads(threads)


@pytest.mark.weights
def test_one_persons_voiceprints_are_nearer_to_each_other_than_to_the_others(
    voiceprints: Voiceprints, sound: NDArray[np.float32], turns: Sequence[Any]
) -> None:
    long = [turn for turn in turns if turn.span.duration_ms >= 2_500]
    windows = [fbank(sound[t.span.start_ms * 16 : t.span.end_ms * 16])[50 : 50 + FRAMES] for t in long]
    vectors = voiceprints(windows)
    same = [float(a @ b) for (s, a), (t, b) in combinations(zip(long, vectors, strict=True), 2) if s.role == t.role]
    other = [float(a @ b) for (s, a), (t, b) in combinations(zip(long, vectors, strict=True), 2) if s.role != t.role]
    assert len(vectors) > 8
    assert np.mean(same) > np.mean(other) + 0.3
    assert np.percentile(same, 10) > np.percentile(other, 90)


@pytest.mark.weights
def test_voiceprints_are_unit_vectors_and_do_not_depend_on_what_else_is_in_the_batch(
    voiceprints: Voiceprints, sound: NDArray[np.float32]
) -> None:
    windows = [fbank(sound[second * RATE : (second + 2) * RATE]) for second in range(1, 12)]
    together, apart = voiceprints(windows), np.concatenate([voiceprints([window]) for window in windows])
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together, apart, atol=1e-4)


@pytest.mark.weights
def test_a_window_shorter_than_the_network_wants_gives_a_voiceprint_too(
    voiceprints: Voiceprints, sound: NDArray[np.float32]
) -> None:
    assert voiceprints([fbank(sound[RATE : RATE + 4_000])]).shape == (1, 192)
    assert voiceprints([]).shape == (0, 192)
