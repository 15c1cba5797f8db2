"""Work that nobody waits for with a hand on the keyboard."""

from __future__ import annotations

import sys
from contextlib import suppress

import psutil

_POLITE = 10
"""Of 0, the usual, to 19, which lets everything else go first."""


def step_back() -> None:
    """Let this process, and what it begins from now on, have the processor where no other wants it: a page and what it
    plays stay smooth."""
    with suppress(psutil.Error):  # a machine that does not allow it works as it did
        process = psutil.Process()
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(max(process.nice(), _POLITE))
