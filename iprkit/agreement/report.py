"""All that is told of how far coders agree: figures, confusions, differences, and how far ends lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iprkit.agreement.alignment import align_events
from iprkit.agreement.confusions import Confusion, event_confusions, rating_confusions
from iprkit.agreement.correlated import correlations
from iprkit.agreement.disagreements import Disagreement, rating_disagreements, time_disagreements
from iprkit.agreement.events import event_tables
from iprkit.agreement.measures import BETWEEN_TWO, NOMINAL, ORDERED, ORDERED_BETWEEN_TWO, PER_CODE, PER_CODE_OF_TWO
from iprkit.agreement.method import Method
from iprkit.agreement.offsets import Offsets, boundary_offsets
from iprkit.agreement.rated import figures, pair_figures
from iprkit.agreement.ratings import Ratings
from iprkit.agreement.result import Agreement
from iprkit.agreement.ticked import time_table
from iprkit.agreement.timed import (
    coincidence_figures,
    event_figures,
    event_pair_figures,
    gamma_figure,
    stretch_figures,
    tick_figures,
    tick_pair_figures,
)
from iprkit.agreement.timelines import Timeline, ticks

_LOST = (
    "{lost} codings lie between the middles of two ticks of {tick_ms} ms and are not in the figures of ticks and "
    "stretches; a finer tick finds them"
)


_TOO_MANY = "there are {k} different codes, too many for figures of each; if they are numbers, name their level"
MOST_CODES = 200
"""Codes that are told one by one; more are no codes but numbers or notes."""


@dataclass(frozen=True)
class Report:
    """``figures`` are over all coders, over all codes and code by code; ``pairs`` those of each two coders, where
    there are more. ``offsets`` are empty for rated units. ``notes`` say what else a reader should know of the data."""

    coders: tuple[str, ...]
    figures: tuple[Agreement, ...]
    pairs: tuple[Agreement, ...]
    confusions: tuple[Confusion, ...]
    disagreements: tuple[Disagreement, ...]
    offsets: tuple[Offsets, ...] = ()
    notes: tuple[str, ...] = ()


def report_on_ratings(ratings: Ratings, method: Method) -> Report:
    """Everything that can be told of a table of units by coders, at its level of measurement."""
    nominal, several = ratings.level == "nominal", len(ratings.coders) > 2
    codes = ratings.categories if nominal and len(ratings.categories) <= MOST_CODES else ()
    found = figures(ratings, NOMINAL if nominal else ORDERED, method)
    if ratings.level in ("interval", "ratio"):
        found += correlations(ratings)
    found += figures(ratings, PER_CODE if several else PER_CODE_OF_TWO, method, codes)
    between = BETWEEN_TWO if nominal else ORDERED_BETWEEN_TWO
    return Report(
        coders=ratings.coders,
        figures=tuple(found),
        pairs=tuple(pair_figures(ratings, between, method, [None, *codes])) if several and method.pairs else (),
        confusions=tuple(rating_confusions(ratings)),
        disagreements=tuple(rating_disagreements(ratings)),
        notes=(_TOO_MANY.format(k=len(ratings.categories)),) if nominal and not codes and ratings.categories else (),
    )


def report_on_timelines(
    lines: Sequence[Timeline], method: Method, codes: Sequence[str] | None = None, codebook: str | None = None
) -> Report:
    """Everything that can be told of codings with free boundaries. Raises ValueError where there is no line."""
    cut = ticks(lines, method.tick_ms, codes, codebook)
    table = time_table(cut)
    aligned = align_events(lines, cut.coders, cut.codes, method.near_ms)
    tables = event_tables(aligned, len(lines))
    several = len(cut.coders) > 2 and method.pairs
    found = [*tick_figures(table, method), *stretch_figures(cut, method), *coincidence_figures(table, method)]
    pairs = [*tick_pair_figures(table, method), *event_pair_figures(cut, tables, method)] if several else []
    found += event_figures(cut, tables, method)
    found += [gamma_figure(cut, method)] if method.gamma_samples else []
    return Report(
        coders=cut.coders,
        figures=tuple(found),
        pairs=tuple(pairs),
        confusions=tuple(event_confusions(tables)),
        disagreements=tuple(time_disagreements(table)),
        offsets=tuple(boundary_offsets(aligned, cut.coders)),
        notes=(_LOST.format(lost=cut.lost, tick_ms=cut.tick_ms),) if cut.lost else (),
    )
