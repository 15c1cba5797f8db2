from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session as Db

from iprkit.database import journal, queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation, Dyad, DyadMember, Participant, Run, Session
from iprkit.database.transcripts import (
    activity,
    current_version,
    load_transcript,
    rename_speakers,
    replace_segments,
    resolve_key,
    store_transcript,
    working_version,
)
from iprkit.errors import InvalidInput, NotFound
from iprkit.timeline import Span
from iprkit.transcript import Segment, Speaker, Transcript, Word

KEY = "D01-S01"


def segment(speaker: str | None, text: str, start_ms: int) -> Segment:
    """Words of 400 ms each, one after another."""
    words = [
        Word("", w, start_ms + i * 400, start_ms + i * 400 + 400, 0.9, speaker) for i, w in enumerate(text.split())
    ]
    return Segment("", speaker, tuple(words))


def heard(*segments: Segment, speakers: tuple[Speaker, ...] = ()) -> Transcript:
    return Transcript(KEY, "en", "scripted", "script", 60_000, segments, speakers, speech_ms=9000, unheard_ms=100)


TALK = heard(
    segment("A", "How was your week?", 0),
    segment("B", "It was hard.", 2000),
    segment("A", "Tell me more.", 5000),
)


@pytest.fixture
def db(study: Study) -> Iterator[Db]:
    """Inside a change, in a study with session D01-S01 of T01 and C01."""
    with study.change("transcribed D01-S01", KEY) as db:
        dyad = Dyad(key="D01")
        for key, role in (("T01", "therapist"), ("C01", "client")):
            dyad.members.append(DyadMember(participant=Participant(key=key, role=role), role=role))
        db.add(dyad)
        dyad.conversations.append(Session(key=KEY, number=1))
        db.flush()
        yield db


def conversation(db: Db) -> Conversation:
    return queries.conversation(db, KEY)


def store(db: Db, transcript: Transcript = TALK) -> None:
    run = Run(step="transcribe", tool_version="0", engine="scripted", model="script", author="anna", started_at="now")
    store_transcript(db, conversation(db), transcript, run, [Span(0, 1600), Span(2000, 3200)])


def keys(db: Db) -> list[str]:
    return [segment.key for segment in load_transcript(db, KEY).segments]


def edit(db: Db, *segments: Segment) -> None:
    replace_segments(db, working_version(db, conversation(db)), segments)


def test_what_was_stored_is_loaded_with_ids_and_keys(db: Db) -> None:
    store(db)
    loaded = load_transcript(db, KEY)
    assert [(s.key, s.text) for s in loaded.segments] == [
        ("D01-S01-A001", "How was your week?"),
        ("D01-S01-B001", "It was hard."),
        ("D01-S01-A002", "Tell me more."),
    ]
    assert [word.id for word in loaded.words] == [f"w{n:04d}" for n in range(1, 11)]


def test_engine_model_language_and_measures_come_back(db: Db) -> None:
    store(db)
    t = load_transcript(db, KEY)
    assert (t.engine, t.model, t.language, t.speech_ms, t.unheard_ms) == ("scripted", "script", "en", 9000, 100)


def test_activity_comes_back_as_spans(db: Db) -> None:
    store(db)
    assert activity(current_version(db, conversation(db))) == [Span(0, 1600), Span(2000, 3200)]


def test_doubtful_words_and_flags_come_back(db: Db) -> None:
    word = Word("", "hm", 0, 300, None, "A", interpolated=True, doubtful=True)
    store(db, heard(Segment("", "A", (word,), flags=("unsure",))))
    (loaded,) = load_transcript(db, KEY).segments
    assert loaded.flags == ("unsure",)
    assert loaded.words == (replace(word, id="w0001"),)


def test_known_roles_stand_in_the_keys_at_once(db: Db) -> None:
    store(db, replace(TALK, speakers=(Speaker("A", "therapist"), Speaker("B", "client"))))
    assert keys(db) == ["D01-S01-T001", "D01-S01-C001", "D01-S01-T002"]


def test_a_segment_without_a_speaker_has_a_key_too(db: Db) -> None:
    store(db, heard(segment(None, "Mhm.", 0)))
    assert keys(db) == ["D01-S01-X001"]


def test_a_session_without_a_transcript_says_how_to_get_one(db: Db) -> None:
    with pytest.raises(NotFound, match="iprkit transcribe D01-S01"):
        load_transcript(db, KEY)


def test_the_first_edit_leaves_the_raw_version_as_it_was(db: Db) -> None:
    store(db)
    raw = load_transcript(db, KEY)
    edit(db, raw.segments[0])
    assert load_transcript(db, KEY, number=1).segments == raw.segments
    assert keys(db) == ["D01-S01-A001"]


def test_further_edits_change_the_same_working_version(db: Db) -> None:
    store(db)
    first = working_version(db, conversation(db))
    edit(db, *load_transcript(db, KEY).segments[:2])
    assert working_version(db, conversation(db)) is first


def test_a_raw_version_cannot_be_edited(db: Db) -> None:
    store(db)
    with pytest.raises(InvalidInput, match="never changed"):
        replace_segments(db, current_version(db, conversation(db)), [])


def test_a_corrected_word_keeps_its_id_and_its_segments_key(db: Db) -> None:
    store(db)
    first, *others = load_transcript(db, KEY).segments
    words = (first.words[0], replace(first.words[1], text="is"), *first.words[2:])
    edit(db, replace(first, words=words), *others)
    corrected = load_transcript(db, KEY).segments[0]
    assert (corrected.key, corrected.text, corrected.words) == (first.key, "How is your week?", words)


