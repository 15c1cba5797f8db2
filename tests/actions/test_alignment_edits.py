"""A corrected text put onto a transcript: what was left alone stays, what changed finds its sound, keys stay."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iprkit.actions.alignment import Aligned
from iprkit.actions.history import undo
from iprkit.actions.transcripts import flagged, show
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.transcripts import load_transcript, replace_segments, working_version
from iprkit.errors import NotFound
from iprkit.transcript import Segment, Speaker, Transcript, Word

KEY = "D01-S03"
Put = Callable[..., Aligned]
Typed = Callable[..., str]
NEVER_SAID = "I am glad you are here."


def told(study: Study) -> Transcript:
    return show(study, KEY)


def words(study: Study) -> dict[str, Word]:
    return {word.id: word for word in told(study).words}


def word(study: Study, text: str) -> Word:
    return next(word for word in told(study).words if word.text == text)


def segment(study: Study, text: str) -> Segment:
    return next(segment for segment in told(study).segments if text in segment.text)


def test_one_word_replaced_moves_no_other_word_and_no_key(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    before, keys = words(filmed), [s.key for s in told(filmed).segments]
    done = put(typed().replace("right after dinner", "right after supper"))
    assert (done.kept, done.changed, done.added, done.removed, done.version) == (115, 1, 0, 0, 2)
    after = words(filmed)
    changed = [number for number in before if before[number] != after[number]]
    assert [(before[n].text, after[n].text) for n in changed] == [("dinner?", "supper?")]
    assert after[changed[0]].span.overlap_ms(before[changed[0]].span) > 0
    assert [s.key for s in told(filmed).segments] == keys


def test_the_raw_version_stays_as_it_was(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    before = told(filmed)
    put(typed().replace("dinner", "supper"))
    assert show(filmed, KEY, 1) == before


def test_undo_brings_the_former_version_back(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    put(typed().replace("bus", "train"))
    before = told(filmed)
    put(typed("Anna", "Ben").replace("Okay.", "").replace("dinner", "supper") + "\n\nAnna: Good.")
    undo(filmed)
    assert told(filmed) == before


def test_a_removed_sentence_takes_its_key_with_it(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    gone, before = segment(filmed, NEVER_SAID), told(filmed)
    done = put(typed().replace(NEVER_SAID, ""))
    assert done.removed == 6
    assert told(filmed).segments == tuple(s for s in before.segments if s.key != gone.key)
    with pytest.raises(NotFound, match=gone.key):
        show(filmed, gone.key)


def test_an_added_sentence_finds_its_sound_and_a_key_never_used_before(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    truth = segment(filmed, NEVER_SAID).span
    undo(filmed)
    put(typed().replace(NEVER_SAID, ""))
    before = told(filmed).segments
    done = put(typed())
    added = segment(filmed, NEVER_SAID)
    assert (done.added, done.placed, done.lost) == (6, 6, ())
    assert abs(added.start_ms - truth.start_ms) <= 100
    assert [s for s in told(filmed).segments if s.key != added.key] == list(before)
    assert added.key not in {s.key for s in before}


def test_a_segment_whose_first_word_goes_keeps_its_key(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    key = segment(filmed, "I guess I just forgot.").key
    put(typed().replace("I don't know. I guess", "Don't know. I guess"))
    assert segment(filmed, "I guess I just forgot.").key == key


def test_a_paragraph_given_to_the_other_one_keeps_its_times(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    before, cited = words(filmed), segment(filmed, "It was okay.").key
    done = put(typed().replace("Client: It was okay.", "Therapist: It was okay."))
    assert (done.kept, done.changed) == (116, 0)
    after = words(filmed)
    moved = [number for number in before if before[number] != after[number]]
    assert [after[n] for n in moved] == [replace(before[n], speaker="A") for n in moved]
    assert " ".join(after[n].text for n in moved).startswith("It was okay. I was")
    assert "It was okay." in show(filmed, cited).segments[0].text


def test_names_say_who_nameless_voices_are(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed("A", "B"))
    cited = told(filmed).segments[0].key
    assert cited == "D01-S03-A001"
    put(typed("T", "P"))
    assert told(filmed).speakers == (Speaker("A", "therapist"), Speaker("B", "client"))
    assert show(filmed, cited).segments[0].key == "D01-S03-T001"


@pytest.mark.parametrize(
    "names", [("T", "C"), ("therapist", "CLIENT"), ("T01", "C01"), ("A", "B"), ("Speaker A", "Speaker B")]
)
def test_voices_are_meant_by_any_name_they_go_by(put: Put, typed: Typed, filmed: Study, names: tuple[str, str]) -> None:
    put(typed())
    before = told(filmed)
    put(typed(*names))
    assert told(filmed) == before


def test_a_new_name_is_a_new_voice(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    put(typed().replace(NEVER_SAID, f"\n\nSupervisor: {NEVER_SAID}"))
    assert told(filmed).speakers == (
        Speaker("A", "therapist"),
        Speaker("B", "client"),
        Speaker("D", None, "Supervisor"),
    )
    assert segment(filmed, NEVER_SAID).key == "D01-S03-D004"  # the number it had, T004, with the new letter


def test_without_names_words_stay_whose_they_were(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    before = words(filmed)
    text = typed().replace("Therapist: ", "").replace("Client: ", "").replace("a little late", "a little bit late")
    put(text)
    after = words(filmed)
    assert all(after[number].speaker == before[number].speaker for number in before)
    assert word(filmed, "bit").speaker == word(filmed, "little").speaker == "B"


def test_a_checked_text_takes_the_flags_and_a_smoothed_one_leaves_them(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    with filmed.change("flagged", KEY) as db:
        version = working_version(db, queries.conversation(db, KEY))
        first, *others = load_transcript(db, KEY).segments
        replace_segments(db, version, [replace(first, flags=("unsure",)), *others])
    put(typed().replace("dinner", "supper"), style="clean")
    assert [s.flags for s in flagged(told(filmed)).segments] == [("unsure",)]
    put(typed().replace("dinner", "supper"))
    assert flagged(told(filmed)).segments == ()
    assert told(filmed).style == "checked"


edits = st.lists(
    st.tuples(st.sampled_from(["remove", "replace", "insert"]), st.integers(0, 115)), min_size=1, max_size=4
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(edits)
def test_whatever_is_edited_no_other_word_moves_and_undo_restores_all(
    put: Put, typed: Typed, filmed: Study, edits: list[tuple[str, int]]
) -> None:
    if len(told_or_none(filmed)) == 0:
        put(typed())
    before, old = told(filmed), list(told(filmed).words)
    touched = {at: what for what, at in edits}
    new: list[tuple[str, Word | None]] = []
    for n, one in enumerate(old):
        if touched.get(n) == "insert":
            new.append(("moonlight", None))
        if touched.get(n) == "replace":
            new.append(("moonlight", None))
        elif touched.get(n) != "remove":
            new.append((one.text, one))
    put(" ".join(text for text, _ in new))
    after = list(told(filmed).words)
    found = {(one.id, one.span, one.confidence) for one in after}
    same = [one for _, one in new if one is not None and sum(other.text == one.text for other in old) == 1]
    assert all((one.id, one.span, one.confidence) in found for one in same)
    assert sorted(one.text for one in after) == sorted(text for text, _ in new)
    undo(filmed)
    assert told(filmed) == before


def told_or_none(study: Study) -> tuple[Segment, ...]:
    try:
        return told(study).segments
    except NotFound:
        return ()
