"""Files of other programs enter the study whole or not at all, find their place, and can be taken back."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from iprkit.actions import codebooks
from iprkit.actions.codings import list_codings
from iprkit.actions.dyads import add_dyad
from iprkit.actions.entering import Into
from iprkit.actions.exchange import read_out
from iprkit.actions.history import undo
from iprkit.actions.imports import Came, import_files
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.study_exports import Wanted, export_study
from iprkit.database import queries, recall_queries
from iprkit.database.connect import Study, create
from iprkit.database.transcripts import load_transcript
from iprkit.errors import Conflict, FormatError, InvalidInput, MediaError
from iprkit.exchange import Exchange
from iprkit.formats.studies import STUDY_WRITERS

SAMPLES = Path(__file__).parents[1] / "formats/samples"


def bring(study: Study, name: str, **into: str) -> Came:
    (came,) = import_files(study, [SAMPLES / name], Into(**into))
    return came


def everything(study: Study) -> Exchange:
    """The study as a value, less who wrote it out and when."""
    with read_out(study) as values:
        whole = values.whole()
    return replace(whole, written_at="", by="", title="", remarks=())


def bytes_of(study: Study) -> str:
    """A checksum of all that lies in the study's folder but its database."""
    files = sorted(f for f in study.folder.rglob("*") if f.is_file() and not f.name.startswith("study.db"))
    return hashlib.sha256(b"".join(str(f).encode() + f.read_bytes() for f in files)).hexdigest()


@pytest.mark.parametrize("name", ["ours/refi_full.qdpx", "refi/qualcoder_3.8.2_export.qdpx", "ours/session01.eaf",
                                  "ours/session01.cha", "textgrid/praatio_mary.TextGrid", "eaf/speach_test.eaf",
                                  "refi/taguette_1.5.2_project.sqlite3"])  # fmt: skip
def test_what_came_in_goes_out_and_comes_into_another_study_as_the_same(study: Study, tmp_path: Path, name: str) -> None:
    bring(study, name)
    form = STUDY_WRITERS["qdpx"]
    export_study(study, Wanted(form), tmp_path / "first.qdpx")
    with create(tmp_path / "second", "Second", "anna") as second:
        import_files(second, [tmp_path / "first.qdpx"])
        first = everything(second)
        export_study(second, Wanted(form), tmp_path / "second.qdpx")
    with create(tmp_path / "third", "Third", "anna") as third:
        import_files(third, [tmp_path / "second.qdpx"])
        assert everything(third) == first


def test_a_project_enters_with_codes_coders_codings_and_memos(study: Study) -> None:
    came = bring(study, "ours/refi_full.qdpx")
    assert came.places["Session 01.wav"] == "D01-S01"
    assert came.counts["codings"] == 6 and came.counts["coders"] == 2 and came.counts["codes"] == 4
    assert "the coder 'Rater A' is called Rater_A here" in came.remarks
    found = list_codings(study).codings
    assert {coding.coder for coding in found} == {"Rater_A", "Rater_B"}
    assert {(c.anchor.span.start_ms, c.anchor.span.end_ms) for c in found} >= {(4200, 7900), (4450, 7600), (7900, 9800)}


def test_one_undo_takes_back_all_that_a_file_brought(study: Study) -> None:
    before = everything_or_nothing(study)
    bring(study, "ours/refi_full.qdpx")
    undo(study)
    assert everything_or_nothing(study) == before == ([], 0)


def everything_or_nothing(study: Study) -> tuple[list[str], int]:
    with study.read() as db:
        return [one.key for one in queries.all_conversations(db)], len(recall_queries.all_memos(db))


def test_the_same_file_again_brings_nothing_new(study: Study, tmp_path: Path) -> None:
    bring(study, "ours/refi_full.qdpx")
    export_study(study, Wanted(STUDY_WRITERS["qdpx"]), tmp_path / "a.qdpx")
    before = everything(study)
    (came,) = import_files(study, [tmp_path / "a.qdpx"])
    assert came.counts.get("codings", 0) == 0 and came.counts["known codings"] == 6
    assert everything(study) == before


def test_a_damaged_file_leaves_the_study_as_it_was(study: Study, tmp_path: Path) -> None:
    bring(study, "ours/session01.cha")
    before, files = everything(study), bytes_of(study)
    data = (SAMPLES / "ours/refi_full.qdpx").read_bytes()
    (tmp_path / "cut.qdpx").write_bytes(data[:-3000])
    with pytest.raises(FormatError, match=r"cut\.qdpx"):
        import_files(study, [SAMPLES / "ours/session01.eaf", tmp_path / "cut.qdpx"])
    assert (everything(study), bytes_of(study)) == (before, files)


