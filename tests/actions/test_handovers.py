"""Session D01-S01 of ten seconds: A asks, B answers, A goes on and B ends; named only where a test says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions import history
from iprkit.actions.dyads import add_dyad
from iprkit.actions.handovers import give_words, merge_speakers, split_off, split_speaker, swap_words
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.speakers import name_speakers, speakers
from iprkit.actions.transcripts import show
from iprkit.actions.voice_profiles import keep_profiles, known_speakers
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Run
from iprkit.database.transcripts import store_transcript
from iprkit.errors import InvalidInput, NotFound
from iprkit.formats.native import read_native
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript, Word

KEY = "D01-S01"


def segment(speaker: str, text: str, start_ms: int) -> Segment:
    """Words of half a second; ``(?)`` marks a doubtful one."""
    words = tuple(
        Word("", one.removesuffix("(?)"), start_ms + 500 * i, start_ms + 500 * i + 500, 0.9, speaker,
             doubtful=one.endswith("(?)"))
        for i, one in enumerate(text.split())
    )  # fmt: skip
    return Segment("", speaker, words)


TALK = (
    segment("A", "How was your week? It(?)", 0),
    segment("B", "was hard.", 2500),
    segment("A", "Tell me more.", 4000),
    segment("B", "I did not(?) sleep.", 6000),
)


@pytest.fixture
def talk(study: Study, record: Callable[..., Path]) -> Study:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 1), sources_of([record("a.wav", seconds=10)]))
    run = Run(step="transcribe", tool_version="0", author="anna", started_at="", engine="scripted", model="none")
    with study.change(f"transcribed {KEY}", KEY) as db:
        transcript = Transcript(KEY, "en", "scripted", "none", 10_000, TALK)
        store_transcript(db, queries.conversation(db, KEY), transcript, run)
    return study


def said(study: Study) -> list[tuple[str, str]]:
    """By whom and what, the segments' keys without the session's."""
    return [(one.key.removeprefix(f"{KEY}-"), one.text) for one in show(study, KEY).segments]


def doubtful(study: Study) -> list[str]:
    return [word.text for word in show(study, KEY).words if word.doubtful]


def labels(study: Study) -> list[str | None]:
    return [one.label for one in speakers(study, KEY)]


BEFORE = [
    ("A001", "How was your week? It"),
    ("B001", "was hard."),
    ("A002", "Tell me more."),
    ("B002", "I did not sleep."),
]


def test_a_segment_is_given_to_the_other_speaker(talk: Study) -> None:
    assert give_words(talk, KEY, [("D01-S01-A002", "B")]) == (
        "gave words of D01-S01 to another speaker: D01-S01-A002 to B"
    )
    assert said(talk) == [BEFORE[0], BEFORE[1], ("B003", "Tell me more."), BEFORE[3]]
    assert [one.key for one in show(talk, "D01-S01-A002").segments] == ["D01-S01-B003"]


def test_a_word_is_given_by_its_number_and_joins_the_sentence_that_it_begins(talk: Study) -> None:
    give_words(talk, KEY, [("A001:5", "B")])
    assert said(talk)[:2] == [("A003", "How was your week?"), ("B003", "It was hard.")]
    assert [one.key for one in show(talk, "D01-S01-B001").segments] == ["D01-S01-B003"]
    assert doubtful(talk) == ["not"]


def test_words_are_given_by_their_ids(talk: Study) -> None:
    give_words(talk, KEY, [("w0008-w0009", "B"), ("w0005", "B")])
    assert said(talk)[1:4] == [("B003", "It was hard."), ("B004", "Tell me"), ("A004", "more.")]


def test_a_range_of_words_may_cross_segments(talk: Study) -> None:
    give_words(talk, KEY, [("w0005-w0006", "B")])
    assert said(talk)[1] == ("B003", "It was hard.")


def test_several_gifts_are_one_change(talk: Study) -> None:
    give_words(talk, KEY, [("A001:5", "B"), ("A002", "B")])
    history.undo(talk)
    assert said(talk) == BEFORE
    assert doubtful(talk) == ["It", "not"]


def test_a_gift_to_whoever_says_it_already_settles_the_doubt_and_keeps_the_key(talk: Study) -> None:
    give_words(talk, KEY, [("B002", "B")])
    assert said(talk) == BEFORE
    assert doubtful(talk) == ["It"]


def test_a_receiver_can_be_meant_by_role(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"})
    give_words(talk, KEY, [("T002", "client")])
    assert said(talk)[2] == ("C003", "Tell me more.")


def test_a_segment_is_found_under_a_key_that_it_bore_before(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"})
    give_words(talk, KEY, [("D01-S01-A002", "client")])
    assert said(talk)[2] == ("C003", "Tell me more.")


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("A009", "D01-S01 has no segment D01-S01-A009"),
        ("D01-S02-A001", "D01-S01 has no segment D01-S02-A001"),
        ("w0099", "D01-S01 has no word w0099"),
    ],
)
def test_a_place_that_is_not_there_is_named(talk: Study, place: str, answer: str) -> None:
    with pytest.raises(NotFound, match=answer):
        give_words(talk, KEY, [(place, "B")])


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("A002:4", "D01-S01-A002 has words 1 to 3, not 4"),
        ("A002:0", "has words 1 to 3, not 0"),
        ("A002:3-2", "has words 1 to 3, not 3-2"),
        ("w0003-w0002", "w0002 is said before w0003"),
        ("A002:x:y", "is neither a segment nor words of one"),
    ],
)
def test_words_that_a_segment_does_not_have_are_named(talk: Study, place: str, answer: str) -> None:
    with pytest.raises(InvalidInput, match=answer):
        give_words(talk, KEY, [(place, "B")])


def test_a_word_is_not_given_to_two_voices(talk: Study) -> None:
    with pytest.raises(InvalidInput, match="'Tell' of D01-S01-A002:1 would go to both B and A"):
        give_words(talk, KEY, [("A002", "B"), ("A002:1", "A")])
    assert said(talk) == BEFORE


def test_an_unknown_receiver_is_answered_with_the_voices_there_are(talk: Study) -> None:
    with pytest.raises(NotFound, match="no speaker D; the speakers are: A, B"):
        give_words(talk, KEY, [("A002", "D")])


def test_merging_gives_all_words_to_one_voice_and_ends_all_doubt(talk: Study) -> None:
    assert merge_speakers(talk, KEY, "B", "A") == "merged speaker B of D01-S01 into A"
    assert labels(talk) == ["A"]
    assert said(talk) == [
        ("A003", "How was your week? It was hard."),
        ("A002", "Tell me more."),
        ("A004", "I did not sleep."),
    ]
    assert doubtful(talk) == []


def test_merging_is_taken_back_whole(talk: Study) -> None:
    name_speakers(talk, KEY, {"A": "therapist"}, {"B": "Kari"})
    before = show(talk, KEY).segments, speakers(talk, KEY)
    merge_speakers(talk, KEY, "client", "therapist")
    history.undo(talk)
    assert (show(talk, KEY).segments, speakers(talk, KEY)) == before


def test_a_nameless_voice_takes_over_who_the_merged_one_was(talk: Study) -> None:
    name_speakers(talk, KEY, {"B": "other"}, {"B": "Kari"})
    merge_speakers(talk, KEY, "B", "A")
    (one,) = speakers(talk, KEY)
    assert (one.label, one.role, one.name) == ("A", "other", "Kari")


def test_the_voice_of_a_merged_speaker_is_nobodys_any_more(talk: Study, record: Callable[..., Path]) -> None:
    prints = {"A": ([1.0, 0.0], 9), "B": ([0.0, 1.0], 9)}
    with talk.write() as db:
        keep_profiles(db, queries.conversation(db, KEY), prints)
    name_speakers(talk, KEY, {"A": "therapist"})
    merge_speakers(talk, KEY, "B", "A")
    add_session(talk, ("D01", 2), sources_of([record("b.wav", pitch=300)]))
    with talk.read() as db:
        assert known_speakers(db, queries.conversation(db, "D01-S02"), prints) == ()


def test_a_voice_is_not_merged_with_itself(talk: Study) -> None:
    with pytest.raises(InvalidInput, match="the same voice of D01-S01 already; name two of: A, B"):
        merge_speakers(talk, KEY, "A", "a")


def test_merging_one_of_three_leaves_the_others_doubts(talk: Study) -> None:
    split_off(talk, KEY, ["A002"])
    merge_speakers(talk, KEY, "D", "A")
    assert doubtful(talk) == ["It", "not"]


def test_a_voice_is_split_from_a_time_on(talk: Study) -> None:
    answer = split_speaker(talk, KEY, "A", Span(3_000, 99_000))
    assert answer == "split speaker A of D01-S01: 3 words between 0:03.0 and 0:10.0 are D's"
    assert said(talk)[2] == ("D002", "Tell me more.")
    assert labels(talk) == ["A", "B", "D"]


def test_a_voice_is_split_in_mid_segment(talk: Study) -> None:
    split_speaker(talk, KEY, "B", Span(7_000, 10_000))
    assert said(talk)[3:] == [("B003", "I did"), ("D001", "not sleep.")]
    assert doubtful(talk) == ["It"]


def test_the_new_voices_label_is_not_the_letter_of_a_role_and_was_never_used(talk: Study) -> None:
    """In a key C means the client, so no voice is called C; B's old words stand under B in the raw version."""
    merge_speakers(talk, KEY, "B", "A")
    split_speaker(talk, KEY, "A", Span(6_000, 10_000))
    assert labels(talk) == ["A", "D"]


