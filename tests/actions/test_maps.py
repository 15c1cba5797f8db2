from __future__ import annotations

from pathlib import Path

import pytest

from iprkit.actions.history import undo
from iprkit.actions.linking import How, link
from iprkit.actions.maps import edit_map, show_map
from iprkit.actions.moments import moments_of
from iprkit.actions.recalls import show
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput, NotFound
from iprkit.linking.corrections import Edit
from iprkit.recall import MANUAL, Piece
from iprkit.timeline import Span

KEY = "D01-S03-client"


def piece(start_ms: int, end_ms: int, session_ms: int) -> Piece:
    return Piece(Span(start_ms, end_ms), Span(session_ms, session_ms + end_ms - start_ms), 1.0, MANUAL)


def spans(study: Study) -> list[tuple[int, int]]:
    return [(row.piece.interview.start_ms, row.piece.interview.end_ms) for row in show_map(study, KEY).rows]


def about(study: Study) -> dict[str, Span | None]:
    return {one.key[-3:]: one.session for one in show(study, KEY).comments}


def test_pieces_are_numbered_in_the_order_of_the_interview(recalled: Study) -> None:
    found = show_map(recalled, KEY)
    assert [row.number for row in found.rows] == [1, 2, 3, 4]
    assert {row.piece.source for row in found.rows} == {"logged"}
    assert found.struck_out == ()


def test_comments_and_pauses_follow_a_piece_that_was_moved(recalled: Study) -> None:
    edit_map(recalled, KEY, Edit(move=[(2, piece(49_200, 67_700, 0))]))
    assert about(recalled)["K04"] == Span(0, 18_500)
    assert show(recalled, KEY).pauses[1].session_ms == 18_500


def test_a_comment_keeps_its_key_when_the_map_changes(recalled: Study) -> None:
    before = {one.key: one.text for one in show(recalled, KEY).comments}
    edit_map(recalled, KEY, Edit(split=[(1, 20_000)], pin=[3]))
    assert {one.key: one.text for one in show(recalled, KEY).comments} == before


def test_without_the_piece_before_it_a_comment_is_about_the_one_before_that(recalled: Study) -> None:
    edit_map(recalled, KEY, Edit(delete=[2]))
    assert about(recalled)["K04"] == about(recalled)["K02"]


def test_without_any_playback_there_are_no_moments_left(recalled: Study) -> None:
    for who in ("client", "therapist"):
        edit_map(recalled, f"D01-S03-{who}", Edit(delete=[1, 2, 3, 4]))
    assert moments_of(recalled, "D01-S03") == []


def test_what_somebody_says_over_a_piece_stays_theirs_and_is_about_that_place(recalled: Study) -> None:
    edit_map(recalled, KEY, Edit(add=[piece(132_000, 138_000, 146_300)]))
    said = next(one for one in show(recalled, KEY).comments if "nothing bad happened" in one.text)
    assert (said.about, said.delay_ms) == ("place", 0)


def test_a_correction_is_one_step_of_undo(recalled: Study) -> None:
    before, told = show_map(recalled, KEY), show(recalled, KEY)
    edit_map(recalled, KEY, Edit(delete=[1], move=[(2, piece(50_000, 60_000, 0))]))
    undo(recalled)
    assert show_map(recalled, KEY) == before
    assert show(recalled, KEY) == told


def test_corrections_stand_when_a_log_is_read_again(recalled: Study, tmp_path: Path) -> None:
    edit_map(recalled, KEY, Edit(delete=[1], move=[(2, piece(50_000, 60_000, 0))]))
    log = tmp_path / "again.csv"
    log.write_text("interview,event,session\n0:11,play,0:30\n0:25,pause,\n0:45,play,1:00\n1:10,pause,\n", "utf-8")
    link(recalled, [KEY], How(log=log))
    assert spans(recalled) == [(45_000, 49_209), (50_000, 60_000), (67_719, 70_000)]


def test_a_piece_beyond_a_recording_is_refused(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match=r"D01-S03-client lasts 2:25\.5; 3:20\.0 lies beyond it"):
        edit_map(recalled, KEY, Edit(add=[piece(190_000, 200_000, 0)]))
    with pytest.raises(InvalidInput, match=r"D01-S03 lasts 2:54\.6; 16:45\.0 lies beyond it"):
        edit_map(recalled, KEY, Edit(add=[piece(0, 5_000, 1_000_000)]))


def test_pieces_that_overlap_are_refused_and_nothing_is_changed(recalled: Study) -> None:
    before = show_map(recalled, KEY)
    with pytest.raises(InvalidInput, match="only one stretch can be played at a time"):
        edit_map(recalled, KEY, Edit(add=[piece(0, 5_000, 0), piece(4_000, 9_000, 0)]))
    assert show_map(recalled, KEY) == before


def test_saying_nothing_is_refused_and_so_are_a_session_and_an_unknown_number(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="say what to change"):
        edit_map(recalled, KEY, Edit())
    with pytest.raises(InvalidInput, match="is a session, not a recall interview"):
        show_map(recalled, "D01-S03")
    with pytest.raises(NotFound, match="no piece 9"):
        edit_map(recalled, KEY, Edit(pin=[9]))
