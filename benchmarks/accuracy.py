"""How many words, short answers, speakers and times iprkit gets right, on the sample and on speech with a reference.

    python -m benchmarks.accuracy                     the repository's own sample session, by voice and by channel
    python -m benchmarks.accuracy SPEECH_FOLDER       and the dialogues, meetings and readings in that folder
    python -m benchmarks.accuracy … --engine openai-whisper --model base --threads 2

Every recording goes through the whole chain as `iprkit transcribe` runs it. `word errors` are substitutions, deletions
and insertions as a share of the words said, case and punctuation aside; `short found` is how many of the words in
turns of one to three words were heard; `speaker` is the share of the words heard that the right person says, `by
channel` with the names given, by voice with those that fit best; `onset` is the median distance of the turns' first
words from where they begin; `words 100 ms` the share of all words within 100 ms once their constant offset is taken
off; `DER` the diarization error, without and with a collar of 250 ms around the reference's edges, pauses of more
than 0.6 s taken as silence whatever the reference does, and `confused` the part of it that goes to the wrong person;
`unheard` is speech without words. A blank means that the reference does not say.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import scores
from benchmarks.references import SaidTurn, read_reference, read_rttm, read_turns, read_words
from benchmarks.scores import Token
from iprkit.actions import dyads, sessions
from iprkit.actions.listeners import Request
from iprkit.actions.recordings import Intake
from iprkit.actions.transcription import transcribe
from iprkit.actions.transcripts import show
from iprkit.database.connect import Study, create
from iprkit.speech.engine import Options
from iprkit.timeline import Span
from iprkit.transcript import Transcript

ROOT = Path(__file__).resolve().parents[1]
COLLAR_MS = 250
Columns = dict[str, str]
HEADS = ("recording", "way", "words", "word errors", "short found", "speaker", "onset", "words 100 ms", "confused",
         "DER", "DER collar", "unheard")  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A recording, or its parts, with what is known of it. ``speech``: who speaks where, scored inside ``scored``."""

    name: str
    files: tuple[Path, ...]
    turns: Sequence[SaidTurn] = ()
    channels: tuple[str, ...] = ()
    timed_words: Path | None = None
    speech: dict[str, list[Span]] = field(default_factory=dict)
    scored: Span | None = None
    speakers: str = "two"


def main() -> None:
    asked = _arguments()
    options = Options(threads=asked.threads, compute_type=asked.compute_type)
    request = {"engine": asked.engine, "model": asked.model, "options": options}
    rows: list[Columns] = []
    with tempfile.TemporaryDirectory() as folder, create(Path(folder) / "study", "Accuracy") as study:
        dyads.add_dyad(study, "D01", {})
        for number, case in enumerate(_cases(asked.folder), start=1):
            heard = _heard(study, number, case, Request(**request, speakers=case.speakers))
            rows.append(_measured(case, heard))
    _print_table(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, metavar="SPEECH_FOLDER")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--model", default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--compute-type", default="default")
    return parser.parse_args()


def _cases(folder: Path | None) -> Iterator[Case]:
    sample = read_turns(ROOT / "transcripts/d01-s03.truth.json")
    both = ("therapist", "client")
    yield Case("sample", (ROOT / "recordings/d01-s03.mp4",), sample)
    yield Case("sample", (ROOT / "recordings/d01-s03-stereo.ogg",), sample, both)
    if folder is None:
        return
    if not folder.is_dir():
        raise SystemExit(f"there is no folder {folder}")
    yield from _dialogues(folder)
    meetings = read_rttm(folder / "ami/reference.rttm")
    for name, speech in meetings.items():
        yield Case(name, (folder / f"ami/{name}.flac",), speech=speech, scored=Span(0, 30_000))
    for reading in ("librivox/*.wav", "sonnets/*.mp3"):
        files = tuple(sorted(folder.glob(reading)))
        turns = [SaidTurn("reader", Span(0, 0), read_reference(file.with_suffix(".txt"))) for file in files]
        yield Case(reading.partition("/")[0], files, turns, speakers="one")