def test_segments_are_split_off_as_a_new_voice_that_can_be_named(talk: Study) -> None:
    assert split_off(talk, KEY, ["A002", "B002:1-2"]) == (
        "split off speaker D of D01-S01: D01-S01-A002, D01-S01-B002:1-2"
    )
    name_speakers(talk, KEY, {"D": "observer"})
    assert said(talk)[2:] == [("O002", "Tell me more."), ("O003", "I did"), ("B003", "not sleep.")]


def test_splitting_is_taken_back(talk: Study) -> None:
    split_off(talk, KEY, ["A002"])
    history.undo(talk)
    assert (said(talk), labels(talk)) == (BEFORE, ["A", "B"])


def test_a_split_must_leave_something(talk: Study) -> None:
    with pytest.raises(InvalidInput, match="that is all that A says in D01-S01"):
        split_speaker(talk, KEY, "A", Span(0, 10_000))
    with pytest.raises(InvalidInput, match="that is all that B says in D01-S01"):
        split_off(talk, KEY, ["B001", "B002"])


def test_a_split_must_take_something(talk: Study) -> None:
    with pytest.raises(InvalidInput, match=r"B says nothing between 0:00.0 and 0:02.0 in D01-S01"):
        split_speaker(talk, KEY, "B", Span(0, 2_000))


