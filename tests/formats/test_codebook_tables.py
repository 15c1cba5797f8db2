"""Codebooks as tables: Taguette's, MAXQDA's and plain ones, with the row named where something is wrong."""

import csv
import sqlite3
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from iprkit.codebook import Code, Codebook, Rules
from iprkit.errors import FormatError
from iprkit.formats.codebook_csv import read_codebook_csv, write_codebook_csv
from iprkit.formats.codebooks import read_codebook
from iprkit.formats.maxqda_codes import read_maxqda_codes, write_maxqda_codes
from iprkit.formats.sheet import csv_rows, excel_rows, write_excel
from iprkit.formats.taguette import read_taguette, write_taguette
from iprkit.scale import Anchor, Scale

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"


def excel(*rows: tuple[object, ...]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def tree(book: Codebook) -> list[tuple[str, str | None]]:
    return [(code.name, code.parent) for code in book.codes]


def test_taguettes_own_export_is_read_with_its_tree_and_accents() -> None:
    found = read_taguette((Path(__file__).parent / "odd_codebooks/taguette_1.5.2_codebook.csv").read_bytes(), "x")
    assert tree(found) == [("interesting", None), ("Alliance", None), ("Rupture", "alliance"), ("Émotion", None)]
    assert [code.definition for code in found.codes][2:] == ["Withdrawal, confrontation", "Äußerung"]


def test_a_dot_makes_no_tree_where_no_tag_stands_before_it() -> None:
    found = read_taguette("tag\ne.g. crying\nv2.0\nv2.0.beta\n", "x")
    assert tree(found) == [("e.g. crying", None), ("v2.0", None), ("beta", "v2_0")]


def test_the_real_taguette_kept_every_code_that_we_export() -> None:
    """Its project after somebody imported our table in its page; made anew by tests/browser/test_taguette.py."""
    with closing(sqlite3.connect(SAMPLES / "refi/taguette_1.5.2_cis.sqlite3")) as database:
        kept = dict(database.execute("SELECT path, description FROM tags WHERE path != 'interesting'"))
    book, table = read_codebook((ROOT / "codebooks/cis.yaml").read_bytes(), "cis", "", "cis.yaml"), BytesIO()
    write_taguette(book, table)
    rows = csv.DictReader(StringIO(table.getvalue().decode("utf-8-sig"), newline=""))
    assert kept == {row["tag"]: row["description"] for row in rows}


def test_a_dot_in_a_name_becomes_a_hyphen_where_taguette_would_see_a_step() -> None:
    book = Codebook("x", "1", (Code("a", "A"), Code("ab", "B.1", "a"), Code("ac", "A.c"), Code("v", "v2.0")))
    stream = BytesIO()
    write_taguette(book, stream)
    assert [row[0] for row in csv_rows(stream.getvalue(), "x")] == ["tag", "A", "A.B-1", "A-c", "v2.0"]


def test_a_tag_longer_than_taguette_takes_is_refused() -> None:
    with pytest.raises(FormatError, match="longer than the 200 letters"):
        write_taguette(Codebook("x", "1", (Code("a", "A" * 150), Code("b", "B" * 60, "a"))), BytesIO())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("tags\nA\n", "row 1: no column tag, name or path"),
        ("tag,description\nA,x\n ,y\n", r"t\.csv, row 3: the tag has no name"),
        ("tag,description\n", "no tags in it"),
    ],
)
def test_a_wrong_table_of_taguette_is_refused_with_its_row(text: str, complaint: str) -> None:
    with pytest.raises(FormatError, match=complaint):
        read_taguette(text, "x", file="t.csv")


@pytest.mark.parametrize("step", [" > ", ">", "\\"])
def test_maxqdas_paths_are_read_and_codes_that_only_occur_in_them_are_made(step: str) -> None:
    rows = [("Code", "Memo"), ("One", "First."), (f"One{step}Sub", None), (f"Two{step}Deep{step}Deeper", "Last.")]
    found = read_maxqda_codes(excel(*rows), "x")
    assert tree(found) == [("One", None), ("Sub", "one"), ("Two", None), ("Deep", "two"), ("Deeper", "deep")]
    assert [code.definition for code in found.codes] == ["First.", "", "", "", "Last."]


def test_a_wrong_path_of_maxqda_is_refused_with_its_row() -> None:
    with pytest.raises(FormatError, match=r"m\.xlsx, row 3: 'A > ' is no path"):
        read_maxqda_codes(excel(("Code", "Memo"), ("A", ""), ("A > ", "")), "x", file="m.xlsx")


def test_a_workbook_without_codes_is_refused() -> None:
    with pytest.raises(FormatError, match="no sheet has a first row with the words Code and Memo"):
        read_maxqda_codes(excel(("Name", "Text")), "x")
    with pytest.raises(FormatError, match="no codes in it"):
        read_maxqda_codes(excel(("Code", "Memo")), "x")


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(FormatError, match=r"x\.xlsx is no Excel workbook"):
        excel_rows(b"PK\x03\x04 not really", "x.xlsx")


def test_a_workbook_that_unpacks_to_more_than_a_table_is_not_read() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
        for _ in range(257):
            sheet.write(b"0" * 1024**2)
    with pytest.raises(FormatError, match="unpacks to more than 256 MB"):
        excel_rows(stream.getvalue(), "bomb.xlsx")


