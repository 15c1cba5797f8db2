"""Ratings tables as spreadsheets and statistics programs write them, and the sentences for what cannot be meant."""

import numpy as np
import pytest

from iprkit.agreement.ratings import Level
from iprkit.errors import FormatError
from iprkit.formats.ratings_table import RatingsTable, read_ratings

PLAIN = "unit,Anna,Bo\nu1,1,2\nu2,3,\n"


def cells(read: RatingsTable) -> list[list[str | None]]:
    names = [*read.ratings.categories, None]
    return [[names[code] for code in row] for row in read.ratings.codes]


def test_units_coders_and_missing_ratings() -> None:
    read = read_ratings(PLAIN)
    assert (read.ratings.units, read.ratings.coders) == (("u1", "u2"), ("Anna", "Bo"))
    assert cells(read) == [["1", "2"], ["3", None]]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode(),
        b"\n\n" + PLAIN.encode() + b",,\n\n",
        b"unit,Anna,Bo,,\nu1, 1 ,2,,\nu2,3\n",
        b'"unit","Anna","Bo"\n"u1","1","2"\n"u2","3",""\n',
    ],
    ids=["mark", "utf-16", "windows", "mac", "semicolon", "tab", "sep", "empty rows", "empty columns", "quoted"],
)
def test_the_same_table_however_it_was_saved(data: bytes) -> None:
    read = read_ratings(data)
    assert (read.ratings.coders, cells(read)) == (("Anna", "Bo"), [["1", "2"], ["3", None]])


def test_names_in_latin_1() -> None:
    assert read_ratings("unit;Åse;Jürgen\nu1;a;b\n".encode("latin-1")).ratings.coders == ("Åse", "Jürgen")


@pytest.mark.parametrize(
    "data", ["unit;A;B\nu1;1,5;2,25\n", 'unit,A,B\nu1,"1,5",2.25\n', "unit\tA\tB\nu1\t1.5\t2,25\n"]
)
def test_decimal_commas(data: str) -> None:
    read = read_ratings(data, "interval")
    assert read.ratings.numbers is not None
    assert read.ratings.numbers.tolist() == [1.5, 2.25]


def test_a_typographic_minus_is_a_minus() -> None:
    read = read_ratings("unit,A,B\nu1,−2,1\n", "interval")
    assert read.ratings.categories == ("-2", "1")


def test_the_same_number_written_in_two_ways_is_one_rating() -> None:
    assert read_ratings("unit,A,B\nu1,1,1.0\n", "ordinal").ratings.categories == ("1",)


def test_what_other_programs_write_for_missing_is_missing_and_told() -> None:
    read = read_ratings("unit,A,B\nu1,NA,a\nu2,.,b\nu3,a,NA\n")
    assert cells(read) == [[None, "a"], [None, "b"], ["a", None]]
    assert read.notes == ("'.' was read as missing, 1 times", "'NA' was read as missing, 2 times")


def test_codes_that_differ_only_in_case_are_two_codes_and_told() -> None:
    read = read_ratings("unit,A,B\nu1,Repair,repair\n")
    assert len(read.ratings.categories) == 2
    assert read.notes == ("'Repair' and 'repair' are counted as different categories",)


def test_some_coders_in_the_order_asked_for() -> None:
    assert read_ratings("unit,A,B,C\nu1,a,b,c\n", coders=["C", "a"]).ratings.coders == ("C", "A")


def test_a_column_says_what_is_drawn_as_a_whole() -> None:
    read = read_ratings("unit,dyad,A,B\nu1,D01,a,a\nu2,D02,a,b\nu3,D01,b,b\n", cluster="dyad")
    clusters = read.ratings.clusters
    assert (read.ratings.coders, clusters.noun, clusters.names) == (("A", "B"), "dyad", ("D01", "D02"))
    assert np.array_equal(clusters.of_unit, [0, 1, 0])


@pytest.mark.parametrize(
    ("data", "level", "told"),
    [
        ("", "nominal", "the file is empty; expected a line of column names and rows below it"),
        ("unit,A,B\n", "nominal", "expected a first column of units, one column for each coder, and rows below"),
        ("u1\nu2\n", "nominal", "expected a first column of units, one column for each coder, and rows below"),
        ("unit,A,B\nu1,1,2\nu1,1,2\n", "nominal", "line 3: unit 'u1' is already in line 2; name each unit once"),
        ("unit,A,B\n,1,2\n", "nominal", "line 2: the first cell is empty; it names the unit"),
        ("unit,A,A\nu1,1,2\n", "nominal", "line 1: columns 2 and 3 are both called 'A'"),
        ("unit,anna,Anna\nu1,1,2\n", "nominal", "line 1: columns 2 and 3 are both called 'Anna'"),
        ("unit,A,\nu1,1,2\n", "nominal", "line 1: column 3 has content but no name"),
        ("unit,A,B\nu1,1,2,3\n", "nominal", "line 2: 4 cells, but there are 3 columns"),
        (
            "unit,A,B\n\nu1,1,two\n",
            "ordinal",
            "line 3, unit 'u1', column 'B': 'two' is no number, and the ordinal level takes numbers; leave the cell "
            "empty if it is missing, or use --level nominal for words",
        ),
        (
            "unit,A,B\nu1,1,-2\n",
            "ratio",
            "line 2, unit 'u1', column 'B': -2.0 is negative; at the ratio level 0 is the least there is",
        ),
        ("unit,A,B\nu1,1,inf\n", "interval", "line 2, unit 'u1', column 'B': inf is no number"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_sentence(data: str, level: Level, told: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_ratings(data, level)
    assert str(caught.value) == told


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line() -> None:
    with pytest.raises(FormatError, match=r"line 3: .*quotation mark"):
        read_ratings('unit,A,B\nu1,1,2\nu2,"1,2\n')


def test_a_column_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(FormatError, match="no column 'Cy'; the columns are unit, Anna, Bo"):
        read_ratings(PLAIN, coders=["Cy"])


def test_a_unit_without_cluster_is_told_with_its_line() -> None:
    with pytest.raises(FormatError, match="line 3: column 'dyad' is empty"):
        read_ratings("unit,dyad,A,B\nu1,D01,a,a\nu2,,a,b\n", cluster="dyad")


def test_a_workbook_is_told_from_a_text_file() -> None:
    with pytest.raises(FormatError, match="save it as plain text or CSV"):
        read_ratings(b"PK\x03\x04 and so on")
