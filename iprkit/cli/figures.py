"""How agreement is printed: a table that a paper can take; below it what is counted, undefined, confused, differing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from iprkit.agreement.disagreements import Disagreement
from iprkit.agreement.offsets import Offsets
from iprkit.agreement.report import Report
from iprkit.agreement.result import NAMES, Agreement
from iprkit.cli.output import print_table
from iprkit.timeline import clock

_SHOWN = 20
_HEADS = ("Statistic", "Code", "Value", "Interval", "Observed", "Expected", "Units", "Coders")


def show(report: Report, figures: Sequence[Agreement], only: str | None = None) -> None:
    """Print the report for people; with ``only`` one part of it, without shortening."""
    if only in (None, "figures"):
        _show_figures(figures)
    for name, show_part in _PARTS.items():
        if only in (None, name):
            show_part(report, None if only else _SHOWN)
    if only is None and report.notes:
        _section("Read so", report.notes)


def number(value: float | None) -> str:
    """Three decimals, without the zero before the point where the style of journals leaves it out.

    >>> number(0.4916), number(-0.0376), number(47.275), number(1.0)
    ('.492', '-.038', '47.275', '1.000')
    """
    if value is None:
        return ""
    text = f"{value:.3f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _show_figures(figures: Sequence[Agreement]) -> None:
    defined = _unrepeated([one for one in figures if one.value is not None])
    undefined = [one for one in figures if one.value is None]
    if defined:
        click.echo(f"Coders: {', '.join(dict.fromkeys(name for one in figures for name in one.coders))}\n")
        print_table(_HEADS, [_row(one) for one in defined])
        click.echo("\nObserved and expected are agreement; of α and γ they are disagreement.")
        _section("What is counted", _grouped(defined, lambda one: one.denominator))
        _section("Intervals", _intervals(defined))
    if undefined:
        _section("Undefined", _grouped(undefined, lambda one: f"because {one.reason}", with_code=True))


def _unrepeated(figures: Sequence[Agreement]) -> list[Agreement]:
    """Without those of single codes that say again what the figure over all codes says: of two codes, or of one."""
    over_all = {(one.statistic, one.coders): (one.value, one.observed) for one in figures if one.code is None}
    return [
        one
        for one in figures
        if one.code is None or over_all.get((one.statistic, one.coders)) != (one.value, one.observed)
    ]


def _row(one: Agreement) -> list[object]:
    if one.statistic == "percent_agreement" and one.value is not None:
        value, ends = f"{one.value:.1%}", [f"{end:.1%}" for end in one.ci or ()]
    else:
        value, ends = number(one.value), [number(end) for end in one.ci or ()]
    interval = f"[{', '.join(ends)}]" if ends else ""
    coders = "–".join(one.coders) if len(one.coders) == 2 else len(one.coders)
    return [_name(one), one.code, value, interval, number(one.observed), number(one.expected), one.n_units, coders]


def _name(one: Agreement) -> str:
    chosen = [str(one.settings[name]) for name in ("weights", "level") if name in one.settings]
    chosen += [f"± {one.settings['tolerance_ms']} ms"] if one.settings.get("tolerance_ms") else []
    told = ", ".join(word for word in chosen if word != "nominal")
    return f"{NAMES[one.statistic]} ({told})" if told else NAMES[one.statistic]


def _grouped(figures: Iterable[Agreement], told: Callable[[Agreement], str], with_code: bool = False) -> Iterator[str]:
    """What is told of figures, each once, after the names of those that it is told of."""
    groups: dict[str, dict[str, None]] = {}
    for one in figures:
        name = f"{_name(one)} of {one.code}" if with_code and one.code else _name(one)
        groups.setdefault(told(one), {})[name] = None
    for text, names in groups.items():
        yield f"{', '.join(names)}: {text}"


def _intervals(figures: Sequence[Agreement]) -> Iterator[str]:
    """How intervals were found, first those that most were found by."""
    usual = Counter(one.interval for one in figures).most_common(1)[0][0]
    others = [one for one in figures if one.interval != usual]
    yield f"{'Most of them' if others else 'All'}: {usual}"
    yield from _grouped(others, lambda one: one.interval, with_code=True)


def _section(head: str, told: Iterable[str]) -> None:
    click.echo(f"\n{head}")
    for line in told:
        click.echo(f"  {line}")


def _show_confusions(report: Report, most: int | None) -> None:
    found = report.confusions
    if found:
        click.echo(f"\nCodes taken for one another ({found[0].unit})")
        rows = [(one.first, one.second, one.count, f"{one.share:.0%}") for one in found[:most]]
        print_table(("One says", "another says", "times", "of all that differ"), rows)
        _say_more(len(found), most, "confusions")


def _show_disagreements(report: Report, most: int | None) -> None:
    found = report.disagreements
    if found:
        click.echo(f"\nWhere coders differ ({len(found)})")
        heads = ("Unit" if found[0].unit is not None else "Time", *report.coders)
        print_table(heads, [(_place(one), *one.said) for one in found[:most]])
        _say_more(len(found), most, "disagreements")


def _place(one: Disagreement) -> str:
    if one.start_ms is not None and one.end_ms is not None:
        return f"{clock(one.start_ms)}–{clock(one.end_ms)}"
    return f"{one.session}  {one.unit}" if one.session else f"{one.unit}"


def _show_offsets(report: Report, most: int | None) -> None:
    if report.offsets:
        later = f"positive where {report.coders[1]} is later" if len(report.coders) == 2 else "positive where later"
        click.echo(f"\nHow far ends lie apart, in ms ({later})")
        heads = ("Code", "Events", "Of", "25 %", "median", "75 %", "median either way")
        print_table(heads, [row for one in report.offsets[:most] for row in _ends(one)])
        _say_more(len(report.offsets), most, "offsets")


def _ends(one: Offsets) -> list[tuple[object, ...]]:
    code = one.code or "all codes"
    return [
        (code, one.n_events, end, spread.lower_quartile, spread.median, spread.upper_quartile, spread.median_apart)
        for end, spread in (("beginning", one.start), ("end", one.end))
    ]


def _say_more(count: int, most: int | None, what: str) -> None:
    if most is not None and count > most:
        click.echo(f"… and {count - most} more; see all with --only {what}")


_PARTS = {"confusions": _show_confusions, "disagreements": _show_disagreements, "offsets": _show_offsets}
