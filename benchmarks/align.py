"""How near the aligner comes: a known text put on its recording without weights, and when each word begins.

    python -m benchmarks.align                     the repository's own sample session, by its turns
    python -m benchmarks.align SPEECH_FOLDER       and dlg1 in that folder, by its words, and dlg3, by its turns
    python -m benchmarks.align SPEECH_FOLDER --times 4      and all of them one after another, four times over

`whole text` is the text as it was said; `a tenth missing` leaves out every tenth word, as a text from outside may. Of
the words or turns whose beginning the reference knows, the table says how many begin within 50, 100 and 200 ms of it.
`bias` is the median distance, and is taken off first: the references' times are not the sound's (those of dlg1 are
late by 50 to 90 ms, and so the aligner seems early). `guessed` are words that found no sound. `cost` is the time it
took, as a share of the recording's length; voice activity is not in it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.references import SaidTurn, read_turns, read_words
from benchmarks.scores import share_within
from iprkit.media import decode
from iprkit.media.across import Placed, read_across
from iprkit.speech.activity import speech_spans
from iprkit.speech.realign import Ground, NewWord, realign
from iprkit.timeline import Span

ROOT = Path(__file__).resolve().parents[1]
HEADS = ("recording", "text", "words", "by", "bias", "50 ms", "100 ms", "200 ms", "guessed", "cost")


@dataclass(frozen=True)
class Case:
    """A recording, or several on one clock, and what is said in it; the times of ``said`` are on that clock."""

    name: str
    recordings: tuple[Placed, ...]
    said: tuple[SaidTurn, ...]
    speech: tuple[Span, ...]
    by: str = "turns"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, metavar="SPEECH_FOLDER")
    parser.add_argument("--times", type=int, default=0, help="all recordings so many times over, as one session")
    asked = parser.parse_args()
    cases = list(_cases(asked.folder))
    if asked.times:
        cases.append(_one_after_another(cases * asked.times))
    rows = [_row(case, missing) for case in cases for missing in (False, True)]
    widths = [max(len(row[n]) for row in (HEADS, *rows)) for n in range(len(HEADS))]
    for row in (HEADS, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cases(folder: Path | None) -> Iterator[Case]:
    yield _case("sample", ROOT / "recordings/d01-s03.mp4", read_turns(ROOT / "transcripts/d01-s03.truth.json"))
    if folder is None:
        return
    if not folder.is_dir():
        raise SystemExit(f"there is no folder {folder}")
    yield _case("dlg1", folder / "dlg1.flac", read_words(folder / "dlg1.words.json"), "words")
    yield _case("dlg3", folder / "dlg3.flac", read_turns(folder / "dlg3.turns.json"))


def _case(name: str, file: Path, said: Sequence[SaidTurn], by: str = "turns") -> Case:
    length = 0

    def blocks() -> Iterator[decode.Samples]:
        nonlocal length
        for block in decode.stream(file):
            length += block.shape[1]
            yield block[0]

    speech = tuple(speech_spans(blocks()))
    return Case(name, (Placed(file, Span(0, length * 1000 // decode.RATE)),), tuple(said), speech, by)


def _one_after_another(cases: Sequence[Case]) -> Case:
    lengths = [case.recordings[0].span.duration_ms for case in cases]
    shifts = list(accumulate(lengths, initial=0))
    shifted = list(zip(cases, shifts, strict=False))
    return Case(
        f"{shifts[-1] / 60_000:.0f} minutes",
        tuple(replace(one.recordings[0], span=one.recordings[0].span.shift(by)) for one, by in shifted),
        tuple(replace(said, span=said.span.shift(by)) for one, by in shifted for said in one.said),
        tuple(span.shift(by) for one, by in shifted for span in one.speech),
        "both",
    )


def _row(case: Case, missing: bool) -> tuple[str, ...]:
    """The figures of one text; the first word of every stretch of the reference is one whose time is known."""
    words, known, count = [], [], 0
    for said in case.said:
        for n, word in enumerate(said.text.split()):
            count += 1
            if missing and count % 10 == 0:
                continue
            if n == 0:
                known.append((len(words), said.span.start_ms))
            words.append(NewWord(word, said.speaker))
    whole = Span(0, case.recordings[-1].span.end_ms)
    began = perf_counter()
    done = realign(words, Ground(whole, case.speech, lambda spans: read_across(case.recordings, spans), "en"))
    cost = (perf_counter() - began) * 1000 / whole.duration_ms
    late = [done.words[at].start_ms - ms for at, ms in known]
    near = (f"{share_within(late, limit, unbiased=True):.1%}" for limit in (50, 100, 200))
    text = "a tenth missing" if missing else "whole text"
    return case.name, text, str(len(words)), case.by, f"{median(late):+.0f} ms", *near, str(done.guessed), f"{cost:.3f}"


if __name__ == "__main__":
    main()
