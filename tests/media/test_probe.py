"""What a recording is said to hold, and the one sentence that refuses it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from iprkit.errors import EmptyMedia, MediaError, NoAudio, NotMedia, TruncatedMedia
from iprkit.media.probe import inspect, probe

ROOT = Path(__file__).parents[2]
CLICKS = (500, 1250, 2700)


@pytest.fixture
def noise():
    return np.random.default_rng(3).standard_normal((2, 48_000 * 6)).astype(np.float32) * 0.1


@pytest.fixture
def shorten():
    def cut(path, share):
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        return path

    return cut


@pytest.mark.parametrize(
    ("ending", "codec", "film"),
    [
        ("mp4", "aac", "libx264"),
        ("mov", "pcm_s16le", "libx264"),
        ("mkv", "aac", "libx264"),
        ("webm", "libopus", "libvpx"),
        ("mts", "ac3", "libx264"),
        ("avi", "libmp3lame", "mpeg4"),
        ("wav", "pcm_s16le", None),
        ("mp3", "libmp3lame", None),
        ("m4a", "aac", None),
        ("aac", "aac", None),
        ("ogg", "libopus", None),
        ("opus", "libopus", None),
        ("flac", "flac", None),
        ("wma", "wmav2", None),
    ],
)
def test_the_true_duration_is_known_to_a_tenth_of_a_second(record, kind, bursts, ending, codec, film):
    info = inspect(record(kind(ending, codec, 48_000, film), bursts(48_000, (CLICKS, CLICKS))))

    assert (info.duration_ms, info.gaps_ms, info.damaged_ms) == (pytest.approx(4000, abs=100), 0, 0)


def test_a_probe_names_what_is_in_a_film(record, kind, bursts):
    info = probe(record(kind("mp4", "aac", 44_100, "libx264"), bursts(44_100, (CLICKS, CLICKS))))

    assert (info.audio_codec, info.channels, info.layout, info.sample_rate) == ("aac", 2, "stereo", 44_100)
    assert (info.video_codec, info.width, info.height, info.fps) == ("h264", 64, 48, 10.0)


def test_a_recording_without_a_film_says_so(record, kind, bursts):
    info = probe(record(kind("wav", "pcm_s16le"), bursts(48_000, (CLICKS, CLICKS))))

    assert (info.video_codec, info.fps, info.stated_ms) == (None, None, 4000)


def test_a_header_that_states_no_length_is_believed_in_nothing(record, kind, bursts):
    info = probe(record(kind("aac", "aac"), bursts(48_000, (CLICKS, CLICKS))))

    assert (info.stated_ms, info.duration_ms) == (None, 0)


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_a_varying_frame_rate_is_noticed(record, kind, bursts, ending):
    frames = [sum(70 if step // 10 % 2 else 33 for step in range(number)) for number in range(70)]
    path = record(kind(ending, "aac", 48_000, "libx264"), bursts(48_000, (CLICKS, CLICKS)), frames=frames)

    assert probe(path).variable_fps


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_an_even_frame_rate_is_not_called_varying(record, kind, bursts, ending):
    path = record(kind(ending, "aac", 48_000, "libx264"), bursts(48_000, (CLICKS, CLICKS)))

    assert not probe(path).variable_fps


def test_sound_that_starts_after_the_film_counts_from_the_films_start(record, kind, bursts):
    path = record(kind("mov", "pcm_s16le", 48_000, "libx264"), bursts(48_000, (CLICKS, CLICKS)), late_ms=640)

    info = inspect(path)

    assert (info.audio_start_ms, info.duration_ms, info.gaps_ms) == (640, 4640, 0)


def test_a_film_that_goes_on_after_the_sound_is_not_cut_off(record, kind, bursts):
    frames = list(range(0, 9000, 100))
    path = record(kind("mkv", "aac", 48_000, "libx264"), bursts(48_000, (CLICKS, CLICKS)), frames=frames)

    assert inspect(path).duration_ms == pytest.approx(4000, abs=30)


def test_a_hole_in_the_time_stamps_is_counted(record, kind, bursts):
    path = record(kind("mkv", "pcm_s16le"), bursts(48_000, (CLICKS, CLICKS)), hole=(1000, 2000))

    info = inspect(path)

    assert (info.gaps_ms, info.duration_ms) == (pytest.approx(1000, abs=25), pytest.approx(4000, abs=1))


def test_what_cannot_be_decoded_is_counted_and_the_length_stays(record, kind, noise, damage):
    path = record(kind("mkv", "aac"), noise)
    damage(path, 1100, 1500)

    info = inspect(path)

    assert (info.damaged_ms, info.duration_ms) == (pytest.approx(400, abs=120), pytest.approx(6000, abs=30))


def test_progress_is_told_in_milliseconds_up_to_the_end(record, kind, bursts):
    steps = []
    inspect(record(kind("wav", "pcm_s16le"), bursts(48_000, (CLICKS, CLICKS), 25_000)), steps.append)

    assert [step.done for step in steps][-1] == 25_000
    assert len(steps) == 3


@pytest.mark.parametrize(
    ("ending", "codec", "film"),
    [
        ("mp3", "libmp3lame", None),
        ("wav", "pcm_s16le", None),
        ("flac", "flac", None),
        ("mkv", "aac", "libx264"),
        ("avi", "libmp3lame", "mpeg4"),
        ("wma", "wmav2", None),
    ],
)
def test_a_recording_cut_off_half_way_says_how_much_can_be_read(record, kind, noise, shorten, ending, codec, film):
    path = shorten(record(kind(ending, codec, 48_000, film), noise), 0.5)

    with pytest.raises(TruncatedMedia, match=r"cut off: of the 0:0[56]\.\d .* the first 0:0[23]\.\d .*--allow-damaged"):
        inspect(path)


@pytest.mark.parametrize(("ending", "codec"), [("mp3", "libmp3lame"), ("wav", "pcm_s16le"), ("flac", "flac")])
def test_the_readable_part_is_taken_when_asked_for(record, kind, noise, shorten, ending, codec):
    info = inspect(shorten(record(kind(ending, codec), noise), 0.5), allow_damaged=True)

    assert (info.duration_ms, info.missing_ms) == (pytest.approx(3000, abs=300), pytest.approx(3000, abs=300))


def test_a_film_cut_off_behind_its_index_says_how_much_can_be_read(record, kind, noise, shorten):
    path = record(kind("mp4", "aac", 48_000), noise, options={"movflags": "faststart"})

    with pytest.raises(TruncatedMedia, match=r"of the 0:06\.0 .* the first 0:0[23]\.\d"):
        inspect(shorten(path, 0.5))


def test_a_film_cut_off_before_its_index_is_named_as_such(record, kind, noise, shorten):
    with pytest.raises(TruncatedMedia, match=r"session\.mp4: the file is cut off before its index"):
        probe(shorten(record(kind("mp4", "aac", 48_000, "libx264"), noise), 0.5))


def test_a_file_of_0_bytes_is_empty(tmp_path):
    (tmp_path / "a.mp4").touch()

    with pytest.raises(EmptyMedia, match=r"a\.mp4: the file is empty \(0 bytes\)"):
        probe(tmp_path / "a.mp4")


def test_a_recording_without_a_single_sample_is_empty(record, kind):
    path = record(kind("wav", "pcm_s16le"), np.zeros((2, 48_000), np.float32))
    head = bytearray(path.read_bytes()[: path.read_bytes().index(b"data") + 8])
    head[-4:], head[4:8] = (0).to_bytes(4, "little"), (len(head) - 8).to_bytes(4, "little")
    path.write_bytes(head)

    with pytest.raises(EmptyMedia, match=r"session\.wav: .*\(0 samples\)"):
        inspect(path)


@pytest.mark.parametrize(
    "text",
    ["Dear colleague, here is the film.\n" * 50, "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n", "\x00\x01\x02" * 99],
)
def test_a_text_renamed_to_mp4_is_not_media(tmp_path, text):
    (tmp_path / "a.mp4").write_text(text, encoding="utf-8")

    with pytest.raises(NotMedia, match=r"a\.mp4: this is neither film nor sound"):
        probe(tmp_path / "a.mp4")


def test_a_picture_is_not_media(tmp_path):
    with av.open(str(tmp_path / "a.png"), "w", format="image2", options={"update": "1"}) as container:
        picture = container.add_stream("png", rate=1)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "rgb24"
        container.mux(picture.encode(av.VideoFrame(64, 48, "rgb24")))
        container.mux(picture.encode(None))

    with pytest.raises(NotMedia, match=r"a\.png: this is neither"):
        probe(tmp_path / "a.png")


def test_a_film_without_sound_is_refused(tmp_path):
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        film = container.add_stream("libx264", rate=10)
        film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
        for _ in range(5):
            container.mux(film.encode(av.VideoFrame(64, 48, "yuv420p")))
        container.mux(film.encode(None))

    with pytest.raises(NoAudio, match=r"a\.mp4: this film has no sound track"):
        probe(tmp_path / "a.mp4")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(MediaError, match="this is a folder"):
        probe(tmp_path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(MediaError, match=r"a\.mp4: there is no such file"):
        probe(tmp_path / "a.mp4")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    loop = tmp_path / "a.mp4"
    loop.symlink_to(loop)

    with pytest.raises(MediaError, match=r"a\.mp4: it cannot be read \(.+\)\. Check the path"):
        probe(loop)


@pytest.mark.parametrize(
    ("name", "channels", "duration_ms"), [("d01-s03.mp4", 1, 174_558), ("d01-s03-stereo.ogg", 2, 174_558)]
)
def test_the_sample_session_is_as_long_as_it_says(name, channels, duration_ms):
    info = inspect(ROOT / "recordings" / name)

    assert (info.channels, info.duration_ms) == (channels, pytest.approx(duration_ms, abs=30))
