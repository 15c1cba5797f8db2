"""Stretches cut out of a recording, and what is made silent in them."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from iprkit.errors import InvalidInput
from iprkit.media.clips import cut_clip, silence, write_wav
from iprkit.timeline import Span

CLICKS = (500, 1250, 2700)


def samples(clip):
    return np.frombuffer(clip.raw_data, "<i2").reshape(-1, clip.channels)


def test_a_clip_keeps_the_recordings_rate_and_channels(record, kind, bursts):
    clip = cut_clip(record(kind("mp4", "aac", 44_100), bursts(44_100, (CLICKS, CLICKS))), Span(1000, 1500))

    assert (clip.frame_rate, clip.channels, clip.frame_count()) == (44_100, 2, 22_050)


def test_a_clip_holds_the_very_samples_of_a_wav(record, kind):
    noise = np.random.default_rng(5).standard_normal((2, 96_000)).astype(np.float32) * 0.1
    path = record(kind("wav", "pcm_s16le"), noise)
    with wave.open(str(path)) as file:
        stored = np.frombuffer(file.readframes(96_000), "<i2").reshape(-1, 2)

    assert np.array_equal(samples(cut_clip(path, Span(250, 750))), stored[12_000:36_000])


@pytest.mark.parametrize(("ending", "codec"), [("m4a", "aac"), ("webm", "libopus"), ("flac", "flac")])
def test_a_clip_late_in_a_recording_is_cut_at_the_right_place(record, kind, bursts, ending, codec):
    path = record(kind(ending, codec), bursts(48_000, ((70_500,), (70_500,)), 75_000))

    clip = samples(cut_clip(path, Span(70_000, 72_000)))

    assert np.argmax(np.abs(clip[:, 0]) > 5000) / 48 == pytest.approx(500, abs=1.5)


def test_a_clip_reaching_past_the_end_is_shorter(record, kind, bursts):
    clip = cut_clip(record(kind("wav", "pcm_s16le"), bursts(48_000, (CLICKS, CLICKS))), Span(3500, 9000))

    assert len(clip) == 500


def test_a_clip_behind_the_end_is_refused(record, kind, bursts):
    path = record(kind("wav", "pcm_s16le"), bursts(48_000, (CLICKS, CLICKS)))

    with pytest.raises(InvalidInput, match=r"session\.wav: no sound at 0:09\.0"):
        cut_clip(path, Span(9000, 9500))


def test_nothing_is_left_of_a_silenced_stretch_and_all_else_stays(record, kind):
    noise = np.random.default_rng(5).standard_normal((2, 44_100)).astype(np.float32) * 0.1
    clip = cut_clip(record(kind("wav", "pcm_s16le", 44_100), noise), Span(0, 1000))

    hushed = samples(silence(clip, [Span(201, 303), Span(950, 5000)]))

    expected = samples(clip).copy()
    expected[8864:13_363] = expected[41_895:] = 0
    assert np.array_equal(hushed, expected)


def test_a_clip_is_written_as_a_wav_that_other_readers_open(record, kind, bursts):
    clip = cut_clip(record(kind("mp3", "libmp3lame"), bursts(48_000, (CLICKS, CLICKS))), Span(1000, 1500))
    file = io.BytesIO()

    write_wav(clip, file)

    with wave.open(io.BytesIO(file.getvalue())) as read:
        assert (read.getframerate(), read.getnchannels(), read.getnframes()) == (48_000, 2, 24_000)
