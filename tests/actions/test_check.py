from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.check import Finding, check
from iprkit.actions.dyads import add_dyad
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database.connect import DATABASE, Study
from iprkit.database.models import Voice

Recorder = Callable[..., Path]
COPY = "recordings/d01-s03.wav"


@pytest.fixture(autouse=True)
def _session(study: Study, record: Recorder) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"]})
    add_session(study, ("D01", 3), sources_of([record("a.wav")]))


def only(study: Study, full: bool = False) -> Finding:
    (finding,) = check(study, full)
    return finding


def test_a_whole_study_has_no_findings(study: Study) -> None:
    assert check(study, full=True) == []


def test_a_missing_recording_is_found(study: Study) -> None:
    (study.folder / COPY).unlink()
    assert only(study).text == f"the recording {COPY} is missing; find it with: iprkit relink FOLDER"


def test_a_recording_of_another_size_is_found(study: Study) -> None:
    with (study.folder / COPY).open("ab") as file:
        file.write(b"more")
    assert "bytes, not the" in only(study).text


def test_a_changed_byte_is_found_by_a_full_check_only(study: Study) -> None:
    content = bytearray((study.folder / COPY).read_bytes())
    content[-1] ^= 1
    (study.folder / COPY).write_bytes(content)
    assert check(study) == []
    assert "its checksum differs" in only(study, full=True).text


def test_a_file_that_belongs_to_no_session_is_noted(study: Study) -> None:
    (study.folder / "recordings/old.mp4").write_text("x")
    assert only(study) == Finding("recordings/old.mp4", only(study).text, wrong=False)


@pytest.mark.parametrize("name", ["recordings/.d01-s04.wav.partial", "exports/.D01-S03.vtt.77.partial"])
def test_half_a_file_that_an_interruption_left_is_noted(study: Study, name: str) -> None:
    (study.folder / name).write_text("half")
    (study.folder / name).chmod(0o600)
    assert only(study) == Finding(name, f"{name} is half a file, left by an interruption; delete it", wrong=False)


def test_files_that_others_can_read_are_found(study: Study) -> None:
    (study.folder / DATABASE).chmod(0o644)
    (study.folder / COPY).chmod(0o640)
    assert [finding.subject for finding in check(study)] == [DATABASE, COPY]


def test_stored_voices_are_named_without_being_a_fault(study: Study) -> None:
    with study.write() as db:
        db.add(Voice(
            dyad_key="D01", conversation_key="D01-S03", label="A", embedding=[0.5], model="m", window_count=9
        ))  # fmt: skip
    assert only(study) == Finding("D01", only(study).text, wrong=False)
    assert "voice profile of the speaker A" in only(study).text


def test_a_damaged_database_is_found(study: Study) -> None:
    study.close()
    content = bytearray((study.folder / DATABASE).read_bytes())
    content[-4096:] = b"\xff" * 4096
    (study.folder / DATABASE).write_bytes(content)
    assert DATABASE in [finding.subject for finding in check(study)]
