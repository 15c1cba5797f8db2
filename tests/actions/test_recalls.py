from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.dyads import add_dyad
from iprkit.actions.history import history, undo
from iprkit.actions.linking import link
from iprkit.actions.maps import edit_map
from iprkit.actions.recalls import Held, Permission, Shown, add_recall, allow, edit_comment, show
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.speakers import name_speakers
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput, NotFound, SameRecording
from iprkit.linking.corrections import Edit
from iprkit.timeline import Span

Recorder = Callable[..., Path]
KEY = "D01-S03-client"


@pytest.fixture
def held(study: Study, record: Recorder) -> Study:
    """Dyad D01 of T01 and C01 with session D01-S03, held on the 4th of March."""
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 3), sources_of([record("a.wav")]), "2026-03-04")
    return study


def add(study: Study, file: Path, who: str = "client", date: str | None = None) -> tuple[str, int | None]:
    added = add_recall(study, ("D01", 3), Held(who, date), sources_of([file]))
    return added.key, added.delay_days


def test_an_interview_is_keyed_by_the_session_and_whose_recall_it_is(held: Study, record: Recorder) -> None:
    assert add(held, record("b.wav", pitch=300)) == ("D01-S03-client", None)
    assert (held.folder / "recordings/d01-s03-client.wav").is_file()


def test_a_participant_can_be_named_by_pseudonym(held: Study, record: Recorder) -> None:
    assert add(held, record("b.wav", pitch=300), "t01")[0] == "D01-S03-therapist"


def test_of_two_clients_each_has_a_key_of_their_own(held: Study, record: Recorder) -> None:
    add_dyad(held, "D01", {"client": ["C02"]})
    assert add(held, record("b.wav", pitch=300), "C02")[0] == "D01-S03-client-C02"
    with pytest.raises(InvalidInput, match="several of role client; name one: C01, C02"):
        add(held, record("c.wav", pitch=500))


def test_a_dyad_whose_members_nobody_named_has_recall_interviews_too(study: Study, record: Recorder) -> None:
    add_dyad(study, "D01", {})
    add_session(study, ("D01", 3), sources_of([record("a.wav")]))
    assert add(study, record("b.wav", pitch=300), "therapist")[0] == "D01-S03-therapist"


@pytest.mark.parametrize(("date", "days"), [("2026-03-04", 0), ("2026-03-11", 7), ("2026-03-01", -3), (None, None)])
def test_the_delay_is_told_where_both_dates_are_known_and_never_refused(
    held: Study, record: Recorder, date: str | None, days: int | None
) -> None:
    assert add(held, record("b.wav", pitch=300), date=date)[1] == days


def test_an_interview_that_is_there_is_refused(held: Study, record: Recorder) -> None:
    add(held, record("b.wav", pitch=300))
    with pytest.raises(Conflict, match="D01-S03-client exists already"):
        add(held, record("c.wav", pitch=500))


def test_the_sessions_own_recording_is_no_interview(held: Study, record: Recorder) -> None:
    with pytest.raises(SameRecording, match="as the recording of D01-S03"):
        add(held, record("a.wav"))


def test_somebody_who_takes_no_part_is_named(held: Study, record: Recorder) -> None:
    with pytest.raises(NotFound, match="'C09' takes no part in D01; name client or therapist, or one of: T01, C01"):
        add(held, record("b.wav", pitch=300), "C09")
    with pytest.raises(NotFound, match="'interviewer' takes no part"):
        add(held, record("b.wav", pitch=300), "interviewer")


def test_an_unknown_session_is_refused_and_no_file_left_behind(held: Study, record: Recorder) -> None:
    with pytest.raises(NotFound, match="D01-S04"):
        add_recall(held, ("D01", 4), Held("client"), sources_of([record("b.wav", pitch=300)]))
    assert [place.name for place in (held.folder / "recordings").iterdir()] == ["d01-s03.wav"]


def comments(study: Study, key: str = KEY) -> dict[str, str]:
    return {one.key: one.text for one in show(study, key).comments}


def test_every_comment_of_the_sample_is_what_its_speaker_said_there(recalled: Study, truth: dict[str, dict]) -> None:
    for who in ("client", "therapist"):
        said = [turn["text"] for turn in truth["recalls"][who]["speech"] if turn["speaker"] == who]
        assert list(comments(recalled, f"D01-S03-{who}").values()) == said


def test_every_comment_of_the_sample_is_about_the_stretch_shown_before_it(
    recalled: Study, truth: dict[str, dict]
) -> None:
    replays = truth["recalls"]["client"]["replays"]
    for one in show(recalled, KEY).comments[1:]:
        before = [piece for piece in replays if piece["recall_end"] * 1000 <= one.interview.start_ms][-1]
        assert one.session is not None
        assert abs(one.session.start_ms - before["session_start"] * 1000) < 100
        assert abs(one.session.end_ms - before["session_end"] * 1000) < 100


def test_what_the_log_says_of_who_stopped_stands_with_the_pauses(recalled: Study) -> None:
    assert {pause.initiated_by for pause in show(recalled, KEY).pauses} == {"client"}