def test_a_project_that_cannot_enter_leaves_nothing_behind(study: Study, tmp_path: Path) -> None:
    with zipfile.ZipFile(SAMPLES / "ours/refi_full.qdpx") as made:
        parts = [(name, made.read(name)) for name in made.namelist()]
    with zipfile.ZipFile(tmp_path / "two.qdpx", "w") as out:
        for name, data in parts:
            source = data.find(b"<AudioSource")
            end = data.find(b"</AudioSource>") + len(b"</AudioSource>")
            twice = data[source:end].replace(b'name="Session 01', b'name="Session 02') if source >= 0 else b""
            out.writestr(name, data[:end] + twice.replace(b"internal://8B7B", b"internal://5170") + data[end:] if twice else data)
    with pytest.raises(InvalidInput, match="--session names one place"):
        import_files(study, [tmp_path / "two.qdpx"], Into(session="D01-S01"))
    assert everything_or_nothing(study) == ([], 0)


def test_a_transcript_without_a_recording_becomes_a_session(study: Study) -> None:
    came = bring(study, "vtt/whisper_ctranslate2_dosparlants.vtt", session="D07-S02")
    assert list(came.places.values()) == ["D07-S02"]
    with study.read() as db:
        found = load_transcript(db, "D07-S02")
        assert queries.conversation(db, "D07-S02").recordings == []
    assert len(found.segments) == 14 and found.duration_ms == found.segments[-1].end_ms


def test_the_recording_may_follow_later(study: Study, record: Callable[..., Path]) -> None:
    bring(study, "vtt/whisper_ctranslate2_dosparlants.vtt", session="D07-S02")
    assert add_session(study, ("D07", 2), sources_of([record("a.wav", seconds=2)]), "2026-03-04") == "D07-S02"
    with study.read() as db:
        row = queries.conversation(db, "D07-S02")
        assert (len(row.recordings), row.date, len(row.versions)) == (1, "2026-03-04", 1)
    with pytest.raises(Conflict, match="exists already"):
        add_session(study, ("D07", 2), sources_of([record("b.wav", pitch=300)]))


