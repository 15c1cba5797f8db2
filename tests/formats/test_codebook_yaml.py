"""The codebook's own file: what is wrong with it is told with the file's name and the line."""

from io import StringIO

import pytest

from iprkit.codebook import Codebook
from iprkit.errors import FormatError
from iprkit.formats.codebook_yaml import read_codebook_yaml, write_codebook_yaml

HEAD = "name: ruptures\nversion: 1.10\n"
CODES = "codes:\n  - key: denial\n    name: Denial\n"


def read(text: str) -> Codebook:
    return read_codebook_yaml(text, "mine.yaml")


def test_nothing_is_lost(book: Codebook) -> None:
    stream = StringIO()
    write_codebook_yaml(book, stream)
    assert read_codebook_yaml(stream.getvalue()) == book


def test_a_short_file_is_enough() -> None:
    found = read(HEAD + CODES)
    assert [(code.key, code.name, code.codable) for code in found.codes] == [("denial", "Denial", True)]


def test_values_are_taken_as_they_are_written() -> None:
    found = read(HEAD + "title: On\ncodes:\n  - {key: no, name: No, definition: 1:30, shortcut: 1}\n")
    assert (found.version, found.title) == ("1.10", "On")
    code = found.codes[0]
    assert (code.key, code.name, code.definition, code.shortcut) == ("no", "No", "1:30", "1")


def test_codes_under_a_code_lie_below_it() -> None:
    found = read(HEAD + CODES + "    codes:\n      - {key: flat, name: Flat no}\n")
    assert found.by_key["flat"].parent == "denial"


def test_empty_fields_say_nothing() -> None:
    assert read(HEAD + "citation:\nscale: ~\n" + CODES).rules.scale is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", r"mine\.yaml is empty"),
        ("- a\n- b\n", r"mine\.yaml, line 1: expected fields"),
        ("name: x\n", r"line 1: a codebook needs the field version"),
        (HEAD + "codes:\n  - key: a\n   name: b\n", r"line 5: not YAML"),
        (HEAD + "colour: red\n" + CODES, r"line 3: expected one of name, title"),
        (HEAD + "excluzive: yes\n" + CODES, r"line 3: did you mean exclusive\? \(found 'excluzive'\)"),
        (HEAD + "name: again\n" + CODES, r"line 3: this stands here a second time"),
        (HEAD + "exclusive: perhaps\n" + CODES, r"line 3: expected true or false \(found 'perhaps'\)"),
        (HEAD + "unit: sentense\n" + CODES, r"line 3: unit is 'sentense'"),
        (HEAD + "raters: two\n" + CODES, r"line 3: expected a number \(found 'two'\)"),
        (HEAD + "raters: 2.5\n" + CODES, r"line 3: expected a whole number"),
        (HEAD + "unit: turn\nwindow_ms: 5000\n" + CODES, r"line 4: window_ms goes with the unit window"),
        (HEAD + "applies_to: session\n" + CODES, r"line 3: expected a list"),
        (HEAD + "title: [a]\n" + CODES, r"line 3: expected a text"),
        (HEAD + CODES + "    example: x\n", r"line 6: did you mean examples\?"),
        (HEAD + CODES + "  - name: X\n", r"line 6: a code needs the field key"),
        (HEAD + CODES + "  - {key: denial, name: X}\n", r"line 6: codes denial and denial have the same key"),
        (HEAD + CODES + "    colour: red\n", r"line 4: code denial: 'red' is no colour"),
        (
            HEAD + CODES + "    scale: salience\n",
            r"line 4: code denial is rated on salience, a scale that is not there",
        ),
        (HEAD + CODES + "    unit: window\n", r"line 4: code denial is coded by window"),
        (HEAD + "scales:\n  - {name: s, min: 1}\n" + CODES, r"line 4: a scale needs the field max"),
        (HEAD + "scales:\n  - {name: s, min: 5, max: 1}\n" + CODES, r"line 4: scale s cannot run 5-1"),
        (
            HEAD + "scales:\n  - name: s\n    min: 1\n    max: 5\n    anchors: {9: x}\n" + CODES,
            r"line 4: .*anchor 9 is not",
        ),
        ("name: Not A Name\nversion: 1\n" + CODES, r"line 1: 'Not A Name' cannot name a codebook"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text: str, complaint: str) -> None:
    with pytest.raises(FormatError, match=complaint):
        read(text)


def test_a_small_file_cannot_stand_for_a_huge_one() -> None:
    bomb = "name: &a [x, x]\nversion: &b [*a, *a]\ncodes: [*b, *b]\n"
    with pytest.raises(FormatError, match="line 1: & and \\* references are not used here"):
        read(bomb)


def test_a_file_that_would_run_code_is_only_text() -> None:
    with pytest.raises(FormatError, match="line 1: expected a text"):
        read("name: !!python/object/apply:os.system [echo]\nversion: 1\n" + CODES)


def test_a_bottomless_file_is_refused() -> None:
    with pytest.raises(FormatError, match="nested too deep"):
        read("[" * 200)


def test_a_file_of_another_encoding_is_read() -> None:
    text = HEAD + "codes:\n  - {key: aerger, name: Ärger}\n"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        assert read_codebook_yaml(text.encode(encoding)).codes[0].name == "Ärger"


def test_texts_of_several_lines_are_written_as_blocks(book: Codebook) -> None:
    stream = StringIO()
    write_codebook_yaml(book, stream)
    assert "notes: |-\n  Two\n  lines.\n" in stream.getvalue()
