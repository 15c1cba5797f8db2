"""Agreement figures as a table for R, SPSS, Excel or pandas: one row a figure, its parts and its reasons."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import TextIO

from iprkit.agreement.result import Agreement

_COLUMNS = (
    "statistic",
    "codebook",
    "code",
    "value",
    "ci_low",
    "ci_high",
    "observed",
    "expected",
    "n_units",
    "unit",
    "n_coders",
    "coders",
    "denominator",
    "interval",
    "settings",
    "details",
    "reason",
)


def write_agreement(figures: Iterable[Agreement], stream: TextIO) -> None:
    """Figures in their order; an empty field is a value that there is none of. Names in a field are parted by ``|``."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(one) for one in figures)


def _row(one: Agreement) -> list[object]:
    low, high = one.ci or (None, None)
    parts = [one.value, low, high, one.observed, one.expected, one.n_units, one.unit, len(one.coders)]
    words = ["|".join(one.coders), one.denominator, one.interval, _pairs(one.settings), _pairs(one.details), one.reason]
    return [one.statistic, one.codebook, one.code, *parts, *words]


def _pairs(values: Mapping[str, object]) -> str:
    return "|".join(f"{name}={value}" for name, value in values.items())
