"""All formats of codebooks: the kept files, recognition by content, and what comes back."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from iprkit.codebook import Code, Codebook, Rules, in_tree_order
from iprkit.codebook_changes import key_of
from iprkit.errors import FormatError
from iprkit.formats.codebooks import CODEBOOK_WRITERS, read_codebook
from iprkit.scale import Anchor, Scale
from iprkit.wording import tidy, tidy_line

GOLDEN = Path(__file__).parent / "golden_codebooks"
quick = settings(max_examples=60, deadline=None, database=None)


def written(book: Codebook, name: str) -> bytes:
    stream = BytesIO()
    CODEBOOK_WRITERS[name].write(book, stream)
    return stream.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", CODEBOOK_WRITERS)
def test_writes_the_kept_file(name: str, book: Codebook) -> None:
    kept = (GOLDEN / f"ruptures{CODEBOOK_WRITERS[name].suffix}").read_bytes()
    made = written(book, name)
    if name == "maxqda":  # how well a workbook is packed depends on the machine
        assert unpacked(made) == unpacked(kept)
    else:
        assert made == kept


def test_every_kept_file_belongs_to_a_format() -> None:
    assert {p.name for p in GOLDEN.iterdir()} == {f"ruptures{kind.suffix}" for kind in CODEBOOK_WRITERS.values()}


@pytest.mark.parametrize("name", CODEBOOK_WRITERS)
def test_a_file_is_recognised_by_its_content(name: str, book: Codebook) -> None:
    back = read_codebook(written(book, name), "ruptures", "Ruptures & more", "unnamed.bin")
    assert [code.key for code in back.active] == [code.key for code in book.active]
    assert (back.name, back.title) == ("ruptures", "Ruptures & more")


def test_a_plain_table_in_a_workbook_is_recognised() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Name", "Definition"])
    sheet.append(["Fear", "Of the other."])
    stream = BytesIO()
    workbook.save(stream)
    (found,) = read_codebook(stream.getvalue(), "x", "", "x.xlsx").codes
    assert (found.name, found.definition) == ("Fear", "Of the other.")


def test_what_is_no_codebook_at_all_is_refused() -> None:
    with pytest.raises(FormatError, match=r"notes\.txt, line 1: expected fields"):
        read_codebook(b"Dear colleague, thank you.", "x", "", "notes.txt")


words = st.text(st.characters(codec="utf-8"), max_size=30)
texts = words.map(tidy).filter(
    lambda text: not any(f"{mark}:" in text for mark in ("Counts", "Example", "Key", "Note"))
)
names = words.map(tidy_line).filter(bool)
scales = (
    Scale("salience", 1, 5, anchors=(Anchor(1, "none"), Anchor(5, "very")), no_evidence=1),
    Scale("half points", 0, 2, 0.5, "interval"),
)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    codes: list[Code] = []
    for name in draw(st.lists(names, min_size=1, max_size=6, unique_by=str.casefold)):
        keys = [code.key for code in codes]
        codes.append(
            Code(
                key_of(name, keys),
                name,
                draw(st.none() | st.sampled_from(keys)) if keys else None,
                definition=draw(texts),
                include=draw(texts),
                exclude=draw(texts),
                examples=tuple(draw(st.lists(texts.filter(bool), max_size=2))),
                codable=draw(st.booleans()),
                colour=draw(st.sampled_from([None, "#4477AA"])),
                rules=Rules(scale=draw(st.sampled_from([None, "presence", "salience", "half points"]))),
            )
        )
    told = draw(texts), draw(texts)
    return Codebook("x", "1.0", in_tree_order(codes), citation=told[0], notes=told[1], scales=scales)


@quick
@given(codebooks())
def test_yaml_loses_nothing(book: Codebook) -> None:
    assert read_codebook(written(book, "yaml"), "y", "", "x.yaml") == book


@quick
@given(codebooks())
def test_qdc_keeps_tree_names_colours_and_texts(book: Codebook) -> None:
    back = read_codebook(written(book, "qdc"), "x", "", "x.qdc")
    assert [told(code) for code in back.codes] == [told(code) for code in book.codes]
    assert [back.colour(code.key) for code in back.codes] == [book.colour(code.key) for code in book.codes]
    rated = [code.key for code in book.codes if code.codable]
    assert [back.scale(key) for key in rated] == [book.scale(key) for key in rated]


def told(code: Code) -> tuple[object, ...]:
    return code.key, code.name, code.parent, code.codable, code.definition, code.include, code.exclude, code.examples


@quick
@given(codebooks())
def test_a_plain_table_keeps_tree_names_colours_and_scales(book: Codebook) -> None:
    back = read_codebook(written(book, "csv"), "x", "", "x.csv")
    for code in book.codes:
        same = back.by_key[code.key]
        assert (same.name, same.parent, same.definition, same.codable) == (
            code.name, code.parent, code.definition, code.codable,
        )  # fmt: skip
        assert back.scale(code.key) == book.scale(code.key)
