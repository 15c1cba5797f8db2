"""How long work tells how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """``done`` of ``total`` (any unit) of the step ``name`` on ``subject``, a key."""

    subject: str
    name: str
    done: float
    total: float


Listener = Callable[[Step], None]


def silent(step: Step) -> None:
    """The listener of callers that do not ask."""
