"""The figures of codings on time lines with their intervals: of ticks, of stretches, and of events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from iprkit.agreement.coincidences import (
    Coincidences,
    coincidences,
    cu_alpha,
    exclusive,
    ku_alpha,
    nothing,
    u_alpha,
    u_alpha_binary,
)
from iprkit.agreement.events import EventTables, event_kappa, event_kappa_of_code
from iprkit.agreement.gamma import CATEGORY, EMPTY, POSITION, TooMany, disorder
from iprkit.agreement.measures import ON_TIME, ON_TIME_PER_CODE, TIME_BETWEEN_TWO, TIME_UNIT_KAPPA, Measure
from iprkit.agreement.method import Method
from iprkit.agreement.parts import Parts, beyond_chance, less_than_chance, ratio
from iprkit.agreement.rated import figures, pair_figures
from iprkit.agreement.ratings import Floats
from iprkit.agreement.result import Agreement
from iprkit.agreement.summed import Wanted, summed_figures
from iprkit.agreement.ticked import TimeTable, code_table
from iprkit.agreement.timelines import Ticks
from iprkit.agreement.tolerance import tolerant_sums
from iprkit.agreement.unitizing import disagreements


def tick_figures(table: TimeTable, method: Method) -> list[Agreement]:
    """Of ticks: over all codes, then of each code."""
    made = _of_ticks(table, None, ON_TIME, method)
    for code in table.ticks.codes:
        made += _of_ticks(code_table(table.ticks, code), code, ON_TIME_PER_CODE, method)
    return made


def tick_pair_figures(table: TimeTable, method: Method) -> list[Agreement]:
    """Of ticks, for each two coders: over all codes, then of each code."""
    made = pair_figures(table.ratings(method.uncoded), TIME_BETWEEN_TWO, method)
    for code in table.ticks.codes:
        one = code_table(table.ticks, code).ratings(method.uncoded)
        made += pair_figures(one, TIME_BETWEEN_TWO, method, [code])
    return made


def stretch_figures(ticks: Ticks, method: Method) -> list[Agreement]:
    """Krippendorff's alpha for unitising, over all codes, then of each code."""
    found = disagreements(ticks)
    square = found.squared_length.max(axis=1, initial=0)

    def alpha_u(observed: Floats, expected: Floats, square: Floats, of: slice) -> Parts:
        return less_than_chance(ratio(observed[:, of].sum(1), square), ratio(expected[:, of].sum(1), square))

    def wanted(code: str | None, of: slice) -> Wanted:
        return Wanted(
            statistic="alpha_u",
            code=code,
            unit="stretch",
            n_units=int(found.units[:, of].sum()),
            denominator="squared distances between the ends of coded stretches that meet, and squared lengths of those "
            "that only one coder has; time that nobody coded is not counted",
            settings={"tick_ms": ticks.tick_ms},
            empty="nobody coded anything" if code is None else f"nobody used {code!r}",
            parts=partial(alpha_u, of=of),
        )

    single = [wanted(code, slice(place, place + 1)) for place, code in enumerate(ticks.codes)]
    return summed_figures(ticks, method, [found.observed, found.expected, square], [wanted(None, slice(None)), *single])


def coincidence_figures(table: TimeTable, method: Method) -> list[Agreement]:
    """Krippendorff's uα, |uα and cuα, and (k)uα of each code; undefined where a coder has two codes at once."""
    ticks, single = table.ticks, exclusive(table)
    found = coincidences(table) if single else nothing(ticks)
    everything = [found.lengths, found.own, found.pairable]
    per_code = [("ku_alpha", code, partial(ku_alpha, code=place)) for place, code in enumerate(ticks.codes) if single]
    kinds: list[tuple[str, str | None, Callable[..., Parts]]] = [
        ("u_alpha", None, lambda lengths, own, _: u_alpha(lengths, own)),
        ("u_alpha_binary", None, lambda lengths, own, _: u_alpha_binary(lengths, own)),
        ("cu_alpha", None, lambda lengths, _, pairable: cu_alpha(lengths, pairable)),
    ]
    kinds += [(name, code, lambda lengths, _, pairable, of=of: of(lengths, pairable)) for name, code, of in per_code]
    wanted = [_of_coincidences(ticks, found, single, *kind) for kind in kinds]
    return summed_figures(ticks, method, everything, wanted)


def _of_coincidences(
    ticks: Ticks, found: Coincidences, single: bool, name: str, code: str | None, parts: Callable[..., Parts]
) -> Wanted:
    both_coded = name in ("cu_alpha", "ku_alpha")
    lengths = found.lengths[:, 1:, 1:] if both_coded else found.lengths
    counted = "ticks of pairs of coders, those that nobody coded counted as agreement"
    if both_coded:
        counted = "ticks that two coders both coded; time that one of them or nobody coded is left out"
    return Wanted(
        statistic=name,
        code=code,
        unit=ticks.unit,
        n_units=round(float(lengths.sum()) / 2),
        denominator=f"{counted}; a stretch is one decision however long it is",
        settings={"tick_ms": ticks.tick_ms},
        empty=_nothing_coincides(name, code) if single else "a coder has two codes at once; it takes one at a time",
        parts=parts,
    )


