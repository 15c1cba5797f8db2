from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.dyads import add_dyad
from iprkit.actions.grids import grid_of
from iprkit.actions.recalls import Held, add_recall
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database.connect import Study

Recorder = Callable[..., Path]


@pytest.fixture
def held(study: Study, record: Recorder) -> Study:
    """Two dyads with a session each; of three interviews that were held one has no date."""
    for n, dyad in enumerate(("D01", "D02")):
        add_dyad(study, dyad, {"therapist": [f"T0{n}"], "client": [f"C0{n}"]})
        add_session(study, (dyad, 3), sources_of([record(f"{dyad}.wav", pitch=300 + n)]), "2026-03-04")
    for n, (dyad, who, date) in enumerate(
        (("D01", "client", "2026-03-05"), ("D01", "therapist", "2026-03-11"), ("D02", "client", None))
    ):
        recording = record(f"recall{n}.wav", pitch=500 + n)
        add_recall(study, (dyad, 3), Held(who, date), sources_of([recording]))
    return study


def test_what_is_missing_is_a_result(held: Study) -> None:
    found = grid_of(held)
    assert (found.held, found.expected) == (3, 4)
    cells = {(row.dyad, cell.party): cell.interview for row in found.sessions for cell in row.cells}
    assert cells == {
        ("D01", "client"): "D01-S03-client",
        ("D01", "therapist"): "D01-S03-therapist",
        ("D02", "client"): "D02-S03-client",
        ("D02", "therapist"): None,
    }


def test_delays_are_summed_up_over_those_that_are_known(held: Study) -> None:
    found = grid_of(held)
    assert (found.delays_known, found.delay_median, found.delay_least, found.delay_most) == (2, 4.0, 1, 7)


def test_of_a_couple_both_clients_are_expected(held: Study) -> None:
    add_dyad(held, "D02", {"client": ["C09"]})
    (row,) = [row for row in grid_of(held).sessions if row.dyad == "D02"]
    assert [cell.party for cell in row.cells] == ["C01", "C09", "therapist"]


def test_an_observers_interview_is_shown_and_not_expected(held: Study, record: Recorder) -> None:
    add_recall(held, ("D01", 3), Held("observer"), sources_of([record("o.wav", pitch=700)]))
    found = grid_of(held)
    assert (found.held, found.expected) == (3, 4)
    assert "observer" in [cell.party for cell in found.sessions[0].cells]


def test_a_study_without_sessions_expects_nothing(study: Study) -> None:
    found = grid_of(study)
    assert (found.held, found.expected, found.delay_median) == (0, 0, None)
