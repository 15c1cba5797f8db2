"""Recordings as people really have them, through the whole chain; and those that are refused without a trace."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.errors import MediaError
from iprkit.media.checksum import sha256

Sound = NDArray[np.float32]
Shoot = Callable[..., Path]

EVERY = [
    ("mp4", "aac", 44_100, "libx264"),
    ("mov", "pcm_s16le", 48_000, "libx264"),
    ("mkv", "flac", 48_000, "libx264"),
    ("webm", "libopus", 48_000, "libvpx"),
    ("mts", "ac3", 48_000, "libx264"),
    ("avi", "libmp3lame", 44_100, "mpeg4"),
    ("wav", "pcm_s24le", 96_000, None),
    ("mp3", "libmp3lame", 44_100, None),
    ("m4a", "aac", 48_000, None),
    ("aac", "aac", 44_100, None),
    ("ogg", "libopus", 48_000, None),
    ("opus", "libopus", 48_000, None),
    ("flac", "flac", 16_000, None),
    ("wma", "wmav2", 44_100, None),
    ("wav", "pcm_mulaw", 8_000, None),
]


@pytest.fixture
def spoken(record_talk: Callable[..., Any]) -> Any:
    """The first turn of the sample session."""
    return record_talk(seconds=8)


@pytest.fixture
def shoot(tmp_path: Path, sound: Sound) -> Shoot:
    """Writes a recording of the sample session's first turn: ``shoot("a.mp4", "aac", 44_100, "libx264")``."""

    def write(
        name: str,
        codec: str,
        rate: int,
        film: str | None = None,
        layout: str = "stereo",
        frames_ms: tuple[int, ...] = (),
    ) -> Path:
        path = tmp_path / "card" / name
        path.parent.mkdir(exist_ok=True)
        with av.open(str(path), "w") as container:
            shots = frames_ms or tuple(range(0, 9_000, 100))
            picture = _picture(container, film, bool(frames_ms)) if film else None
            voice: Any = container.add_stream(codec, rate=rate, layout=layout)
            if codec == "wmav2":
                voice.bit_rate = 128_000
            voice.codec_context.open()
            if picture:
                _write_film(container, picture, shots)
            _write_sound(container, voice, sound[: 8 * 16_000], layout)
        return path

    return write


def _picture(container: Any, codec: str, varying: bool) -> Any:
    film = container.add_stream(codec, rate=1000 if varying else 10)
    film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
    if codec == "libx264":
        film.codec_context.options = {"tune": "zerolatency", "preset": "ultrafast"}
    return film


def _write_film(container: Any, film: Any, frames_ms: tuple[int, ...]) -> None:
    for ms in frames_ms:
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), ms % 255, np.uint8), format="rgb24")
        frame.time_base = 1 / film.codec_context.framerate
        frame.pts = int(ms * film.codec_context.framerate / 1000)
        container.mux(film.encode(frame))
    container.mux(film.encode(None))


def _write_sound(container: Any, voice: Any, sound: Sound, layout: str) -> None:
    context = voice.codec_context
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[None]), format="flt", layout="mono")
    frame.sample_rate = 16_000
    cut = av.AudioResampler(
        format=context.format.name, layout=layout, rate=context.sample_rate, frame_size=context.frame_size or 1024
    )
    at = 0
    for part in [*cut.resample(frame), *cut.resample(None)]:
        part.pts, part.time_base = at, Fraction(1, context.sample_rate)
        at += part.samples
        container.mux(voice.encode(part))
    container.mux(voice.encode(None))


def heard(program: Any, spoken: Any, *files: Path, options: tuple[str, ...] = ()) -> dict[str, Any]:
    """Adds the recording as a session, transcribes it, and returns what became of it."""
    program.do("session", "add", "D01", 3, *files, *options)
    told = program.do("transcribe", "--engine", "scripted", "--model", spoken.script, "--json")
    done: dict[str, Any] = json.loads(told)[0]
    return done


def whole(done: dict[str, Any], spoken: Any) -> bool:
    """Whether speech was found where the words are: then sound and clock are as they were recorded."""
    (turn,) = spoken.turns
    found = bool(done["speech_ms"] > 0.8 * turn.span.duration_ms and done["unheard_ms"] < 300)
    return found and (done["words"], done["flagged"]) == (len(turn.text.split()), 0)


