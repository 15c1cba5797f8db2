import io
from collections.abc import Callable
from pathlib import Path

import pytest

from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.actions.exports import export, export_to, format_named, meant_by_one_file
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database.connect import Study
from iprkit.database.transcripts import load_transcript
from iprkit.errors import InvalidInput, NotFound
from iprkit.formats import WRITERS
from iprkit.formats.native import read_native
from iprkit.formats.vtt import read_vtt

Recorder = Callable[..., Path]
VTT = WRITERS["vtt"]


@pytest.fixture
def second(told: Study, record: Recorder, transcribe: Callable[[Study, str], None]) -> Study:
    """A second transcribed session and a third that is not."""
    add_session(told, ("D01", 2), sources_of([record("b.wav", pitch=300)]))
    add_session(told, ("D01", 3), sources_of([record("c.wav", pitch=500)]))
    transcribe(told, "D01-S02")
    return told


def test_without_keys_every_transcribed_session_is_written_into_exports(second: Study) -> None:
    folder = second.folder / "exports"
    assert export(second, VTT) == [folder / "D01-S01.vtt", folder / "D01-S02.vtt"]
    assert sorted(folder.iterdir()) == [folder / "D01-S01.vtt", folder / "D01-S02.vtt"]


def test_a_key_named_twice_is_written_once(told: Study) -> None:
    assert len(export(told, VTT, ["D01-S01", "D01-S01"])) == 1


def test_one_key_may_have_a_file_of_its_own(told: Study, tmp_path: Path) -> None:
    assert export(told, VTT, ["D01-S01"], tmp_path / "talk.vtt") == [tmp_path / "talk.vtt"]
    assert [cue.text for cue in read_vtt((tmp_path / "talk.vtt").read_bytes())] == [
        "And then?",
        "I left.",
        "Thank you.",
    ]


def test_several_go_into_a_folder_that_is_there(second: Study, tmp_path: Path) -> None:
    assert [place.parent for place in export(second, VTT, [], tmp_path)] == [tmp_path, tmp_path]


def test_several_do_not_go_into_one_file(second: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="one file for 2 transcripts"):
        export(second, VTT, [], tmp_path / "all.vtt")
    assert not (tmp_path / "all.vtt").exists()


def test_a_session_without_transcript_is_named_before_anything_is_written(second: Study) -> None:
    with pytest.raises(NotFound, match="D01-S03 is not transcribed yet"):
        export(second, VTT, ["D01-S01", "D01-S03"])
    assert list((second.folder / "exports").iterdir()) == []


def test_an_unknown_key_is_answered_with_the_nearest(told: Study) -> None:
    with pytest.raises(NotFound, match="did you mean D01-S01"):
        export(told, VTT, ["D1-S01"])


def test_a_study_without_transcripts_says_what_to_do(study: Study) -> None:
    with pytest.raises(NotFound, match="iprkit transcribe"):
        export(study, VTT)


def test_a_stream_gets_the_same_bytes_as_a_file(told: Study) -> None:
    stream = io.BytesIO()
    export_to(told, VTT, ["D01-S01"], stream)
    assert stream.getvalue() == export(told, VTT)[0].read_bytes()


def test_a_stream_takes_one_transcript(second: Study) -> None:
    with pytest.raises(InvalidInput, match="name one of D01-S01, D01-S02"):
        export_to(second, VTT, [], io.BytesIO())


def test_an_unknown_format_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="there is no format webvtt; did you mean vtt"):
        format_named("webvtt")


def test_a_format_like_none_is_answered_with_all() -> None:
    with pytest.raises(InvalidInput, match="choose among json, native, vtt"):
        format_named("qqqq")


def test_words_means_the_table_with_a_row_a_word() -> None:
    assert format_named("csv", words=True) is WRITERS["words-csv"]


def test_words_is_refused_where_a_format_has_none() -> None:
    with pytest.raises(InvalidInput, match="srt has no rows for single words"):
        format_named("srt", words=True)


def test_exchange_copies_hold_what_the_study_says(told: Study) -> None:
    own, subtitles = write_exchange_copies(told, "D01-S01")
    assert (own, subtitles) == tuple(told.folder / "transcripts" / name for name in ("D01-S01.json", "D01-S01.vtt"))
    with told.read() as db:
        assert read_native(own.read_bytes()) == load_transcript(db, "D01-S01")
    assert read_vtt(subtitles.read_bytes())[0].speaker == "Therapist"


def test_one_file_without_a_key_means_the_only_session_and_says_what_that_leaves_out(
    recalled: Study, tmp_path: Path
) -> None:
    keys, note = meant_by_one_file(recalled, (), str(tmp_path / "a.vtt"))
    assert keys == ("D01-S03",)
    assert note == "this is D01-S03; write its interviews by their keys: D01-S03-client, D01-S03-therapist"
    assert meant_by_one_file(recalled, (), str(tmp_path)) == ((), "")
    assert meant_by_one_file(recalled, ("D01-S03-client",), "-") == (("D01-S03-client",), "")