def test_a_text_without_times_says_that_its_times_are_guessed(study: Study, tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("Therapist: And then?\n\nClient: I left.\n")
    import_files(study, [tmp_path / "talk.txt"])
    with study.read() as db:
        found = load_transcript(db, "D01-S01")
    assert [segment.flags for segment in found.segments] == [("untimed",), ("untimed",)]
    assert [segment.key for segment in found.segments] == ["D01-S01-T001", "D01-S01-C001"]


def test_a_text_is_put_onto_the_sound_of_its_session(filmed: Study, tmp_path: Path, typed: Callable[..., str]) -> None:
    (tmp_path / "talk.txt").write_text(typed())
    (came,) = import_files(filmed, [tmp_path / "talk.txt"], Into(session="D01-S03"))
    assert came.counts["words placed by the sound"] > 80
    with filmed.read() as db:
        found = load_transcript(db, "D01-S03")
    assert {speaker.role for speaker in found.speakers} == {"therapist", "client"}


def test_a_word_document_is_read_with_its_speakers(study: Study, tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    for line in ("Therapeutin: Wie war das?", "Klient: Schwer, müde.", "Therapeutin: Ja."):
        document.add_paragraph(line)
    document.save(str(tmp_path / "talk.docx"))
    (came,) = import_files(study, [tmp_path / "talk.docx"], Into(dyad="D05"))
    assert came.what == "a Word document" and list(came.places.values()) == ["D05-S01"]
    with study.read() as db:
        assert [s.name for s in load_transcript(db, "D05-S01").speakers] == ["Therapeutin", "Klient"]


@pytest.mark.parametrize(("name", "content", "said"), [
    ("a.otr", '{"text": "<p><span class=\\"timestamp\\" data-timestamp=\\"1.5\\">0:01</span> And then?</p><p>'
     '<span class=\\"timestamp\\" data-timestamp=\\"4\\">0:04</span> I left.</p>", "media": "a.mp3"}', (1500, "And then?")),
    ("dote.json", '{"lines": [{"startTime": "00:00:01,500", "endTime": "00:00:02,000", "speakerDesignation": "T", '
     '"text": "And then?"}]}', (1500, "And then?")),
    ("amber.json", '{"speakers": [{"spkid": "s1", "name": "T"}], "segments": [{"speaker": "s1", "words": [{"text": "And",'
     ' "start": 1.5, "end": 1.8, "conf": 0.9}, {"text": "then?", "start": 1.8, "end": 2.0}]}]}', (1500, "And then?")),
    ("transcribee.json", '{"speaker_names": {"0": "T"}, "children": [{"speaker": "0", "children": [{"text": " And", '
     '"start": 1.5, "end": 1.8, "conf": 0.9}, {"text": " then?", "start": 1.8, "end": 2}]}]}', (1500, "And then?")),
    ("cpp.json", '{"transcription": [{"offsets": {"from": 1500, "to": 2000}, "text": " And then?"}]}', (1500, "And then?")),
    ("chunks.json", '{"chunks": [{"timestamp": [1.5, 2.0], "text": " And then?"}]}', (1500, "And then?")),
    ("f4.txt", "#00:00:01-5# T: And then? #00:00:02-0#\n#00:00:03-0# C: I left. #00:00:04-0#\n", (1500, "And then?")),
    ("zoom.vtt", "WEBVTT\r\n\r\n1\r\n00:00:01.500 --> 00:00:02.000\r\nAnna: And then?\r\n", (1500, "And then?")),
    ("teams.vtt", "WEBVTT\n\nab-1/2-0\n00:00:01.500 --> 00:00:02.000\n<v Doe, Jane [NA]>And then?</v>\n", (1500, "And then?")),
    ("youtube.srt", "1\n00:00:01,500 --> 00:00:02,000\nAnd then?\n", (1500, "And then?")),
    ("nvivo.txt", "Timespan\tContent\tSpeaker\n0:00:01.5-0:00:02.0\tAnd then?\tT\n", (1500, "And then?")),
])  # fmt: skip
def test_every_dialect_of_transcripts_is_understood(
    study: Study, tmp_path: Path, name: str, content: str, said: tuple[int, str]
) -> None:  # fmt: skip
    (tmp_path / name).write_bytes(content.encode())
    import_files(study, [tmp_path / name])
    with study.read() as db:
        first = load_transcript(db, "D01-S01").segments[0]
    assert (first.start_ms, first.text) == said


def test_codings_made_elsewhere_find_their_words_in_a_corrected_transcript(study: Study, tmp_path: Path) -> None:
    bring(study, "ours/refi_full.qdpx")
    before = list_codings(study).codings
    export_study(study, Wanted(STUDY_WRITERS["qdpx"]), tmp_path / "a.qdpx")
    with create(tmp_path / "other", "Other", "anna") as other:
        (tmp_path / "talk.txt").write_text("T: Well, how was that for you?\nC: I felt… stuck – a bit 😀 lost.\nC: Yes.\n")
        import_files(other, [tmp_path / "talk.txt"], Into(session="D01-S01"))
        (came,) = import_files(other, [tmp_path / "a.qdpx"])
        after = list_codings(other).codings
    assert any("transcribed already" in remark for remark in came.remarks)
    worded = {c.anchor.quote for c in before if c.anchor.target.kind in ("words", "segment")}
    assert worded & {c.anchor.quote for c in after}


def test_codings_cannot_be_brought_in_for_others_by_a_coder(study: Study, tmp_path: Path) -> None:
    bring(study, "ours/refi_full.qdpx")
    export_study(study, Wanted(STUDY_WRITERS["qdpx"]), tmp_path / "a.qdpx")
    with pytest.raises(Conflict, match="in their own name only"):
        import_files(replace(study, author="Rater_A"), [tmp_path / "a.qdpx"])


def test_qualcoders_own_folder_of_a_study_is_read(study: Study, tmp_path: Path) -> None:
    import sqlite3

    file = tmp_path / "data.qda"
    with sqlite3.connect(file) as made:
        made.executescript(
            "create table source (id integer, name text, fulltext text, mediapath text, memo text, owner text, date text,"
            " av_text_id integer);"
            "create table code_name (cid integer, name text, memo text, catid integer, owner text, date text, color text,"
            " supercid integer);"
            "create table code_cat (catid integer, name text, owner text, date text, memo text, supercatid integer);"
            "create table code_text (cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, "
            "date text, memo text, avid integer, important integer);"
            "create table code_av (avid integer, id integer, pos0 integer, pos1 integer, cid integer, memo text, date text,"
            " owner text, important integer);"
            "insert into source values (1, 'a.wav', null, '/audio/a.wav', '', 'Ann', '2026-01-01 10:00:00', 2);"
            "insert into source values (2, 'a.wav.txt', 'T: And then?\nC: 😀 I left.\n', null, 'Sad.', 'Ann', "
            "'2026-01-01 10:00:00', null);"
            "insert into code_cat values (1, 'Group', 'Ann', '', '', null);"
            "insert into code_name values (1, 'Leaving', 'Goes away.', 1, 'Ann', '', '#4477AA', null);"
            "insert into code_name values (2, 'For good', '', null, 'Ann', '', '#4477AA', 1);"
            "insert into code_name values (3, 'Ring', '', null, 'Ann', '', '#4477AA', 3);"
            "insert into code_text values (1, 2, 'I left.', 18, 25, 'Ann', '2026-01-01 10:00:00', 'twice', null, null);"
            "insert into code_av values (1, 1, 500, 900, 1, '', '2026-01-01 10:00:00', 'Ben', null);"
        )
    made.close()
    (came,) = import_files(study, [file])
    assert came.what == "a study of QualCoder" and len(came.places) == 2
    found = list_codings(study).codings
    assert {(c.coder, c.code, c.anchor.quote) for c in found if c.coder == "Ann"} == {("Ann", "leaving", "I left.")}
    assert [(c.anchor.span.start_ms, c.anchor.span.end_ms) for c in found if c.coder == "Ben"] == [(500, 900)]
    tree = {code.name: code.parent for code in codebooks.show(study, "data").book.codes}
    assert tree == {"Group": None, "Leaving": "group", "For good": "leaving", "Ring": None}


def test_a_stream_gets_the_same_bytes_as_a_file(study: Study, tmp_path: Path) -> None:
    from iprkit.actions.study_exports import export_study_to

    bring(study, "ours/session01.eaf")
    stream = io.BytesIO()
    export_study_to(study, Wanted(STUDY_WRITERS["cha"], ("D01-S01",)), stream)
    (place,) = export_study(study, Wanted(STUDY_WRITERS["cha"], ("D01-S01",))).places
    assert place.read_bytes() == stream.getvalue()


def test_a_text_that_goes_on_after_its_recording_is_refused(study: Study, record: Callable[..., Path]) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 1), sources_of([record("a.wav", seconds=2)]))
    with pytest.raises(InvalidInput, match=r"goes on until .* and the recording of D01-S01 ends at 0:02\.0"):
        bring(study, "vtt/whisper_ctranslate2_dosparlants.vtt", session="D01-S01")
    with study.read() as db:
        assert not queries.conversation(db, "D01-S01").versions


