"""A text put onto the sound of a session: the first 37 s of the sample, by the English aligner."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.actions.alignment import Aligned, Manner, align
from iprkit.actions.check import check
from iprkit.actions.exports import export, format_named
from iprkit.actions.history import history, redo, undo
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.transcripts import show
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.errors import Conflict, FormatError, InvalidInput, MediaError, NotFound
from iprkit.formats.native import read_native
from iprkit.media.decode import RATE
from iprkit.progress import Step
from iprkit.transcript import Speaker, Transcript

KEY = "D01-S03"
NEAR_MS = 200
Put = Callable[..., Aligned]
Typed = Callable[..., str]


def off_ms(told: Transcript, turns: Sequence[Any]) -> list[int]:
    """How far the first word of each turn is from the truth."""
    words, at, found = list(told.words), 0, []
    for turn in turns:
        found.append(abs(words[at].start_ms - turn.span.start_ms))
        at += len(turn.text.split())
    return found


def actions(study: Study) -> list[str]:
    return [entry.action for entry in history(study, KEY)]


def test_a_text_becomes_the_first_version(put: Put, typed: Typed, filmed: Study, film_turns: Sequence[Any]) -> None:
    done = put(typed())
    told = show(filmed, KEY)
    assert max(off_ms(told, film_turns)) <= NEAR_MS
    assert [word.text for word in told.words] == " ".join(turn.text for turn in film_turns).split()
    assert (done.first, done.words, done.placed, done.guessed, done.lost) == (True, 116, 116, 0, ())
    assert done.speakers == told.speakers == (Speaker("A", "therapist"), Speaker("B", "client"))
    assert (told.style, told.language, told.meta["version"]) == ("checked", "en", "1")
    assert told.segments[0].key == "D01-S03-T001"
    assert told.speech_ms is not None
    assert told.unheard_ms is not None


def test_the_run_tells_what_was_put_on(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed(), style="verbatim")
    with filmed.read() as db:
        version = queries.newest_transcript(db, queries.conversation(db, KEY).id)
        assert version is not None
        assert version.run is not None
        assert version.run.step == "align"
        assert version.run.settings["text_sha256"] == hashlib.sha256(typed().encode()).hexdigest()
        assert (version.style, version.run.settings["style"]) == ("verbatim", "verbatim")


def test_it_is_one_entry_of_the_journal_and_one_step_of_undo(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    assert actions(filmed) == ["added session D01-S03", "put a text onto D01-S03"]
    before = show(filmed, KEY)
    undo(filmed)
    with pytest.raises(NotFound, match="not transcribed"):
        show(filmed, KEY)
    redo(filmed)
    assert show(filmed, KEY) == before


@pytest.mark.parametrize("name", ["txt", "dresing-pehl", "maxqda", "atlasti", "nvivo", "vtt", "srt", "json", "native"])
def test_an_export_put_back_changes_nothing(put: Put, typed: Typed, filmed: Study, name: str) -> None:
    put(typed())
    before, entries = show(filmed, KEY), actions(filmed)
    done = put(export(filmed, format_named(name), [KEY])[0].read_bytes())
    assert (done.kept, done.changed, done.added, done.removed) == (116, 0, 0, 0)
    assert (show(filmed, KEY), actions(filmed)) == (before, entries)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_text_of_any_encoding_with_a_word_processors_quotes(
    put: Put, typed: Typed, filmed: Study, film_turns: Sequence[Any], encoding: str
) -> None:
    put(typed().replace("'", "’").replace("Okay.", "“Okay.”").encode(encoding))
    assert max(off_ms(show(filmed, KEY), film_turns)) <= NEAR_MS


def test_time_stamps_are_no_words(put: Put, filmed: Study, film_turns: Sequence[Any]) -> None:
    letters = {"therapist": "T", "client": "C"}
    put(
        "\n\n".join(
            f"[00:00:{n:02}] {letters[t.role]}: {t.text} #00:00:{n + 2:02}-5#" for n, t in enumerate(film_turns)
        )
    )
    assert max(off_ms(show(filmed, KEY), film_turns)) <= NEAR_MS


def test_where_no_aligner_knows_the_language_the_words_share_the_speech(put: Put, filmed: Study) -> None:
    done = put("Terapeuta: Bienvenida otra vez. ¿Cómo fue para usted?\n\nPaciente: Estuvo bien, pero no sé por qué.")
    told = show(filmed, KEY)
    assert (told.language, done.placed, done.guessed) == ("es", 0, 14)
    assert all(word.interpolated for word in told.words)
    assert [speaker.role for speaker in told.speakers] == ["therapist", "client"]


def test_the_times_of_cues_bound_the_words_where_nothing_hears(put: Put, filmed: Study) -> None:
    put("WEBVTT\n\n00:08.300 --> 00:12.900\n<v Paciente>Estuvo bien, pero no sé por qué.", language="es")
    words = list(show(filmed, KEY).words)
    assert words[0].start_ms >= 8_300
    assert words[-1].end_ms <= 12_900


def test_words_whose_times_were_guessed_are_put_on_the_sound_without_a_text(
    put: Put, typed: Typed, filmed: Study, film_turns: Sequence[Any]
) -> None:
    put(typed(), language="es")
    guessed = show(filmed, KEY)
    done = align(filmed, KEY, None, Manner(language="en"))
    told = show(filmed, KEY)
    assert (done.kept, done.placed) == (0, 116)
    assert max(off_ms(told, film_turns)) <= NEAR_MS
    assert [word.id for word in told.words] == [word.id for word in guessed.words]
    assert not any(word.interpolated for word in told.words)


def test_a_session_in_two_recordings_has_one_clock(
    put: Put, typed: Typed, filmed: Study, film_turns: Sequence[Any], film_sound: NDArray[np.float32], tmp_path: Path,
    write_wav: Callable[..., None],
) -> None:  # fmt: skip
    cut, parts = 26 * RATE, [tmp_path / "one.wav", tmp_path / "two.wav"]
    for part, samples in zip(parts, (film_sound[:cut], film_sound[cut:]), strict=True):
        write_wav(part, samples[None])
    add_session(filmed, ("D01", 4), sources_of(parts))
    file = tmp_path / "text.txt"
    file.write_text(typed(), encoding="utf-8")
    done = align(filmed, "D01-S04", file)
    told = show(filmed, "D01-S04")
    assert max(off_ms(told, film_turns)) <= NEAR_MS
    assert (done.placed, done.guessed) == (116, 0)
    assert max(word.end_ms for word in told.words) <= told.duration_ms


def test_a_foreign_text_says_what_is_not_in_the_sound(put: Put, typed: Typed) -> None:
    foreign = "The committee approved the budget of the fiscal year and adjourned until further notice."
    done = put(f"{typed()}\n\nClient: {foreign}")
    assert sum(one.words for one in done.lost) >= 10
    assert all(30_000 < one.start_ms <= one.end_ms <= 37_000 for one in done.lost)


def test_copies_for_other_programs_follow(put: Put, typed: Typed, filmed: Study) -> None:
    put(typed())
    put(typed().replace("form to fill in", "sheet to fill in"))
    copy = read_native((filmed.folder / "transcripts/D01-S03.json").read_bytes())
    assert copy == show(filmed, KEY)


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        (b"PK\x03\x04", FormatError, "text.txt: this is a zip archive"),
        (b"  \n", FormatError, "text.txt: there is not a word"),
        (b"Mm-hm.", InvalidInput, "--language en"),
    ],
)
def test_what_cannot_be_put_on_is_refused_and_nothing_is_left(
    put: Put, filmed: Study, text: bytes, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        put(text)
    assert actions(filmed) == ["added session D01-S03"]


def test_an_unknown_style_names_the_styles(put: Put) -> None:
    with pytest.raises(InvalidInput, match="choose among checked, verbatim, clean"):
        put("T: So?", style="rough")


def test_a_file_that_is_not_there_is_named(filmed: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no file .*gone\.txt"):
        align(filmed, KEY, tmp_path / "gone.txt")


def test_without_text_and_transcript_there_is_nothing_to_align(filmed: Study) -> None:
    with pytest.raises(NotFound, match="has no transcript yet"):
        align(filmed, KEY)


def test_a_missing_recording_is_named(put: Put, typed: Typed, filmed: Study) -> None:
    (filmed.folder / "recordings/d01-s03.wav").unlink()
    with pytest.raises(MediaError, match=r"d01-s03\.wav is not in its place"):
        put(typed())


def test_a_transcript_that_was_changed_meanwhile_is_not_overwritten(
    put: Put, typed: Typed, filmed: Study, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text(typed(), encoding="utf-8")

    def somebody_else(step: Step) -> None:
        if not any("put a text" in action for action in actions(filmed)):
            put("Therapist: Welcome back.", language="en")

    with pytest.raises(Conflict, match="changed meanwhile"):
        align(filmed, KEY, other, report=somebody_else)
    assert [word.text for word in show(filmed, KEY).words] == ["Welcome", "back."]


def test_killed_while_it_listens_it_leaves_the_study_as_it_was(typed: Typed, filmed: Study, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(typed(), encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from iprkit.cli import main; main()",
        "-C",
        str(filmed.folder),
        "align",
        KEY,
        "--text",
        str(file),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert "finding speech" in running.stderr.readline()
        os.kill(running.pid, signal.SIGKILL)
    with pytest.raises(NotFound, match="not transcribed"):
        show(filmed, KEY)
    assert actions(filmed) == ["added session D01-S03"]
    assert check(filmed) == []
