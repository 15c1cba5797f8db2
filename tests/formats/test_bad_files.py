"""Damaged and hostile files are refused in one sentence with file and place, and nothing else happens."""

import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.fuzz import mutated
from iprkit.errors import FormatError, IprkitError
from iprkit.formats.foreign import read_foreign

SAMPLES = Path(__file__).parent / "samples"
QDE = (SAMPLES / "ours/c_coders.qde").read_text()
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
READERS = (
    "ours/refi_full.qdpx", "ours/c_coders.qde", "ours/codebook.qdc", "ours/session01.eaf", "ours/session01.TextGrid",
    "textgrid/praatio_mary_longfile.TextGrid", "ours/session01.cha", "cha/overlaps.cha", "asr/whisper_ctranslate2_dosparlants.json",
    "asr/whisper_ctranslate2_dosparlants.tsv", "vtt/whisper_ctranslate2_dosparlants.vtt",
    "vtt/whisper_ctranslate2_dosparlants.srt", "refi/taguette_1.5.2_project.sqlite3", "refi/taguette_1.5.2_codebook.csv",
    "eaf/speach_test.ecv",
)  # fmt: skip

Refused = Callable[[str, bytes], str]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """The sentence with which a file is refused: ``refused("a.qdpx", data)``."""

    def read(name: str, data: bytes) -> str:
        file = tmp_path / name
        file.write_bytes(data)
        with pytest.raises(FormatError) as error:
            read_foreign(file)
        return str(error.value)

    return read