def test_delay_and_participant_are_shown(recalled: Study) -> None:
    found = show(recalled, KEY)
    assert (found.session, found.participant, found.delay_days, found.behind) == ("D01-S03", "client", 1, None)


def test_a_session_has_no_recall_of_its_own(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="interviews about it: D01-S03-client, D01-S03-therapist"):
        show(recalled, "D01-S03")


def behind(shown: Shown) -> str:
    return shown.behind or ""


def test_comments_that_fell_behind_say_so_until_they_are_linked_again(recalled: Study) -> None:
    name_speakers(recalled, KEY, {"A": "client", "B": "interviewer"})
    assert "iprkit link D01-S03-client" in behind(show(recalled, KEY))
    link(recalled)
    assert behind(show(recalled, KEY)) == ""
    assert "Did you think he noticed?" in " ".join(comments(recalled).values())


def test_an_interview_that_nobody_heard_yet_says_what_comes_next(held: Study, record: Recorder) -> None:
    key, _ = add(held, record("b.wav", pitch=300))
    assert "iprkit transcribe D01-S03-client" in behind(show(held, key))


def test_permissions_are_noted_for_a_comment_or_for_a_whole_interview(recalled: Study) -> None:
    allow(recalled, [f"{KEY}-K02"], Permission(quote=True))
    allow(recalled, [KEY], Permission(show_other=False))
    second, third = show(recalled, KEY).comments[1:3]
    assert (second.may_be_quoted, second.may_be_shown) == (True, False)
    assert (third.may_be_quoted, third.may_be_shown) == (None, False)


def test_a_permission_is_taken_back_by_undo(recalled: Study) -> None:
    allow(recalled, [KEY], Permission(quote=True))
    undo(recalled)
    assert {one.may_be_quoted for one in show(recalled, KEY).comments} == {None}


def test_permissions_survive_linking_again(recalled: Study) -> None:
    allow(recalled, [f"{KEY}-K02"], Permission(quote=True, show_other=True))
    name_speakers(recalled, KEY, {"A": "client", "B": "interviewer"})
    name_speakers(recalled, KEY, {"A": "interviewer", "B": "client"})
    link(recalled, [KEY])
    assert show(recalled, KEY).comments[1].may_be_quoted is True


def test_saying_nothing_about_a_permission_is_refused(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="--quote or --no-quote"):
        allow(recalled, [KEY], Permission())


def test_an_unknown_comment_is_answered_with_the_nearest(recalled: Study) -> None:
    with pytest.raises(NotFound, match="no comment D01-S03-client-K99 in this study; did you mean"):
        allow(recalled, [f"{KEY}-K99"], Permission(quote=True))


def test_a_coder_says_whether_a_comment_tells_of_then_or_now(recalled: Study) -> None:
    assert edit_comment(recalled, f"{KEY}-K02", frame="then").temporal_frame == "then"
    with pytest.raises(InvalidInput, match="'soon' is no temporal frame; choose among then, now, mixed, unclear"):
        edit_comment(recalled, f"{KEY}-K02", frame="soon")


def test_a_stretch_set_by_hand_stands_when_the_interview_is_linked_again(recalled: Study) -> None:
    edit_comment(recalled, f"{KEY}-K02", about=Span(30_000, 36_000))
    edit_map(recalled, KEY, Edit(delete=[4]))
    second = show(recalled, KEY).comments[1]
    assert (second.session, second.about) == (Span(30_000, 36_000), "set")


def test_a_stretch_beyond_the_session_is_refused(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="D01-S03 ends before that"):
        edit_comment(recalled, f"{KEY}-K02", about=Span(0, 900_000))


def test_who_stopped_is_put_right(recalled: Study) -> None:
    edit_comment(recalled, f"{KEY}-K02", stopped_by="interviewer")
    assert [pause.initiated_by for pause in show(recalled, KEY).pauses][0] == "interviewer"
    with pytest.raises(InvalidInput, match="was not said in a pause"):
        edit_comment(recalled, f"{KEY}-K01", stopped_by="client")


def test_a_comment_notices_that_the_session_was_corrected_under_it(recalled: Study) -> None:
    with recalled.change("put a word right", "D01-S03") as db:
        version = queries.newest_transcript(db, queries.conversation(db, "D01-S03").id)
        assert version is not None
        row = next(row for row in version.segments if "dinner" in row.text)
        row.words = [word | {"text": "supper"} if word["text"].startswith("dinner") else word for word in row.words]
    moved = {one.key for one in show(recalled, KEY).comments if one.moved}
    assert moved == {f"{KEY}-K02", f"{KEY}-K03"}


def test_what_happened_to_a_comment_is_in_the_history_of_its_interview(recalled: Study) -> None:
    allow(recalled, [f"{KEY}-K02"], Permission(quote=True))
    assert history(recalled, KEY)[-1].action == "noted permissions for D01-S03-client-K02"
    assert any(entry.action.startswith("linked D01-S03-client") for entry in history(recalled, f"{KEY}-K02"))
