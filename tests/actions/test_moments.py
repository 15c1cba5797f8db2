from __future__ import annotations

import pytest

from iprkit.actions.history import undo
from iprkit.actions.linking import How, link
from iprkit.actions.moments import (
    Wanted,
    add_moment,
    add_windows,
    delete_moments,
    edit_moment,
    merge_moments,
    moments_of,
    overlaps,
)
from iprkit.actions.recalls import show
from iprkit.database import recall_queries
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.sequences.shifts import Shifts
from iprkit.timeline import Span

SESSION = "D01-S03"
M01, M02, M03, M04, M05 = (f"{SESSION}-M{n:02d}" for n in range(1, 6))


def sources(study: Study) -> dict[str, str]:
    return {one.key: one.source for one in moments_of(study, SESSION)}


def test_client_and_therapist_meet_at_what_both_marked_within_the_tolerance(recalled: Study) -> None:
    """They stopped at 42 and 61 s, 69 s, 107 and 100 s, 146 and 159 s of the session; 53 s lies nearest to 61 s."""
    assert sources(recalled) == {M01: "client", M02: "both", M03: "therapist", M04: "both", M05: "both"}


def test_every_comment_knows_its_moment_and_the_moment_its_comments(recalled: Study) -> None:
    for moment in moments_of(recalled, SESSION):
        for who in ("client", "therapist"):
            own = [one.key for one in show(recalled, f"{SESSION}-{who}").comments if one.moment == moment.key]
            assert moment.comments(who) == own


def test_a_moment_covers_what_its_comments_are_about(recalled: Study) -> None:
    second = moments_of(recalled, SESSION)[1]
    assert abs(second.span.start_ms - 39_644) < 100
    assert abs(second.span.end_ms - 60_887) < 100


def test_a_moment_of_the_researchers_is_added_with_label_and_memo(recalled: Study) -> None:
    made = add_moment(recalled, SESSION, Wanted(Span(112_000, 119_000), "school", "She learned to say fine."))
    assert (made.key, made.source, made.label, made.memos) == (
        f"{SESSION}-M06",
        "researcher",
        "school",
        ("She learned to say fine.",),
    )
    assert sources(recalled)[made.key] == "researcher"


def test_comments_within_the_tolerance_of_a_researchers_moment_join_it(recalled: Study) -> None:
    made = add_moment(recalled, SESSION, Wanted(Span(40_000, 50_000)))
    assert made.source == "both"
    assert made.comments("client") == [f"{SESSION}-client-K02", f"{SESSION}-client-K03"]
    assert made.comments("therapist") == [f"{SESSION}-therapist-K01"]
    assert M01 not in sources(recalled)


def test_a_note_on_one_moment_changes_no_other(recalled: Study) -> None:
    before = {one.key: one.marks for one in moments_of(recalled, SESSION)}
    edit_moment(recalled, M03, Wanted(memo="Look again."))
    assert {one.key: one.marks for one in moments_of(recalled, SESSION)} == before


def test_a_moment_needs_a_stretch_inside_the_session(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="--from and --to"):
        add_moment(recalled, SESSION, Wanted(label="nowhere"))
    with pytest.raises(InvalidInput, match=r"lasts 2:54\.6; 5:00\.0 lies beyond it"):
        add_moment(recalled, SESSION, Wanted(Span(0, 300_000)))


def test_what_a_person_changed_stands_when_the_study_is_linked_again(recalled: Study) -> None:
    edit_moment(recalled, M02, Wanted(Span(55_000, 61_000), "fine"))
    link(recalled, (), How(tolerance_ms=2_000))
    second = next(one for one in moments_of(recalled, SESSION) if one.key == M02)
    assert (second.span, second.label) == (Span(55_000, 61_000), "fine")


def test_a_label_is_taken_away_by_an_empty_one(recalled: Study) -> None:
    edit_moment(recalled, M02, Wanted(label="fine"))
    assert edit_moment(recalled, M02, Wanted(label="")).label is None


def test_saying_nothing_about_a_moment_is_refused(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="say what to change"):
        edit_moment(recalled, M02, Wanted())


def test_merged_moments_are_one_under_the_first_key(recalled: Study) -> None:
    edit_moment(recalled, M03, Wanted(memo="Look again."))
    merged = merge_moments(recalled, [M02, M03])
    assert (merged.key, merged.source, merged.memos) == (M02, "both", ("Look again.",))
    assert len(merged.comments("therapist")) == 2
    assert M03 not in sources(recalled)
    link(recalled, (), How(tolerance_ms=15_001))
    assert M03 not in sources(recalled)


