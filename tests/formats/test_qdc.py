from dataclasses import replace

"""REFI-QDA codebooks: valid against the published schema, read from every program's dialect, safe against harm."""

from io import BytesIO
from pathlib import Path

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring

from iprkit.codebook import Code, Codebook
from iprkit.errors import FormatError
from iprkit.exchange import Exchange
from iprkit.formats.qdc import read_qdc, write_qdc
from iprkit.formats.study_qdc import write_study_qdc

HERE = Path(__file__).parent
ODD = HERE / "odd_codebooks"
SCHEMA = xmlschema.XMLSchema(HERE / "schemas/Codebook.xsd")


def written(book: Codebook) -> bytes:
    stream = BytesIO()
    write_qdc(book, stream)
    return stream.getvalue()


def test_what_is_written_is_valid_against_the_published_schema(book: Codebook) -> None:
    SCHEMA.validate(written(book).decode())


def test_texts_scales_and_keys_come_back(book: Codebook) -> None:
    back = read_qdc(written(book), "ruptures")
    for code in book.active:
        same = back.by_key[code.key]
        for field in (
            "name",
            "definition",
            "include",
            "exclude",
            "examples",
            "notes",
            "unverified",
            "codable",
            "parent",
        ):
            assert getattr(same, field) == getattr(code, field)
        if code.codable:
            assert back.scale(code.key) == book.scale(code.key)


def test_retired_codes_stay_behind(book: Codebook) -> None:
    assert "gone" not in read_qdc(written(book), "ruptures").by_key


def test_the_same_codebook_has_the_same_guids_and_a_code_that_came_with_one_keeps_it(book: Codebook) -> None:
    first, second = read_qdc(written(book), "a"), read_qdc(written(book), "a")
    assert [code.guid for code in first.codes] == [code.guid for code in second.codes]
    assert first.by_key["WD_denial"].guid == book.by_key["WD_denial"].guid
    assert read_qdc(written(first), "b").by_key["fear"].guid == first.by_key["fear"].guid


def test_names_are_unique_in_the_whole_tree_as_other_programs_want_them() -> None:
    twice = Codebook(
        "x", "1", (Code("a", "Client"), Code("a1", "Fear", "a"), Code("b", "Fear"), Code("b1", "fear", "b"))
    )
    names = [code.name for code in read_qdc(written(twice), "x").codes]
    assert names == ["Client", "Client: Fear", "Fear", "Fear: fear"]


def test_reads_the_example_of_the_standard_with_braces_round_its_guids() -> None:
    found = read_qdc((ODD / "refi_spec_annex_a1.qdc").read_bytes(), "x")
    assert [code.name for code in found.codes][:3] == ["Topics", "Economy", "Health care"]
    economy = found.by_key["economy"]
    assert economy.definition == "Anything about jobs or taxes or business"
    assert (economy.colour, economy.guid) == ("#FFFF00", "D7AA29DA-519B-4946-9B90-253B6DB8FD0A")
    assert not found.by_key["topics"].codable


def test_reads_an_older_namespace_colours_with_alpha_and_tells_of_sets() -> None:
    found = read_qdc((ODD / "atlasti_9_shape.qdc").read_bytes(), "x")
    silence = found.by_key["strain_silence"]
    assert (silence.parent, silence.colour) == ("strain", "#CC3344")
    assert "ATLAS.ti Win 9.0.19" in found.notes
    assert "Set 'Pilot::first': Fear, strain: silence" in found.notes


def test_reads_the_dots_of_taguette_as_a_tree() -> None:
    found = read_qdc((ODD / "taguette_1.5.2_codebook.qdc").read_bytes(), "x")
    assert [(code.name, code.parent) for code in found.codes] == [
        ("interesting", None), ("Alliance", None), ("Rupture", "alliance"), ("Émotion", None),
    ]  # fmt: skip


def test_a_guid_that_stands_twice_identifies_nothing() -> None:
    guid = "7A2E9C10-0000-4000-8000-000000000001"
    codes = "".join(f'<Code guid="{guid}" name="{name}" isCodable="true"/>' for name in "AB")
    found = read_qdc(f"<CodeBook><Codes>{codes}</Codes></CodeBook>".encode(), "x")
    assert [code.guid for code in found.codes] == [guid, None]


BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><CodeBook><Codes><Code name="&b;"/></Codes></CodeBook>'
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><CodeBook><Codes><Code name="&f;"/></Codes></CodeBook>'
)
REMOTE = b'<!DOCTYPE CodeBook SYSTEM "http://127.0.0.1:9/x.dtd"><CodeBook><Codes><Code name="a"/></Codes></CodeBook>'


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, REMOTE], ids=["bomb", "file", "network"])
def test_entities_and_document_types_are_refused_unread(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"evil\.qdc defines document types or entities"):
        read_qdc(data, "x", file="evil.qdc")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"<CodeBook>", "not well-formed XML: .*line 1"),
        (b"<Project/>", "opens with Project, expected CodeBook"),
        (b"<CodeBook><Codes/></CodeBook>", "no codes in it"),
        (b"<CodeBook/>", "no codes in it"),
        (b'<CodeBook><Codes><Code name=" "/></Codes></CodeBook>', "code number 1 has no name"),
        (b'<?xml version="1.0" encoding="none"?><CodeBook/>', "not XML in a known encoding|not well-formed"),
        (b"<CodeBook><Codes>" + b'<Code name="a">' * 100 + b"</Code>" * 100 + b"</Codes></CodeBook>", "too deep"),
    ],
)
def test_what_is_no_codebook_is_refused(data: bytes, complaint: str) -> None:
    with pytest.raises(FormatError, match=complaint):
        read_qdc(data, "x")


def test_a_codebook_without_codes_is_not_written() -> None:
    with pytest.raises(FormatError, match="needs at least one"):
        written(Codebook("x", "1"))


def test_a_studys_codebooks_are_folders_of_one_valid_file_and_a_study_without_any_has_its_title(book: Codebook) -> None:
    for books, tops in (((book, replace(book, name="again", title="Again")), 2), ((), 1)):
        stream = BytesIO()
        write_study_qdc(Exchange("Early sessions", codebooks=books), stream)
        SCHEMA.validate(stream.getvalue().decode())
        found = fromstring(stream.getvalue())[0]
        assert len(found) == tops
    assert found[0].get("name") == "Early sessions"
