"""A study as the workbench meets it after some months: a session of 50 minutes, five coders with 400 codings each.

    python -m benchmarks.workbench_data FOLDER          makes the study
    python -m benchmarks.workbench_data FOLDER --api    makes it where it is not there, then asks its server

The session has about 8,000 words in turns of therapist and client, sound that can be played, a recall interview with
map, comments and moments, and a codebook of rated codes. With ``--api`` every kind of reading and changing is asked
for by 20 coders at once, each asking about once a second and hearing of what the others do, while a researcher corrects
words and compares, of a server in a process of its own; the table shows how long half and 95 of 100 answers take, and
whether a change was lost or made twice.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import time
import wave
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from threading import Thread
from typing import Any

import httpx2
import numpy as np
import uvicorn

from iprkit.actions import codebooks, codes
from iprkit.actions.coders import add_coder
from iprkit.actions.codings import list_codings
from iprkit.actions.dyads import add_dyad
from iprkit.actions.linking import How, link
from iprkit.actions.recalls import Held, add_recall
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database import codebook_queries, coding_queries, queries
from iprkit.database.coding_models import CodingRow
from iprkit.database.connect import Study, create, open_study
from iprkit.database.journal import now
from iprkit.database.models import Run
from iprkit.database.transcripts import load_transcript, store_transcript
from iprkit.rights import CODER, RESEARCHER
from iprkit.transcript import Segment, Speaker, Transcript, Word
from iprkit.web.app import Address, serve_study
from iprkit.web.serve import KEEP_ALIVE_S, Server, listen

SESSION, INTERVIEW = "D01-S01", "D01-S01-client"
MINUTES, WORDS, CODERS, CODINGS = 50, 8_000, 5, 400
AT_ONCE, ROUNDS, CORRECTED, PAUSE_S, ARRIVE_S = 20, 8, 16, 1.0, 10.0
CODES = ("Push", "Pull", "Warmth", "Distance", "Silence broken", "Repair", "Insight", "Shame", "Anger", "Relief")

HEARD = "hear what others coded"

_RATE = 8_000
_SAID = [
    "well",
    "I",
    "think",
    "that",
    "it",
    "was",
    "not",
    "easy",
    "to",
    "say",
    "at",
    "first",
    "and",
    "then",
    "he",
    "looked",
    "away",
    "so",
    "I",
    "kept",
    "quiet",
    "about",
    "all",
    "of",
    "it",
    "because",
    "what",
    "could",
    "I",
    "have",
    "done",
    "you",
    "know",
    "how",
    "that",
    "is",
    "when",
    "somebody",
    "waits",
    "for",
    "you",
    "to",
    "begin",
    "and",
    "you",
    "do",
    "not",
    "know",
    "how",
]
_SPEAKERS = (Speaker("A", "therapist"), Speaker("B", "client"))


def make(folder: Path) -> Study:
    """The study, new in a folder that is not there yet. Takes a few seconds."""
    study = create(folder, "The workbench measured", "lea")
    sounds = folder / "recordings"
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01"]})
    film = _hum(sounds / "d01-s01.wav", MINUTES * 60, 180)
    add_session(study, ("D01", 1), sources_of([film]), "2026-03-04")
    _transcribe(study, SESSION, WORDS, MINUTES * 60_000)
    told = _hum(sounds / "d01-s01-client.wav", 1200, 150)
    add_recall(study, ("D01", 1), Held("client", "2026-03-05"), sources_of([told]))
    _transcribe(study, INTERVIEW, 1_500, 1_200_000)
    log = folder / "played.csv"
    log.write_text("\n".join(_played()), encoding="utf-8")
    link(study, [INTERVIEW], How(log=log))
    codebooks.new_codebook(study, "talk", {})
    for name in CODES:
        codes.add(study, "talk", name, {"scale": "1-5"})
    for number in range(max(CODERS, AT_ONCE)):
        add_coder(study, f"coder{number + 1:02d}")
    _code(study)
    return study


def _transcribe(study: Study, key: str, words: int, duration_ms: int) -> None:
    run = Run(step="transcribe", tool_version="0", author="lea", started_at=now(), engine="made up", model="none")
    with study.change(f"transcribed {key}", key) as db:
        segments = tuple(_talk(words, duration_ms))
        told = Transcript(key, "en", "made up", "none", duration_ms, segments, _SPEAKERS, unheard_ms=0)
        store_transcript(db, queries.conversation(db, key), told, run, [one.span for one in segments])


def _talk(words: int, duration_ms: int) -> Iterator[Segment]:
    """Sentences of five to twenty words; after one to four of them the other speaks."""
    dice, said, speaker, left = random.Random(1), 0, "A", 2
    step_ms = duration_ms // words
    while said < words:
        count = min(dice.randint(5, 20), words - said)
        tokens = [dice.choice(_SAID) for _ in range(count)]
        tokens[-1] += "."
        yield Segment("", speaker, tuple(
            Word("", token, (said + at) * step_ms, (said + at + 1) * step_ms - 20, dice.uniform(0.4, 1), speaker)
            for at, token in enumerate(tokens)
        ))  # fmt: skip
        said, left = said + count, left - 1
        if not left:
            speaker, left = "B" if speaker == "A" else "A", dice.randint(1, 4)


def _played() -> Iterator[str]:
    yield "interview,event,session,by"
    for number in range(20):
        at_ms, place_ms = 10_000 + number * 58_000, number * 140_000
        yield f"{at_ms},play,{place_ms},"
        yield f"{at_ms + 30_000},pause,{place_ms + 30_000},client"


def _code(study: Study) -> None:
    """Codings on segments, straight into the database, as one change."""
    dice = random.Random(2)
    with study.change("entered made-up codings", SESSION) as db:
        conversation = queries.conversation(db, SESSION)
        segments = load_transcript(db, SESSION).segments
        book = codebook_queries.find_codebook(db, "talk")
        assert book is not None
        for coder in list(coding_queries.all_coders(db))[:CODERS]:
            places = sorted(dice.sample(range(len(segments)), CODINGS))
            for number, place in enumerate(places, start=1):
                one = segments[place]
                db.add(CodingRow(
                    key=f"{SESSION}-{coder.name}-{number:04d}", coder=coder, code=dice.choice(book.codes),
                    conversation=conversation, target=one.key, kind="segment", start_ms=one.start_ms,
                    end_ms=one.end_ms, first_word=one.words[0].id, last_word=one.words[-1].id, quote=one.text,
                    rating=float(dice.randint(1, 5)), memo="", made_at=now(),
                ))  # fmt: skip


def _hum(file: Path, seconds: int, pitch: int) -> Path:
    """A tone that swells like speech, so that its waveform looks like one."""
    at = np.arange(seconds * _RATE) / _RATE
    sound = np.sin(2 * np.pi * pitch * at) * (0.5 + 0.5 * np.sin(2 * np.pi * 0.7 * at)) * (np.sin(at / 3) > -0.7)
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes((sound * 12_000).astype("<i2").tobytes())
    return file


def ask_at_once(folder: Path) -> dict[str, list[float]]:
    """By kind of request: how many ms every answer took.

    ``AT_ONCE`` coders ask at once of a server of its own, while one researcher corrects and compares.
    """
    command = [sys.executable, "-m", "benchmarks.workbench_data", str(folder), "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port, *tokens = process.stdout.readline().split()
        desks = [_Desk(f"http://127.0.0.1:{port}", token) for token in tokens]
        try:
            with ThreadPoolExecutor(len(desks)) as pool:
                works = [
                    pool.submit(_research if n == AT_ONCE else _code_all_day, desk) for n, desk in enumerate(desks)
                ]
                for work in works:
                    work.result()
        finally:
            process.send_signal(signal.SIGINT)
    took: dict[str, list[float]] = {}
    for desk in desks:
        for name, times in desk.took.items():
            took.setdefault(name, []).extend(times)
    return took


class _Desk:
    """One person's page: what it asks for, how long answers take, and how soon it hears of what others do."""

    def __init__(self, address: str, token: str) -> None:
        self.took: dict[str, list[float]] = {}
        self.dice = random.Random(token)
        self.name = token[:8]
        self._client = httpx2.Client(base_url=address, timeout=60)
        self._client.get(f"/?token={token}")
        self.me = self._client.get("/api/me").json()
        self._client.headers["x-iprkit-token"] = self.me["csrf"]

    def asks(self, name: str, method: str, path: str, pause_s: float = PAUSE_S, **more: Any) -> Any:
        time.sleep(self.dice.expovariate(1 / pause_s))
        began = time.perf_counter()
        answer = self._client.request(method, path, **more)
        self.took.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        assert answer.status_code in (200, 304), answer.text
        return answer

    def listens(self) -> None:
        """From now on it hears what others do, as the page does, and notes how long after they did it."""
        Thread(target=self._hear, args=(datetime.now(UTC),), daemon=True).start()

    def _hear(self, since: datetime) -> None:
        """What was done before is told at once, too, but says nothing of how soon news arrive."""
        with (
            suppress(httpx2.HTTPError),
            self._client.stream("GET", f"/api/events?since={self.me['seq']}", timeout=None) as stream,
        ):
            for line in stream.iter_lines():
                told = json.loads(line.removeprefix("data: ")) if line.startswith("data: {") else None
                if told and told["author"] != self.me["coder"] and "codings" in told:
                    done = datetime.fromisoformat(told["at"])
                    if done > since:
                        self.took.setdefault(HEARD, []).append((datetime.now(UTC) - done).total_seconds() * 1000)