def test_a_word_document_is_put_onto_the_sound_too(filmed: Study, tmp_path: Path, typed: Callable[..., str]) -> None:
    from docx import Document

    document = Document()
    for line in typed().split("\n\n"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "talk.docx"))
    (came,) = import_files(filmed, [tmp_path / "talk.docx"], Into(session="D01-S03"))
    assert came.counts["words placed by the sound"] > 80


def test_recordings_inside_a_project_come_along(recalled: Study, tmp_path: Path) -> None:
    export_study(recalled, Wanted(STUDY_WRITERS["qdpx"], (), media=True), tmp_path / "a.qdpx")
    with create(tmp_path / "other", "Other", "anna") as other:
        (came,) = import_files(other, [tmp_path / "a.qdpx"])
        assert came.counts["recordings"] == 3
        with other.read() as db, recalled.read() as here:
            there = {one.key: [r.sha256 for r in one.recordings] for one in queries.all_conversations(db)}
            assert there == {one.key: [r.sha256 for r in one.recordings] for one in queries.all_conversations(here)}
            files = [other.path(r.path) for one in queries.all_conversations(db) for r in one.recordings]
        assert all(file.is_file() for file in files)
        assert sorted((other.folder / "recordings").iterdir()) == sorted(files)
        (again,) = import_files(other, [tmp_path / "a.qdpx"])
        assert "recordings" not in again.counts


def test_a_project_whose_recording_is_none_leaves_no_file_behind(study: Study, tmp_path: Path) -> None:
    with zipfile.ZipFile(SAMPLES / "ours/refi_full.qdpx") as made:
        parts = [(name, b"no sound" if name.endswith(".wav") else made.read(name)) for name in made.namelist()]
    with zipfile.ZipFile(tmp_path / "a.qdpx", "w") as out:
        for name, data in parts:
            out.writestr(name, data)
    before = bytes_of(study)
    with pytest.raises(MediaError, match=r"Session 01\.wav"):
        import_files(study, [tmp_path / "a.qdpx"])
    assert bytes_of(study) == before and everything_or_nothing(study) == ([], 0)


def test_an_event_beyond_the_recording_is_refused_with_its_row(
    study: Study, record: Callable[..., Path], tmp_path: Path
) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    add_session(study, ("D01", 3), sources_of([record("a.wav", seconds=20)]))
    table = tmp_path / "events.tsv"
    table.write_text(
        "Observation id\tSubject\tBehavior\tStart (s)\tStop (s)\n"
        "D01-S03\tclient\tgaze\t2.0\t3.0\nD01-S03\tclient\tgaze\t30.0\t31.5\n"
    )
    with pytest.raises(InvalidInput, match=r"events.tsv, line 3: .* until 0:31.5, .* D01-S03 ends at 0:20.0; correct"):
        import_files(study, [table])
    table = tmp_path / "datavyu.csv"
    table.write_text("gaze.ordinal,gaze.onset,gaze.offset\n1,2000,3000\n2,30000,31500\n")
    with pytest.raises(InvalidInput, match=r"datavyu.csv, line 3: .* --session"):
        import_files(study, [table], Into(session="D01-S03"))
    assert not list_codings(study).codings
