"""Which codes get taken for one another, and where coders differ."""

from collections.abc import Callable

from iprkit.agreement.confusions import rating_confusions
from iprkit.agreement.disagreements import rating_disagreements, time_disagreements
from iprkit.agreement.ratings import Ratings, ratings
from iprkit.agreement.ticked import time_table
from iprkit.agreement.timelines import Timeline, ticks

Table = Callable[..., Ratings]
Line = Callable[..., Timeline]


def test_the_most_frequent_confusion_comes_first(table: Table) -> None:
    found = rating_confusions(table("aaabb abbcb"))
    assert [(c.first, c.second, c.count) for c in found] == [("a", "b", 2), ("b", "c", 1)]


def test_confusions_of_three_coders_are_counted_for_each_two(table: Table) -> None:
    (found,) = rating_confusions(table("a a b"))
    assert (found.count, found.share, found.unit) == (2, 1.0, "pairs of ratings of a unit")


def test_a_missing_rating_is_taken_for_nothing(table: Table) -> None:
    assert rating_confusions(table("ab a.")) == []


def test_units_on_which_coders_differ_with_what_each_said(table: Table) -> None:
    found = list(rating_disagreements(table("aab ab. .ba")))
    assert [(one.unit, one.said) for one in found] == [("u2", ("a", "b", "b")), ("u3", ("b", None, "a"))]


def test_a_unit_that_one_coder_rated_is_no_disagreement(table: Table) -> None:
    assert list(rating_disagreements(table("a.b a.."))) == []


def test_the_session_of_a_unit_is_told_where_units_belong_to_one() -> None:
    rows = {"T012": ["a", "b"], "T013": ["a", "a"], "C001": ["a", "b"]}
    home = {"T012": "D01-S01", "T013": "D01-S01", "C001": "D01-S02"}
    found = list(rating_disagreements(ratings(rows, ["A", "B"], clusters=("session", home))))
    assert [(one.session, one.unit) for one in found] == [("D01-S01", "T012"), ("D01-S02", "C001")]


def test_stretches_in_which_coders_differ_with_their_times(line: Line) -> None:
    lines = [line(9500, "A x 0-4000", "B x 1000-4000", "B y 9000-9500"), line(5000, "A y 2000-3000", session="S02")]
    found = list(time_disagreements(time_table(ticks(lines, 1000))))
    assert [(one.session, one.start_ms, one.end_ms, one.said) for one in found] == [
        ("S01", 0, 1000, ("x", "no code")),
        ("S02", 2000, 3000, ("y", "no code")),
    ]


def test_the_last_tick_ends_with_the_time_line(line: Line) -> None:
    found = list(time_disagreements(time_table(ticks([line(9700, "A x 9000-9700")], 1000))))
    assert [(one.start_ms, one.end_ms) for one in found] == [(9000, 9700)]
