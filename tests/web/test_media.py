"""Recordings as players ask for them: by ranges of bytes; and their outline, drawn once."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.actions.waveforms import waveform
from iprkit.actions.withdrawals import withdraw
from iprkit.database.connect import Study
from iprkit.media.peaks import FINEST, coarser, peaks_of
from iprkit.web.ranges import Unsatisfiable, part_of

from .conftest import Browser


@pytest.fixture
def recording(lea: Browser) -> str:
    number: str = lea.get("/api/study")["dyads"][0]["sessions"][0]["recordings"][0]["id"]
    return number


@pytest.fixture
def data(coded: Study) -> bytes:
    return (coded.folder / "recordings/d01-s01.wav").read_bytes()


def ask(lea: Browser, recording: str, wanted: str | None = None, **more: str) -> Any:
    headers = {**({"range": wanted} if wanted else {}), **more}
    return lea.client.get(f"/api/recordings/{recording}/media", headers=headers)


def test_the_whole_recording_says_that_parts_may_be_asked_for(lea: Browser, recording: str, data: bytes) -> None:
    answer = ask(lea, recording)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "audio/wav"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=100-199", 100, 199), ("bytes=1000-", 1000, None), ("bytes=0-999999999", 0, None)],
)
def test_a_part_is_exactly_what_was_asked_for(
    lea: Browser, recording: str, data: bytes, wanted: str, first: int, last: int | None
) -> None:
    end = len(data) - 1 if last is None else last
    answer = ask(lea, recording, wanted)
    assert (answer.status_code, answer.content) == (206, data[first : end + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{end}/{len(data)}"
    assert answer.headers["content-length"] == str(end - first + 1)


def test_the_last_bytes_are_had_by_a_suffix(lea: Browser, recording: str, data: bytes) -> None:
    assert ask(lea, recording, "bytes=-500").content == data[-500:]
    assert ask(lea, recording, f"bytes=-{10 * len(data)}").content == data


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=99999999-100000000", "bytes=-0"])
def test_a_part_beyond_the_end_is_told(lea: Browser, recording: str, data: bytes, wanted: str) -> None:
    answer = ask(lea, recording, wanted)
    assert (answer.status_code, answer.json()["error"]) == (416, "not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(data)}"


@pytest.mark.parametrize("wanted", ["items=0-5", "bytes=", "bytes=a-b", "bytes=5-2", "bytes=0-1,4-5"])
def test_what_is_no_range_of_one_part_gets_the_whole(lea: Browser, recording: str, wanted: str, data: bytes) -> None:
    answer = ask(lea, recording, wanted)
    assert (answer.status_code, len(answer.content)) == (200, len(data))


def test_a_part_of_what_is_another_recording_by_now_is_the_whole(lea: Browser, recording: str) -> None:
    tag = ask(lea, recording).headers["etag"]
    assert ask(lea, recording, "bytes=0-9", **{"if-range": tag}).status_code == 206
    assert ask(lea, recording, "bytes=0-9", **{"if-range": '"older"'}).status_code == 200


def test_an_empty_file_has_no_part() -> None:
    with pytest.raises(Unsatisfiable):
        part_of("bytes=-1", 0)


def test_the_end_of_a_large_recording_is_read_without_its_beginning(lea: Browser, recording: str, coded: Study) -> None:
    place = coded.folder / "recordings/d01-s01.wav"
    with place.open("r+b") as file:  # a hole of 3 GB, which takes no room on the disk
        file.seek(3_000_000_000)
        file.write(b"the end")
    answer = ask(lea, recording, "bytes=2999999990-")
    assert answer.content == b"\0" * 10 + b"the end"


def test_a_recording_that_is_gone_is_told(lea: Browser, recording: str, coded: Study) -> None:
    (coded.folder / "recordings/d01-s01.wav").unlink()
    answer = ask(lea, recording)
    assert (answer.status_code, answer.json()["error"]) == (422, "media_error")


def test_nobody_hears_somebody_who_withdrew(lea: Browser, recording: str, coded: Study) -> None:
    withdraw(coded, "D01", "client")
    for part in ("media", "peaks"):
        answer = lea.client.get(f"/api/recordings/{recording}/{part}")
        assert (answer.status_code, answer.json()["error"]) == (409, "conflict")


def test_the_waveform_is_drawn_once_and_kept_in_private(lea: Browser, recording: str, coded: Study) -> None:
    first = lea.get(f"/api/recordings/{recording}/peaks?per_second=20")
    (kept,) = (coded.folder / "cache").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    before = kept.stat().st_mtime_ns
    assert lea.get(f"/api/recordings/{recording}/peaks?per_second=20") == first
    assert kept.stat().st_mtime_ns == before
    kept.unlink()
    assert lea.get(f"/api/recordings/{recording}/peaks?per_second=20") == first
    pairs = np.frombuffer(base64.b64decode(first["peaks"]), np.int8).reshape(-1, 2)
    assert len(pairs) == first["count"] == 40  # two seconds of a tone at 9000 of 32768
    assert abs(int(pairs[5:35, 1].max()) - round(9000 / 32768 * 127)) <= 1
    assert abs(int(pairs[5:35, 0].min()) + round(9000 / 32768 * 127)) <= 1


def test_a_rate_that_cannot_be_drawn_is_refused(lea: Browser, recording: str) -> None:
    answer = lea.client.get(f"/api/recordings/{recording}/peaks?per_second=30")
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_input")


def test_peaks_are_the_extremes_of_each_hundredth(tmp_path: Path, write_wav: Any) -> None:
    sound: NDArray[np.float32] = np.zeros(16_000, np.float32)
    sound[160 * 3 + 7], sound[160 * 50] = 0.75, -1.0
    write_wav(tmp_path / "clicks.wav", sound[None])
    found = peaks_of(tmp_path / "clicks.wav")
    assert found.shape == (FINEST, 2)
    assert (found[3].tolist(), found[50].tolist()) == ([0, 95], [-127, 0])
    assert coarser(found, 10)[0].tolist() == [0, 95]
    assert coarser(found, 1).tolist() == [[-127, 95]]


def test_two_who_ask_at_once_get_the_same_waveform(coded: Study, recording: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: waveform(coded, recording).tolist(), range(4)))
    assert drawn.count(drawn[0]) == 4
