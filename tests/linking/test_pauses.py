from iprkit.linking.pauses import Stop, pauses
from iprkit.recall import Pause, Piece, TimeMap
from iprkit.timeline import Span

MAP = TimeMap(
    (
        Piece(Span(10_000, 30_000), Span(0, 20_000)),
        Piece(Span(50_000, 60_000), Span(20_000, 30_000)),
        Piece(Span(60_300, 70_000), Span(80_000, 89_700)),
    )
)


def test_each_stretch_ends_in_a_pause_the_last_one_with_the_interview() -> None:
    assert pauses(MAP, 90_000) == [
        Pause(20_000, Span(30_000, 50_000)),
        Pause(89_700, Span(70_000, 90_000)),
    ]


def test_without_playback_there_is_no_pause() -> None:
    assert pauses(TimeMap(), 90_000) == []


def test_who_stopped_is_known_where_somebody_noted_it_near_by() -> None:
    stops = [Stop(29_200, "client"), Stop(55_000, "interviewer")]
    assert [pause.initiated_by for pause in pauses(MAP, 90_000, stops)] == ["client", None]


def test_a_session_played_to_the_end_of_the_interview_leaves_no_pause() -> None:
    assert pauses(TimeMap((Piece(Span(0, 9_000), Span(0, 9_000)),)), 9_000) == []
