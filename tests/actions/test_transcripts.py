from collections.abc import Callable
from dataclasses import replace

import pytest

from iprkit.actions import history
from iprkit.actions.corrections import correct
from iprkit.actions.transcripts import flagged, show
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.kept import Kept
from iprkit.database.transcripts import rename_speakers
from iprkit.errors import InvalidInput, NotFound


def keys(study: Study, key: str, version: int | None = None) -> list[str]:
    return [segment.key for segment in show(study, key, version).segments]


def swap(study: Study) -> None:
    """The one taken for the client was an observer."""
    with study.change("named the speakers", "D01-S01") as db:
        rename_speakers(db, queries.conversation(db, "D01-S01"), {"B": "observer"})


def test_a_sessions_key_shows_all_of_it(told: Study) -> None:
    assert keys(told, "D01-S01") == ["D01-S01-T001", "D01-S01-C001", "D01-S01-C002"]


CHANGES: tuple[Callable[[Study], object], ...] = (
    lambda study: correct(study, "D01-S01-C001", "I was not sure."),
    lambda study: correct(study, "D01-S01-T001", "And so then?"),
    history.undo,
    history.redo,
    swap,
    lambda study: correct(study, "D01-S01-C001", "I was."),
    history.undo,
    history.undo,
)


def test_a_study_that_stays_open_shows_what_others_made_of_the_text(told: Study) -> None:
    lasting, seen = replace(told, kept=Kept()), [show(told, "D01-S01")]
    assert show(lasting, "D01-S01") == seen[0]
    for number, change in enumerate(CHANGES, start=1):
        change(told)
        seen.append(show(told, "D01-S01"))
        assert show(lasting, "D01-S01") == seen[-1] != seen[-2], f"after change {number}"


def test_a_segments_key_shows_that_segment(told: Study) -> None:
    assert keys(told, "D01-S01-C002") == ["D01-S01-C002"]


def test_a_former_key_shows_the_segment_that_bears_another_now(told: Study) -> None:
    swap(told)
    assert keys(told, "D01-S01-C002") == ["D01-S01-O002"]


def test_an_earlier_version_stays_as_it_was(told: Study) -> None:
    swap(told)
    assert keys(told, "D01-S01", 1)[1] == "D01-S01-C001"


def test_an_unknown_version_is_named(told: Study) -> None:
    with pytest.raises(NotFound, match="no transcript version 7"):
        show(told, "D01-S01", 7)


def test_a_segment_is_not_looked_for_in_an_earlier_version(told: Study) -> None:
    with pytest.raises(InvalidInput, match="show all of D01-S01 in version 1"):
        show(told, "D01-S01-C002", 1)


def test_an_unknown_segment_is_named(told: Study) -> None:
    with pytest.raises(NotFound, match="D01-S01 has no segment D01-S01-T900"):
        show(told, "D01-S01-T900")


def test_flagged_keeps_flagged_segments_and_those_with_doubtful_words(told: Study) -> None:
    assert [s.key for s in flagged(show(told, "D01-S01")).segments] == ["D01-S01-C001", "D01-S01-C002"]
