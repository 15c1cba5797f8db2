from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iprkit.actions.history import history, undo
from iprkit.actions.linking import How, Linked, link
from iprkit.actions.listeners import Request
from iprkit.actions.maps import edit_map, show_map
from iprkit.actions.moments import moments_of
from iprkit.actions.playback import find_playback
from iprkit.actions.recalls import Held, add_recall, show
from iprkit.actions.sessions import sources_of
from iprkit.actions.transcription import transcribe
from iprkit.actions.transcripts import show as show_transcript
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput, NotFound
from iprkit.linking.corrections import Edit
from iprkit.recall import MANUAL, Piece
from iprkit.timeline import Span

ROOT = Path(__file__).parents[2]
KEY = "D01-S03-client"
Recorder = Callable[..., Path]


def heard_again(study: Study) -> Linked:
    """The client's interview transcribed with no map at all, so that the session's own words are in its transcript."""
    edit_map(study, KEY, Edit(delete=[1, 2, 3, 4]))
    script = ROOT / "transcripts/d01-s03-client-recall.told.json"
    transcribe(study, [KEY], Request("scripted", str(script), again=True))
    (linked,) = link(study, [KEY])
    return linked


def true_pieces(truth: dict[str, Any]) -> list[Piece]:
    def span(piece: dict[str, float], clock: str) -> Span:
        return Span(round(1000 * piece[f"{clock}_start"]), round(1000 * piece[f"{clock}_end"]))

    return [
        Piece(span(piece, "recall"), span(piece, "session"), 1.0, MANUAL)
        for piece in truth["recalls"]["client"]["replays"]
    ]


def texts(study: Study) -> list[str]:
    return [one.text for one in show(study, KEY).comments]


def test_what_was_done_is_told(recalled: Study) -> None:
    (one,) = link(recalled, [KEY], How(tolerance_ms=5_000))
    assert (one.error, one.already, one.pieces, one.pauses, one.comments, one.unlinked) == (None, False, 4, 4, 8, 1)
    assert one.roles == ("client", "interviewer")
    assert one.played_ms == pytest.approx(72_305, abs=5)


def test_without_keys_every_interview_is_linked(recalled: Study) -> None:
    assert [one.key for one in link(recalled)] == ["D01-S03-client", "D01-S03-therapist"]


def test_what_has_not_changed_is_left_alone(recalled: Study) -> None:
    before = len(history(recalled, "D01"))
    assert {one.already for one in link(recalled)} == {True}
    assert len(history(recalled, "D01")) == before


def test_another_tolerance_sorts_the_moments_anew(recalled: Study) -> None:
    link(recalled, (), How(tolerance_ms=5_000))
    assert {moment.source for moment in moments_of(recalled, "D01-S03")} == {"client", "therapist"}


def test_linking_is_one_step_of_undo(recalled: Study) -> None:
    before = moments_of(recalled, "D01-S03")
    link(recalled, (), How(tolerance_ms=5_000))
    undo(recalled)
    assert moments_of(recalled, "D01-S03") == before


def test_the_run_says_how_it_was_done(recalled: Study) -> None:
    link(recalled, [KEY], How(tolerance_ms=5_000))
    with recalled.read() as db:
        run = recall_queries.interview(db, KEY).recall.comments_run
        assert run is not None
        assert (run.step, run.author, run.settings["tolerance_ms"]) == ("link", "anna", 5_000)
        assert run.outcome == {"pauses": 4, "comments": 8}


def test_the_playback_is_never_part_of_the_interviews_transcript(recalled: Study, truth: dict[str, Any]) -> None:
    said = " ".join(turn["text"] for turn in truth["recalls"]["client"]["speech"])
    assert " ".join(word.text for word in show_transcript(recalled, KEY).words) == said


def test_what_was_transcribed_before_the_map_was_known_is_cut_out_by_it(recalled: Study, truth: dict[str, Any]) -> None:
    heard_again(recalled)
    assert "You were anxious?" in texts(recalled)
    edit_map(recalled, KEY, Edit(add=true_pieces(truth)))
    said = [turn["text"] for turn in truth["recalls"]["client"]["speech"] if turn["speaker"] == "client"]
    assert texts(recalled) == said


def test_what_the_engine_heard_stays_as_the_raw_version(recalled: Study, truth: dict[str, Any]) -> None:
    heard_again(recalled)
    edit_map(recalled, KEY, Edit(add=true_pieces(truth)))
    now = show_transcript(recalled, KEY)
    number = int(now.meta["version"])
    assert now.meta["status"] == "working"
    assert "best." in [word.text for word in show_transcript(recalled, KEY, number - 1).words]


def test_without_playback_every_comment_is_kept_and_about_nothing(recalled: Study) -> None:
    linked = heard_again(recalled)
    assert (linked.pieces, linked.pauses, linked.comments) == (0, 0, linked.unlinked)
    assert linked.comments > 0


