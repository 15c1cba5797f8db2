import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.clips import clip
from iprkit.actions.dyads import add_dyad
from iprkit.actions.recordings import Source
from iprkit.actions.sessions import add_session
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput, MediaError
from iprkit.timeline import Span

Recorder = Callable[..., Path]


def heard(file: Path) -> list[bool]:
    """For every whole tenth of a second of a WAV file: whether there is sound in it."""
    with wave.open(str(file)) as sound:
        tenth = sound.getframerate() // 10
        return [any(sound.readframes(tenth)) for _ in range(sound.getnframes() // tenth)]


def test_a_segment_is_cut_where_its_words_are(told: Study, tmp_path: Path) -> None:
    cut = clip(told, "D01-S01-C001", tmp_path / "c.wav")
    assert (cut.key, cut.start_ms, cut.end_ms) == ("D01-S01", 500, 900)
    assert heard(tmp_path / "c.wav") == [True] * 4


def test_padding_ends_where_the_recording_does(told: Study, tmp_path: Path) -> None:
    cut = clip(told, "D01-S01-C002", tmp_path / "c.wav", pad_ms=800)
    assert (cut.start_ms, cut.end_ms) == (200, 2000)


def test_a_stretch_of_a_session_is_cut_by_its_times(told: Study, tmp_path: Path) -> None:
    cut = clip(told, "D01-S01", tmp_path / "c.wav", Span(100, 1100))
    assert (cut.start_ms, cut.end_ms) == (100, 1100)
    assert len(heard(tmp_path / "c.wav")) == 10


def test_a_clip_goes_on_into_the_next_part_and_is_silent_between(
    study: Study, record: Recorder, tmp_path: Path
) -> None:
    add_dyad(study, "D01", {})
    parts = [Source(record("a.wav", seconds=1)), Source(record("b.wav", pitch=300), part=2, offset_ms=1500)]
    add_session(study, ("D01", 1), parts)
    clip(study, "D01-S01", tmp_path / "c.wav", Span(500, 2000))
    assert heard(tmp_path / "c.wav") == [True] * 5 + [False] * 5 + [True] * 5


def test_after_the_end_there_is_nothing_to_cut(told: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"D01-S01 lasts 0:02\.0; nothing of it lies between 0:05\.0 and 0:06\.0"):
        clip(told, "D01-S01", tmp_path / "c.wav", Span(5000, 6000))


def test_a_session_alone_is_not_enough(told: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="D01-S01 alone is not enough"):
        clip(told, "D01-S01", tmp_path / "c.wav")


def test_a_segment_and_times_are_too_much(told: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="either a segment or a session"):
        clip(told, "D01-S01-C001", tmp_path / "c.wav", Span(0, 100))


def test_a_clip_is_wav(told: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"ends in \.wav"):
        clip(told, "D01-S01-C001", tmp_path / "c.mp3")


def test_a_missing_recording_is_named_and_no_file_is_left(told: Study, tmp_path: Path) -> None:
    (told.folder / "recordings/d01-s01.wav").unlink()
    with pytest.raises(MediaError, match="iprkit relink"):
        clip(told, "D01-S01-C001", tmp_path / "c.wav")
    assert not (tmp_path / "c.wav").exists()