def test_a_segment_that_loses_or_gains_outer_words_keeps_its_key(db: Db) -> None:
    store(db)
    first, *others = load_transcript(db, KEY).segments
    edit(db, replace(first, words=first.words[1:]), *others)
    assert keys(db)[0] == first.key
    fewer = load_transcript(db, KEY).segments[0]
    edit(db, replace(fewer, words=(replace(first.words[0], id=""), *fewer.words[:-1])), *others)
    assert (keys(db)[0], load_transcript(db, KEY).segments[0].text) == (first.key, "How was your")


def test_a_segment_that_takes_over_anothers_words_is_a_new_one(db: Db) -> None:
    store(db)
    first, second, third = load_transcript(db, KEY).segments
    edit(db, replace(first, words=first.words[:-1] + third.words[1:]), second)
    assert keys(db) == ["D01-S01-A003", "D01-S01-B001"]


def test_an_inserted_word_gets_an_id_never_used_before(db: Db) -> None:
    store(db)
    first, *others = load_transcript(db, KEY).segments
    edit(db, *others)
    extra = replace(first.words[0], id="", text="Well,")
    edit(db, replace(first, words=(extra,)), *others)
    assert load_transcript(db, KEY).segments[0].words[0].id == "w0011"


def test_a_cited_key_leads_to_the_longer_half_of_a_split(db: Db) -> None:
    store(db)
    first, *others = load_transcript(db, KEY).segments
    edit(db, replace(first, words=first.words[:1]), replace(first, words=first.words[1:]), *others)
    assert keys(db)[:2] == ["D01-S01-A003", "D01-S01-A004"]
    assert resolve_key(db, conversation(db), "D01-S01-A001") == "D01-S01-A004"


def test_naming_the_speakers_renames_their_segments(db: Db) -> None:
    store(db)
    rename_speakers(db, conversation(db), {"A": "therapist", "B": "client"})
    assert keys(db) == ["D01-S01-T001", "D01-S01-C001", "D01-S01-T002"]
    assert [s.role for s in load_transcript(db, KEY).segments] == ["therapist", "client", "therapist"]


def test_a_named_speaker_is_the_dyads_only_member_of_that_role(db: Db) -> None:
    store(db)
    rename_speakers(db, conversation(db), {"B": "client"})
    participants = {row.label: row.participant and row.participant.key for row in conversation(db).speakers}
    assert participants == {"A": None, "B": "C01"}


def test_keys_cited_before_naming_are_found_through_several_renamings(db: Db) -> None:
    store(db)
    rename_speakers(db, conversation(db), {"A": "client", "B": "therapist"})
    rename_speakers(db, conversation(db), {"A": "therapist", "B": "client"})
    assert resolve_key(db, conversation(db), "D01-S01-A001") == "D01-S01-T002"
    assert resolve_key(db, conversation(db), "D01-S01-B001") == "D01-S01-C003"


def test_the_raw_version_keeps_the_keys_that_it_was_stored_with(db: Db) -> None:
    store(db)
    rename_speakers(db, conversation(db), {"A": "therapist"})
    assert load_transcript(db, KEY, number=1).segments[0].key == "D01-S01-A001"


def test_naming_a_speaker_that_nobody_is_names_those_there_are(db: Db) -> None:
    store(db)
    with pytest.raises(NotFound, match="no speaker Z; the speakers are: A, B"):
        rename_speakers(db, conversation(db), {"Z": "client"})


def test_transcribing_again_keeps_cited_keys_and_never_reuses_word_ids(db: Db) -> None:
    store(db)
    store(db)
    assert keys(db) == ["D01-S01-A001", "D01-S01-B001", "D01-S01-A002"]
    assert next(load_transcript(db, KEY).words).id == "w0011"


def test_a_key_that_nobody_ever_bore_is_not_found(db: Db) -> None:
    store(db)
    with pytest.raises(NotFound, match="A099"):
        resolve_key(db, conversation(db), "D01-S01-A099")


def test_undoing_a_naming_brings_the_old_keys_back(study: Study) -> None:
    with study.change("transcribed", KEY) as db:
        db.add(Dyad(key="D01", conversations=[Session(key=KEY, number=1)]))
        db.flush()
        store(db)
    with study.change("named A", KEY) as db:
        rename_speakers(db, conversation(db), {"A": "therapist"})
    with study.write() as db:
        journal.undo(db, "anna")
        assert keys(db) == ["D01-S01-A001", "D01-S01-B001", "D01-S01-A002"]


def test_the_history_of_a_segment_begins_under_its_former_key(study: Study) -> None:
    with study.change("transcribed", KEY) as db:
        db.add(Dyad(key="D01", conversations=[Session(key=KEY, number=1)]))
        db.flush()
        store(db)
    with study.change("named A", KEY) as db:
        rename_speakers(db, conversation(db), {"A": "therapist"})
    with study.read() as db:
        assert [e.action for e in journal.history(db, "D01-S01-T001")] == ["transcribed", "named A"]


@pytest.mark.parametrize("segments", [30, 1000])
def test_storing_a_long_session_asks_the_database_no_oftener_than_a_short_one(study: Study, segments: int) -> None:
    told = heard(*(segment("AB"[n % 2], "one two three four five", n * 4000) for n in range(segments)))
    asked: list[str] = []
    with study.change("transcribed", KEY) as db:
        db.add(Dyad(key="D01", conversations=[Session(key=KEY, number=1)]))
        db.flush()
        event.listen(db.connection(), "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
        store(db, told)
    assert len(asked) < 40
