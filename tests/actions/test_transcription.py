"""Transcribing with the engine that replays: what is heard is known, so everything around it can be looked at."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from iprkit.actions.dyads import add_dyad
from iprkit.actions.history import undo
from iprkit.actions.listeners import Request
from iprkit.actions.recordings import Intake
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.transcription import transcribe
from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.models import Run
from iprkit.database.transcripts import load_transcript
from iprkit.errors import EngineError, InvalidInput, ModelMissing, NotFound
from iprkit.formats.native import read_native
from iprkit.progress import Step
from iprkit.speech.engine import Options
from iprkit.transcript import Transcript

Talks = Callable[..., Any]
Recorder = Callable[..., Path]


@pytest.fixture(autouse=True)
def _dyad(study: Study) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})


def add(study: Study, number: int, *files: Path, channels: tuple[str, ...] = ()) -> str:
    return add_session(study, ("D01", number), sources_of(files), intake=Intake(channels))


def replaying(talk: Any, **options: Any) -> Request:
    return Request("scripted", str(talk.script), options=Options(**options))


def stored(study: Study, key: str, version: int | None = None) -> Transcript:
    with study.read() as db:
        return load_transcript(db, key, version)


def run_of(study: Study, key: str) -> Run:
    with study.read() as db:
        version = queries.newest_transcript(db, queries.conversation(db, key).id)
        assert version is not None
        assert version.run is not None
        return version.run


def left_over(study: Study, key: str) -> int:
    """How many finished pieces of the work on a session still lie in the study."""
    work = run_of(study, key).settings["work"]
    with study.read() as db:
        return len(queries.chunks(db, work))


def said(transcript: Transcript) -> list[tuple[str, int, int, str | None]]:
    return [(word.text, word.start_ms, word.end_ms, word.speaker) for word in transcript.words]


def test_the_words_come_out_with_the_times_and_speakers_that_stand_in_the_file(
    study: Study, record_talk: Talks
) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked))
    assert said(stored(study, key)) == said(read_native(talked.script.read_bytes()))


def test_unsure_words_are_replayed_once_like_all_others(study: Study, record_talk: Talks) -> None:
    """Whoever listens looks at them a second time; what is replayed is the same then."""
    talked = record_talk(seconds=175)
    sure = talked.script.read_text(encoding="utf-8")
    talked.script.write_text(sure.replace('"confidence": 0.9', '"confidence": 0.1'), encoding="utf-8")
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked))
    assert said(stored(study, key)) == said(read_native(talked.script.read_bytes()))


def test_what_was_found_is_told(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    (done,) = transcribe(study, [key], replaying(talked))
    words = [word for turn in talked.turns for word in turn.text.split()]
    assert (done.key, done.error, done.language, done.engine, done.model) == (key, None, "en", "scripted", "talk.wav")
    assert (done.words, done.flagged, done.already) == (len(words), 0, False)
    assert done.segments >= len(talked.turns)
    speech_ms = sum(turn.span.duration_ms for turn in talked.turns)
    assert done.speech_ms == pytest.approx(speech_ms, rel=0.25)
    assert done.unheard_ms < 0.05 * done.speech_ms


def test_all_that_is_not_yet_transcribed_is_and_then_there_is_nothing_to_do(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    add(study, 3, talked.file)
    add(study, 4, record_talk("b.wav", pause_ms=2_500).file)
    assert [done.key for done in transcribe(study, request=replaying(talked))] == ["D01-S03", "D01-S04"]
    assert transcribe(study, request=replaying(talked)) == []


def test_nothing_is_done_twice_with_the_same_sound_and_settings(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    (first,) = transcribe(study, [key], replaying(talked))
    (again,) = transcribe(study, [key], replaying(talked, threads=7))
    assert (again.already, again.words, again.segments) == (True, first.words, first.segments)
    assert stored(study, key).meta["version"] == "1"


def test_it_is_when_somebody_wants_it_again_and_segments_keep_their_keys(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked))
    before = stored(study, key)
    transcribe(study, [key], Request("scripted", str(talked.script), again=True))
    after = stored(study, key)
    assert (before.meta["version"], after.meta["version"]) == ("1", "2")
    assert [segment.key for segment in after.segments] == [segment.key for segment in before.segments]
    assert stored(study, key, 1) == before


def test_other_settings_are_another_transcript(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked))
    (done,) = transcribe(study, [key], replaying(talked, initial_prompt="Anna, Bergen"))
    assert not done.already
    assert stored(study, key).meta["version"] == "2"


def test_the_run_says_what_made_the_transcript(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked, beam_size=3))
    run = run_of(study, key)
    assert (run.step, run.engine, run.model, run.author) == ("transcribe", "scripted", "talk.wav", "anna")
    assert (run.settings["beam_size"], run.settings["engine"]) == (3, ["scripted", "1"])
    assert len(run.model_sha256 or "") == len(run.input_sha256 or "") == 64
    assert run.started_at <= (run.ended_at or "")
    assert run.outcome["words"] == len(list(stored(study, key).words))


def test_transcribing_is_one_step_of_undo_and_can_be_done_again(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked))
    assert undo(study).action == "undid: transcribed D01-S03"
    with pytest.raises(NotFound, match="not transcribed yet"):
        stored(study, key)
    assert [done.already for done in transcribe(study, request=replaying(talked))] == [False]


def test_parts_after_one_another_are_one_conversation_on_one_clock(study: Study, record_talk: Talks) -> None:
    first, second = record_talk("a.wav"), record_talk("b.wav", pause_ms=2_500)
    key = add(study, 3, first.file, second.file)
    transcribe(study, [key], replaying(first))
    once = said(read_native(first.script.read_bytes()))
    with study.read() as db:
        at_ms = [recording.offset_ms for recording in queries.conversation(db, key).recordings][1]
    behind = [(text, start_ms + at_ms, end_ms + at_ms, who) for text, start_ms, end_ms, who in once]
    assert said(stored(study, key)) == once + behind


def test_another_cameras_sound_is_not_heard_as_well(study: Study, record_talk: Talks) -> None:
    talked, side = record_talk(), record_talk("side.wav", pause_ms=2_500)
    add_session(study, ("D01", 3), sources_of([talked.file], [f"{side.file}@0"]))
    (done,) = transcribe(study, ["D01-S03"], replaying(talked))
    assert done.words == sum(len(turn.text.split()) for turn in talked.turns)


@pytest.mark.parametrize("channels", [("therapist", "client"), ("client", "therapist")])
def test_where_each_has_a_channel_the_channels_say_who_speaks(
    study: Study, record_talk: Talks, channels: tuple[str, str]
) -> None:
    talked = record_talk(seconds=40, channels=2)
    talked.script.write_text(_of_nobody(talked.script), encoding="utf-8")
    key = add(study, 3, talked.file, channels=channels)
    (done,) = transcribe(study, [key], replaying(talked))
    assert done.roles == channels
    first, second = channels
    named = {"A": first, "B": second}
    roles = [named[word.speaker] for word in stored(study, key).words if word.speaker]
    said_by_first = [first if turn.role == "therapist" else second for turn in talked.turns for _ in turn.text.split()]
    right = sum(a == b for a, b in zip(roles, said_by_first, strict=True))
    assert right / len(roles) >= 0.97
    assert run_of(study, key).settings["speakers"] == "channel"


def test_where_one_person_speaks_nobody_is_told_apart(study: Study, record_talk: Talks) -> None:
    talked = record_talk(seconds=20, channels=2)
    key = add(study, 3, talked.file, channels=("therapist", "client"))
    (done,) = transcribe(study, [key], Request("scripted", str(talked.script), speakers="one"))
    assert done.roles == ()


def test_text_where_nobody_speaks_is_flagged(study: Study, record_talk: Talks, record: Recorder) -> None:
    key = add(study, 3, record("hum.wav", seconds=10, pitch=50))
    (done,) = transcribe(study, [key], replaying(record_talk()))
    assert (done.speech_ms, done.flagged) == (0, done.segments)
    assert {flag for segment in stored(study, key).segments for flag in segment.flags} == {"no_voice"}


def test_a_recording_in_which_nobody_speaks_has_an_empty_transcript(
    study: Study, record_talk: Talks, record: Recorder
) -> None:
    nothing = record_talk("nothing.wav")
    nothing.script.write_text(_without_segments(nothing.script), encoding="utf-8")
    key = add(study, 3, record("hum.wav", seconds=10, pitch=50))
    (done,) = transcribe(study, [key], replaying(nothing))
    assert (done.error, done.words, done.segments) == (None, 0, 0)
    assert stored(study, key).segments == ()
    assert transcribe(study, request=replaying(nothing)) == []


def test_the_language_is_the_one_that_was_found(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    talked.script.write_text(talked.script.read_text("utf-8").replace('"language": "en"', '"language": "no"'), "utf-8")
    key = add(study, 3, talked.file)
    assert [done.language for done in transcribe(study, [key], replaying(talked))] == ["no"]
    assert stored(study, key).language == "no"


def test_the_language_may_be_said_instead(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    assert [done.language for done in transcribe(study, [key], replaying(talked, language="de"))] == ["de"]


def test_a_missing_recording_fails_alone_and_says_what_to_do(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    for number in (3, 4, 5):
        add(study, number, record_talk(f"{number}.wav", pause_ms=1_000 * number).file)
    (study.folder / "recordings/d01-s04.wav").unlink()
    told = {done.key: done.error for done in transcribe(study, request=replaying(talked))}
    assert told.pop("D01-S04") == "d01-s04.wav is not in its place; find it with: iprkit relink DIR"
    assert told == {"D01-S03": None, "D01-S05": None}


def test_a_recording_that_was_damaged_since_fails_alone_too(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    for number in (3, 4):
        add(study, number, record_talk(f"{number}.wav", pause_ms=1_000 * number).file)
    (study.folder / "recordings/d01-s03.wav").write_bytes(b"RIFF")
    first, second = transcribe(study, request=replaying(talked))
    assert (first.key, "d01-s03.wav" in (first.error or "")) == ("D01-S03", True)
    assert (second.key, second.error) == ("D01-S04", None)


def test_an_unknown_session_is_refused_before_anything_is_done(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    with pytest.raises(NotFound, match="did you mean D01-S03"):
        transcribe(study, [key, "D01-S30"], replaying(talked))
    with pytest.raises(NotFound):
        stored(study, key)


@pytest.mark.parametrize(
    ("request_", "error", "told"),
    [
        (Request("whisperx"), EngineError, "no engine 'whisperx' is installed"),
        (Request("scripted"), InvalidInput, "name its file: --model FILE.json"),
        (Request("scripted", "gone.json"), ModelMissing, "there is no file gone.json"),
        (Request("faster-whisper", "large-v3"), ModelMissing, "type: iprkit models fetch large-v3 --from hub"),
        (Request("openai-whisper", "medium"), ModelMissing, "type: iprkit models fetch medium --engine openai-whisper"),
    ],
)
def test_where_nothing_can_be_heard_at_all_no_work_is_begun(
    study: Study, record_talk: Talks, models: Path, request_: Request, error: type[Exception], told: str
) -> None:
    add(study, 3, record_talk().file)
    with pytest.raises(error, match=told):
        transcribe(study, request=request_)


def test_a_file_that_is_no_transcript_is_told(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    add(study, 3, talked.file)
    talked.script.write_text("{}", encoding="utf-8")
    (done,) = transcribe(study, request=replaying(talked))
    assert done.error == "iprkit transcript, key: expected a text, found null"


def test_progress_is_told_from_the_first_excerpt_to_the_last(study: Study, record_talk: Talks) -> None:
    talked = record_talk(seconds=150, times=3)
    key = add(study, 3, talked.file)
    steps: list[Step] = []
    transcribe(study, [key], replaying(talked), steps.append)
    heard = [step for step in steps if step.name == "transcribing"]
    assert [step.done for step in heard] == sorted(step.done for step in heard)
    assert (heard[0].done, heard[-1].done) == (0, heard[-1].total)
    assert len(heard) > 3


def test_excerpts_leave_no_word_out_and_none_twice(study: Study, record_talk: Talks) -> None:
    talked = record_talk(seconds=150, times=3)
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked))
    assert said(stored(study, key)) == said(read_native(talked.script.read_bytes()))
    assert left_over(study, key) == 0


def test_copies_for_other_programs_are_written_for_their_owner_alone(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked))
    copies = [study.folder / "transcripts" / f"{key}{ending}" for ending in (".json", ".vtt")]
    assert [copy.stat().st_mode & 0o077 for copy in copies] == [0, 0]
    assert said(read_native(copies[0].read_bytes())) == said(stored(study, key))


def test_a_copy_that_is_missing_is_written_again(study: Study, record_talk: Talks) -> None:
    talked = record_talk()
    key = add(study, 3, talked.file)
    transcribe(study, [key], replaying(talked))
    copy = study.folder / "transcripts" / f"{key}.vtt"
    before = copy.read_bytes()
    copy.unlink()
    assert transcribe(study, request=replaying(talked)) == []
    assert copy.read_bytes() == before


def _of_nobody(script: Path) -> str:
    """The same words, of which nobody knows who says them."""
    return re.sub(r'"speaker": "[AB]"', '"speaker": null', script.read_text(encoding="utf-8"))


def _without_segments(script: Path) -> str:
    return json.dumps(json.loads(script.read_text(encoding="utf-8")) | {"segments": []})


class Stopped(Exception):
    """What stands for an interruption here."""


def stopping_after(excerpts: int) -> Callable[[Step], None]:
    seen: Iterator[int] = iter(range(excerpts))

    def listen(step: Step) -> None:
        if step.name == "transcribing" and step.done and next(seen, None) is None:
            raise Stopped

    return listen


def test_after_an_interruption_what_was_finished_is_not_done_again(study: Study, record_talk: Talks) -> None:
    talked = record_talk(seconds=150, times=3)
    key = add(study, 3, talked.file)
    with pytest.raises(Stopped):
        transcribe(study, [key], replaying(talked), stopping_after(2))
    steps: list[Step] = []
    transcribe(study, [key], replaying(talked), steps.append)
    first = next(step for step in steps if step.name == "transcribing")
    assert first.done > first.total / 3
    assert said(stored(study, key)) == said(read_native(talked.script.read_bytes()))


def test_after_an_interruption_the_recording_may_be_cut_otherwise(study: Study, record_talk: Talks) -> None:
    """With other ``--jobs`` excerpts differ, and what was finished of the old ones is of no use."""
    talked = record_talk(seconds=150, times=2)
    key = add(study, 3, talked.file)
    work = _unfinished(study, talked, key)
    (done,) = transcribe(study, [key], replaying(talked))
    assert done.error is None
    assert said(stored(study, key)) == said(read_native(talked.script.read_bytes()))
    assert run_of(study, key).settings["work"] == work


def _unfinished(study: Study, talked: Any, key: str) -> str:
    """Leaves one finished excerpt behind, and then makes a shorter one of it; returns the work's name."""
    with pytest.raises(Stopped):
        transcribe(study, [key], replaying(talked), stopping_after(1))
    transcribe(study, [key], replaying(talked))
    work = str(run_of(study, key).settings["work"])
    undo(study)
    with pytest.raises(Stopped):
        transcribe(study, [key], replaying(talked), stopping_after(1))
    with study.write() as db:
        for chunk in queries.chunks(db, work):
            chunk.end_ms = (chunk.start_ms + chunk.end_ms) // 2
            chunk.result = chunk.result | {"words": chunk.result["words"][:100]}
    return work
