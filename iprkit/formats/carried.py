"""What of a study a format carries, kind by kind: as it is, with a change, or not at all.

The declarations here are what ``iprkit export`` says after writing, what the documentation's table shows, and what
tests prove by writing and reading back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iprkit.exchange import KINDS

CARRIED, CHANGED, DROPPED = "carried", "changed", "not carried"

_ONE = {
    "memos": "memo", "codings": "coding", "codes": "code", "codebooks": "codebook", "word times": "word time",
    "recall interviews": "recall interview", "coding memos": "coding memo", "map pieces": "map piece",
    "certainties": "certainty", "persons meant": "person meant", "confidences": "confidence",
}  # fmt: skip


@dataclass(frozen=True)
class Carried:
    """What a format does with every kind of thing. ``as_is`` are carried, ``changed`` says how; all others are lost.

    Raises ValueError for a kind that no study has.
    """

    as_is: tuple[str, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind in (*self.as_is, *self.changed):
            if kind not in KINDS:
                raise ValueError(f"{kind!r} is no kind of thing; expected one of {', '.join(KINDS)}")

    def of(self, kind: str) -> str:
        """``carried``, ``changed`` or ``not carried``."""
        if kind in self.changed:
            return CHANGED
        return CARRIED if kind in self.as_is else DROPPED

    @property
    def dropped(self) -> tuple[str, ...]:
        """The kinds that are lost."""
        return tuple(kind for kind in KINDS if self.of(kind) == DROPPED)

    def loses(self, counts: Mapping[str, int]) -> str:
        """What is lost of a study with so many things of every kind; empty where nothing is, or the file is a script.

        >>> Carried(("codings",)).loses({"codings": 3, "memos": 12, "moments": 1})
        'not carried: 1 moment, 12 memos'
        """
        if not self.as_is and not self.changed:
            return ""
        lost = [f"{counts[kind]} {named(kind, counts[kind])}" for kind in self.dropped if counts.get(kind)]
        return f"not carried: {', '.join(lost)}" if lost else ""


def named(kind: str, number: int) -> str:
    """A kind's name for one thing or several."""
    return _ONE.get(kind, kind.removesuffix("s")) if number == 1 else kind


def loss_table(formats: Mapping[str, Carried]) -> str:
    """What each of several formats does with every kind of thing, as a Markdown table, and below it every change.

    Kinds that none of them carries stand below in a sentence.
    """
    kinds = [kind for kind in KINDS if any(one.of(kind) != DROPPED for one in formats.values())]
    rest = [kind for kind in KINDS if kind not in kinds]
    lines = ["| | " + " | ".join(f"`{name}`" for name in formats) + " |", "|---" * (len(formats) + 1) + "|"]
    signs = {CARRIED: "yes", CHANGED: "changed", DROPPED: "–"}
    lines += [f"| {kind} | " + " | ".join(signs[one.of(kind)] for one in formats.values()) + " |" for kind in kinds]
    lines += ["", f"None of them carries {', '.join(rest)}."] if rest else []
    for name, one in formats.items():
        if one.changed:
            lines += [
                "",
                f"`{name}` changes " + "; ".join(f"*{kind}*: {how}" for kind, how in one.changed.items()) + ".",
            ]
    return "\n".join(lines)
