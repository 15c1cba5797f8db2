"""Exports are valid against the official schemas, and independent libraries read from them what was put in."""

import hashlib
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import parselmouth
import pylangacq
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from pympi.Elan import Eaf
from pyrefiqda import RefiProject
from speach import elan

from iprkit.exchange import Exchange

from .studies import KEY, rich, studies, written

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "schemas/Project.xsd"))
NS = "{urn:QDA-XML:project:1.0}"
quick = settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def project(values: Exchange) -> tuple[ElementTree.Element, dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(written(values, "qdpx"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return ElementTree.fromstring(parts["project.qde"]), parts


@quick
@given(studies())
def test_every_project_is_valid_against_the_published_schema(values: Exchange) -> None:
    root, _ = project(values)
    SCHEMA.validate(root)


@quick
@given(studies())
def test_no_identity_stands_twice_and_every_reference_leads_somewhere(values: Exchange) -> None:
    root, parts = project(values)
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(guids) == len(set(guids)) and all(guid == guid.upper() for guid in guids)
    wanted = {value for element in root.iter() for name, value in element.items()
              if name in ("targetGUID", "creatingUser", "originGUID", "creatingUserGUID")}  # fmt: skip
    assert wanted <= set(guids)
    for element in root.iter():
        path = element.get("plainTextPath")
        assert path is None or f"sources/{path.removeprefix('internal://')}" in parts


@quick
@given(studies())
def test_a_selection_of_words_holds_these_words_by_code_points(values: Exchange) -> None:
    root, parts = project(values)
    texts = {name: data.decode() for name, data in parts.items() if name.endswith(".txt")}
    assert not any("\r" in text or text.startswith("\ufeff") for text in texts.values())
    (one,) = values.conversations
    quotes = {c.anchor.quote for c in one.codings if c.anchor.target.kind == "words"}
    for source in root.iter(f"{NS}TextSource"):
        text = texts[f"sources/{(source.get('plainTextPath') or '').removeprefix('internal://')}"]
        for selection in source.iter(f"{NS}PlainTextSelection"):
            held = text[int(selection.get("startPosition") or 0) : int(selection.get("endPosition") or 0)]
            if "\n" not in held:
                assert held in quotes


def test_what_qualcoder_needs_is_there() -> None:
    """Its import stops at notes and transcripts without a date, and drops the second of two codes of one name."""
    root, _ = project(rich())
    for kind in ("Note", "Transcript", "TextSource", "PlainTextSelection", "VideoSelection", "AudioSource"):
        for element in root.iter(f"{NS}{kind}"):
            assert element.get("creationDateTime") and element.get("creatingUser"), kind
    names = [code.get("name", "").casefold() for code in root.iter(f"{NS}Code")]
    assert len(names) == len(set(names))
    sources = [element.get("name") for kind in ("TextSource", "AudioSource", "VideoSource") for element in root.iter(f"{NS}{kind}")]
    assert len(sources) == len(set(sources))
    assert all(len(selection.findall(f"{NS}Coding")) <= 1 for selection in root.iter(f"{NS}PlainTextSelection"))
    assert not [ref for source in root.iter(f"{NS}TextSource") for ref in source.findall(f"{NS}NoteRef")], "lost there"
    of_cases, of_sources = (
        {ref.get("targetGUID") for one in root.iter(f"{NS}{kind}") for ref in one.iter(f"{NS}VariableRef")}
        for kind in ("Cases", "Sources")
    )
    assert of_cases and of_sources and not of_cases & of_sources, "a variable is of cases or of files, not of both"


def test_pyrefiqda_reads_as_many_of_everything(tmp_path: Path) -> None:
    file = tmp_path / "study.qdpx"
    file.write_bytes(written(rich(), "qdpx"))
    found = RefiProject.load(str(file), str(tmp_path / "out"))
    text = repr(found[0] if isinstance(found, tuple) else found)
    root, _ = project(rich())
    for kind in ("PlainTextSelection", "SyncPoint", "VideoSelection", "Coding", "Case"):
        assert text.count(f"{kind}Type(") == sum(1 for _ in root.iter(f"{NS}{kind}")), kind


@quick
@given(studies())
def test_pympi_reads_every_annotation_of_an_elan_file(tmp_path_factory: pytest.TempPathFactory, values: Exchange) -> None:
    file = tmp_path_factory.mktemp("eaf") / "a.eaf"
    file.write_bytes(written(values, "eaf"))
    (one,) = values.conversations
    found = Eaf(str(file))
    tiers = {name: found.get_annotation_data_for_tier(name) for name in found.get_tier_names()}
    speech = [name for name in tiers if not name.startswith(("words: ", "memo: ", "memos: ", "moments", "anna: ", "ben: "))]
    assert sum(len(tiers[name]) for name in speech) == len(one.transcript.segments)
    coded = [name for name in tiers if name.startswith(("anna: ", "ben: "))]
    assert sum(len(tiers[name]) for name in coded) == len(one.codings)
    for marks in tiers.values():
        ordered = sorted((mark[0], mark[1]) for mark in marks)
        assert all(before[1] <= after[0] for before, after in zip(ordered, ordered[1:], strict=False))


def test_speach_reads_coders_vocabularies_and_words(tmp_path: Path) -> None:
    file = tmp_path / "a.eaf"
    file.write_bytes(written(rich(), "eaf"))
    found = elan.read_eaf(str(file))
    assert [a.value for a in found["words: Client"]] == ["I", "left."]
    assert {vocabulary.ID for vocabulary in found.vocabs} == {"ruptures", "mood"}


@quick
@given(studies())
def test_praat_reads_every_interval(tmp_path_factory: pytest.TempPathFactory, values: Exchange) -> None:
    file = tmp_path_factory.mktemp("praat") / "a.TextGrid"
    file.write_bytes(written(values, "textgrid"))
    (one,) = values.conversations
    if not (one.transcript.segments or one.codings or one.moments):
        return
    grid = parselmouth.Data.read(str(file))
    found: dict[str, list[str]] = {}
    for tier in range(1, parselmouth.praat.call(grid, "Get number of tiers") + 1):
        name = parselmouth.praat.call(grid, "Get tier name", tier)
        count = parselmouth.praat.call(grid, "Get number of intervals", tier)
        labels = [parselmouth.praat.call(grid, "Get label of interval", tier, n + 1) for n in range(count)]
        found.setdefault(name.split(":")[0].split(" #")[0], []).extend(label for label in labels if label)
    assert len(found.get("code", [])) == len(one.codings)
    said = [label for name, labels in found.items() if name not in ("code", "words", "moments") for label in labels]
    assert sorted(said) == sorted(segment.text for segment in one.transcript.segments)


@quick
@given(studies())
def test_pylangacq_reads_every_utterance_with_its_time(tmp_path_factory: pytest.TempPathFactory, values: Exchange) -> None:
    file = tmp_path_factory.mktemp("chat") / f"{KEY}.cha"
    file.write_bytes(written(values, "cha"))
    (one,) = values.conversations
    found = pylangacq.read_chat(str(file)).utterances()
    assert len(found) == len(one.transcript.segments)
    assert all(utterance.time_marks for utterance in found)


def test_exports_are_the_same_bytes_on_every_machine() -> None:
    sums = {form: hashlib.sha256(written(rich(), form)).hexdigest() for form in ("eaf", "textgrid", "cha")}
    assert sums == {form: hashlib.sha256(written(rich(), form)).hexdigest() for form in sums}
