"""What an agreement figure consists of: the statistic, what was counted, who coded, the parts and the value, or the
reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Agreement:
    """One figure, fit to be printed in a paper.

    ``code`` is None for a figure over all codes. ``observed`` and ``expected`` are shares of agreement; of the
    coefficients in `DISAGREEMENTS` they are the observed and the expected disagreement; an intraclass correlation has
    neither. Where ``value`` is None, ``reason`` says why, and where it is not, ``reason`` is None. ``interval`` says
    how the two ends in ``ci`` were found, or why there are none.

    ``settings`` holds what was chosen (level, weights, tick, tolerance), ``details`` what else belongs to the figure
    (prevalence and bias with PABAK, F and its degrees of freedom with an intraclass correlation).
    """

    statistic: str
    codebook: str | None
    code: str | None
    unit: str
    denominator: str
    coders: tuple[str, ...]
    n_units: int
    observed: float | None
    expected: float | None
    value: float | None
    ci: tuple[float, float] | None
    reason: str | None
    interval: str = ""
    settings: Mapping[str, str | int] = field(default_factory=dict)
    details: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError(f"{self.statistic}: a figure has a value, or else a reason why not")


NAMES = {
    "percent_agreement": "Percent agreement",
    "cohen_kappa": "Cohen's κ",
    "weighted_kappa": "Weighted κ",
    "scott_pi": "Scott's π",
    "fleiss_kappa": "Fleiss' κ",
    "brennan_prediger": "Brennan–Prediger",
    "gwet_ac1": "Gwet's AC1",
    "gwet_ac2": "Gwet's AC2",
    "pabak": "PABAK",
    "krippendorff_alpha": "Krippendorff's α",
    "icc_1_1": "ICC(1,1)",
    "icc_2_1": "ICC(2,1)",
    "icc_3_1": "ICC(3,1)",
    "icc_1_k": "ICC(1,k)",
    "icc_2_k": "ICC(2,k)",
    "icc_3_k": "ICC(3,k)",
    "alpha_u": "Krippendorff's α_U",
    "u_alpha": "Krippendorff's uα",
    "u_alpha_binary": "Krippendorff's |uα",
    "cu_alpha": "Krippendorff's cuα",
    "ku_alpha": "Krippendorff's (k)uα",
    "time_unit_kappa": "Time-unit κ",
    "event_kappa": "Event κ",
    "gamma": "Mathet's γ",
}
"""What people call the statistics."""

DISAGREEMENTS = frozenset(
    {"krippendorff_alpha", "alpha_u", "u_alpha", "u_alpha_binary", "cu_alpha", "ku_alpha", "gamma"}
)
"""The coefficients that are one minus observed disagreement over expected disagreement."""