def test_what_nobody_listened_to_is_told_where_it_turns_out_to_be_no_playback(recalled: Study) -> None:
    _, linked = edit_map(recalled, KEY, Edit(delete=[2]))
    (span,) = linked.unheard
    assert abs(span.start_ms - 49_209) < 700
    assert abs(span.end_ms - 67_719) < 700


def test_an_interview_without_transcript_says_what_comes_next(recalled: Study, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("interview,event,session\n0:01,play,0:10\n0:03,pause,\n", encoding="utf-8")
    source = sources_of([ROOT / "recordings/d01-s03-stereo.ogg"])
    add_recall(recalled, ("D01", 3), Held("observer"), source)
    (one,) = link(recalled, ["D01-S03-observer"], How(log=log))
    assert (one.pieces, one.pauses, one.comments) == (1, 1, 0)
    assert one.next == "iprkit transcribe D01-S03-observer"


def test_voices_that_nobody_named_are_asked_for(recalled: Study, models: Path) -> None:
    edit_map(recalled, KEY, Edit(pin=[1]))
    with recalled.change("forgot who is who", KEY) as db:
        conversation = queries.conversation(db, KEY)
        for speaker in conversation.speakers:
            speaker.role = None
        for row in conversation.versions[-1].segments:
            row.role = None
    (one,) = link(recalled, [KEY])
    assert (one.comments, one.next) == (0, f"iprkit speakers {KEY} A=interviewer B=client")


def test_a_log_that_breaks_the_rules_is_named_with_its_row_and_nothing_is_changed(
    recalled: Study, tmp_path: Path
) -> None:
    log = tmp_path / "log.csv"
    log.write_text("interview,event,session\n0:01,play,\n", encoding="utf-8")
    before = show_map(recalled, KEY)
    (one,) = link(recalled, [KEY], How(log=log))
    assert one.error == "log.csv: row 2: play needs a session time, as in 12:40.5"
    assert show_map(recalled, KEY) == before


def test_a_log_of_another_film_is_noticed(recalled: Study, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("interview,event,session\n0:01,play,30:00\n0:20,pause,\n", encoding="utf-8")
    (one,) = link(recalled, [KEY], How(log=log))
    assert one.error == "log.csv speaks of 30:19.0 in D01-S03, which ends at 2:54.6"


def test_a_log_that_is_not_there_is_named(recalled: Study, tmp_path: Path) -> None:
    (one,) = link(recalled, [KEY], How(log=tmp_path / "log.csv"))
    assert "log.csv cannot be read" in (one.error or "")


def test_one_log_tells_of_one_interview(recalled: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="tells of one interview, not of 2"):
        link(recalled, (), How(log=tmp_path / "log.csv"))


def test_a_session_or_an_unknown_key_is_refused(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="is a session, not a recall interview"):
        link(recalled, ["D01-S03"])
    with pytest.raises(NotFound, match="did you mean D01-S03-client"):
        link(recalled, ["D01-S03-klient"])


def test_a_study_without_interviews_has_nothing_to_link(study: Study) -> None:
    assert link(study) == []


def test_a_map_that_is_known_needs_no_recording(recalled: Study, tmp_path: Path) -> None:
    with recalled.change("lost a film", "D01-S03") as db:
        for recording in queries.conversation(db, "D01-S03").recordings:
            recording.path = str(tmp_path / "gone.mp4")
    assert len(find_playback(recalled, KEY).pieces) == 4
    assert {one.error for one in link(recalled, (), How(tolerance_ms=5_000))} == {None}


def test_playback_is_found_by_sound(recalled: Study, truth: dict[str, Any]) -> None:
    (one,) = link(recalled, [KEY], How(again=True))
    assert one.error is None
    found = show_map(recalled, KEY)
    assert {row.piece.source for row in found.rows} == {"found"}
    for row, true in zip(found.rows, true_pieces(truth), strict=True):
        assert abs(row.piece.interview.start_ms - true.interview.start_ms) <= 500
        assert abs(row.piece.interview.end_ms - true.interview.end_ms) <= 500
        middle = true.interview.middle_ms
        assert abs(row.piece.session_ms(middle) - true.session_ms(middle)) <= 100
    assert texts(recalled)[1:3] == [
        "I could feel myself disappear. He asked about dinner, and I thought, here we go, just say yes and it will be "
        "over soon.",
        "No. I am very good at it. Nobody ever notices.",
    ]


def test_playback_that_was_found_is_not_looked_for_again(recalled: Study) -> None:
    link(recalled, [KEY], How(again=True))
    before = len(history(recalled, KEY))
    link(recalled, [KEY])
    assert len(history(recalled, KEY)) == before
