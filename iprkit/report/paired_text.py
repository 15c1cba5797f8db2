"""The paired table on a terminal: columns side by side, as wide as the terminal or a hundred characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

from iprkit.report.paired import PairedMoment, PairedTable, head_of

WIDTH = 100
_BETWEEN = " | "


def side_by_side(table: PairedTable, width: int = WIDTH) -> Iterator[str]:
    """The table as lines no longer than ``width``."""
    count = 1 + len(table.perspectives)
    wide = max(8, (width - len(_BETWEEN) * (count - 1)) // count)
    for moment in table.moments:
        yield from wrap("  ".join(head_of(moment)), width)
        memos = (f"Memo: {memo}" for memo in moment.memos)
        for note in (*memos, *moment.notes[len(moment.memos) :]):
            yield from wrap(note, width, initial_indent="  ", subsequent_indent="  ")
        heads = [wrap(head.upper(), wide) for head in table.heads]
        for columns in (heads, _columns(table, moment, wide)):
            for cells in zip_longest(*columns, fillvalue=""):
                yield _line(cells, wide)
        yield ""
    for note in table.notes:
        yield from wrap(note, width)


def _columns(table: PairedTable, moment: PairedMoment, wide: int) -> list[list[str]]:
    said = [line for one in moment.excerpt for line in wrap(f"{one.speaker}: {one.text}", wide)]
    recalls = []
    for perspective in table.perspectives:
        lines: list[str] = []
        for quotation in moment.recalls.get(perspective, ()):
            lines += [*([""] if lines else []), *wrap(quotation.text, wide), *wrap(f"[{quotation.key}]", wide)]
        recalls.append(lines)
    return [said, *recalls]


def _line(cells: Sequence[str], wide: int) -> str:
    return _BETWEEN.join(cell.ljust(wide) for cell in cells).rstrip()
