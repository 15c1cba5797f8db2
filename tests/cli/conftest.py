"""A study on disk, transcribed, in which two coders code blind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.assignments import Plan, assign
from iprkit.database.connect import Study, create


@pytest.fixture
def blind(tmp_path: Path, told_apart: Callable[[Study], None]) -> Path:
    """The folder of a study of Lea's: Anna and Ben code three segments with the codebook talk in A01, blind."""
    folder = tmp_path / "blind"
    with create(folder, "Blind", "lea") as study:
        told_apart(study)
        assign(study, Plan("talk", ("anna", "ben")))
    return folder
