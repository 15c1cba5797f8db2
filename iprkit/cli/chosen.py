"""What a person chose before the command: which study, in whose name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iprkit.database.connect import Study


@dataclass(frozen=True)
class Chosen:
    """The options of ``iprkit`` itself; ``None`` where the surroundings decide."""

    folder: Path | None = None
    author: str | None = None
    allow_network_share: bool = False
    verbose: bool = False

    @contextmanager
    def study(self) -> Iterator[Study]:
        """The study that these options mean, open while the block runs. Raises StudyError and its kin."""
        from iprkit.database.connect import open_study  # the database takes longer to load than --help may take

        with open_study(self.folder, self.author, self.allow_network_share) as study:
            yield study

    @contextmanager
    def study_if_any(self) -> Iterator[Study | None]:
        """The same, or None where nobody named a study and there is none from here upwards."""
        from iprkit.database.connect import find_study
        from iprkit.errors import StudyNotFound

        try:
            find_study(self.folder)
        except StudyNotFound:
            if self.folder is not None or os.environ.get("IPRKIT_STUDY"):
                raise
            yield None
        else:
            with self.study() as study:
                yield study
