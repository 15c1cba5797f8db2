"""The files that studies travel in, beside those of single transcripts: one module a format, and what each carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from iprkit.exchange import Exchange
from iprkit.formats.carried import Carried


@dataclass(frozen=True)
class StudyFormat:
    """A way to write a study, or sessions of it, down: the file's suffix, what it is for, and what it carries.

    ``write`` makes the same bytes of the same values on every machine; the time of writing stands in the values.
    ``each``: one file a conversation. Its values then hold that conversation first, and after a session the recall
    interviews about it. ``media``: recordings travel along where the values say where they lie.
    """

    write: Callable[[Exchange, BinaryIO], None]
    suffix: str
    purpose: str
    carries: Carried
    each: bool = False
    media: bool = False


STUDY_WRITERS: dict[str, StudyFormat] = {}
"""By the name that ``iprkit export`` takes."""