def _code_all_day(desk: _Desk) -> None:
    """At the beginning everything, then a code now and then, and what others did; at the end everything again."""
    time.sleep(desk.dice.uniform(0, ARRIVE_S))
    transcript = desk.asks("open the transcript", "GET", f"/api/transcripts/{SESSION}")
    segments = transcript.json()["segments"]
    desk.asks("open all codings", "GET", f"/api/codings/{SESSION}")
    desk.listens()
    for turn in range(ROUNDS):
        target = desk.dice.choice(segments)["key"]
        wish = {"target": target, "code": "shame", "codebook": "talk", "rating": 2, "round": f"{desk.name}-{turn}"}
        made = desk.asks("give a code", "POST", "/api/codings", json=wish).json()["coding"]
        change = {"rating": 4, "base": made["version"]}
        desk.asks("change it", "PATCH", f"/api/codings/{made['key']}", json=change)
        desk.asks("see the history", "GET", "/api/history?limit=20")
        unchanged = {"if-none-match": transcript.headers["etag"]}
        desk.asks("ask for the transcript again", "GET", f"/api/transcripts/{SESSION}", headers=unchanged)
        desk.asks("list one's own codings", "GET", f"/api/codings/{SESSION}?coder={desk.me['coder']}")
    desk.asks("open all codings again", "GET", f"/api/codings/{SESSION}")