def _dialogues(folder: Path) -> Iterator[Case]:
    first, words = read_turns(folder / "dlg1.words.json"), folder / "dlg1.words.json"
    speech = read_rttm(folder / "dlg1.rttm")["dlg1"]
    third = read_turns(folder / "dlg3.turns.json")
    yield Case("dlg1", (folder / "dlg1.flac",), first, timed_words=words, speech=speech)
    yield Case("dlg1", (folder / "dlg1-stereo.ogg",), first, ("therapist", "client"), words, speech)
    yield Case("dlg3", (folder / "dlg3.flac",), third)
    yield Case("dlg3", (folder / "dlg3-stereo.ogg",), third, ("therapist", "client"))
    yield Case("es1", (folder / "es1.flac",), read_turns(folder / "es1.turns.json"))


def _heard(study: Study, number: int, case: Case, request: Request) -> Transcript:
    key = sessions.add_session(
        study, ("D01", number), sessions.sources_of(case.files), intake=Intake(case.channels, link=True)
    )
    (done,) = transcribe(study, [key], request)
    if done.error:
        raise SystemExit(f"{case.name}: {done.error}")
    return show(study, key)


def _measured(case: Case, heard: Transcript) -> Columns:
    way = "by channel" if case.channels else "one voice" if case.speakers == "one" else "by voice"
    row = {"recording": case.name, "way": way, "unheard": f"{(heard.unheard_ms or 0) / 1000:.1f} s"}
    if case.turns:
        row |= _of_words(case, scores.said_tokens(case.turns), scores.heard_tokens(heard))
    speech = case.speech or _speech_said(case.turns)
    if case.speakers == "two":
        within = case.scored or Span(0, heard.duration_ms)
        found = scores.speech_of(heard.words)
        sharp = scores.diarization_error(speech, found, within)
        row["confused"], row["DER"] = f"{sharp.confused:.1%}", f"{sharp.total:.1%}"
        row["DER collar"] = f"{scores.diarization_error(speech, found, within, COLLAR_MS).total:.1%}"
    return row


def _of_words(case: Case, said: Sequence[Token], heard: Sequence[Token]) -> Columns:
    pairs = scores.matched(said, heard)
    row = {"words": str(len(said)), "word errors": f"{scores.word_errors(said, heard):.1%}"}
    if case.speakers == "one":
        return row
    found, short = scores.short_answers_found(said, pairs)
    onsets = scores.turn_onsets_ms(said, pairs)
    row["short found"] = f"{found} of {short}"
    row["speaker"] = f"{scores.right_speaker(pairs, _named(case)):.1%}"
    row["onset"] = f"{median(map(abs, onsets)):.0f} ms"
    if case.timed_words:
        timed = scores.matched(scores.said_tokens(read_words(case.timed_words)), heard)
        row["words 100 ms"] = f"{scores.share_within(scores.word_onsets_ms(timed), 100, unbiased=True):.1%}"
    return row


def _named(case: Case) -> dict[str, str] | None:
    """Whom the labels mean: by channel the first is A. The references write a role out, or its first letter."""
    if not case.channels:
        return None
    written = {turn.speaker for turn in case.turns}
    return {
        label: role if role in written else role[0].upper() for label, role in zip("AB", case.channels, strict=True)
    }


def _speech_said(turns: Sequence[SaidTurn]) -> dict[str, list[Span]]:
    out: dict[str, list[Span]] = {}
    for turn in turns:
        out.setdefault(turn.speaker, []).append(turn.span)
    return out


def _print_table(rows: Sequence[Columns]) -> None:
    widths = [max(len(head), *(len(row.get(head, "")) for row in rows)) for head in HEADS]
    for cells in [dict(zip(HEADS, HEADS, strict=True)), *rows]:
        line = (cells.get(head, "").ljust(width) for head, width in zip(HEADS, widths, strict=True))
        print("  ".join(line).rstrip())


if __name__ == "__main__":
    main()