def archive(*parts: tuple[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("opening", ["<Project", "<CodeBook", "<ANNOTATION_DOCUMENT", "<CV_RESOURCE"])
def test_entities_are_refused_unread(refused: Refused, opening: str) -> None:
    for doctype in (LAUGHS, '<!DOCTYPE l SYSTEM "file:///etc/passwd">'):
        told = refused("a.xml", f'<?xml version="1.0"?>{doctype}{opening} name="x">&b;</x>'.encode())
        assert told.startswith("a.xml defines document types or entities")


def test_entities_inside_an_archive_are_refused_unread(refused: Refused) -> None:
    told = refused("a.qdpx", archive(("project.qde", QDE.replace("<Project", f"{LAUGHS}<Project", 1))))
    assert "entities" in told


def test_a_zip_bomb_is_not_unpacked(refused: Refused) -> None:
    bomb = archive(("project.qde", b"<Project>" + b" " * 80_000_000))
    tracemalloc.start()
    told = refused("a.qdpx", bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "unpacks to far more than an honest file would" in told
    assert most < 40_000_000


def test_a_part_that_leads_out_of_the_archive_is_refused(refused: Refused, tmp_path: Path) -> None:
    for name in ("../evil.txt", "/etc/evil", "C:\\evil.txt", "sources\\..\\..\\evil.txt"):
        told = refused("a.qdpx", archive(("project.qde", QDE), (name, "x")))
        assert "would lie outside of it" in told
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.qdpx"]


def test_a_path_in_the_xml_cannot_lead_out_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret words")
    project = (SAMPLES / "ours/b_ranges.qde").read_text()
    path = project.split('plainTextPath="')[1].split('"')[0]
    file = tmp_path / "a.qdpx"
    file.write_bytes(archive(("project.qde", project.replace(path, "internal://../secret.txt"))))
    values = read_foreign(file).values
    assert all(one.transcript is None for one in values.conversations)
    assert any("texts are missing" in remark for remark in values.remarks)


def test_a_locked_archive_says_what_to_do(refused: Refused) -> None:
    data = bytearray(archive(("project.qde", QDE)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    assert "locked by a password; save the file without one" in refused("a.qdpx", bytes(data))


@pytest.mark.parametrize("name", ["ours/refi_full.qdpx", "ours/session01.eaf", "ours/session01.TextGrid", "ours/session01.cha"])
def test_a_file_cut_off_is_refused_by_name(refused: Refused, name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    told = refused(f"cut{Path(name).suffix}", data[: len(data) * 2 // 3])
    assert told.startswith("cut") and any(word in told for word in ("cut off", "too early", "no whole archive", "expected"))


def test_two_tiers_of_one_name_are_refused(refused: Refused) -> None:
    text = (SAMPLES / "ours/session01.eaf").read_text().replace('TIER_ID="utt@T"', 'TIER_ID="utt@C"')
    assert refused("a.eaf", text.encode()) == "a.eaf has two tiers named utt@C; rename one in ELAN"


def test_a_chat_line_out_of_place_is_named(refused: Refused) -> None:
    assert refused("a.cha", b"@UTF8\n@Begin\n%com:\tnothing\n@End\n").startswith("a.cha, line 3:")


def test_a_number_that_is_none_is_named_with_its_element(refused: Refused) -> None:
    told = refused("a.qde", QDE.replace('begin="4200"', 'begin="soon"', 1).encode())
    assert told == "a.qde: begin of a AudioSelection is 'soon'; expected a whole number"


def test_rtf_pdf_and_unknown_archives_say_what_to_save_instead(refused: Refused) -> None:
    assert "save it as .docx or plain text" in refused("a.rtf", b"{\\rtf1 hello}")
    assert "is a PDF; save its text" in refused("a.pdf", b"%PDF-1.4 ...")
    assert "without a REFI-QDA project or Word document" in refused("a.zip", archive(("a.txt", "x")))
    assert refused("a.txt", b"") == "a.txt is empty"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_text_in_any_encoding_and_line_end_says_the_same(tmp_path: Path, encoding: str, ends: str) -> None:
    text = ends.join(["Therapeutin: Wie ging es Ihnen?", "Klient: Ich fühlte mich müde.", ""])
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (one,) = read_foreign(tmp_path / "a.txt").values.conversations
    assert [segment.text for segment in one.transcript.segments] == ["Wie ging es Ihnen?", "Ich fühlte mich müde."]


def read_damaged(data: bytes, file: Path) -> None:
    """Reads, and complains about any error that is not ours."""
    file.write_bytes(data)
    try:
        values = read_foreign(file).values
        list(values.conversations)
    except IprkitError as error:
        assert str(error)


@pytest.mark.parametrize("name", READERS)
def test_no_damage_breaks_a_reader(name: str, tmp_path: Path) -> None:
    data, chance = (SAMPLES / name).read_bytes(), random.Random(name)
    for _ in range(200):
        read_damaged(mutated(data, chance), tmp_path / Path(name).name)


def test_no_damage_inside_an_archive_breaks_the_reader(tmp_path: Path) -> None:
    chance = random.Random(7)
    with zipfile.ZipFile(SAMPLES / "ours/refi_full.qdpx") as made:
        parts = [(name, made.read(name)) for name in made.namelist()]
    for _ in range(200):
        changed = [(n, mutated(d, chance) if n.endswith((".qde", ".txt")) and chance.random() < 0.6 else d) for n, d in parts]
        read_damaged(archive(*changed), tmp_path / "a.qdpx")


def test_seconds_with_a_comma_are_understood(tmp_path: Path) -> None:
    text = (SAMPLES / "ours/session01.TextGrid").read_text(encoding="utf-8")
    lines = [line.replace(".", ",") if "xm" in line else line for line in text.split("\n")]
    (tmp_path / "a.TextGrid").write_text("\n".join(lines), encoding="utf-8")
    (one,) = read_foreign(tmp_path / "a.TextGrid").values.conversations
    (other,) = read_foreign(SAMPLES / "ours/session01.TextGrid").values.conversations
    assert [s.span for s in one.transcript.segments] == [s.span for s in other.transcript.segments]


def test_a_version_from_the_future_is_said(tmp_path: Path) -> None:
    text = (SAMPLES / "ours/session01.eaf").read_text(encoding="utf-8").replace('FORMAT="3.0"', 'FORMAT="4.1"')
    (tmp_path / "a.eaf").write_text(text, encoding="utf-8")
    assert "written in ELAN's format 4.1" in read_foreign(tmp_path / "a.eaf").values.remarks[0]
    (tmp_path / "a.qde").write_text(QDE.replace("project:1.0", "project:7.0"), encoding="utf-8")
    assert any("version that is not known here" in remark for remark in read_foreign(tmp_path / "a.qde").values.remarks)


def test_the_same_identity_twice_does_no_harm(tmp_path: Path) -> None:
    guid = QDE.split('<Code guid="')[1].split('"')[0]
    twice = QDE.replace("</Codes>", f'<Code guid="{guid}" name="Other" isCodable="true"/></Codes>')
    (tmp_path / "a.qde").write_text(twice, encoding="utf-8")
    (book,) = read_foreign(tmp_path / "a.qde").values.codebooks
    assert len(book.codes) == len({code.key for code in book.codes}) and sum(code.guid is None for code in book.codes) == 1