def test_a_time_after_the_end_is_named(talk: Study) -> None:
    with pytest.raises(InvalidInput, match=r"D01-S01 lasts 0:10.0; nothing of it comes after 1:00.0"):
        split_speaker(talk, KEY, "A", Span(60_000, 70_000))


def test_in_a_stretch_two_voices_change_places(talk: Study) -> None:
    assert swap_words(talk, KEY, "A", "B", Span(4_000, 10_000)) == (
        "exchanged the words of A and B in D01-S01 between 0:04.0 and 0:10.0"
    )
    assert said(talk)[2:] == [("B003", "Tell me more."), ("A003", "I did not sleep.")]
    assert doubtful(talk) == ["It"]


def test_where_nobody_speaks_nothing_changes_places(talk: Study) -> None:
    with pytest.raises(InvalidInput, match=r"neither A nor B says anything between 0:08\.5 and 0:10\.0"):
        swap_words(talk, KEY, "A", "B", Span(8_500, 10_000))
    with pytest.raises(InvalidInput, match="the same voice"):
        swap_words(talk, KEY, "A", "A", Span(0, 10_000))


def test_the_raw_version_stays_as_it_was_heard(talk: Study) -> None:
    merge_speakers(talk, KEY, "B", "A")
    assert [(s.key, s.text) for s in show(talk, KEY, 1).segments] == [(f"{KEY}-{key}", text) for key, text in BEFORE]


def test_the_copies_in_transcripts_follow(talk: Study) -> None:
    give_words(talk, KEY, [("A002", "B")])
    assert read_native((talk.folder / "transcripts/D01-S01.json").read_bytes()) == show(talk, KEY)


def test_each_is_one_entry_of_the_journal_under_the_session(talk: Study) -> None:
    before = len(history.history(talk, KEY))
    actions = [
        give_words(talk, KEY, [("A002", "B")]),
        split_speaker(talk, KEY, "B", Span(6_000, 10_000)),
        merge_speakers(talk, KEY, "D", "B"),
    ]
    assert [entry.action for entry in history.history(talk, KEY)[before:]] == actions
    assert {entry.subject for entry in history.history(talk, KEY)[before:]} == {KEY}
