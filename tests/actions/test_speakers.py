"""Session D01-S01 of T01 and C01: two voices that nobody named yet, four segments of half a second and more."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from iprkit.actions import history
from iprkit.actions.dyads import add_dyad
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.speakers import (
    SpeakerState,
    name_by_voice,
    name_speakers,
    recognised,
    speakers,
    swap_speakers,
)
from iprkit.actions.transcripts import show
from iprkit.actions.voice_profiles import forget_voices, keep_profiles, known_speakers
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Recall, RecallInterview, Run
from iprkit.database.transcripts import store_transcript
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.formats.native import read_native
from iprkit.transcript import Segment, Speaker, Transcript, Word

KEY = "D01-S01"
Recorder = Callable[..., Path]


def segment(speaker: str | None, text: str, start_ms: int, doubtful: str = "") -> Segment:
    words = tuple(
        Word("", one, start_ms + 500 * i, start_ms + 500 * i + 500, 0.9, speaker, doubtful=one == doubtful)
        for i, one in enumerate(text.split())
    )
    return Segment("", speaker, words)


TALK = (
    segment("A", "How was your week?", 0),
    segment("B", "It was hard.", 2000, doubtful="hard."),
    segment("A", "Yes.", 3500),
    segment("B", "I did not sleep at all last night.", 4000),
)


def store(study: Study, key: str, talk: Sequence[Segment] = TALK, told: Sequence[Speaker] = ()) -> None:
    run = Run(step="transcribe", tool_version="0", author="anna", started_at="", engine="scripted", model="none")
    with study.change(f"transcribed {key}", key) as db:
        transcript = Transcript(key, "en", "scripted", "none", 10_000, tuple(talk), tuple(told))
        store_transcript(db, queries.conversation(db, key), transcript, run)


def keep(study: Study, key: str, **prints: Sequence[float]) -> None:
    """The voices of a conversation as ``transcribe`` would keep them."""
    with study.write() as db:
        keep_profiles(db, queries.conversation(db, key), {label: (list(v), 9) for label, v in prints.items()})


@pytest.fixture
def talk(study: Study, record: Recorder) -> Study:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    for number in (1, 2):
        add_session(study, ("D01", number), sources_of([record(f"{number}.wav", seconds=10, pitch=200 * number)]))
    store(study, KEY)
    return study


def voice(study: Study, label: str | None, key: str = KEY) -> SpeakerState:
    return next(one for one in speakers(study, key) if one.label == label)


def who(study: Study, key: str = KEY) -> dict[str | None, tuple[str | None, str | None]]:
    return {one.label: (one.role, one.participant) for one in speakers(study, key)}


def keys(study: Study, key: str = KEY) -> list[str]:
    return [one.key for one in show(study, key).segments]


def test_a_voice_is_listed_with_what_tells_who_it_is(talk: Study) -> None:
    assert speakers(talk, KEY)[1] == SpeakerState(
        KEY, "B", None, None, None, words=11, segments=2, speaking_ms=5500, doubtful=1, first="It was hard.",
        example="D01-S01-B002",
    )  # fmt: skip


def test_the_example_to_listen_to_is_a_clear_sentence_of_three_seconds(talk: Study) -> None:
    assert voice(talk, "B").example == "D01-S01-B002"


def test_where_all_are_shorter_the_example_is_the_longest(talk: Study) -> None:
    assert voice(talk, "A").example == "D01-S01-A001"


def test_words_that_nobody_was_found_for_are_listed_last(talk: Study) -> None:
    store(talk, "D01-S02", [segment(None, "Mhm.", 0), segment("A", "Yes.", 500)])
    assert [one.label for one in speakers(talk, "D01-S02")] == ["A", None]


def test_a_dyads_key_lists_the_voices_of_all_its_transcribed_sessions(talk: Study) -> None:
    assert {one.key for one in speakers(talk, "D01")} == {KEY}
    store(talk, "D01-S02")
    assert [(one.key, one.label) for one in speakers(talk, "D01")] == [
        (KEY, "A"),
        (KEY, "B"),
        ("D01-S02", "A"),
        ("D01-S02", "B"),
    ]


def test_a_session_or_dyad_without_transcript_says_how_to_get_one(talk: Study) -> None:
    with pytest.raises(NotFound, match="D01-S02 is not transcribed yet"):
        speakers(talk, "D01-S02")
    add_dyad(talk, "D02", {})
    with pytest.raises(NotFound, match="nothing of dyad D02 is transcribed yet"):
        speakers(talk, "D02")


def test_a_role_names_the_participant_and_with_two_voices_the_other_one_too(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"})
    assert who(talk) == {"A": ("therapist", "T01"), "B": ("client", "C01")}
    assert keys(talk) == ["D01-S01-T001", "D01-S01-C001", "D01-S01-T002", "D01-S01-C002"]


def test_a_pseudonym_names_the_role(talk: Study) -> None:
    name_speakers(talk, KEY, {"b": "t01"})
    assert who(talk) == {"A": ("client", "C01"), "B": ("therapist", "T01")}


def test_the_other_voice_does_not_follow_where_it_could_be_somebody_else(talk: Study) -> None:
    add_dyad(talk, "D01", {"therapist": ["T02"]})
    name_speakers(talk, KEY, {"A": "therapist"})
    assert who(talk) == {"A": ("therapist", None), "B": (None, None)}
    name_speakers(talk, KEY, {"B": "client"})
    assert who(talk)["B"] == ("client", "C01")


def test_a_couples_therapist_is_one_so_the_other_voice_is_a_client(talk: Study) -> None:
    add_dyad(talk, "D01", {"client": ["C02"]})
    name_speakers(talk, KEY, {"A": "therapist"})
    assert who(talk)["B"] == ("client", None)


def test_of_three_voices_none_follows(talk: Study) -> None:
    store(talk, "D01-S02", [*TALK, segment("D", "Hello.", 9000)])
    name_speakers(talk, "D01-S02", {"A": "therapist"})
    assert [one.role for one in speakers(talk, "D01-S02")] == ["therapist", None, None]


def test_in_a_dyad_without_members_none_follows(talk: Study, record: Recorder) -> None:
    add_dyad(talk, "D02", {})
    add_session(talk, ("D02", 1), sources_of([record("9.wav", seconds=10, pitch=900)]))
    store(talk, "D02-S01")
    name_speakers(talk, "D02-S01", {"A": "therapist"})
    assert who(talk, "D02-S01") == {"A": ("therapist", None), "B": (None, None)}


def test_an_error_in_naming_is_put_right_by_naming_again(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "client"})
    name_speakers(talk, KEY, {"A": "therapist"})
    assert who(talk) == {"A": ("therapist", "T01"), "B": ("client", "C01")}


def test_a_voice_named_otherwise_by_a_person_keeps_that_role(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist", "B": "observer"})
    name_speakers(talk, KEY, {"A": "client"})
    assert who(talk) == {"A": ("client", "C01"), "B": ("observer", None)}


def test_in_a_recall_interview_the_other_voice_is_the_interviewer(talk: Study) -> None:
    with talk.change("added a recall interview", "D01-S01-client") as db:
        session, client = queries.conversation(db, KEY), queries.find_participant(db, "C01")
        db.add(
            RecallInterview(
                key="D01-S01-client",
                dyad=session.dyad,
                about_id=session.id,
                participant=client,
                recall=Recall(perspective="client"),
            )
        )
    store(talk, "D01-S01-client")
    name_speakers(talk, "D01-S01-client", {"B": "client"})
    assert who(talk, "D01-S01-client") == {"A": ("interviewer", None), "B": ("client", "C01")}
    with pytest.raises(NotFound, match="'C09' is neither"):
        name_speakers(talk, "D01-S01-client", {"B": "C09"})


def test_an_unknown_label_is_answered_with_those_there_are(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"})
    with pytest.raises(NotFound, match=r"D01-S01 has no speaker F; the speakers are: A \(therapist\), B \(client\)"):
        name_speakers(talk, KEY, {"F": "client"})


def test_an_unknown_role_is_answered_with_the_nearest(talk: Study) -> None:
    with pytest.raises(NotFound, match=r"'terapist' is neither a role nor a participant .* did you mean therapist\?"):
        name_speakers(talk, KEY, {"A": "terapist"})


def test_a_participant_of_another_dyad_is_answered_with_this_ones(talk: Study) -> None:
    add_dyad(talk, "D02", {"therapist": ["T09"]})
    with pytest.raises(NotFound, match="the participants T01, C01"):
        name_speakers(talk, KEY, {"A": "T09"})


def test_two_voices_in_one_role_are_asked_about_unless_the_dyad_has_two_of_it(talk: Study) -> None:
    with pytest.raises(Conflict, match="if they are one person, join them: iprkit speakers D01-S01 --merge B=A"):
        name_speakers(talk, KEY, {"A": "client", "B": "client"})
    assert who(talk) == {"A": (None, None), "B": (None, None)}
    add_dyad(talk, "D01", {"client": ["C02"]})
    name_speakers(talk, KEY, {"A": "client", "B": "client"})
    assert [one.role for one in speakers(talk, KEY)] == ["client", "client"]


def test_one_participant_cannot_be_two_voices(talk: Study) -> None:
    add_dyad(talk, "D01", {"client": ["C02"]})
    with pytest.raises(Conflict, match="A and B would both be the client C02"):
        name_speakers(talk, KEY, {"A": "C02", "B": "C02"})


def test_two_voices_may_be_somebody_else_both(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "other", "B": "other"})
    assert [one.role for one in speakers(talk, KEY)] == ["other", "other"]


def test_a_printed_name_stands_in_the_transcript_and_an_empty_one_takes_it_away(talk: Study) -> None:
    name_speakers(talk, KEY, {}, {"A": "Dr.  T"})
    assert show(talk, KEY).title("A") == "Dr. T"
    assert keys(talk)[0] == "D01-S01-A001"
    name_speakers(talk, KEY, {}, {"A": ""})
    assert show(talk, KEY).title("A") == "Speaker A"


@pytest.mark.parametrize("name", ["T: x", "12", "[T]", "?", "Speaker ?", "one two three four five six", "x" * 70])
def test_a_name_that_could_not_be_read_back_before_a_colon_is_refused(talk: Study, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be printed as a name"):
        name_speakers(talk, KEY, {}, {"A": name})


def test_two_voices_are_not_printed_under_one_name(talk: Study) -> None:
    name_speakers(talk, KEY, {}, {"A": "Kari"})
    with pytest.raises(Conflict, match="A of D01-S01 is printed as Kari already"):
        name_speakers(talk, KEY, {}, {"B": "Kari"})


def test_a_printed_name_goes_with_the_role_when_two_voices_exchange_theirs(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"}, {"A": "Dr. T"})
    name_speakers(talk, KEY, {"B": "therapist"})
    assert (voice(talk, "A").name, voice(talk, "B").name) == (None, "Dr. T")


def test_a_printed_name_stays_with_a_voice_that_only_gets_another_role(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "observer"}, {"A": "Dr. T"})
    name_speakers(talk, KEY, {"A": "therapist"})
    assert voice(talk, "A").name == "Dr. T"


def test_a_voice_can_be_meant_by_label_role_its_letter_pseudonym_or_printed_name(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"}, {"B": "Kari"})
    for text in ("A", "therapist", "T", "T01"):
        assert "A is printed as" in name_speakers(talk, KEY, {}, {text: "Dr. T"})
    assert name_speakers(talk, KEY, {"kari": "client"}).endswith("B is client C01")


def test_a_role_that_two_voices_have_means_neither(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "other", "B": "other"})
    with pytest.raises(InvalidInput, match="other can be A or B of D01-S01; name one of them"):
        name_speakers(talk, KEY, {}, {"other": "Kari"})


def test_naming_is_one_entry_of_the_journal_and_can_be_taken_back(talk: Study) -> None:
    said = name_speakers(talk, KEY, {"A": "T01"}, {"B": "Kari"})
    assert said == "named the speakers of D01-S01: A is therapist T01, B is client C01, B is printed as Kari"
    assert history.history(talk, KEY)[-1].action == said
    history.undo(talk)
    assert who(talk) == {"A": (None, None), "B": (None, None)}
    assert keys(talk)[0] == "D01-S01-A001"


def test_saying_the_same_again_changes_nothing(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"})
    entries = len(history.history(talk, KEY))
    name_speakers(talk, KEY, {"A": "therapist"})
    assert len(history.history(talk, KEY)) == entries


def test_the_copies_in_transcripts_follow_naming_undo_and_redo(talk: Study) -> None:
    copy = talk.folder / "transcripts/D01-S01.json"
    name_speakers(talk, KEY, {"A": "therapist"})
    assert read_native(copy.read_bytes()) == show(talk, KEY)
    history.undo(talk)
    assert read_native(copy.read_bytes()).segments[0].key == "D01-S01-A001"
    history.redo(talk)
    assert read_native(copy.read_bytes()).segments[0].key == "D01-S01-T001"


def test_voices_that_exchange_places_exchange_role_participant_and_name(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"}, {"A": "Dr. T"})
    said = swap_speakers(talk, KEY, "A", "client")
    assert said == "exchanged speakers A and B of D01-S01: A is Client, B is Dr. T"
    assert who(talk) == {"A": ("client", "C01"), "B": ("therapist", "T01")}
    assert keys(talk) == ["D01-S01-C003", "D01-S01-T003", "D01-S01-C004", "D01-S01-T004"]
    assert keys(talk, "D01-S01-T001") == ["D01-S01-C003"]
    history.undo(talk)
    assert keys(talk)[0] == "D01-S01-T001"


def test_unnamed_voices_have_nothing_to_exchange(talk: Study) -> None:
    with pytest.raises(InvalidInput, match=r"neither A nor B .* iprkit speakers D01-S01 A=therapist"):
        swap_speakers(talk, KEY, "A", "B")


def test_a_voice_does_not_exchange_places_with_itself(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"})
    with pytest.raises(InvalidInput, match="the same voice of D01-S01; name two of: A"):
        swap_speakers(talk, KEY, "A", "therapist")


THERAPIST, CLIENT = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
"""Voices as unit vectors; real ones have 192 dimensions."""


def heard_next(study: Study, **prints: Sequence[float]) -> dict[str, str | None]:
    """Who the voices of the next session are, as ``transcribe`` asks it."""
    with study.read() as db:
        known = known_speakers(db, queries.conversation(db, "D01-S02"), {k: (list(v), 9) for k, v in prints.items()})
    return {one.label: one.role for one in known}


def test_the_next_session_is_named_by_the_voices_of_a_named_one(talk: Study) -> None:
    keep(talk, KEY, A=THERAPIST, B=CLIENT)
    assert heard_next(talk, A=CLIENT, B=THERAPIST) == {}
    name_speakers(talk, KEY, {"A": "therapist"}, {"A": "Dr. T"})
    assert heard_next(talk, A=CLIENT, B=THERAPIST) == {"A": "client", "B": "therapist"}


def test_a_close_call_names_nobody(talk: Study) -> None:
    keep(talk, KEY, A=THERAPIST, B=CLIENT)
    name_speakers(talk, KEY, {"A": "therapist"})
    assert heard_next(talk, A=[0.7, 0.7, 0], B=[0.7, 0.7, 0.1]) == {}


def test_exchanged_voices_are_remembered_exchanged(talk: Study) -> None:
    keep(talk, KEY, A=THERAPIST, B=CLIENT)
    name_speakers(talk, KEY, {"A": "client"})
    swap_speakers(talk, KEY, "A", "B")
    assert heard_next(talk, A=THERAPIST, B=CLIENT) == {"A": "therapist", "B": "client"}


def test_an_interviewer_is_not_looked_for_in_a_session(talk: Study) -> None:
    keep(talk, KEY, A=THERAPIST, B=CLIENT)
    name_speakers(talk, KEY, {"A": "therapist"})
    with talk.change("added a recall interview", "D01-S01-client") as db:
        session, client = queries.conversation(db, KEY), queries.find_participant(db, "C01")
        db.add(
            RecallInterview(
                key="D01-S01-client",
                dyad=session.dyad,
                about_id=session.id,
                participant=client,
                recall=Recall(perspective="client"),
            )
        )
    store(talk, "D01-S01-client")
    keep(talk, "D01-S01-client", A=[0, 0, 1], B=CLIENT)
    name_speakers(talk, "D01-S01-client", {"B": "client"})
    assert heard_next(talk, A=CLIENT, B=THERAPIST) == {"A": "client", "B": "therapist"}


def test_a_session_transcribed_again_is_named_by_its_own_voices_and_keeps_printed_names(talk: Study) -> None:
    keep(talk, KEY, A=THERAPIST, B=CLIENT)
    name_speakers(talk, KEY, {"A": "therapist"}, {"A": "Dr. T"})
    with talk.read() as db:
        known = known_speakers(db, queries.conversation(db, KEY), {"A": (CLIENT, 9), "B": (THERAPIST, 9)})
    assert known == (Speaker("A", "client", None), Speaker("B", "therapist", "Dr. T"))


def test_sessions_transcribed_before_anybody_was_named_are_named_by_voice(talk: Study) -> None:
    store(talk, "D01-S02")
    keep(talk, KEY, A=THERAPIST, B=CLIENT)
    keep(talk, "D01-S02", A=CLIENT, B=THERAPIST)
    name_speakers(talk, KEY, {"A": "therapist"}, {"A": "Dr. T"})
    assert recognised(talk, KEY) == {"D01-S02": {"A": "client", "B": "therapist"}}
    assert name_by_voice(talk, "D01") == "named the speakers of D01-S02 by their voices"
    assert who(talk, "D01-S02") == {"A": ("client", "C01"), "B": ("therapist", "T01")}
    assert voice(talk, "B", "D01-S02").name == "Dr. T"
    assert (talk.folder / "transcripts/D01-S02.vtt").is_file()
    assert recognised(talk, "D01") == {}
    history.undo(talk)
    assert who(talk, "D01-S02") == {"A": (None, None), "B": (None, None)}


def test_where_no_voice_is_known_nobody_is_named_by_it(talk: Study) -> None:
    with pytest.raises(NotFound, match=r"nobody unnamed is recognised .* iprkit speakers D01-S03 A=therapist"):
        name_by_voice(talk, KEY)


def test_forgotten_voices_name_nobody_and_no_undo_brings_them_back(talk: Study) -> None:
    keep(talk, KEY, A=THERAPIST, B=CLIENT)
    name_speakers(talk, KEY, {"A": "therapist"})
    assert [(one.key, one.label, one.role) for one in forget_voices(talk, "D01")] == [
        (KEY, "A", "therapist"),
        (KEY, "B", "client"),
    ]
    history.undo(talk)
    assert heard_next(talk, A=CLIENT, B=THERAPIST) == {}
    assert forget_voices(talk, "D01") == []


def test_voices_are_forgotten_for_a_dyad_that_is_there(talk: Study) -> None:
    with pytest.raises(NotFound, match="there is no dyad D09"):
        forget_voices(talk, "D09")


def test_a_deleted_voice_is_in_no_page_of_the_database_files(talk: Study) -> None:
    def stored() -> bool:
        talk.close()
        return any(b"0.123456789" in file.read_bytes() for file in talk.folder.glob("study.db*"))

    keep(talk, KEY, A=[0.123456789, 0.987654321, 0.0], B=CLIENT)
    assert stored()
    forget_voices(talk, "D01")
    assert not stored()
