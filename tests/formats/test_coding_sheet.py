import io

import pytest
from openpyxl import Workbook, load_workbook

from iprkit.codebook import Code, Codebook, Rules
from iprkit.errors import FormatError
from iprkit.formats.coding_sheet import COLUMNS, read_sheet, write_sheet_csv, write_sheet_excel
from iprkit.scale import Scale

BOOK = Codebook(
    "talk",
    "1",
    (Code("push", "Push"), Code("warmth", "Warmth", rules=Rules(scale="1-5")), Code("old", "Old", retired="merged")),
    scales=(Scale("1-5", 1, 5),),
)
ROW = {"target": "D01-S01-T001", "code": "push", "memo": "=1+1, said she", "quote": "«Ça va?»\nyes"}


def cells(data: bytes) -> list[dict[str, str]]:
    return [row.cells for row in read_sheet(data, "sheet")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_however_a_spreadsheet_program_saved_it(encoding: str, mark: str, end: str) -> None:
    lines = ["Target", "CODE", "memo"], ["D01-S01-T001", "push", "ça va"]
    data = end.join(mark.join(line) for line in lines).encode(encoding)
    assert cells(data) == [{"target": "D01-S01-T001", "code": "push", "memo": "ça va"}]


def test_empty_rows_and_columns_of_ones_own_are_passed_over_and_rows_keep_their_numbers() -> None:
    data = b"target,code,my notes\n,,\nD01-S01-T001,push,x\n\n , ,y\n"
    assert [(row.number, row.cells) for row in read_sheet(data, "s.csv")] == [
        (3, {"target": "D01-S01-T001", "code": "push"})
    ]


@pytest.mark.parametrize(
    "data", [b"", b"code", b"who,what\na,b\n", b"code,definition\npush,x\n", b"PK\x03\x04 broken", b"\x00\x01\x02"]
)
def test_what_is_no_coding_sheet_is_said_so_by_name(data: bytes) -> None:
    if data == b"code":
        assert cells(data) == []
        return
    with pytest.raises(FormatError, match="sheet"):
        cells(data)


def test_what_was_written_is_read_again_as_text_never_as_a_formula() -> None:
    plain, excel = io.BytesIO(), io.BytesIO()
    write_sheet_csv([ROW], plain)
    write_sheet_excel([ROW], BOOK, excel)
    assert cells(plain.getvalue()) == cells(excel.getvalue()) == [ROW]
    memo = load_workbook(excel)["Coding"].cell(2, COLUMNS.index("memo") + 1)
    assert (memo.value, memo.data_type) == ("=1+1, said she", "s")


def test_the_same_rows_make_the_same_workbook() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for stream in (first, second):
        write_sheet_excel([ROW], BOOK, stream)
    assert first.getvalue() == second.getvalue()


def test_the_workbook_offers_the_codes_that_can_be_given() -> None:
    stream = io.BytesIO()
    write_sheet_excel([], BOOK, stream)
    assert [row[0].value for row in load_workbook(stream)["Codes"].iter_rows(min_row=2)] == ["push", "warmth"]


def test_a_text_longer_than_a_cell_of_excel_is_refused_with_its_row() -> None:
    with pytest.raises(FormatError, match="row 2 has a text of 40000 letters"):
        write_sheet_excel([{"code": "push", "memo": "x" * 40_000}], BOOK, io.BytesIO())


def test_the_codings_are_found_on_whichever_sheet_of_a_workbook_they_are() -> None:
    book, stream = Workbook(), io.BytesIO()
    book.active.append(["read me"])
    book.create_sheet("mine").append(["target", "code"])
    book["mine"].append(["D01-S01-T001", "push"])
    book.save(stream)
    assert cells(stream.getvalue()) == [{"target": "D01-S01-T001", "code": "push"}]
