"""Scales: the numbers that a coder may give, from where to where, in which steps, and what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iprkit.errors import InvalidCodebook
from iprkit.wording import tidy, tidy_line

PRESENCE = "presence"
"""In place of a scale's name: the code is there or it is not, and gets no number."""

LEVELS = ("ordinal", "interval", "ratio")

_RANGE = re.compile(
    r"(?P<min>-?\d+(?:\.\d+)?)\s*(?:-|–|\.\.|to)\s*(?P<max>-?\d+(?:\.\d+)?)(?:\s*/\s*(?P<step>\d+(?:\.\d+)?))?"
)


@dataclass(frozen=True)
class Anchor:
    """What one number of a scale means."""

    value: float
    text: str


@dataclass(frozen=True)
class Scale:
    """Numbers from ``min`` to ``max`` in steps of ``step``.

    ``level`` is what may be done with them: ``ordinal``, ``interval`` or ``ratio``. ``no_evidence`` is the number to
    start from and to give where nothing speaks for or against. Raises InvalidCodebook where the parts do not fit.

    >>> Scale("helpfulness", 1, 9, 0.5).holds(6.5)
    True
    """

    name: str
    min: float
    max: float
    step: float = 1.0
    level: str = "ordinal"
    anchors: tuple[Anchor, ...] = ()
    no_evidence: float | None = None

    def __post_init__(self) -> None:
        if not self.name or self.name != tidy_line(self.name) or self.name == PRESENCE:
            raise InvalidCodebook(f"{self.name!r} cannot name a scale; write one line, and not {PRESENCE!r}")
        if not (self.min < self.max and 0 < self.step <= self.max - self.min < 10_000 * self.step):
            raise InvalidCodebook(f"scale {self.name} cannot run {self.range}; give min below max and a step above 0")
        if not self.holds(self.max):
            raise InvalidCodebook(f"scale {self.name}: steps of {number(self.step)} do not reach {number(self.max)}")
        if self.level not in LEVELS:
            raise InvalidCodebook(f"scale {self.name}: level is {self.level!r}; choose among {', '.join(LEVELS)}")
        if self.no_evidence is not None and not self.holds(self.no_evidence):
            raise InvalidCodebook(f"scale {self.name}: no_evidence {number(self.no_evidence)} is not on it")
        self._check_anchors()

    def _check_anchors(self) -> None:
        values = [anchor.value for anchor in self.anchors]
        if values != sorted(set(values)):
            raise InvalidCodebook(f"scale {self.name}: anchors must rise, each number once")
        for anchor in self.anchors:
            if not self.holds(anchor.value):
                raise InvalidCodebook(f"scale {self.name}: anchor {number(anchor.value)} is not on it ({self.range})")
            if not anchor.text or anchor.text != tidy(anchor.text):
                raise InvalidCodebook(
                    f"scale {self.name}: anchor {number(anchor.value)} needs a text without blank ends"
                )

    @property
    def range(self) -> str:
        """As people write it: ``1-5``, ``0-7/0.1``."""
        step = "" if self.step == 1 else f"/{number(self.step)}"
        return f"{number(self.min)}-{number(self.max)}{step}"

    def holds(self, value: float) -> bool:
        """Whether a number may be given."""
        if not self.min <= value <= self.max:
            return False
        steps = (value - self.min) / self.step
        return abs(steps - round(steps)) < 1e-6


def scale_of(text: str) -> Scale | None:
    """The scale that a range means, named after it; None where the text is none.

    >>> scale_of("0-7/0.5").step
    0.5
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    low, high, step = float(found["min"]), float(found["max"]), float(found["step"] or 1)
    steps = "" if step == 1 else f"/{number(step)}"
    return Scale(f"{number(low)}-{number(high)}{steps}", low, high, step)


def number(value: float) -> str:
    """A number as people write it.

    >>> number(4.0), number(6.5)
    ('4', '6.5')
    """
    return str(whole(value))


def whole(value: float) -> int | float:
    """The same number, without a decimal point where it needs none."""
    return int(value) if value == int(value) else float(value)
