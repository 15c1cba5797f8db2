"""The whole chain with real weights on the sample session, held to what it must reach."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import scores
from benchmarks.references import SaidTurn, read_turns, spoken
from benchmarks.scores import Token
from iprkit.actions.dyads import add_dyad
from iprkit.actions.listeners import Request
from iprkit.actions.recordings import Intake
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.transcription import transcribe
from iprkit.actions.transcripts import show
from iprkit.database import queries
from iprkit.database.connect import Study, create
from iprkit.speech.catalogue import OPENAI
from iprkit.speech.engine import Options, Weights, find_engine
from iprkit.speech.excerpt import Excerpt
from iprkit.speech.fetch import fetch_model
from iprkit.speech.models import find_model, models_folder
from iprkit.timeline import Span
from iprkit.transcript import Transcript

pytestmark = pytest.mark.weights

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
RATE = 16_000
MARGIN = 0.04  # how far the two engines may be apart; beam search and rounding differ, the numbers are the same
COMPARED_MS = 38_000


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    with create(tmp_path_factory.mktemp("sample") / "study", "Sample", "anna") as made:
        add_dyad(made, "D01", {"therapist": ["T01"], "client": ["C01"]})
        yield made


def heard(study: Study, number: int, file: Path, channels: tuple[str, ...] = (), **options: Any) -> Transcript:
    key = add_session(study, ("D01", number), sources_of([file]), intake=Intake(channels, link=True))
    (done,) = transcribe(study, [key], Request(options=Options(threads=2, **options)))
    assert done.error is None
    return show(study, key)


@pytest.fixture(scope="module")
def reference() -> Sequence[SaidTurn]:
    return read_turns(ROOT / "transcripts/d01-s03.truth.json")


@pytest.fixture(scope="module")
def said(reference: Sequence[SaidTurn]) -> Sequence[Token]:
    return scores.said_tokens(reference)


@pytest.fixture(scope="module")
def film(study: Study) -> Transcript:
    """The film, told apart by voice."""
    return heard(study, 3, ROOT / "recordings/d01-s03.mp4")


@pytest.fixture(scope="module")
def take(study: Study) -> Transcript:
    """The two-channel take, told apart by channel."""
    return heard(study, 4, ROOT / "recordings/d01-s03-stereo.ogg", ("therapist", "client"))


@pytest.mark.parametrize("way", ["film", "take"])
def test_at_most_3_words_of_100_are_wrong(way: str, said: Sequence[Token], request: pytest.FixtureRequest) -> None:
    assert scores.word_errors(said, scores.heard_tokens(request.getfixturevalue(way))) <= 0.03


def test_by_voice_97_of_100_words_have_the_right_speaker(film: Transcript, said: Sequence[Token]) -> None:
    assert scores.right_speaker(scores.matched(said, scores.heard_tokens(film))) >= 0.97


def test_by_channel_99_of_100_words_have_the_right_speaker(take: Transcript, said: Sequence[Token]) -> None:
    named = {"A": "therapist", "B": "client"}
    assert {speaker.label: speaker.role for speaker in take.speakers} == named
    assert scores.right_speaker(scores.matched(said, scores.heard_tokens(take)), named) >= 0.99


@pytest.mark.parametrize("way", ["film", "take"])
def test_turns_begin_within_80_ms_of_where_they_did(
    way: str, said: Sequence[Token], request: pytest.FixtureRequest
) -> None:
    late = scores.turn_onsets_ms(said, scores.matched(said, scores.heard_tokens(request.getfixturevalue(way))))
    assert len(late) > 25
    assert median(map(abs, late)) <= 80


def test_the_language_is_found(film: Transcript, take: Transcript) -> None:
    assert (film.language, take.language) == ("en", "en")


def test_hardly_any_speech_stays_without_words(film: Transcript) -> None:
    assert film.speech_ms is not None
    assert film.unheard_ms is not None
    assert film.unheard_ms <= 0.02 * film.speech_ms


def test_times_run_forwards_inside_the_recording(film: Transcript) -> None:
    words = sorted(film.words, key=lambda word: word.start_ms)
    assert all(0 <= word.start_ms <= word.end_ms <= film.duration_ms for word in words)
    assert all(word.confidence is not None for word in words)


def test_pauses_are_pauses(film: Transcript, reference: Sequence[SaidTurn]) -> None:
    """No word reaches half a second into one of the long pauses between turns."""
    silences = [
        Span(a.span.end_ms + 500, b.span.start_ms - 500)
        for a, b in pairwise(reference)
        if b.span.start_ms - a.span.end_ms > 1_500
    ]
    assert len(silences) > 3
    assert not [word for word in film.words for silence in silences if word.span & silence]


def test_another_language_is_found_and_heard(study: Study) -> None:
    spanish = heard(study, 5, DATA / "es1-beginning.opus")
    said = scores.said_tokens(read_turns(DATA / "es1-beginning.turns.json"))
    assert spanish.language == "es"
    assert scores.word_errors(said, scores.heard_tokens(spanish)) <= 0.1


def noise(seconds: int, scale: float) -> NDArray[np.float32]:
    return np.random.default_rng(9).normal(scale=scale, size=seconds * RATE).astype(np.float32)


@pytest.mark.parametrize("scale", [0.0, 0.003, 0.05], ids=["silence", "a quiet room", "a noisy room"])
def test_nothing_is_invented_where_nobody_speaks_without_being_flagged(
    study: Study, tmp_path: Path, write_wav: Callable[[Path, NDArray[np.float32]], None], scale: float
) -> None:
    write_wav(tmp_path / "noise.wav", noise(40, scale)[None])
    found = heard(study, 10 + round(scale * 1000), tmp_path / "noise.wav", language="en")
    assert [segment.text for segment in found.segments if not segment.flags] == []


def test_the_run_tells_in_what_was_calculated_and_its_work_is_found_again(study: Study, film: Transcript) -> None:
    with study.read() as db:
        newest = queries.newest_transcript(db, queries.conversation(db, film.key).id)
        assert newest is not None and newest.run is not None
        assert newest.run.settings["compute_type"] not in ("", "default", "auto")
    (again,) = transcribe(study, [film.key], Request(options=Options(threads=2)))
    assert again.already


@pytest.fixture(scope="module")
def converted(
    tmp_path_factory: pytest.TempPathFactory, surroundings: Callable[..., AbstractContextManager[None]]
) -> Iterator[Weights]:
    """openai-whisper's base, made here of the weights for faster-whisper."""
    real, here = models_folder(), tmp_path_factory.mktemp("converted")
    (here / "faster-whisper").symlink_to(real / "faster-whisper")
    with surroundings(IPRKIT_MODELS=str(here)):
        fetch_model("base", OPENAI)
        weights = find_model("base", OPENAI)
    yield weights
    shutil.rmtree(here / OPENAI)


def test_both_engines_hear_the_same_words(converted: Weights, sound: NDArray[np.float32], film: Transcript) -> None:
    """Of the film's beginning; openai-whisper without beam search, which would take four times as long."""
    _, maker = find_engine(OPENAI)
    engine = maker(converted, Options(beam_size=1, threads=1))
    span = Span(0, COMPARED_MS)
    pieces = engine.hear(Excerpt(sound[: COMPARED_MS * RATE // 1000], span, (span,)), "en")
    reference = [word for word in film.words if word.start_ms < COMPARED_MS]
    theirs = [Token(t, None, 0) for piece in pieces for w in piece.words for t in spoken(w.text).split()]
    ours = [Token(t, None, 0) for w in reference for t in spoken(w.text).split()]
    assert len(ours) > 80
    assert scores.differing(ours, theirs) <= MARGIN


def test_both_engines_find_the_same_language(converted: Weights, sound: NDArray[np.float32]) -> None:
    for name, weights in ((OPENAI, converted), ("faster-whisper", find_model("base", "faster-whisper"))):
        _, maker = find_engine(name)
        code, probability = maker(weights, Options(threads=1)).language(sound[: 30 * RATE])
        assert (code, probability > 0.8) == ("en", True)
