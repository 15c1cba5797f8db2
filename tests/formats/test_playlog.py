import pytest

from iprkit.errors import FormatError
from iprkit.formats.playlog import read_playlog
from iprkit.recall import LOGGED, Piece
from iprkit.timeline import Span

HEAD = "interview,event,session,by\n"


def pieces(*rows: str, head: str = HEAD) -> list[tuple[Span, Span]]:
    log = read_playlog((head + "\n".join(rows)).encode())
    return [(piece.interview, piece.session) for piece in log.time_map.pieces]


def test_play_and_pause_make_a_piece() -> None:
    assert pieces("0:10.2,play,0:22.8,", "0:29.6,pause,,client") == [(Span(10_200, 29_600), Span(22_800, 42_200))]


def test_a_logged_piece_says_so() -> None:
    (piece,) = read_playlog((HEAD + "0,play,500,\n1000,pause,,\n").encode()).time_map.pieces
    assert piece == Piece(Span(0, 1_000), Span(500, 1_500), 1.0, LOGGED)


def test_a_pause_that_tells_where_the_player_stood_sets_the_pieces_end() -> None:
    assert pieces("0,play,0,", "10000,pause,10100,") == [(Span(0, 10_000), Span(0, 10_100))]


def test_a_jump_ends_one_piece_and_begins_the_next() -> None:
    assert pieces("0:00,play,1:00,", "0:05,jump,2:00,", "0:08,pause,,") == [
        (Span(0, 5_000), Span(60_000, 65_000)),
        (Span(5_000, 8_000), Span(120_000, 123_000)),
    ]


def test_who_stopped_is_kept() -> None:
    stops = read_playlog((HEAD + "0,play,0,\n9000,pause,,Client\n").encode()).stops
    assert [(stop.interview_ms, stop.by) for stop in stops] == [(9_000, "client")]


def test_columns_stand_in_any_order_and_by_may_lack() -> None:
    assert pieces("play,0,0", "pause,,1000", head="Event,Session,Interview\n") == [(Span(0, 1_000), Span(0, 1_000))]


def test_a_spreadsheets_semicolons_and_byte_order_mark_are_read() -> None:
    log = read_playlog("\ufeffinterview;event;session\r\n1:02:03,5;play;0:00\r\n1:02:05;pause;\r\n".encode())
    assert log.time_map.pieces[0].interview == Span(3_723_500, 3_725_000)


def test_empty_rows_are_passed_over_and_still_counted() -> None:
    assert pieces("0,play,0,", ",,,", "", "1000,pause,,") == [(Span(0, 1_000), Span(0, 1_000))]
    with pytest.raises(FormatError, match="row 5: event is 'halt'"):
        pieces("0,play,0,", ",,,", "", "1000,halt,,")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (["0,start,0,"], "row 2: event is 'start'; expected one of play, pause, jump"),
        (["0,play,,"], "row 2: play needs a session time"),
        (["soon,play,0,"], "row 2: interview is 'soon'; write minutes:seconds"),
        (["0,play,0,", "5000,play,0,"], "row 3: play, but it is playing since row 2"),
        (["0,pause,,"], "row 2: pause, but nothing is playing"),
        (["0,play,0,", "5000,pause,,", "4000,play,0,"], "row 4: its interview time lies before"),
        (["0,play,0,"], "row 2: playback never stops"),
        (["0,play,9000,", "5000,pause,8000,"], "row 3: the session stopped before where row 2 began"),
        (["0,play,0,", "5000,pause,,Anna"], "row 3: by is 'Anna'; expected one of client"),
    ],
)
def test_what_breaks_the_rules_is_named_with_its_row(rows: list[str], why: str) -> None:
    with pytest.raises(FormatError, match=why):
        pieces(*rows)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FormatError, match="there is no column session"):
        pieces("0,play", head="interview,event\n")


def test_an_empty_file_has_no_columns() -> None:
    with pytest.raises(FormatError, match="there is no column interview"):
        read_playlog(b"")
