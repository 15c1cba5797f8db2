import json
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iprkit.errors import FormatError, NewerStudy, StorageFull
from iprkit.formats.study_archive import KIND, Manifest, Source, is_archive, read_manifest, unpack, write_archive

ABOUT = Manifest("Rupture", "0.1.0", "0004", (), ())
ROOM = 10**9


def made(folder: Path, **contents: bytes) -> Path:
    sources = []
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        sources.append(Source(folder / name, f"recordings/{name}", name.endswith("mp4")))
    with (folder / "a.zip").open("wb") as stream:
        write_archive(ABOUT, sources, stream)
    return folder / "a.zip"


def forged(folder: Path, entries: dict[str, bytes], listed: list[dict[str, object]], **other: object) -> Path:
    told = {"kind": KIND, "version": 1, "title": "t", "iprkit": "9", "revision": "0004", "missing": [], "files": listed}
    with ZipFile(folder / "forged.zip", "w", ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(told | other))
    return folder / "forged.zip"


def test_what_is_packed_comes_back_byte_for_byte(tmp_path: Path) -> None:
    archive = made(tmp_path, film=b"\0\1" * 70_000, text="ä".encode() * 9_000, empty=b"")
    manifest = unpack(archive, tmp_path / "back", ROOM)
    assert manifest.title == "Rupture"
    for name in ("film", "text", "empty"):
        assert (tmp_path / "back/recordings" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_the_same_files_make_the_same_archive(tmp_path: Path) -> None:
    first = made(tmp_path, one=b"1" * 999, two=b"2").read_bytes()
    assert made(tmp_path, one=b"1" * 999, two=b"2").read_bytes() == first


def test_films_and_what_packs_suspiciously_well_are_left_as_they_are(tmp_path: Path) -> None:
    with ZipFile(made(tmp_path, film_mp4=b"abc" * 99, zeros=bytes(9_000_000), text=b"one two " * 9)) as archive:
        methods = {Path(e.filename).name: e.compress_type for e in archive.infolist()}
    assert (methods["zeros"], methods["text"]) == (ZIP_STORED, ZIP_DEFLATED)


def test_any_zip_program_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    with ZipFile(made(tmp_path, one=b"1" * 999)) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize(
    "path", ["../up", "/etc/passwd", "a/../../b", "C:/x", "a\\..\\b", "./a", "a//b", "", "a/\n", "a:b"]
)
def test_no_path_leads_out_of_the_study(tmp_path: Path, path: str) -> None:
    listed = [{"path": path, "size_bytes": 1, "sha256": "0"}]
    with pytest.raises(FormatError, match=r"outside the study|differ"):
        unpack(forged(tmp_path, {path or "x": b"1"}, listed), tmp_path / "in/side", ROOM)
    assert not (tmp_path / "up").exists()
    assert not (tmp_path / "in").exists()


def test_a_name_that_could_not_be_restored_is_told_when_packing(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    with pytest.raises(FormatError, match="rename it"):
        write_archive(ABOUT, [Source(tmp_path / "one", "a\\b", False)], BytesIO())


def test_a_file_that_claims_to_be_huge_is_not_unpacked(tmp_path: Path) -> None:
    bomb = bytes(500_000_000)
    listed = [{"path": "a", "size_bytes": len(bomb), "sha256": "0"}]
    with pytest.raises(FormatError, match="claims a size that it cannot have"):
        unpack(forged(tmp_path, {"a": bomb}, listed), tmp_path / "in", ROOM)
    assert not (tmp_path / "in").exists()


def test_a_study_larger_than_the_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="make room first"):
        unpack(made(tmp_path, one=b"1" * 999), tmp_path / "in", 998)
    assert not (tmp_path / "in").exists()


def test_a_changed_file_is_named(tmp_path: Path) -> None:
    listed = [{"path": "a", "size_bytes": 1, "sha256": "0" * 64}]
    with pytest.raises(FormatError, match="a is not as it was packed"):
        unpack(forged(tmp_path, {"a": b"1"}, listed), tmp_path / "in", ROOM)


def test_a_list_that_leaves_a_file_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"differ \(extra\)"):
        read_manifest(forged(tmp_path, {"extra": b"1"}, []))


def test_an_archive_of_a_later_iprkit_says_so(tmp_path: Path) -> None:
    with pytest.raises(NewerStudy, match=r"made by a later iprkit \(9\)"):
        read_manifest(forged(tmp_path, {}, [], version=2))


def test_another_zip_is_no_archive(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a", "b")
    assert not is_archive(tmp_path / "other.zip")
    with pytest.raises(FormatError, match=r"no manifest\.json"):
        read_manifest(tmp_path / "other.zip")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_archive_is_refused_and_never_unpacks_to_something_else(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(made(tmp_path, one=b"one and " * 99, two=b"\0\1\2").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    damaged = tmp_path_factory.mktemp("damaged") / "a.zip"
    damaged.write_bytes(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    folder = damaged.parent / "in"
    try:
        manifest = unpack(damaged, folder, ROOM)
    except (FormatError, NewerStudy, StorageFull):
        return
    assert {p.path: (folder / p.path).read_bytes() for p in manifest.files} == {
        "recordings/one": b"one and " * 99,
        "recordings/two": b"\0\1\2",
    }


def test_writing_holds_no_file_in_memory(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x")
    stream = BytesIO()
    told = write_archive(ABOUT, [Source(tmp_path / "large", "large", True)], stream)
    assert [(one.path, one.size_bytes) for one in told.files] == [("large", 1)]
