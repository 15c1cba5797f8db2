"""The files that studies travel in, beside those of single transcripts: one module a format, and what each carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from iprkit.exchange import Exchange
from iprkit.formats.appendix import write_appendix
from iprkit.formats.carried import Carried
from iprkit.formats.chat import write_chat
from iprkit.formats.coding_sheet import write_codings_sheet
from iprkit.formats.eaf import write_eaf
from iprkit.formats.long_csv import write_long_csv, write_long_r
from iprkit.formats.long_excel import write_long_excel
from iprkit.formats.long_parquet import write_long_parquet
from iprkit.formats.long_spss import write_long_spss
from iprkit.formats.qdpx import write_qdpx
from iprkit.formats.quote_book import write_quote_book
from iprkit.formats.sequences import write_sdis, write_spells, write_states, write_traminer_r
from iprkit.formats.study_qdc import write_study_qdc
from iprkit.formats.textgrid import write_textgrid


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


_ROWS = Carried(
    (
        "codings", "ratings", "persons meant", "certainties", "coding memos", "rounds", "participants", "dyads",
        "sessions", "coders",
    ),
    {
        "recall interviews": "the key beside each coding",
        "comments": "the text beside the codings of their moment",
        "moments": "the key beside the codings in them",
        "codebooks": "name and version beside each coding",
        "codes": "key, name and path beside each coding",
        "adjudications": "code, rating and reason beside the codings of their target",
        "speakers": "the role beside each coding",
    },
)  # fmt: skip
_SHEET = Carried(
    ("codings", "ratings", "persons meant", "certainties", "coding memos", "rounds"),
    {
        "sessions": "the key",
        "recall interviews": "the key",
        "coders": "the name",
        "codebooks": "the name",
        "codes": "the key",
    },
)
_EVENTS = Carried(
    ("sessions", "recall interviews", "codings", "coders", "rounds"),
    {"codes": "the key", "adjudications": "a sequence of their own", "dyads": "in the name"},
)
_STATES = Carried(
    ("sessions", "recall interviews", "coders", "rounds", "dyads"),
    {
        "codings": "to the second; several at once as one state",
        "codes": "the key",
        "adjudications": "a sequence of their own",
    },
)
_QUOTED = {"codings": "those whose words may be quoted", "codes": "those in use, with name, path and definition"}
_APPENDED = {
    "comments": "those that may be quoted and shown",
    "moments": "those with something to show",
    "segments": "what was said in each moment",
}
_DESCRIBED = "in the description below the memo"
_SETTLED = "what was settled has a coder of its own, adjudicated"
_TIER = "in a tier below the codes"

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
    "qdc": StudyFormat(
        write_study_qdc,
        ".qdc",
        "REFI-QDA codebook of all pinned codebooks: NVivo, ATLAS.ti, MAXQDA, QualCoder",
        Carried(
            (),
            {
                "codebooks": "a folder each; units, rules, citation and rights are lost",
                "codes": "names made unique; scales told in the description, retired codes are like others",
            },
        ),
    ),
    "csv": StudyFormat(write_long_csv, ".long.csv", "the long table, one row a coding: R, Excel, pandas", _ROWS),
    "xlsx": StudyFormat(write_long_excel, ".long.xlsx", "the long table as an Excel workbook", _ROWS),
    "parquet": StudyFormat(write_long_parquet, ".long.parquet", "the long table, typed: pandas, polars, arrow", _ROWS),
    "sav": StudyFormat(write_long_spss, ".sav", "the long table with labels and value labels: SPSS, jamovi", _ROWS),
    "r": StudyFormat(write_long_r, ".long.R", "R script that reads the long table (csv) with factors set", Carried()),
    "sheet": StudyFormat(write_codings_sheet, ".codings.csv", "coding sheet of all codings, to come back in", _SHEET),
    "sdis": StudyFormat(write_sdis, ".sds", "timed events for sequential analysis: GSEQ", _EVENTS),
    "traminer-sts": StudyFormat(write_states, ".states.csv", "a row a sequence, a column a second: TraMineR", _STATES),
    "traminer": StudyFormat(write_spells, ".spells.csv", "one row a spell of the same state: TraMineR", _STATES),
    "traminer-r": StudyFormat(write_traminer_r, ".traminer.R", "R script that reads the spells", Carried()),
    "quotes": StudyFormat(
        write_quote_book,
        ".quotes.docx",
        "quote book: what may be quoted, code by code, as a Word document",
        Carried(("coding memos", "ratings", "persons meant", "rounds", "coders"), _QUOTED),
    ),
    "docx": StudyFormat(
        write_appendix,
        ".appendix.docx",
        "appendix: session, client's and therapist's recall side by side, what may be quoted",
        Carried(("sessions",), _APPENDED),
    ),
    "eaf": StudyFormat(
        write_eaf,
        ".eaf",
        "ELAN, for annotating on the film",
        Carried(
            ("sessions", "segments", "speakers", "codings", "coding memos"),
            {
                "coders": _SETTLED,
                "recall interviews": "a file each, and in the session's a tier for each",
                "recordings": "named, to lie beside the file",
                "word times": "guessed ones beside measured ones look like them",
                "map pieces": "a tier of the interview's file, not read back",
                "pauses": "a tier of the interview's file, not read back",
                "comments": "a tier for each interview",
                "moments": "a tier",
                "codebooks": "controlled vocabularies, of those that are used",
                "codes": "a flat list, the path in the description",
                "ratings": _TIER,
                "persons meant": _TIER,
                "certainties": _TIER,
                "rounds": _TIER,
                "adjudications": "codings of a coder named adjudicated",
                "memos": "a tier for each author",
            },
        ),
        each=True,
    ),
    "textgrid": StudyFormat(
        write_textgrid,
        ".TextGrid",
        "Praat, for measuring the voice",
        Carried(
            ("sessions", "segments", "speakers", "codings"),
            {
                "coders": _SETTLED,
                "recall interviews": "a file each, and in the session's a tier for each",
                "word times": "guessed ones beside measured ones look like them",
                "comments": "a tier for each interview",
                "moments": "a tier",
                "codebooks": "names of the codes that are used",
                "codes": "names of the codes that are used",
                "adjudications": "codings of a coder named adjudicated",
            },
        ),
        each=True,
    ),
    "cha": StudyFormat(
        write_chat,
        ".cha",
        "CHAT, for CLAN and TalkBank",
        Carried(
            ("sessions", "speakers", "codings", "ratings", "persons meant", "certainties"),
            {
                "coders": _SETTLED,
                "recall interviews": "a file each, and in the session's %com lines",
                "recordings": "named like the file",
                "segments": "signs and digits as CHAT wants them; the original stands in %xtxt",
                "word times": "in %wor; words of several parts have the time at each part",
                "comments": "%com lines",
                "moments": "%com lines",
                "codebooks": "names of the codes that are used",
                "codes": "keys of the codes that are used",
                "coding memos": "%com lines, not read back",
                "adjudications": "codings of a coder named adjudicated",
                "memos": "%com lines",
            },
        ),
        each=True,
    ),
}
"""By the name that ``iprkit export`` takes."""
