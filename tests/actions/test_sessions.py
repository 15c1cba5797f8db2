from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.dyads import add_dyad
from iprkit.actions.history import undo
from iprkit.actions.recordings import Intake, relink
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput, MediaError, NotFound, NotMedia, SameRecording

Recorder = Callable[..., Path]


@pytest.fixture(autouse=True)
def _dyad(study: Study) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})


def add(study: Study, number: int, *files: Path, **how: object) -> str:
    return add_session(study, ("D01", number), sources_of(files), intake=Intake(**how))  # type: ignore[arg-type]


def stored(study: Study) -> list[tuple[str, str, int, int]]:
    """Path, view, part and offset of every recording."""
    with study.read() as db:
        return [(r.path, r.view, r.part, r.offset_ms) for r in queries.all_recordings(db)]


def in_folder(study: Study) -> list[str]:
    return sorted(place.name for place in (study.folder / "recordings").iterdir())


def test_a_recording_is_copied_under_the_sessions_name(study: Study, record: Recorder) -> None:
    file = record("IMG_1234.WAV")
    assert add(study, 3, file) == "D01-S03"
    assert stored(study) == [("recordings/d01-s03.wav", "main", 1, 0)]
    assert (study.folder / "recordings/d01-s03.wav").read_bytes() == file.read_bytes()


def test_a_copied_recording_is_private(study: Study, record: Recorder) -> None:
    add(study, 3, record("a.wav"))
    assert (study.folder / "recordings/d01-s03.wav").stat().st_mode & 0o077 == 0


def test_several_files_are_parts_after_one_another(study: Study, record: Recorder) -> None:
    add(study, 3, record("a.wav", seconds=2), record("b.wav", seconds=1))
    assert stored(study) == [
        ("recordings/d01-s03-part1.wav", "main", 1, 0),
        ("recordings/d01-s03-part2.wav", "main", 2, 2000),
    ]


def test_a_second_camera_has_its_own_place_on_the_clock(study: Study, record: Recorder) -> None:
    side = record("side.wav", pitch=300)
    add_session(study, ("D01", 3), sources_of([record("a.wav")], [f"{side}@-1200"]))
    assert stored(study)[1] == ("recordings/d01-s03-camera2.wav", "camera2", 1, -1200)


def test_a_linked_recording_stays_where_it_is(study: Study, record: Recorder) -> None:
    file = record("a.wav")
    add(study, 3, file, link=True)
    assert stored(study) == [(str(file), "main", 1, 0)]
    assert in_folder(study) == []


def test_a_recording_that_lies_in_the_study_is_used_in_place(study: Study, record: Recorder) -> None:
    here = record("a.wav").rename(study.folder / "recordings" / "ours.wav")
    add(study, 3, here)
    assert stored(study) == [("recordings/ours.wav", "main", 1, 0)]
    assert in_folder(study) == ["ours.wav"]


def test_the_length_and_what_is_in_the_file_are_remembered(study: Study, record: Recorder) -> None:
    add(study, 3, record("a.wav", seconds=2, channels=2), channels=("therapist", "client"))
    with study.read() as db:
        (recording,) = queries.all_recordings(db)
        assert recording.duration_ms == 2000
        assert recording.channels == ["therapist", "client"]
        assert recording.media["channels"] == 2


def test_more_channel_names_than_channels_are_refused(study: Study, record: Recorder) -> None:
    with pytest.raises(InvalidInput, match="1 channels, but 2 are named"):
        add(study, 3, record("a.wav"), channels=("therapist", "client"))


def test_an_unknown_role_on_a_channel_is_refused(study: Study, record: Recorder) -> None:
    with pytest.raises(InvalidInput, match="'left' is no role"):
        add(study, 3, record("a.wav"), channels=("left",))


def test_the_same_recording_twice_is_refused_and_the_session_that_has_it_named(study: Study, record: Recorder) -> None:
    add(study, 3, record("a.wav"))
    with pytest.raises(SameRecording, match=r"b\.wav is in the study already, as the recording of D01-S03"):
        add(study, 4, record("b.wav"))
    assert in_folder(study) == ["d01-s03.wav"]