def _nothing_coincides(name: str, code: str | None) -> str:
    if name == "ku_alpha":
        return f"no two coders coded where one of them has {code!r}, or they have nothing else there"
    return "no two coders coded the same time, or all of it has one code" if name == "cu_alpha" else "all time is alike"


def event_figures(ticks: Ticks, tables: EventTables, method: Method) -> list[Agreement]:
    """Kappa of events, over all codes, then of each code."""
    wanted = [_of_events(ticks, method, tables, code) for code in [None, *ticks.codes]]
    return summed_figures(ticks, method, tables.margins, wanted)


def event_pair_figures(ticks: Ticks, tables: EventTables, method: Method) -> list[Agreement]:
    """Kappa of events for each two coders: over all codes, then of each code."""
    pairs = range(len(tables.pairs))
    wanted = [_of_events(ticks, method, tables, code, pair) for pair in pairs for code in [None, *ticks.codes]]
    return summed_figures(ticks, method, tables.margins, wanted)


def _of_events(ticks: Ticks, method: Method, tables: EventTables, code: str | None, pair: int | None = None) -> Wanted:
    of = slice(None) if pair is None else slice(pair, pair + 1)
    place = None if code is None else ticks.codes.index(code)

    def parts(*sums: Floats) -> Parts:
        agreed, rows, columns = (one[:, of] for one in sums)
        if len(ticks.codes) == 1:
            return Parts(ratio(agreed.sum((1, 2)), rows.sum((1, 2))), None, np.full(len(rows), np.nan))
        if place is None:
            return event_kappa(agreed, rows, columns)
        return event_kappa_of_code(agreed, rows, columns, place)

    lone = "there is one code only, so an event that both coders saw cannot be anything else"
    return Wanted(
        statistic="event_kappa",
        code=code,
        unit="event",
        n_units=int(tables.counts[:, of].sum()),
        denominator="events of each two coders side by side, where they overlap or begin within "
        f"{method.near_ms} ms; an event that one of them has alone is a disagreement; time that nobody coded is not "
        "counted",
        settings={"near_ms": method.near_ms},
        empty=lone if len(ticks.codes) == 1 else "chance leaves nothing open that coders could agree on",
        parts=parts,
        coders=None if pair is None else tables.pairs[pair],
    )


def gamma_figure(ticks: Ticks, method: Method) -> Agreement:
    """Mathet's gamma over all codes, with as many random time lines as the method says."""
    reason, found = "nobody coded anything", np.zeros((len(ticks.lines), 3))
    try:
        for place, line in enumerate(ticks.lines):
            if len(line.coders) > 1:
                one = disorder(line, method.gamma_samples, np.random.default_rng([method.seed, place]))
                found[place] = one.best, one.random, one.stretches
    except TooMany as e:
        reason, found = f"{e}; give it fewer coders or shorter time lines", np.zeros_like(found)

    def parts(best: Floats, random: Floats, stretches: Floats) -> Parts:
        return less_than_chance(ratio(best, stretches), ratio(random, stretches))

    wanted = Wanted(
        statistic="gamma",
        code=None,
        unit="stretch",
        n_units=sum(len(line.marks) for line in ticks.lines),
        denominator="stretches of all coders in their best alignment, one without partner costing "
        f"{EMPTY:g}; chance: {method.gamma_samples} random time lines; time that nobody coded is not counted",
        settings={
            "alpha": f"{POSITION:g}",
            "beta": f"{CATEGORY:g}",
            "samples": method.gamma_samples,
            "seed": method.seed,
        },
        empty=reason,
        parts=parts,
    )
    return summed_figures(ticks, method, list(found.T), [wanted])[0]


def _of_ticks(table: TimeTable, code: str | None, measures: Sequence[Measure], method: Method) -> list[Agreement]:
    made = figures(table.ratings(method.uncoded), measures, method, [code])
    place = measures.index(TIME_UNIT_KAPPA)
    if method.tolerance_ms:
        made[place] = _tolerant(table, code, method)
    made[place] = replace(made[place], settings={**made[place].settings, "tolerance_ms": method.tolerance_ms})
    return made


def _tolerant(table: TimeTable, code: str | None, method: Method) -> Agreement:
    """The time-unit kappa with tolerance; it counts time that nobody coded, as tolerance reaches into it."""
    ticks = table.ticks
    sums = tolerant_sums(table, method.tolerance_ms // ticks.tick_ms)

    def parts(looked: Floats, found: Floats, rows: Floats, columns: Floats) -> Parts:
        chance = np.nansum(ratio((rows * columns).sum(-1), looked), axis=-1)
        return beyond_chance(ratio(found.sum(-1), looked.sum(-1)), ratio(chance, looked.sum(-1)))

    wanted = Wanted(
        statistic=TIME_UNIT_KAPPA.statistic,
        code=code,
        unit=ticks.unit,
        n_units=int(ticks.lengths[ticks.watched.sum(axis=1) > 1].sum()),
        denominator=f"{ticks.unit}s of the time line, each looked up within {method.tolerance_ms} ms in the other "
        "coder's, both ways; those that nobody coded counted as agreement; chance: each coder's own use of the codes",
        settings={"tick_ms": ticks.tick_ms, "uncoded": "counted"},
        empty=f"nobody used {code!r}, or everybody did all the time" if code else "nobody coded anything",
        parts=parts,
    )
    return summed_figures(ticks, method, [sums.ticks, sums.found, sums.rows, sums.columns], [wanted])[0]
