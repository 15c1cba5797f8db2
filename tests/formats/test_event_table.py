"""Event lists of one time line, and the sentences for what cannot be meant."""

import pytest

from iprkit.agreement.timelines import Mark
from iprkit.errors import FormatError
from iprkit.formats.event_table import read_events
from iprkit.timeline import Span

HEAD = "coder,code,start_ms,end_ms\n"


def test_events_of_two_coders() -> None:
    read = read_events(HEAD + "A,rupture,0,1000\nB,repair,500,2000\n", 9000)
    assert read.line.coders == ("A", "B")
    assert read.line.marks == (Mark("A", "rupture", Span(0, 1000)), Mark("B", "repair", Span(500, 2000)))


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + "A,x,0,1000\n").encode("utf-16"),
        b"\xef\xbb\xbfCoder;Code;Start ms;End ms\r\nA;x;0;1000\r\n",
        b"note,end_ms,start_ms,code,coder\nlater,1000,0,x,A\n",
        b"coder\tcode\tstart_ms\tend_ms\nA\tx\t0,0\t1000.0\n",
        b"session,coder,code,start_ms,end_ms\nD01-S03,A,x,0,1000\n",
    ],
)
def test_the_same_events_however_they_were_saved(data: bytes) -> None:
    assert read_events(data, 9000).line.marks == (Mark("A", "x", Span(0, 1000)),)


def test_who_saw_nothing_is_named_beside() -> None:
    read = read_events(HEAD + "A,x,0,1000\n", 9000, ["A", "B"])
    assert read.line.coders == ("A", "B")
    assert read.notes == ("B has no row and is taken to have seen no code at all",)


def test_only_some_coders() -> None:
    read = read_events(HEAD + "A,x,0,1000\nB,x,0,1000\nC,x,0,1000\n", 9000, ["A", "C"])
    assert [mark.coder for mark in read.line.marks] == ["A", "C"]


def test_a_row_that_is_there_twice_counts_once_and_is_told() -> None:
    read = read_events(HEAD + "A,x,0,1000\nA,x,0,1000\n", 9000)
    assert (len(read.line.marks), read.notes) == (1, ("line 3 says the same as line 2 and is counted once",))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("A,x,0,9001\n", "line 2: the event from 0 to 9001 ms lies outside the time line of 9000 ms (0:09.0)"),
        ("A,x,-5,100\n", "line 2: the event from -5 to 100 ms lies outside the time line of 9000 ms (0:09.0)"),
        ("A,x,0,10\nA,x,900,100\n", "line 3: the event ends at 100 ms, before its start at 900 ms"),
        ("A,x,0:07,9000\n", "line 2: start_ms is '0:07'; expected whole milliseconds, as 83500"),
        ("A,x,0,12.5\n", "line 2: end_ms is '12.5'; expected whole milliseconds, as 83500"),
        ("A,x,,12\n", "line 2: start_ms is ''; expected whole milliseconds, as 83500"),
        (",x,0,12\n", "line 2: the cell coder is empty"),
        ("A,,0,12\n", "line 2: the cell code is empty"),
        ("", "there is no row below the column names; name who watched with --coders"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_sentence(rows: str, told: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_events(HEAD + rows, 9000)
    assert str(caught.value) == told


def test_a_missing_column_is_told_with_those_that_are_there() -> None:
    with pytest.raises(FormatError, match=r"column end_ms is missing; expected .*, found coder, code, start_ms"):
        read_events("coder,code,start_ms\nA,x,0\n", 9000)


def test_several_sessions_are_not_laid_on_one_line() -> None:
    with pytest.raises(FormatError, match="holds 2 sessions"):
        read_events("session,coder,code,start_ms,end_ms\nS1,A,x,0,9\nS2,A,x,0,9\n", 9000)
