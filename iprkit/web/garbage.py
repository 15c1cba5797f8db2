"""What the server remembers for its pages is not looked through for garbage again and again, while all of them wait."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def remembering() -> Iterator[None]:
    """As long as the block runs, what outlived one full search for garbage is left out of the next.

    It still goes as soon as nothing points to it any more; only a ring of such things, each pointing to the next,
    would stay until the block ends. The values that are kept of a study have none.
    """
    gc.callbacks.append(_spare)
    try:
        yield
    finally:
        gc.callbacks.remove(_spare)
        gc.unfreeze()


def _spare(phase: str, info: dict[str, Any]) -> None:
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()
