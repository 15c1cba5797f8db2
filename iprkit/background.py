"""Work that nobody waits for with a hand on the keyboard."""

from __future__ import annotations

import sys
from contextlib import suppress

import psutil

_POLITE = 10
"""Of 0, the usual, to 19, which lets everything else go first."""


def step_back() -> None:
    """Let this process have the processor where no other wants it, so that a page and what it plays stay smooth."""
    with suppress(psutil.Error):  # a machine that does not allow it works as it did
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else _POLITE)
