"""Recall interviews made from any recording, as hard as asked for: a session played through a loudspeaker into a
room in which people talk, with rewinds, repeats, skips and talk over the film, taken up by a recorder with a clock
and a codec of its own. What is true of them is known to the sample."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt

from iprkit.media.decode import RATE, stream

Floats = NDArray[np.float32]

LIVE = 0.1  # level (root mean square while sounding) of people in the room
FLOOR_DB = -50  # of the recorder's own noise, against live speech
_GRAIN = RATE // 50  # 20 ms, in which levels are measured
_SPEEDS = (80, 86, 92, 98, 104, 110, 117, 124)  # % at which the same speech no longer resembles itself


@dataclass(frozen=True)
class Difficulty:
    """How an interview was held: the playback's level against live speech (dB), reverberation time (s), babble of
    eight voices against the playback (dB), drift of the clocks, codec (``mp3-32``, ``aac-64``, kbit/s), share of
    stretches that are talked over, and share of short ones: half of them 3 s, half 4 to 12 s, the others 10 to 60."""

    name: str = "usual"
    level_db: float = -12
    rt60_s: float = 0.4
    babble_db: float = -15
    drift: float = 0.001
    codec: str = "aac-64"
    talked_over: float = 0.2
    short: float = 0.3


@dataclass(frozen=True)
class Played:
    """The session from ``session_s`` to ``session_end_s`` was heard from ``start_s`` to ``end_s``."""

    start_s: float
    end_s: float
    session_s: float
    session_end_s: float


@dataclass(frozen=True)
class Interview:
    sound: Floats
    played: tuple[Played, ...]


@dataclass(frozen=True)
class Room:
    """What is needed besides the session: voices of others, and impulse responses where there are measured ones."""

    voices: Sequence[Floats]
    responses: Sequence[Floats] = ()


def hold_interview(
    session: Floats, room: Room, how: Difficulty, seconds: float, seed: int, film: bool = True
) -> Interview:
    """An interview of about ``seconds`` about the session; without playback where ``film`` is false."""
    chance = np.random.default_rng(seed)
    talker = Talker(room.voices, chance)
    played, shown, end_s = _shown(session, how, seconds, chance) if film else ((), [], seconds)
    count = round(end_s * RATE)
    playback = _through_loudspeaker(shown, session, room, how, count, chance)
    live = _live(played, how, count, talker, chance)
    live = _reverberated(live, _response(how.rt60_s / 2, chance, direct_db=6))
    babble = sum(talker.talk(count) for _ in range(8))
    babble *= LIVE * 10 ** ((how.level_db + how.babble_db) / 20) / loudness(babble)
    noise = chance.standard_normal(count, np.float32) * LIVE * 10 ** (FLOOR_DB / 20)
    sound = playback + live + babble + noise
    return Interview(coded((0.8 * sound / np.abs(sound).max()).astype(np.float32), how.codec), tuple(played))


def long_session(material: Sequence[Floats], seconds: float, seed: int) -> Floats:
    """A session longer than the material: a minute of each in turn, at other speeds and backwards, so that nothing
    comes twice."""
    chance = np.random.default_rng(seed)
    ways = [(k, speed, way) for k in range(len(material)) for speed in _SPEEDS for way in (1, -1)]
    parts: list[Floats] = []
    for k, speed, way in chance.permutation(ways):
        part = resample_poly(material[k][::way] * (LIVE / loudness(material[k])), speed, 100)
        first = chance.integers(0, max(1, len(part) - 70 * RATE))
        parts.append(part[first : first + 70 * RATE].astype(np.float32))
        if sum(map(len, parts)) >= seconds * RATE:
            break
    return np.concatenate(parts)[: round(seconds * RATE)]


def load(path: Path) -> Floats:
    return np.concatenate([block[0] for block in stream(path)])


def loudness(sound: Floats) -> float:
    """The level while it sounds: root mean square of all 20 ms within 40 dB of the loudest."""
    energy = np.square(sound[: len(sound) // _GRAIN * _GRAIN]).reshape(-1, _GRAIN).mean(axis=1)
    return float(np.sqrt(energy[energy > energy.max() * 1e-4].mean()))


class Talker:
    """Someone who talks in phrases drawn from recordings, with pauses of half a second or so."""

    def __init__(self, voices: Sequence[Floats], chance: np.random.Generator) -> None:
        self._phrases = [LIVE / loudness(one) * one for voice in voices for one in _phrases(voice)]
        self._chance = chance

    def talk(self, count: int) -> Floats:
        """``count`` samples of talk."""
        sound = np.zeros(count, np.float32)
        at = round(self._chance.uniform(0, 0.6) * RATE)
        while at < count:
            phrase = self._phrases[self._chance.integers(len(self._phrases))][: count - at]
            sound[at : at + len(phrase)] = phrase
            at += len(phrase) + round(self._chance.uniform(0.2, 1.2) * RATE)
        return sound


def coded(sound: Floats, codec: str) -> Floats:
    """What is left after a lossy codec."""
    name, kilobits = codec.split("-")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("a.mp3" if name == "mp3" else "a.m4a")
        with av.open(str(path), "w") as container:
            track = container.add_stream("libmp3lame" if name == "mp3" else name, rate=RATE, layout="mono")
            track.bit_rate = int(kilobits) * 1000
            for frame in _frames(sound):
                container.mux(track.encode(frame))
            container.mux(track.encode(None))
        return load(path)


def _frames(sound: Floats) -> Iterator[av.AudioFrame]:
    for first in range(0, len(sound), RATE):
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis, first : first + RATE].copy(), "fltp", "mono")
        frame.sample_rate, frame.pts = RATE, first
        yield frame


def _phrases(voice: Floats) -> Iterator[Floats]:
    """What lies between pauses of 0.35 s."""
    energy = np.square(voice[: len(voice) // _GRAIN * _GRAIN]).reshape(-1, _GRAIN).mean(axis=1)
    sounding = np.flatnonzero(energy > np.percentile(energy, 95) * 10**-3.5)
    for run in np.split(sounding, np.flatnonzero(np.diff(sounding) > 17) + 1):
        phrase = voice[run[0] * _GRAIN : (run[-1] + 4) * _GRAIN]
        if len(phrase) > RATE // 4:
            yield phrase


def _course(
    session_s: float, seconds: float, short: float, chance: np.random.Generator
) -> Iterator[tuple[float, float, float]]:
    """(gap before, session from, session to): on from where it stopped, or back, or the same again, or ahead."""
    at, start, end = chance.uniform(0, session_s / 8), 0.0, 0.0
    passed, gap = 0.0, chance.uniform(3, 10)
    while passed < seconds:
        kind = chance.choice(["three", "short", "long"], p=[short / 2, short / 2, 1 - short])
        length = {"three": 3.0, "short": chance.uniform(4, 12), "long": chance.uniform(10, 60)}[kind]
        start, end = at, min(session_s, at + length)
        yield gap, round(start, 3), round(end, 3)
        passed += gap + end - start
        how = chance.choice(["on", "back", "again", "ahead"], p=[0.55, 0.17, 0.13, 0.15])
        moved = {"on": end, "back": end - chance.uniform(2, 15), "again": start, "ahead": end + chance.uniform(4, 40)}
        at = max(0.0, moved[how]) if moved[how] < session_s - 8 else chance.uniform(0, session_s / 3)
        jump = how != "on" and chance.random() < 0.25
        gap = 0.0 if jump else chance.uniform(0.5, 2) if chance.random() < 0.15 else chance.uniform(3, 20)


def _shown(
    session: Floats, how: Difficulty, seconds: float, chance: np.random.Generator
) -> tuple[list[Played], list[tuple[int, Floats]], float]:
    """What is true, the sound of each stretch with its place, and the length of the interview."""
    played, shown, at_s = [], [], 0.0
    for gap_s, start_s, end_s in _course(len(session) / RATE, seconds, how.short, chance):
        first = round((at_s + gap_s) * RATE)
        sound = session[round(start_s * RATE) : round(end_s * RATE)]
        sound = resample_poly(sound, 10_000 + round(how.drift * 10_000), 10_000).astype(np.float32)
        at_s = (first + len(sound)) / RATE
        played.append(Played(first / RATE, at_s, start_s, end_s))
        shown.append((first, sound))
    return played, shown, at_s + 8


def _through_loudspeaker(
    shown: Sequence[tuple[int, Floats]],
    session: Floats,
    room: Room,
    how: Difficulty,
    count: int,
    chance: np.random.Generator,
) -> Floats:
    film = np.zeros(count, np.float32)
    for first, sound in shown:
        film[first : first + len(sound)] = sound
    film *= LIVE * 10 ** (how.level_db / 20) / loudness(session)
    film = sosfilt(butter(2, [200, 5500], "bandpass", fs=RATE, output="sos"), film)
    measured = room.responses[chance.integers(len(room.responses))] if room.responses else None
    return _reverberated(film, _response(how.rt60_s, chance) if measured is None else measured)


def _live(played: Sequence[Played], how: Difficulty, count: int, talker: Talker, chance: np.random.Generator) -> Floats:
    """Talk in every gap of more than two seconds, and over some stretches."""
    live = np.zeros(count, np.float32)
    edges = [0.0, *(edge for one in played for edge in (one.start_s, one.end_s)), count / RATE]
    times = [(a + 0.1, b - 0.2) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 2]
    for one in played:
        if one.end_s - one.start_s > 4 and chance.random() < how.talked_over:
            start = chance.uniform(one.start_s, one.end_s - 2)
            times.append((start, min(one.end_s, start + chance.uniform(2, 1 + 0.6 * (one.end_s - one.start_s)))))
    for start, end in times:
        first, last = round(start * RATE), round(end * RATE)
        live[first:last] += talker.talk(last - first)
    return live


def _response(rt60_s: float, chance: np.random.Generator, direct_db: float = 0) -> Floats:
    """A room: the direct sound, and noise that dies by 60 dB in ``rt60_s``, ``direct_db`` weaker in all."""
    times = np.arange(round(rt60_s * RATE)) / RATE
    tail = chance.standard_normal(len(times)) * 10 ** (-3 * times / rt60_s) * (times > 0.003)
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.square(tail).sum())
    tail[0] = 1
    return tail.astype(np.float32)


def _reverberated(sound: Floats, response: Floats) -> Floats:
    return fftconvolve(sound, response)[: len(sound)].astype(np.float32)