def test_merging_is_one_step_of_undo(recalled: Study) -> None:
    before = moments_of(recalled, SESSION)
    merge_moments(recalled, [M02, M03])
    undo(recalled)
    assert moments_of(recalled, SESSION) == before


def test_one_moment_cannot_be_merged_with_itself(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="at least two different moments"):
        merge_moments(recalled, [M02, M02])


def test_a_moment_that_was_struck_out_does_not_come_back_and_its_comments_stay(recalled: Study) -> None:
    delete_moments(recalled, [M02])
    link(recalled, (), How(tolerance_ms=14_000))
    assert M02 not in sources(recalled)
    fourth = show(recalled, f"{SESSION}-client").comments[3]
    assert (fourth.moment, fourth.text.split()[0]) == (None, "Stop")


def test_a_researchers_moment_that_was_deleted_frees_its_comments(recalled: Study) -> None:
    made = add_moment(recalled, SESSION, Wanted(Span(40_000, 50_000)))
    delete_moments(recalled, [made.key])
    assert sorted(sources(recalled).values()) == ["both", "both", "both", "client", "therapist"]


def test_an_unknown_or_struck_out_moment_is_not_found(recalled: Study) -> None:
    delete_moments(recalled, [M02])
    for key in (M02, f"{SESSION}-M77"):
        with pytest.raises(NotFound, match=f"there is no moment {key}"):
            edit_moment(recalled, key, Wanted(label="x"))


def test_windows_cut_the_session_and_count_what_was_marked_in_them(recalled: Study) -> None:
    made = add_windows(recalled, SESSION, "1min")
    assert [one.span for one in made] == [Span(0, 60_000), Span(60_000, 120_000), Span(120_000, 174_567)]
    assert {one.source for one in made} == {"protocol"}
    assert made[0].comments("client") == [f"{SESSION}-client-K02", f"{SESSION}-client-K03"]
    assert sources(recalled)[M02] == "both"


def test_the_same_windows_twice_are_refused(recalled: Study) -> None:
    add_windows(recalled, SESSION, "5min")
    with pytest.raises(Conflict, match="has no further 5min"):
        add_windows(recalled, SESSION, "5min")


def test_silences_are_at_least_three_seconds_long_and_nobody_speaks_in_them(
    recalled: Study, truth: dict[str, dict]
) -> None:
    made = add_windows(recalled, SESSION, "silences")
    assert made
    for moment in made:
        assert moment.span.duration_ms >= 3_000
        assert not any(
            turn["start"] * 1000 < moment.span.end_ms and moment.span.start_ms < turn["end"] * 1000
            for turn in truth["session"]["turns"]
        )


def test_a_protocol_that_nobody_knows_is_refused(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="choose among 1min, 5min, silences"):
        add_windows(recalled, SESSION, "2min")


def test_overlap_is_counted_once_a_stretch_and_once_a_stop(recalled: Study) -> None:
    time, marks = overlaps(recalled, SESSION, Shifts(500, 4))
    assert (time.statistic, time.n_client, time.n_therapist) == ("time_overlap", 4, 4)
    assert (marks.statistic, marks.n_client, marks.n_therapist, marks.observed) == ("mark_coincidence", 4, 4, 4)
    assert (marks.permutations, marks.seed, marks.duration_ms) == (500, 4, 174_567)


def test_overlap_is_undefined_where_one_party_marked_nothing(recalled: Study) -> None:
    with recalled.change("emptied", SESSION) as db:
        for row in recall_queries.comments(db, recall_queries.interview(db, f"{SESSION}-therapist").id):
            db.delete(row)
    assert [one.reason for one in overlaps(recalled, SESSION, Shifts(10))] == ["the therapist marked nothing"] * 2


def test_moments_are_those_of_a_session(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="is a recall interview; name the session that it is about: D01-S03"):
        moments_of(recalled, f"{SESSION}-client")


def test_a_session_that_nobody_recalled_has_no_moments_and_can_be_given_some(told: Study) -> None:
    assert moments_of(told, "D01-S01") == []
    made = add_moment(told, "D01-S01", Wanted(Span(0, 1_000), "start"))
    assert (made.key, made.source) == ("D01-S01-M01", "researcher")
    assert [one.statistic for one in overlaps(told, "D01-S01", Shifts(10))] == ["time_overlap", "mark_coincidence"]


def test_silences_need_a_transcript(told: Study) -> None:
    undo(told)
    with pytest.raises(Conflict, match="D01-S01 is not transcribed yet"):
        add_windows(told, "D01-S01", "silences")
