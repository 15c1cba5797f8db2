"""How quick the workbench is, measured in a real browser on a session of 50 minutes.

    python -m benchmarks.workbench FOLDER [--film]

FOLDER holds the study of ``benchmarks.workbench_data``, and is made where it is not there. ``--film`` also makes a film
of a gigabyte in it, and measures how soon a place in it is shown. The table gives each measure beside what it should
reach; ``p95`` is the 95th percentile. From a key to the picture is counted from the browser's own time stamp of the
stroke to the first moment after the next picture was drawn.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import av
import numpy as np
from playwright.sync_api import Page, sync_playwright

import iprkit
from benchmarks.workbench_data import SESSION, make
from iprkit.actions.sessions import add_session, sources_of
from iprkit.database.connect import open_study

CODER = "coder01"
FILM_BYTES = 1_000_000_000
_PICTURES = 256
_STATIC = Path(iprkit.__file__).parent / "web/static"

_STROKES = """() => {
  window.took = [];
  document.addEventListener('keydown', (event) => {
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => window.took.push(performance.now() - event.timeStamp);
      after.port2.postMessage(0);
    });
  }, { capture: true });
}"""

_PLAYED = """async ([words, seconds]) => {
  const video = document.querySelector('video');
  const frames = [];
  const late = [];
  await new Promise((resolve) => {
    const began = performance.now();
    const step = (now) => {
      frames.push(now);
      const ms = video.currentTime * 1000;
      let at = words.findLastIndex((word) => word[1] <= ms);
      const shown = document.querySelector('[data-now]')?.dataset.w;
      if (shown && at >= 0) {
        const place = words.findIndex((word) => word[0] === shown);
        late.push(place === at ? 0 : Math.abs(ms - words[Math.max(at, place)][1]));
      }
      if (now - began < seconds * 1000) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });
  const gaps = frames.slice(1).map((now, i) => now - frames[i]);
  return [1000 * gaps.length / (frames.at(-1) - frames[0]), gaps.filter((gap) => gap > 34).length, late];
}"""

_SEEK = """async (seconds) => {
  const video = document.querySelector('video');
  const began = performance.now();
  await new Promise((resolve) => {
    video.addEventListener('seeked', resolve, { once: true });
    video.currentTime = seconds;
  });
  return performance.now() - began;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--film", action="store_true", help="also seek in a film of a gigabyte")
    asked = parser.parse_args()
    if not asked.folder.exists():
        make(asked.folder)
    if asked.film:
        _add_film(asked.folder)
    for row in _measured(asked.folder, asked.film):
        print("{:<58} {:>12} {:>12}".format(*row), flush=True)


def _measured(folder: Path, film: bool) -> Iterator[tuple[str, str, str]]:
    yield ("measure", "measured", "to reach")
    yield ("script of the first load, compressed", f"{_script_bytes() / 1000:.0f} kB", "300 kB")
    with _served(folder) as url, _page(url) as page:
        opened = [_opened(page, url) for _ in range(8)]
        yield ("open to usable, median of 8", f"{median(opened):.0f} ms", "1000 ms")
        yield _strokes("typing in the transcript, p95", _typing(page))
        yield _strokes("moving the selection by words, p95", _moving(page, "Alt+ArrowRight"))
        yield _strokes("moving the selection by segments, p95", _moving(page, "ArrowDown"))
        yield _strokes("giving a code and rating it, p95", _coding(page))
        rate, long, late = _playing(page)
        yield ("pictures a second while playing, words marked", f"{rate:.1f}", "55")
        yield ("pictures that took longer than 34 ms in 8 s", f"{long}", "")
        yield ("the marked word off the sound, p95", f"{_p95(late):.0f} ms", "50 ms")
        if film:
            yield ("a place in a film of 1 GB is shown, p95 of 25", f"{_p95(_seeking(page, url)):.0f} ms", "300 ms")


def _strokes(name: str, took: list[float]) -> tuple[str, str, str]:
    return (f"{name} of {len(took)}", f"{_p95(took):.0f} ms", "50 ms")


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def _script_bytes() -> int:
    return sum(len(gzip.compress(file.read_bytes())) for file in (_STATIC / "assets").glob("*.js"))


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The server as a program of its own; the address that it tells."""
    words = ["-C", str(folder), "--as", CODER, "open", "--port", "0", "--no-browser"]
    server = subprocess.Popen(
        [sys.executable, "-u", "-c", "from iprkit.cli import main; main()", *words], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    found = re.search(r"http://\S+", server.stdout.readline())
    if found is None:
        raise SystemExit("the server told no address")
    try:
        yield found.group()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


@contextmanager
def _page(url: str) -> Iterator[Page]:
    program = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if program is None:
        raise SystemExit("this needs Chromium; on Debian: apt-get install chromium")
    with sync_playwright() as playing:
        quiet = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
        browser = playing.chromium.launch(executable_path=program, args=quiet)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.wait_for_selector("[data-w]")
        yield page
        browser.close()


def _opened(page: Page, url: str) -> float:
    """From asking for the page until words and codings are there, in ms; files of the page are known by then."""
    page.goto(f"{url.split('?')[0]}#/{SESSION}/code")
    page.reload(wait_until="commit")
    page.wait_for_function(
        "() => document.querySelector('[data-w]') && document.querySelector('.bracket') && !window.usable"
        " && ((window.usable = performance.now()), true)",
        polling="raf",
    )
    page.wait_for_timeout(800)
    usable: float = page.evaluate("() => window.usable")
    return usable


def _typing(page: Page) -> list[float]:
    page.keyboard.press("Alt+1")
    page.locator("[data-segment]").nth(3).locator("p").first.dblclick()
    page.wait_for_selector("[contenteditable]")
    return _took(page, list("and so it went on from there, as far as I can tell, day by day "))


def _moving(page: Page, key: str) -> list[float]:
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Alt+3")
    page.get_by_role("region", name="Turns").focus()
    return _took(page, [key] * 60)


def _coding(page: Page) -> list[float]:
    took = []
    for _ in range(30):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("/")
        page.keyboard.type("Shame")
        page.wait_for_timeout(200)
        took += _took(page, ["Enter", "3"], pause_ms=60)
    return took


def _took(page: Page, keys: list[str], pause_ms: float = 40) -> list[float]:
    """Of each key, how many ms passed until what it did was on the screen."""
    if page.evaluate("() => window.took === undefined"):
        page.evaluate(_STROKES)
    page.evaluate("() => void (window.took = [])")
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(pause_ms)
    page.wait_for_timeout(100)
    took: list[float] = page.evaluate("() => window.took")
    return took


def _playing(page: Page) -> tuple[float, int, list[float]]:
    words = page.evaluate(
        f"async () => (await (await fetch('/api/transcripts/{SESSION}')).json())"
        ".segments.flatMap((one) => one.words.map((word) => [word.id, word.start_ms]))"
    )
    page.get_by_role("region", name="Turns").focus()
    page.keyboard.press("F4")
    page.wait_for_timeout(1500)
    rate, long, late = page.evaluate(_PLAYED, [words, 8])
    page.keyboard.press("F4")
    return rate, long, late


def _seeking(page: Page, url: str) -> list[float]:
    page.goto(f"{url.split('?')[0]}#/D01-S02/code")
    page.reload()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2", polling=100, timeout=30_000)
    length = page.evaluate("() => document.querySelector('video').duration")
    dice = random.Random(1)
    return [page.evaluate(_SEEK, dice.uniform(1, length - 5)) for _ in range(25)]


def _add_film(folder: Path) -> None:
    film = folder / "film.mp4"
    if film.exists():
        return
    _film(film)
    with open_study(folder, "lea") as study:
        add_session(study, ("D01", 2), sources_of([film]))


def _film(file: Path) -> None:
    """A gigabyte of H.264 and AAC, about an hour: ten seconds, partly of noise, written over and over, each time later."""
    short = file.with_suffix(".part.mp4")
    _noise(short)
    with av.open(str(short)) as told, av.open(str(file), "w", options={"movflags": "faststart"}) as out:
        targets = {
            one.index: out.add_stream_from_template(one) for one in (told.streams.video[0], told.streams.audio[0])
        }
        found = told.demux(told.streams.video[0], told.streams.audio[0])
        kept = [(one.stream.index, bytes(one), one.pts or 0, one.dts or 0, one.time_base, one.is_keyframe)
                for one in found if one.size and (one.dts or 0) >= 0]  # fmt: skip
        for turn in range(FILM_BYTES // short.stat().st_size + 1):
            for index, data, pts, dts, base, key in kept:
                later = round(turn * _PICTURES / 25 / base)
                packet = av.Packet(data)
                packet.pts, packet.dts, packet.time_base = pts + later, dts + later, base
                packet.is_keyframe, packet.stream = key, targets[index]
                out.mux(packet)
    short.unlink()


def _noise(file: Path) -> None:
    """So many pictures that the sound's packets, of 1024 samples, come out even."""
    dice = np.random.default_rng(1)
    with av.open(str(file), "w") as out:
        film = out.add_stream("libx264", rate=25, options={"preset": "ultrafast", "qp": "32", "g": "25", "bf": "0"})
        film.width, film.height, film.pix_fmt = 1280, 720, "yuv420p"
        sound = out.add_stream("aac", rate=32_000, layout="mono")
        for number in range(_PICTURES):
            picture = np.full((720, 1280, 3), 90, np.uint8)
            picture[200:440, 300 + number : 560 + number] = dice.integers(0, 255, (240, 260, 3), np.uint8)
            out.mux(film.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
            tone = np.sin(np.arange(1280) / 32_000 * 2 * np.pi * 200)[None].astype(np.float32) * 0.2
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 32_000, 1280 * number
            out.mux(sound.encode(frame))
        out.mux(film.encode(None))
        out.mux(sound.encode(None))


if __name__ == "__main__":
    main()
