"""What a person chooses before agreement is computed; every figure says what was chosen."""

from __future__ import annotations

from dataclasses import dataclass, field

from iprkit.agreement.bootstrap import Bootstrap
from iprkit.agreement.ticked import Uncoded
from iprkit.agreement.weights import Weighting


@dataclass(frozen=True)
class Method:
    """How figures are made.

    ``bootstrap``: the draws of their intervals, None for no intervals. ``weighting``: how near ratings agree.
    ``tick_ms``: how finely time is cut. ``tolerance_ms``: how far from a tick the same code may be, for the time-unit
    kappa. ``near_ms``: how far apart two events may begin that do not overlap and still be one. ``uncoded``: whether
    time that nobody coded counts as agreement. ``gamma_samples``: with how many random time lines gamma is compared, 0
    to leave it out. ``pairs``: also the figures of each two coders. Raises ValueError for times that cannot be meant.
    """

    bootstrap: Bootstrap | None = field(default_factory=Bootstrap)
    weighting: Weighting = "quadratic"
    tick_ms: int = 1000
    tolerance_ms: int = 0
    near_ms: int = 2000
    uncoded: Uncoded = "counted"
    gamma_samples: int = 0
    pairs: bool = True

    def __post_init__(self) -> None:
        if self.tick_ms < 1:
            raise ValueError(f"tick_ms is {self.tick_ms}; a tick lasts at least 1 ms")
        if self.tolerance_ms < 0 or self.tolerance_ms % self.tick_ms:
            raise ValueError(f"tolerance_ms is {self.tolerance_ms}; it is 0 or whole ticks of {self.tick_ms} ms")
        if self.near_ms < 0:
            raise ValueError(f"near_ms is {self.near_ms}; it is 0 or more")

    @property
    def seed(self) -> int:
        """Where chance begins."""
        return Bootstrap().seed if self.bootstrap is None else self.bootstrap.seed
