"""One segment's wording corrected in its place."""

from collections.abc import Callable

import pytest

from iprkit.actions.alignment import Aligned
from iprkit.actions.corrections import correct
from iprkit.actions.history import history, undo
from iprkit.actions.transcripts import show
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.transcripts import activity, current_version
from iprkit.errors import InvalidInput, NotFound
from iprkit.formats.native import read_native
from iprkit.speech.hearing import unheard_ms

KEY = "D01-S03"
Put = Callable[..., Aligned]


@pytest.fixture
def checked(filmed: Study, put: Put, typed: Callable[..., str]) -> Study:
    """The session with its text; C004 says: I don't know. I guess I just forgot."""
    put(typed())
    return filmed


def test_a_corrected_segment_keeps_key_speaker_and_the_words_that_were_right(checked: Study) -> None:
    before = show(checked, "D01-S03-C004").segments[0]
    done = correct(checked, "D01-S03-C004", "I don't know. I guess I simply forgot.")
    assert (done.kept, done.changed, done.added, done.removed, done.placed) == (7, 1, 0, 0, 1)
    assert done.segment == show(checked, "D01-S03-C004").segments[0]
    assert (done.segment.key, done.segment.speaker) == (before.key, before.speaker)
    assert done.segment.text == "I don't know. I guess I simply forgot."
    pairs = [(a, b) for a, b in zip(before.words, done.segment.words, strict=True) if a != b]
    assert [(a.id == b.id, a.text, b.text) for a, b in pairs] == [(True, "just", "simply")]
    assert pairs[0][0].span.overlap_ms(pairs[0][1].span) > 0


def test_no_other_segment_changes(checked: Study) -> None:
    before = {s.key: s for s in show(checked, KEY).segments}
    correct(checked, "D01-S03-C004", "I really do not know")
    after = {s.key: s for s in show(checked, KEY).segments}
    assert {key for key in before if before[key] != after[key]} == {"D01-S03-C004"}
    assert before.keys() == after.keys()


def test_the_key_stays_though_both_its_outer_words_go(checked: Study) -> None:
    done = correct(checked, "D01-S03-C004", "Well, don't know. I guess.")
    assert done.segment.key == "D01-S03-C004"
    assert done.segment.text == "Well, don't know. I guess."


def test_a_remark_may_be_added_and_takes_no_sound(checked: Study) -> None:
    done = correct(checked, "D01-S03-C004", "I don't know. (laughs) I guess I just forgot.")
    assert (done.added, done.placed, done.guessed) == (1, 0, 1)
    assert "(laughs)" in [word.text for word in done.segment.words]


def test_it_is_one_entry_about_the_segment_and_can_be_undone(checked: Study) -> None:
    before = show(checked, KEY)
    correct(checked, "D01-S03-C004", "I don't know.")
    assert history(checked, "D01-S03-C004")[-1].action == "corrected D01-S03-C004"
    undo(checked)
    assert show(checked, KEY) == before


def test_the_same_text_changes_nothing(checked: Study) -> None:
    entries = history(checked, KEY)
    done = correct(checked, "D01-S03-C004", "I don't know. I guess I just forgot.")
    assert (done.kept, history(checked, KEY)) == (8, entries)


def test_copies_for_other_programs_follow(checked: Study) -> None:
    correct(checked, "D01-S03-C004", "I don't know.")
    assert read_native((checked.folder / "transcripts/D01-S03.json").read_bytes()) == show(checked, KEY)


def test_without_the_recording_the_new_words_share_what_is_free(checked: Study) -> None:
    (checked.folder / "recordings/d01-s03.wav").unlink()
    done = correct(checked, "D01-S03-C004", "I don't know. I guess I simply forgot.")
    assert (done.placed, done.guessed) == (0, 1)
    assert [word.text for word in done.segment.words if word.interpolated] == ["simply"]


def test_a_former_key_is_corrected_under_the_one_it_has_now(
    checked: Study, put: Put, typed: Callable[..., str]
) -> None:
    put(typed().replace("Client: I don't know.", "Therapist: I don't know."))
    assert correct(checked, "D01-S03-C004", "I do not know.").segment.speaker == "A"


@pytest.mark.parametrize(
    ("key", "text", "error", "sentence"),
    [
        ("D01-S03-C004", "  ", InvalidInput, "has no word"),
        ("D01-S03-C004", "...", InvalidInput, "has no word"),
        ("D01-S03", "So.", InvalidInput, "name a segment"),
        ("D01-S03-C900", "So.", NotFound, "no segment D01-S03-C900"),
        ("D01-S09-C001", "So.", NotFound, "did you mean D01-S03"),
    ],
)
def test_what_cannot_be_corrected_is_refused(
    checked: Study, key: str, text: str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        correct(checked, key, text)


def test_how_much_speech_is_without_words_follows_the_correction(checked: Study) -> None:
    def told(study: Study) -> tuple[int | None, int]:
        with study.read() as db:
            version = current_version(db, queries.conversation(db, KEY))
            return version.unheard_ms, unheard_ms(activity(version), show(study, KEY).segments)

    before, _ = told(checked)
    for text in ("I.", "I don't know. I guess I just forgot.", "Forgot."):
        correct(checked, "D01-S03-C004", text)
        kept, counted = told(checked)
        assert kept == counted
    assert kept != before
