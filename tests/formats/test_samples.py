"""Files that real programs wrote come in with what is in them, or are refused in words that say what to do."""

from pathlib import Path

import pytest

from iprkit.errors import FormatError
from iprkit.exchange import Exchange
from iprkit.formats.foreign import read_foreign

SAMPLES = Path(__file__).parent / "samples"
REFUSED = {"taguette_1.5.2_highlights.csv"}
FILES = [file for file in sorted(SAMPLES.rglob("*.*")) if file.name != "README.md" and file.name not in REFUSED]


def read(name: str) -> Exchange:
    return read_foreign(SAMPLES / name).values


def counts(values: Exchange) -> tuple[int, int, int]:
    """Segments, words and codings."""
    every = [one for one in values.conversations]
    transcripts = [one.transcript for one in every if one.transcript]
    words = sum(len(segment.words) for t in transcripts for segment in t.segments)
    return sum(len(t.segments) for t in transcripts), words, sum(len(one.codings) for one in every)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_of_a_real_program_comes_in(file: Path) -> None:
    found = read_foreign(file)
    assert found.what and (list(found.values.conversations) or found.values.codebooks)


def test_highlights_without_places_are_refused_with_the_file_to_take_instead() -> None:
    with pytest.raises(FormatError, match=r"highlights of Taguette without their places; export the project"):
        read("refi/taguette_1.5.2_highlights.csv")


def test_qualcoders_malformed_tags_are_put_right_and_said() -> None:
    values = read("refi/qualcoder_3.8.2_export.qdpx")
    assert counts(values)[2] == 6
    assert "3 × tags that were not well formed were put right" in values.remarks


def test_both_releases_of_qualcoder_give_the_same_codings() -> None:
    """A code that has codes below it becomes a group and a code of the same name in 3.8.2, so names are compared."""

    def codings(name: str) -> set[tuple[str, int, int, str]]:
        values = read(name)
        book = values.codebooks[0]
        every = [coding for one in values.conversations for coding in one.codings]
        return {
            (c.coder, c.anchor.span.start_ms, c.anchor.span.end_ms, book.by_key[c.code].name)
            for c in every if c.anchor.target.kind == "span"
        }  # fmt: skip

    assert codings("refi/qualcoder_3.8.2_export.qdpx") == codings("refi/qualcoder_c320464_export.qdpx")


def test_codings_on_time_and_text_keep_coder_place_and_memo() -> None:
    (one,) = read("ours/refi_full.qdpx").conversations
    timed = {(c.coder, c.anchor.span.start_ms, c.anchor.span.end_ms) for c in one.codings if c.anchor.target.kind == "span"}
    assert timed >= {("Rater A", 4200, 7900), ("Rater B", 4450, 7600), ("Rater B", 7900, 9800)}
    assert "coding memo a" in {c.memo for c in one.codings}


def test_what_went_through_qualcoder_has_each_conversation_once_with_ratings_and_what_was_settled() -> None:
    """QualCoder keeps a transcript twice, as a text and as that of the recording, and ratings below the memo."""
    session, interview = read("refi/qualcoder_v14_data.qda").conversations
    assert (session.key, interview.key) == ("D01-S03", "D01-S03-client")
    assert [medium.name for medium in session.media] == ["d01-s03.mp4"]
    assert {(c.coder, c.code, c.rating, c.about, c.round, c.memo) for c in session.codings} == {
        ("anna", "WD", 4.0, "client", "main", "Quietly."), ("ben", "low", None, None, None, ""),
    }  # fmt: skip
    assert [(one.code, one.reason, one.decided_by) for one in session.adjudications] == [("CF", "Both agree.", "anna")]


def test_taguettes_offsets_in_bytes_are_found_in_the_text() -> None:
    (one,) = read("refi/taguette_1.5.2_project.sqlite3").conversations
    (coding,) = one.codings
    assert coding.anchor.quote and coding.anchor.quote in " ".join(segment.text for segment in one.transcript.segments)


def test_a_project_without_its_texts_says_so_and_gives_its_codes() -> None:
    values = read("refi/annex_ATLAS_ti_8_4_0_573_macOS.qde")
    assert [len(book.codes) for book in values.codebooks] == [14]
    assert any("texts are missing from the file" in remark for remark in values.remarks)


def test_an_older_namespace_is_understood() -> None:
    assert [len(book.codes) for book in read("refi/annex_Transana_3_22b2_QDE_Win.qde").codebooks] == [19]


def test_elan_tiers_become_speakers_and_controlled_vocabularies_codes() -> None:
    values = read("eaf/childproject_eaf_basic.eaf")
    (one,) = values.conversations
    assert {speaker.title for speaker in one.transcript.speakers} == {"CHI", "FA1", "FA2", "UC1", "UC2", "UC3"}
    assert {book.name for book in values.codebooks} == {"lex", "xds", "mwu"}


@pytest.mark.parametrize("name", ["mary", "mary_longfile", "mary_longfile_with_negative_zero"])
def test_short_long_and_utf16_textgrids_say_the_same(name: str) -> None:
    (one,) = read(f"textgrid/praatio_{name}.TextGrid").conversations
    assert [word.text for word in one.transcript.words] == ["mary", "rolled", "the", "barrel"]


def test_a_cue_that_ends_before_it_begins_lasts_until_the_next_and_that_is_said(tmp_path: Path) -> None:
    """noScribe wrote such a cue in a file of an hour, which must not be refused for it."""
    file = tmp_path / "talk.vtt"
    file.write_text("WEBVTT\n\n00:05.000 --> 00:02.000\n<v T>And then?\n\n00:09.000 --> 00:04.000\n<v C>I left.\n")
    found = read_foreign(file).values
    (one,) = found.conversations
    assert [(s.start_ms, s.end_ms, s.text) for s in one.transcript.segments] == [
        (5000, 9000, "And then?"), (9000, 9000, "I left."),
    ]  # fmt: skip
    assert [remark.split(" (")[0] for remark in found.remarks] == [
        f"talk.vtt, line {line}: the cue ends before it begins" for line in (3, 6)
    ]


def test_chat_keeps_times_and_reads_marks_as_plain_words() -> None:
    (one,) = read("cha/english-child-speech.cha").conversations
    assert all(segment.end_ms > segment.start_ms for segment in one.transcript.segments)
    assert not any(mark in segment.text for segment in one.transcript.segments for mark in "[]<>&@")


def test_speakers_before_the_colon_are_found_in_recognised_speech() -> None:
    for name in ("asr/whisper_ctranslate2_dosparlants.json", "vtt/whisper_ctranslate2_dosparlants.vtt"):
        (one,) = read(name).conversations
        assert len(one.transcript.speakers) == 2
        assert counts(read(name))[:2] == (14, 89)
