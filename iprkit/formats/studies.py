"""The files that studies travel in, beside those of single transcripts: one module a format, and what each carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from iprkit.exchange import Exchange
from iprkit.formats.carried import Carried
from iprkit.formats.qdpx import write_qdpx


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


_DESCRIBED = "in the description below the memo"

STUDY_WRITERS: dict[str, StudyFormat] = {
    "qdpx": StudyFormat(
        write_qdpx,
        ".qdpx",
        "REFI-QDA project: NVivo, ATLAS.ti, MAXQDA, QualCoder",
        Carried(
            ("participants", "variables", "sessions", "segments", "speakers", "coders", "codings", "coding memos"),
            {
                "dyads": "a variable of participants and sources",
                "recall interviews": "sources; the time map is lost",
                "recordings": "named; taken along with --media",
                "comments": "notes linked to the stretch they are about",
                "moments": "selections without a code",
                "codebooks": "a folder each; units, rules, citation and rights are lost",
                "codes": "names made unique; scales told in the description, retired codes are like others",
                "ratings": _DESCRIBED,
                "persons meant": _DESCRIBED,
                "certainties": _DESCRIBED,
                "rounds": _DESCRIBED,
                "adjudications": "codings of a user named adjudicated",
                "memos": "notes",
            },
        ),
        media=True,
    ),
}
"""By the name that ``iprkit export`` takes."""
