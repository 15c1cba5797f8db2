"""Aligners in a process of their own, for a server that answers others meanwhile: beside an aligner that works in the
same process nothing else gets on."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import IO, cast
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from iprkit.background import step_back
from iprkit.speech.timing import ALIGNERS, Aligner
from iprkit.timeline import Span

Found = list[Span | None] | None


class Apart:
    """The same aligners, one piece of work after the other; the process begins with the first and ends with ours."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def aligners(self) -> Mapping[str, Aligner]:
        """By language, as ``ALIGNERS``."""
        return {language: partial(self._place, language) for language in ALIGNERS}

    def close(self) -> None:
        """Let the process go."""
        with self._lock:
            self._end()

    def _begin(self) -> subprocess.Popen[bytes]:
        begun = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        finalize(self, _let_go, begun)
        return begun

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _let_go(process)

    def _place(self, language: str, samples: NDArray[np.float32], words: Sequence[str]) -> Found:
        with self._lock:
            try:
                self._process = self._process or self._begin()
                return _asked(self._process, (language, samples, list(words)))
            except (EOFError, OSError):  # it was ended by somebody, or cannot be begun here
                self._end()
        return ALIGNERS[language](samples, words)


def work(asked: IO[bytes], answers: IO[bytes]) -> None:
    """What that process does: aligns until nobody can ask any more."""
    step_back()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, which lets this one go when it ends
    with suppress(EOFError):
        while True:
            language, samples, words = pickle.load(asked)
            pickle.dump(ALIGNERS[language](samples, words), answers)
            answers.flush()


def _let_go(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):  # it is gone already
        process.communicate()


def _asked(process: subprocess.Popen[bytes], what: tuple[str, NDArray[np.float32], list[str]]) -> Found:
    asked, answers = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    pickle.dump(what, asked)
    asked.flush()
    return cast(Found, pickle.load(answers))


if __name__ == "__main__":
    work(sys.stdin.buffer, sys.stdout.buffer)
