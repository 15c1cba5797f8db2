"""A coefficient in its parts: what was observed, what chance would give, and the value that follows from both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iprkit.agreement.ratings import Floats


@dataclass(frozen=True, eq=False)
class Parts:
    """One figure for each draw, shape (draws,); ``expected`` is None where nothing is set against chance."""

    observed: Floats
    expected: Floats | None
    value: Floats


def beyond_chance(observed: Floats, expected: Floats) -> Parts:
    """How much of the agreement that chance left open was reached; not a number where chance leaves none open."""
    left = np.where(1 - expected > 1e-12, 1 - expected, np.nan)
    return Parts(observed, expected, (observed - expected) / left)


def less_than_chance(observed: Floats, expected: Floats) -> Parts:
    """One minus the ratio of two disagreements; not a number where chance gives none."""
    return Parts(observed, expected, 1 - observed / np.where(expected > 0, expected, np.nan))


def ratio(part: Floats, whole: Floats) -> Floats:
    """Part by whole, not a number where the whole is nothing; a whole of shape (draws,) serves (draws, k) too."""
    known = np.where(whole > 0, whole, np.nan)
    return part / (known[:, None] if part.ndim > known.ndim else known)
