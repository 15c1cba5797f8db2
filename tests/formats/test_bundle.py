import io
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iprkit.errors import FormatError
from iprkit.formats.bundle import Bundle, read_bundle, unpack_recording, write_bundle

ROWS = {"coding": [{"id": "a", "memo": "ça"}]}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    file = tmp_path / "sound.wav"
    file.write_bytes(b"RIFF" + bytes(range(256)) * 40)
    return file


@pytest.fixture
def bundle(tmp_path: Path, sound: Path) -> Path:
    file = tmp_path / "b.zip"
    with file.open("wb") as stream:
        write_bundle(Bundle("s1", "A01", "anna", "2026", ROWS, {}), {checksum(sound): sound}, stream)
    return file


def checksum(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def changed(bundle: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The bundle with another manifest."""
    to = bundle.with_name("changed.zip")
    with ZipFile(bundle) as source, ZipFile(to, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            target.writestr(name, content)
    return to


def test_what_was_written_is_read_and_recordings_come_out_whole(bundle: Path, sound: Path) -> None:
    found, out = read_bundle(bundle), io.BytesIO()
    assert found == Bundle("s1", "A01", "anna", "2026", ROWS, {checksum(sound): 10_244})
    unpack_recording(bundle, checksum(sound), 10_244, out)
    assert out.getvalue() == sound.read_bytes()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: one.update(format="other"), "is no bundle of iprkit"),
        (lambda one: one.update(version=2), "is a bundle of version 2; update iprkit"),
        (lambda one: one.update(parts=[]), "names no parts"),
        (
            lambda one: one["parts"].update({"../study.db": {"size": 1, "sha256": "x"}}),
            r"names a part '\.\./study\.db'",
        ),
        (lambda one: one["parts"]["rows.json"].update(sha256="0" * 64), "rows.json is not what its checksum says"),
        (lambda one: one["parts"]["rows.json"].update(size=-1), "names a part 'rows.json'"),
    ],
)
def test_a_manifest_that_is_not_honest_is_refused(
    bundle: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    with pytest.raises(FormatError, match=said):
        read_bundle(changed(bundle, change))


def test_a_recording_that_is_other_than_said_is_refused(bundle: Path, sound: Path) -> None:
    for size, sha in ((10_243, checksum(sound)), (10_245, checksum(sound)), (1, "0" * 64)):
        with pytest.raises(FormatError):
            unpack_recording(bundle, sha, size, io.BytesIO())


def test_rows_that_unpack_to_gigabytes_are_not_read(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        parts = {"rows.json": {"size": 1, "sha256": "0"}}
        archive.writestr("manifest.json", json.dumps({"format": "iprkit bundle", "version": 1, "parts": parts}))
        with archive.open("rows.json", "w") as stream:
            for _ in range(260):
                stream.write(bytes(1024 * 1024))
    with pytest.raises(FormatError, match="unpacks to more than 256 MB"):
        read_bundle(bomb)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_says_what_it_said_before(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    stream = io.BytesIO()
    write_bundle(Bundle("s1", "A01", "anna", "2026", ROWS, {}), {}, stream)
    content = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.mktemp("damaged") / "b.zip"
    file.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        found = read_bundle(file)
    except FormatError as e:
        assert "b.zip" in str(e)
    else:
        assert found.rows == ROWS