def test_a_text_that_opens_with_an_equals_sign_is_no_formula() -> None:
    stream = BytesIO()
    write_excel([["=1+1", "x"]], "T", (10,), stream)
    sheet = load_workbook(BytesIO(stream.getvalue())).active
    assert sheet is not None
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "s")


def test_the_same_rows_make_the_same_workbook_at_any_time(book: Codebook) -> None:
    first, second = BytesIO(), BytesIO()
    write_maxqda_codes(book, first)
    write_maxqda_codes(book, second)
    assert first.getvalue() == second.getvalue()


def test_texts_scales_and_keys_come_back_from_maxqda_and_taguette(book: Codebook) -> None:
    table, system = BytesIO(), BytesIO()
    write_taguette(book, table)
    write_maxqda_codes(book, system)
    for back in (read_taguette(table.getvalue(), "x"), read_maxqda_codes(system.getvalue(), "x")):
        for code in book.active:
            same = back.by_key[code.key]
            for field in ("definition", "include", "exclude", "examples", "notes", "unverified", "parent"):
                assert getattr(same, field) == getattr(code, field)
        assert back.scale("WD_denial") == book.scale("WD_denial")


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_whose_parts_break_off_is_refused_in_words(part: str) -> None:
    whole, broken = excel(("Name", "Definition"), ("Fear", "Of the other.")), BytesIO()
    with ZipFile(BytesIO(whole)) as source, ZipFile(broken, "w", ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            out.writestr(name, data[: len(data) // 2] if name == part else data)
    with pytest.raises(FormatError, match=r"codes.xlsx is no Excel workbook \(.xlsx\): "):
        excel_rows(broken.getvalue(), "codes.xlsx")


def test_a_plain_table_needs_names_only() -> None:
    assert tree(read_codebook_csv("name\nFear\nShame\n", "x")) == [("Fear", None), ("Shame", None)]


def test_a_plain_table_in_the_words_of_others() -> None:
    text = (
        "Code;Parent;Color;Definition;Inclusion;Exclusion;Example\n"
        "Strain;;#ee6677;What makes it hard.;;;\n"
        'Fear;strain;;Of the other.;"yes; and this";no;"“I am afraid.” | “Help!”"\n'
    )
    strain, fear = read_codebook_csv(text.encode("cp1252"), "x").codes
    assert (strain.colour, fear.parent) == ("#EE6677", "strain")
    assert (fear.include, fear.examples) == ("yes; and this", ("“I am afraid.”", "“Help!”"))


def test_where_a_table_has_codes_and_names_the_codes_are_keys() -> None:
    (found,) = read_codebook_csv("code\tname\nWD_P\tClient withdrawal\n", "x").codes
    assert (found.key, found.name) == ("WD_P", "Client withdrawal")


def test_scales_of_a_plain_table() -> None:
    text = (
        "name,scale,anchors\nA,salience: 1-5,1=none | 5=very: clear\nB,salience: 1-5,\nC,1-9/0.5,\nD,presence,\n"
        "E,salience: 1-5,1=other\n"
    )
    found = read_codebook_csv(text, "x")
    salience = Scale("salience", 1, 5, anchors=(Anchor(1, "none"), Anchor(5, "very: clear")))
    assert [found.scale(code.key) for code in found.codes] == [
        salience,
        salience,
        Scale("1-9/0.5", 1, 9, 0.5),
        None,
        Scale("salience 2", 1, 5, anchors=(Anchor(1, "other"),)),
    ]


def test_the_rules_of_a_codebook_come_back_from_a_plain_table(book: Codebook) -> None:
    stream = BytesIO()
    write_codebook_csv(book, stream)
    back = read_codebook_csv(stream.getvalue(), "x")
    for code in book.codes:
        assert back.applied(code.key) == book.applied(code.key)
        assert back.scale(code.key) == book.scale(code.key)
    assert back.by_key["gone"].retired


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("title\nA\n", "row 1: no column name; the columns are title"),
        ("name,definition\nA,x\n,y\n", r"p\.csv, row 3: the code has no name"),
        ("name,scale\nA,often\n", "row 2: 'often' is no scale; write a range such as 1-5"),
        ("name,scale,anchors\nA,1-5,none\n", "row 2: 'none' are no anchors"),
        ("name,scale,anchors\nA,1-5,7=x\n", "row 2: .*anchor 7 is not on it"),
        ("name,unit\nA,page\n", "row 2: unit is 'page'"),
        ("name,raters\nA,two\n", "row 2: raters is 'two'; expected a whole number"),
        ("name,codable\nA,perhaps\n", "row 2: codable is 'perhaps'; expected yes or no"),
        ("name,parent\nA,\nB,Z\n", "row 3: code b lies under Z, which is not there"),
        ("name,key\nA,a\nB,A\n", "row 3: codes a and A have the same key"),
        ("name\n", "no codes in it"),
    ],
)
def test_a_wrong_plain_table_is_refused_with_its_row(text: str, complaint: str) -> None:
    with pytest.raises(FormatError, match=complaint):
        read_codebook_csv(text, "x", file="p.csv")


def test_rules_in_a_plain_table() -> None:
    text = "name,unit,min_ms,applies_to,exclusive\nA,silence,3000,session | recall,yes\n"
    (found,) = read_codebook_csv(text, "x").codes
    assert found.rules == Rules(unit="silence", min_ms=3000, applies_to=("session", "recall"))
    assert found.exclusive
