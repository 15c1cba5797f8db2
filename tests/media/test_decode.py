"""What comes out of a recording, and that it is where the clock says."""

from __future__ import annotations

import json
import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from iprkit.media.decode import RATE, read, stream
from iprkit.timeline import Span

ROOT = Path(__file__).parents[2]
CLICKS = (500, 1250, 2700)

# How late a burst may come out, in ms: codecs put a run-up in front of the sound, and these containers do not say
# how long it is, so that no player can take it away.
LATE = {"aac": 24, "avi": 26, "mts": 6, "wma": 47}

EVERY = [
    ("mp4", "aac", 44_100, "libx264"),
    ("mov", "pcm_s16le", 48_000, "libx264"),
    ("mov", "alac", 44_100, None),
    ("mkv", "aac", 48_000, "libx264"),
    ("mkv", "flac", 48_000, None),
    ("webm", "libopus", 48_000, "libvpx"),
    ("mts", "ac3", 48_000, "libx264"),
    ("avi", "libmp3lame", 44_100, "mpeg4"),
    ("avi", "pcm_s16le", 48_000, "mpeg4"),
    ("wav", "pcm_s16le", 44_100, None),
    ("wav", "pcm_s24le", 48_000, None),
    ("wav", "pcm_u8", 8_000, None),
    ("wav", "pcm_f32le", 16_000, None),
    ("wav", "adpcm_ms", 22_050, None),
    ("mp3", "libmp3lame", 44_100, None),
    ("m4a", "aac", 22_050, None),
    ("aac", "aac", 44_100, None),
    ("ogg", "libopus", 48_000, None),
    ("ogg", "vorbis", 44_100, None),
    ("opus", "libopus", 48_000, None),
    ("flac", "flac", 44_100, None),
    ("wma", "wmav2", 44_100, None),
]


def whole(path, channels="mix", start_ms=0):
    return np.concatenate(list(stream(path, start_ms, channels)), axis=1)


@pytest.mark.parametrize(("ending", "codec", "rate", "film"), EVERY)
def test_bursts_come_out_where_they_were_recorded(record, kind, bursts, onsets, ending, codec, rate, film):
    path = record(kind(ending, codec, rate, film), bursts(rate, (CLICKS, CLICKS)))

    late = [heard - click for heard, click in zip(onsets(whole(path)[0]), CLICKS, strict=True)]

    assert min(late) >= -1.5
    assert max(late) <= LATE.get(ending, 1.5)


@pytest.mark.parametrize(("ending", "codec", "rate", "film"), EVERY)
def test_the_two_people_of_a_stereo_recording_stay_apart(record, kind, bursts, onsets, ending, codec, rate, film):
    path = record(kind(ending, codec, rate, film), bursts(rate, ((500, 2700), (1250,))))

    left, right = whole(path, "all")

    assert [round(ms, -2) for ms in onsets(left)] == [500, 2700]
    assert [round(ms, -2) for ms in onsets(right)] in ([1200], [1300])


def test_the_mix_of_stereo_is_the_mean(record, kind):
    sound = np.stack([np.full(16_000, 0.5, np.float32), np.full(16_000, 0.1, np.float32)])
    path = record(kind("wav", "pcm_f32le", 16_000), sound)

    assert np.allclose(whole(path), 0.3, atol=1e-6)


def test_blocks_are_float32_channels_first_and_a_few_seconds_long(record, kind, bursts):
    path = record(kind("flac", "flac", 44_100), bursts(44_100, (CLICKS, CLICKS), 20_000))

    blocks = list(stream(path, channels="all"))

    assert {(block.dtype, block.shape[0]) for block in blocks} == {(np.dtype(np.float32), 2)}
    assert max(block.shape[1] for block in blocks) <= 6 * RATE


@pytest.mark.parametrize(("ending", "codec"), [("wav", "pcm_s16le"), ("mp4", "ac3"), ("mkv", "flac"), ("m4a", "aac")])
def test_every_channel_of_surround_sound_is_kept(record, kind, bursts, onsets, ending, codec):
    times = (300, 900, 1500, 2100, 2700, 3300)
    clicks = tuple((ms,) for ms in times)
    path = record(kind(ending, codec, 48_000, layout="5.1"), bursts(48_000, clicks))

    sound = whole(path, "all")

    assert sound.shape[0] == 6
    heard = [onsets(channel)[0] for number, channel in enumerate(sound) if number != 3]
    assert heard == pytest.approx([ms for number, ms in enumerate(times) if number != 3], abs=30)


def test_the_mix_of_surround_sound_puts_the_centre_first_and_never_clips(record, kind):
    sound = np.zeros((6, 48_000), np.float32)
    sound[0, 6_000:12_000] = sound[2, 18_000:24_000] = 0.9
    sound[:, 30_000:42_000] = 0.9
    path = record(kind("wav", "pcm_f32le", 48_000, layout="5.1"), sound)

    mix = whole(path)[0]

    front, centre, everything = mix[3_000], mix[7_000], mix[12_000]
    assert 0 < front < centre < everything <= 0.9001


def test_eight_channels_are_kept_apart(record, kind, bursts, onsets):
    clicks = tuple((300 + 400 * number,) for number in range(8))
    path = record(kind("flac", "flac", 48_000, layout="7.1"), bursts(48_000, clicks))

    assert [onsets(channel)[0] for channel in whole(path, "all")] == pytest.approx([c[0] for c in clicks], abs=1)