def _research(desk: _Desk) -> None:
    """Words corrected, and coders compared, for as long as the others need."""
    segments = desk.asks("open the transcript", "GET", f"/api/transcripts/{SESSION}").json()["segments"]
    place = f"/api/transcripts/{SESSION}/segments"
    for one in desk.dice.sample(segments, CORRECTED):
        text = {"text": f"{one['text']} Or so {desk.name}.", "base": one["version"]}
        done = desk.asks("correct a segment", "PATCH", f"{place}/{one['key']}", json=text).json()["segment"]
        desk.asks("read the segment", "GET", f"{place}?keys={done['key']}")
        desk.asks("compare the coders", "GET", f"/api/compare/{SESSION}?codebook=talk")


def _serve(folder: Path) -> None:
    """Serve on any port; tells it and an entrance for every coder on one line."""
    door = listen(Address(port=0))
    port = door.getsockname()[1]
    with open_study(folder, "lea") as study:
        served = serve_study(study, Address(port=port))
        tokens = [served.visits.token_for(f"coder{number + 1:02d}", CODER) for number in range(AT_ONCE)]
        tokens.append(served.visits.token_for("lea", RESEARCHER))
        print(port, *tokens, flush=True)
        config = uvicorn.Config(
            served.app, access_log=False, log_level="warning", timeout_graceful_shutdown=2,
            timeout_keep_alive=KEEP_ALIVE_S,
        )  # fmt: skip
        with suppress(KeyboardInterrupt):
            Server(config, served).run(sockets=[door])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--api", action="store_true", help="ask the server, by 20 coders at once")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        _serve(asked.folder)
        return
    began = time.perf_counter()
    with open_study(asked.folder, "lea") if (asked.folder / "study.db").exists() else make(asked.folder) as study:
        print(f"study ready in {time.perf_counter() - began:.1f} s")
        if asked.api:
            before = Counter(one.rating for one in list_codings(study).codings)
            _tell(ask_at_once(asked.folder))
            new = Counter(one.rating for one in list_codings(study).codings) - before
            print(f"codings given and then rated 4: {AT_ONCE * ROUNDS}, stored {new.total()}, rated 4 {new[4]}")


def _tell(took: dict[str, list[float]]) -> None:
    answers = [name for name in took if name != HEARD and not name.startswith("open")]
    took = took | {"all answers but opening": [ms for name in answers for ms in took[name]]}
    for name, times in took.items():
        late = quantiles(times, n=20)[-1]
        print(f"{name:30} {len(times):6} times   median {median(times):6.1f} ms   p95 {late:6.1f} ms")


if __name__ == "__main__":
    main()
