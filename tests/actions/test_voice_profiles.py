from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.check import check
from iprkit.actions.dyads import add_dyad
from iprkit.actions.history import undo
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.voice_profiles import Prints, forget_voices, keep_profiles, known_speakers
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import SpeakerRow
from iprkit.errors import NotFound

Recorder = Callable[..., Path]


def voice(direction: int, blend: float = 0.0) -> tuple[list[float], int]:
    """A voiceprint along one of 192 directions, ``blend`` of it along the next one."""
    vector = [0.0] * 192
    vector[direction], vector[direction + 1] = (1 - blend**2) ** 0.5, blend
    return vector, 12


THERAPIST, CLIENT, STRANGER = voice(3), voice(90), voice(150)


@pytest.fixture
def dyad(study: Study, record: Recorder) -> Study:
    """A dyad with three sessions, of which nobody has said yet who speaks."""
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    for number in (1, 2, 3):
        add_session(study, ("D01", number), sources_of([record(f"{number}.wav", pitch=200 * number)]))
    return study


def heard(study: Study, session: str, prints: Prints, roles: dict[str, str] | None = None) -> None:
    """What a transcription leaves behind; ``roles`` are what somebody then said of its speakers."""
    with study.change("a transcription", session) as db:
        conversation = queries.conversation(db, session)
        keep_profiles(db, conversation, prints)
        for label in prints:
            db.add(SpeakerRow(conversation=conversation, label=label, role=(roles or {}).get(label)))


def recognised(study: Study, session: str, prints: Prints) -> dict[str, str | None]:
    with study.read() as db:
        return {s.label: s.role for s in known_speakers(db, queries.conversation(db, session), prints)}


NAMED = {"A": "therapist", "B": "client"}


@pytest.mark.parametrize(
    ("prints", "roles"),
    [
        ({"A": THERAPIST, "B": CLIENT}, {"A": "therapist", "B": "client"}),
        ({"A": CLIENT, "B": THERAPIST}, {"A": "client", "B": "therapist"}),
        ({"A": voice(3, 0.4), "B": voice(90, 0.4)}, {"A": "therapist", "B": "client"}),
    ],
)
def test_voices_named_once_are_known_in_the_dyads_other_sessions(
    dyad: Study, prints: Prints, roles: dict[str, str]
) -> None:
    heard(dyad, "D01-S01", {"A": THERAPIST, "B": CLIENT}, NAMED)
    assert recognised(dyad, "D01-S02", prints) == roles


def test_nobody_is_known_before_anybody_was_named(dyad: Study) -> None:
    heard(dyad, "D01-S01", {"A": THERAPIST, "B": CLIENT})
    assert recognised(dyad, "D01-S02", {"A": THERAPIST, "B": CLIENT}) == {}


def test_a_close_call_is_left_to_the_person(dyad: Study) -> None:
    heard(dyad, "D01-S01", {"A": voice(3), "B": voice(3, 0.6)}, NAMED)
    assert recognised(dyad, "D01-S02", {"A": voice(3, 0.3), "B": voice(3, 0.32)}) == {}


def test_where_only_one_person_is_heard_nobody_is_named(dyad: Study) -> None:
    heard(dyad, "D01-S01", {"A": THERAPIST, "B": CLIENT}, NAMED)
    assert recognised(dyad, "D01-S02", {"A": THERAPIST}) == {}


def test_the_newest_session_tells_how_a_voice_sounds(dyad: Study) -> None:
    heard(dyad, "D01-S01", {"A": STRANGER, "B": CLIENT}, NAMED)
    heard(dyad, "D01-S02", {"A": THERAPIST, "B": CLIENT}, NAMED)
    assert recognised(dyad, "D01-S03", {"A": CLIENT, "B": THERAPIST}) == {"A": "client", "B": "therapist"}


def test_what_was_said_about_a_session_itself_counts_most_when_it_is_transcribed_again(dyad: Study) -> None:
    heard(dyad, "D01-S01", {"A": THERAPIST, "B": CLIENT}, NAMED)
    heard(dyad, "D01-S02", {"A": STRANGER, "B": CLIENT}, NAMED)
    assert recognised(dyad, "D01-S01", {"A": CLIENT, "B": THERAPIST}) == {"A": "client", "B": "therapist"}


def test_another_dyads_voices_are_not_looked_at(dyad: Study, record: Recorder) -> None:
    heard(dyad, "D01-S01", {"A": THERAPIST, "B": CLIENT}, NAMED)
    add_dyad(dyad, "D02", {"therapist": ["T01"], "client": ["C02"]})
    add_session(dyad, ("D02", 1), sources_of([record("other.wav", pitch=1000)]))
    assert recognised(dyad, "D02-S01", {"A": THERAPIST, "B": CLIENT}) == {}


def test_a_session_transcribed_again_replaces_its_profiles(dyad: Study) -> None:
    with dyad.change("twice", "D01-S01") as db:
        conversation = queries.conversation(db, "D01-S01")
        keep_profiles(db, conversation, {"A": THERAPIST, "B": CLIENT})
        keep_profiles(db, conversation, {"A": STRANGER})
    with dyad.read() as db:
        assert [(v.label, v.embedding) for v in queries.voices(db, "D01")] == [("A", STRANGER[0])]


def test_forgotten_voices_are_gone_for_good_and_nobody_is_recognised_any_more(dyad: Study) -> None:
    heard(dyad, "D01-S01", {"A": THERAPIST, "B": CLIENT}, NAMED)
    assert {(gone.key, gone.role) for gone in forget_voices(dyad, "D01")} == {
        ("D01-S01", "therapist"),
        ("D01-S01", "client"),
    }
    assert forget_voices(dyad, "D01") == []
    assert recognised(dyad, "D01-S02", {"A": THERAPIST, "B": CLIENT}) == {}
    undo(dyad)
    with dyad.read() as db:
        assert queries.voices(db, "D01") == []


def test_an_unknown_dyad_has_no_voices_to_forget(dyad: Study) -> None:
    with pytest.raises(NotFound, match="no dyad D07"):
        forget_voices(dyad, "D07")


def test_stored_voices_are_named_by_check_with_the_way_to_delete_them(dyad: Study) -> None:
    heard(dyad, "D01-S01", {"A": THERAPIST, "B": CLIENT}, NAMED)
    told = [finding for finding in check(dyad) if "voice profile" in finding.text]
    assert [("therapist" in t.text, "client" in t.text, t.wrong) for t in told] == [
        (True, False, False),
        (False, True, False),
    ]
    assert all("iprkit speakers D01 --forget-voices" in finding.text for finding in told)