@pytest.mark.parametrize(("ending", "codec", "rate", "film"), EVERY)
def test_every_kind_of_recording_is_heard(
    program: Any, spoken: Any, shoot: Shoot, ending: str, codec: str, rate: int, film: str | None
) -> None:
    layout = "mono" if codec == "pcm_mulaw" else "stereo"
    assert whole(heard(program, spoken, shoot(f"a.{ending}", codec, rate, film, layout)), spoken)


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
@pytest.mark.parametrize(("ending", "codec"), [("m4a", "aac"), ("mkv", "ac3"), ("wav", "pcm_s16le")])
def test_with_one_two_or_six_channels(
    program: Any, spoken: Any, shoot: Shoot, ending: str, codec: str, layout: str
) -> None:
    assert whole(heard(program, spoken, shoot(f"a.{ending}", codec, 48_000, layout=layout)), spoken)


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_with_a_frame_rate_that_varies_as_phones_make_it(program: Any, spoken: Any, shoot: Shoot, ending: str) -> None:
    frames = tuple(sum(70 if step // 10 % 2 else 33 for step in range(number)) for number in range(160))
    assert whole(heard(program, spoken, shoot(f"a.{ending}", "aac", 48_000, "libx264", frames_ms=frames)), spoken)


@pytest.mark.parametrize(
    "name", ["IMG 0001 (2).MP4", "Sitzung «3» – Anna’s.mp4", "第三回.mp4", "-3.mp4", "a.b.c.mp4", f"{'x' * 200}.mp4"]
)
def test_whatever_its_name_is(program: Any, spoken: Any, shoot: Shoot, name: str) -> None:
    file = shoot("plain.mp4", "aac", 48_000, "libx264").rename(shoot("other.mp4", "aac", 48_000).with_name(name))
    assert whole(heard(program, spoken, file), spoken)


def test_a_name_that_lies_about_the_kind_does_not_matter(program: Any, spoken: Any, shoot: Shoot) -> None:
    file = shoot("a.mp3", "libmp3lame", 44_100)
    assert whole(heard(program, spoken, file.rename(file.with_name("a.wav"))), spoken)


def test_a_link_to_a_recording_is_the_recording(program: Any, spoken: Any, shoot: Shoot, tmp_path: Path) -> None:
    (tmp_path / "link.m4a").symlink_to(shoot("a.m4a", "aac", 48_000))
    assert whole(heard(program, spoken, tmp_path / "link.m4a"), spoken)


def test_the_readable_part_of_a_damaged_one_is_heard_when_asked_for(program: Any, spoken: Any, shoot: Shoot) -> None:
    file = halved(shoot("a.wav", "pcm_s16le", 48_000))
    done = heard(program, spoken, file, options=("--allow-damaged",))
    assert (done["error"], done["speech_ms"] > 2_000) == (None, True)


def halved(file: Path) -> Path:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return file


def refused(program: Any, *files: Path) -> str:
    """What is said of recordings that cannot be used; nothing of them may be left anywhere."""
    before = program.do("history", "D01", "--json")
    result = program.run("session", "add", "D01", 3, *files)
    assert result.returncode == 1
    assert program.files("recordings") == []
    assert "D01-S03" not in program.do("status")
    assert program.do("history", "D01", "--json") == before
    assert program.is_sound()
    (sentence,) = (line for line in result.stderr.splitlines() if line.startswith("Error: "))
    assert result.stderr.endswith(f"{sentence}\n")
    return str(sentence)


def test_a_film_without_sound(program: Any, tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        _write_film(container, _picture(container, "libx264", False), tuple(range(0, 2_000, 100)))
    assert "a.mp4: this film has no sound track. Give the file with the sound." in refused(program, tmp_path / "a.mp4")


@pytest.mark.parametrize(
    ("ending", "codec", "film"),
    [
        ("mp4", "aac", "libx264"),
        ("mov", "pcm_s16le", "libx264"),
        ("mkv", "aac", "libx264"),
        ("avi", "libmp3lame", "mpeg4"),
        ("wav", "pcm_s16le", None),
        ("mp3", "libmp3lame", None),
        ("m4a", "aac", None),
        ("flac", "flac", None),
        ("wma", "wmav2", None),
    ],
)
def test_one_that_is_cut_off(program: Any, shoot: Shoot, ending: str, codec: str, film: str | None) -> None:
    assert "cut off" in refused(program, halved(shoot(f"a.{ending}", codec, 44_100, film)))


@pytest.mark.parametrize("ending", ["mp4", "mov", "mkv", "wav", "mp3", "flac", "wma"])
def test_one_of_zero_length(program: Any, tmp_path: Path, ending: str) -> None:
    (tmp_path / f"a.{ending}").touch()
    assert f"a.{ending}: the file is empty (0 bytes)" in refused(program, tmp_path / f"a.{ending}")


def test_one_with_a_head_and_no_sample(program: Any, shoot: Shoot) -> None:
    file = shoot("a.wav", "pcm_s16le", 48_000)
    head = bytearray(file.read_bytes()[: file.read_bytes().index(b"data") + 8])
    head[-4:], head[4:8] = (0).to_bytes(4, "little"), (len(head) - 8).to_bytes(4, "little")
    file.write_bytes(head)
    assert "(0 samples)" in refused(program, file)


@pytest.mark.parametrize(
    "content",
    [
        b"Dear colleague, here is the film of our third session.\n" * 40,
        b"<!doctype html><title>Sign in</title><p>Your download will begin soon.</p>" * 20,
        b"PK\x03\x04" + bytes(range(256)) * 40,
        b"%PDF-1.7\n" + bytes(range(256)) * 40,
        bytes(100_000),
        np.random.default_rng(8).bytes(100_000),
        b"SQLite format 3\0" + bytes(4_000),
    ],
    ids=["a letter", "a web page", "an archive", "a PDF", "zeros", "chance", "a database"],
)
@pytest.mark.parametrize("ending", ["mp4", "wav", "mp3"])
def test_what_is_no_recording_at_all(program: Any, tmp_path: Path, content: bytes, ending: str) -> None:
    (tmp_path / f"a.{ending}").write_bytes(content)
    assert f"a.{ending}: " in refused(program, tmp_path / f"a.{ending}")


def test_a_folder(program: Any, tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    assert "card: this is a folder. Give the recordings in it one by one." in refused(program, tmp_path / "card")


def test_a_link_that_leads_nowhere(program: Any, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").symlink_to(tmp_path / "gone.mp4")
    assert "a.mp4: there is no such file" in refused(program, tmp_path / "a.mp4")


def test_a_link_that_leads_to_itself(program: Any, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").symlink_to(tmp_path / "a.mp4")
    assert "a.mp4: it cannot be read" in refused(program, tmp_path / "a.mp4")


def test_a_pipe_and_a_device(program: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    assert "not a file but a device or a pipe" in refused(program, tmp_path / "a.mp4")
    assert "not a file but a device or a pipe" in refused(program, Path("/dev/zero"))


@contextmanager
def without_rights(file: Path) -> Iterator[None]:
    """The file cannot be read while the block runs: this account lacks the right, or is for a while one without any."""
    if os.geteuid() != 0:
        file.chmod(0)
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_one_that_this_account_may_not_read(tmp_path: Path, shoot: Shoot) -> None:
    file = shoot("a.mp4", "aac", 48_000)
    with without_rights(file), pytest.raises(MediaError, match=r"a\.mp4: you may not read this file"):
        sha256(file)


def test_the_same_recording_twice(program: Any, shoot: Shoot, tmp_path: Path) -> None:
    file = shoot("a.m4a", "aac", 48_000)
    copy = Path(shutil.copyfile(file, tmp_path / "copy of a.m4a"))
    assert "copy of a.m4a and a.m4a are the same recording; give it once" in refused(program, file, copy)
    program.do("session", "add", "D01", 4, file)
    again = program.run("session", "add", "D01", 3, copy)
    assert again.stderr.endswith("copy of a.m4a is in the study already, as the recording of D01-S04\n")
    assert program.files("recordings") == ["d01-s04.m4a"]


def test_a_good_one_beside_a_bad_one(program: Any, shoot: Shoot, tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("not a film")
    good = shoot("a.m4a", "aac", 48_000)
    assert "notes.mp4: this is neither film nor sound" in refused(program, good, tmp_path / "notes.mp4")
    assert good.exists()