def test_the_same_recording_twice_at_once_is_refused(study: Study, record: Recorder) -> None:
    with pytest.raises(SameRecording, match="give it once"):
        add(study, 3, record("a.wav"), record("b.wav"))


def test_nothing_is_left_behind_where_one_of_two_files_is_no_recording(study: Study, record: Recorder) -> None:
    notes = record("a.wav").with_name("notes.mp4")
    notes.write_text("not a film at all")
    with pytest.raises(NotMedia):
        add(study, 3, record("a.wav"), notes)
    assert in_folder(study) == []
    assert stored(study) == []


def test_nothing_is_left_behind_where_the_database_refuses(study: Study, record: Recorder) -> None:
    file = record("a.wav")
    shared = Study(study.folder, study.engine, "anna", share="nfs")
    with pytest.raises(Exception, match="network share"):
        add(shared, 3, file)
    assert in_folder(study) == []


def test_a_missing_file_is_named(study: Study, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"gone\.mp4"):
        add(study, 3, tmp_path / "gone.mp4")


def test_a_session_that_is_there_is_refused(study: Study, record: Recorder) -> None:
    add(study, 3, record("a.wav"))
    with pytest.raises(Conflict, match="D01-S03 exists already"):
        add(study, 3, record("b.wav", pitch=300))


def test_an_unknown_dyad_is_refused_with_the_nearest_known_one(study: Study, record: Recorder) -> None:
    with pytest.raises(NotFound, match="no dyad D07 in this study; did you mean D01"):
        add_session(study, ("D07", 3), sources_of([record("a.wav")]))


def test_a_date_is_stored_as_written_in_iso(study: Study, record: Recorder) -> None:
    add_session(study, ("D01", 3), sources_of([record("a.wav")]), date="2026-03-04")
    with study.read() as db:
        assert queries.conversation(db, "D01-S03").date == "2026-03-04"


@pytest.mark.parametrize("date", ["04.03.2026", "2026-02-30", "yesterday"])
def test_what_is_no_date_is_refused(study: Study, record: Recorder, date: str) -> None:
    with pytest.raises(InvalidInput, match="is no date"):
        add_session(study, ("D01", 3), sources_of([record("a.wav")]), date=date)


@pytest.mark.parametrize("number", [0, -1, 1000])
def test_a_session_number_that_cannot_be_meant_is_refused(study: Study, record: Recorder, number: int) -> None:
    with pytest.raises(InvalidInput, match="from 1 to 999"):
        add(study, number, record("a.wav"))


def test_after_undo_the_same_recording_can_be_added_again_without_a_second_copy(study: Study, record: Recorder) -> None:
    file = record("a.wav")
    add(study, 3, file)
    undo(study)
    add(study, 3, file)
    assert in_folder(study) == ["d01-s03.wav"]


def test_another_file_of_that_name_is_never_overwritten(study: Study, record: Recorder) -> None:
    (study.folder / "recordings/d01-s03.wav").write_text("something else")
    add(study, 3, record("a.wav"))
    assert in_folder(study) == ["d01-s03-2.wav", "d01-s03.wav"]


def test_a_moved_recording_is_found_by_its_content(study: Study, record: Recorder, tmp_path: Path) -> None:
    file = record("a.wav")
    add(study, 3, file, link=True)
    moved = file.rename(tmp_path / "renamed.wav")
    record("decoy.wav", pitch=300)
    (found,) = relink(study, tmp_path)
    assert (found.session, found.old, found.new) == ("D01-S03", str(file), str(moved))
    assert stored(study)[0][0] == str(moved)


def test_a_recording_that_is_nowhere_stays_missing(study: Study, record: Recorder, tmp_path: Path) -> None:
    file = record("a.wav")
    add(study, 3, file, link=True)
    file.unlink()
    (found,) = relink(study, tmp_path)
    assert found.new is None
    assert stored(study)[0][0] == str(file)
