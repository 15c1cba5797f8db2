from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.dyads import add_dyad
from iprkit.actions.history import history, redo, undo
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.studies import back_up, init, restore, status
from iprkit.database.connect import Study, open_study
from iprkit.errors import NotFound

Recorder = Callable[..., Path]


def test_a_study_without_a_title_is_named_after_its_folder(tmp_path: Path) -> None:
    with open_study(init(tmp_path / "ruptures")) as study:
        assert status(study).title == "ruptures"


def test_status_tells_what_each_session_has(study: Study, record: Recorder) -> None:
    add_dyad(study, "D01", {})
    add_session(study, ("D01", 3), sources_of([record("a.wav", seconds=2)]), date="2026-03-04")
    ((session,),) = (dyad.sessions for dyad in status(study).dyads)
    assert (session.key, session.date, session.recordings, session.duration_ms) == ("D01-S03", "2026-03-04", 1, 2000)
    assert (session.transcript, session.missing) == (None, 0)


def test_status_counts_missing_recordings(study: Study, record: Recorder) -> None:
    add_dyad(study, "D01", {})
    add_session(study, ("D01", 3), sources_of([record("a.wav")]))
    (study.folder / "recordings/d01-s03.wav").unlink()
    assert status(study).dyads[0].sessions[0].missing == 1


def test_undo_and_redo_of_a_session(study: Study, record: Recorder) -> None:
    add_dyad(study, "D01", {})
    add_session(study, ("D01", 3), sources_of([record("a.wav")]))
    undo(study)
    assert status(study).dyads[0].sessions == ()
    redo(study)
    assert [session.key for session in status(study).dyads[0].sessions] == ["D01-S03"]


def test_the_history_of_what_never_was_is_not_found(study: Study) -> None:
    with pytest.raises(NotFound, match="D77"):
        history(study, "D77")


def test_restoring_keeps_a_backup_of_what_was_there(study: Study) -> None:
    copy = back_up(study)
    add_dyad(study, "D01", {})
    kept = restore(study, copy)
    with open_study(study.folder) as again:
        assert status(again).dyads == ()
        restore(again, kept)
    with open_study(study.folder) as again:
        assert [dyad.key for dyad in status(again).dyads] == ["D01"]