def test_a_film_with_a_varying_frame_rate_keeps_its_sound_in_place(record, kind, bursts, onsets):
    frames = [sum(70 if step // 10 % 2 else 33 for step in range(number)) for number in range(70)]
    path = record(kind("mp4", "aac", 48_000, "libx264"), bursts(48_000, (CLICKS, CLICKS)), frames=frames)

    assert onsets(whole(path)[0]) == pytest.approx(CLICKS, abs=1.5)


@pytest.mark.parametrize(("ending", "codec"), [("mp4", "aac"), ("mov", "pcm_s16le"), ("mkv", "aac"), ("mts", "ac3")])
def test_silence_stands_in_front_of_sound_that_starts_after_the_film(record, kind, bursts, onsets, ending, codec):
    path = record(kind(ending, codec, 48_000, "libx264"), bursts(48_000, (CLICKS, CLICKS)), late_ms=640)

    assert onsets(whole(path)[0]) == pytest.approx([click + 640 for click in CLICKS], abs=25)


@pytest.mark.parametrize(("ending", "codec"), [("mp4", "aac"), ("mkv", "pcm_s16le"), ("webm", "libopus")])
def test_a_hole_in_the_time_stamps_is_filled_with_silence(record, kind, bursts, onsets, ending, codec):
    path = record(kind(ending, codec), bursts(48_000, (CLICKS, CLICKS)), hole=(1000, 2000))

    assert onsets(whole(path)[0]) == pytest.approx([500, 2700], abs=25)


def test_a_frame_that_cannot_be_decoded_is_silence_and_the_clock_holds(record, kind, bursts, onsets, damage):
    path = record(kind("mkv", "aac"), bursts(48_000, (CLICKS, CLICKS)))
    damage(path, 1100, 1500)

    assert onsets(whole(path)[0]) == pytest.approx([500, 2700], abs=1.5)


def test_streaming_may_start_in_the_middle(record, kind, bursts):
    path = record(kind("mp4", "aac", 44_100), bursts(44_100, (CLICKS, CLICKS)))

    assert np.array_equal(whole(path, start_ms=1234), whole(path)[:, 1234 * 16 :])


def test_streaming_from_behind_the_end_gives_nothing(record, kind, bursts):
    path = record(kind("wav", "pcm_s16le"), bursts(48_000, (CLICKS, CLICKS)))

    assert list(stream(path, 60_000)) == []


@pytest.mark.parametrize(
    ("ending", "codec", "rate"),
    [("wav", "pcm_s16le", 44_100), ("flac", "flac", 22_050), ("m4a", "alac", 22_050), ("mp3", "libmp3lame", 16_000)],
)
def test_spans_far_apart_hold_the_same_samples_as_the_stream(record, kind, ending, codec, rate):
    noise = np.random.default_rng(7).standard_normal((2, rate * 150)).astype(np.float32) * 0.1
    path = record(kind(ending, codec, rate), noise)
    spans = [Span(0, 1000), Span(900, 5003), Span(61_007, 62_000), Span(62_000, 66_500), Span(140_001, 141_000)]

    expected = whole(path, "all")

    for span, got in zip(spans, read(path, spans, "all"), strict=True):
        assert np.array_equal(got, expected[:, span.start_ms * 16 : span.end_ms * 16])


def test_a_span_past_the_end_gives_what_there_is(record, kind, bursts):
    path = record(kind("wav", "pcm_s16le", 48_000), bursts(48_000, (CLICKS, CLICKS)))

    lengths = [got.shape[1] for got in read(path, [Span(3000, 9000), Span(90_000, 91_000)])]

    assert lengths == [16_000, 0]


def test_spans_out_of_order_are_refused(record, kind, bursts):
    path = record(kind("wav", "pcm_s16le", 48_000), bursts(48_000, (CLICKS, CLICKS)))

    with pytest.raises(ValueError, match="before the one read last"):
        list(read(path, [Span(2000, 3000), Span(0, 1000)]))


def test_an_hour_of_sound_takes_no_more_memory_than_a_minute(hour):
    tracemalloc.start()
    seconds = sum(block.shape[1] for block in stream(hour)) / RATE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert seconds == 3600
    assert peak < 8_000_000


def test_a_click_near_the_end_of_an_hour_is_where_it_was_recorded(hour, onsets):
    (sound,) = read(hour, [Span(3_500_000, 3_502_000)])

    assert onsets(sound[0]) == pytest.approx([1000], abs=1)


@pytest.mark.parametrize("name", ["d01-s03.mp4", "d01-s03-stereo.ogg"])
def test_somebody_speaks_in_every_turn_of_the_sample_session(name):
    truth = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))
    spans = [Span(round(turn["start"] * 1000), round(turn["end"] * 1000)) for turn in truth["session"]["turns"]]

    loudness = [float(np.sqrt(np.mean(sound**2))) for sound in read(ROOT / "recordings" / name, spans)]

    assert min(loudness) > 0.01


@pytest.fixture(scope="module")
def hour(tmp_path_factory):
    """A FLAC of 60 minutes at 8 kHz, silent but for a burst at 58 min 21 s."""
    rate = 8_000
    path = tmp_path_factory.mktemp("hour") / "hour.flac"
    with av.open(str(path), "w") as container:
        voice = container.add_stream("flac", rate=rate)
        voice.layout = "mono"
        for second in range(3600):
            sound = np.zeros((1, rate), np.int16)
            if second == 3501:
                sound[0, :160] = 20_000
            frame = av.AudioFrame.from_ndarray(sound, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, second * rate, Fraction(1, rate)
            container.mux(voice.encode(frame))
        container.mux(voice.encode(None))
    return path
