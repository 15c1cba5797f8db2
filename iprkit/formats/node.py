"""A value inside a JSON file that knows where it stands, so that a complaint can say ``segments[3].words[0]``."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from iprkit.errors import FormatError


@dataclass(frozen=True)
class Node:
    """One value and its place. Every question raises FormatError where the value is of the wrong kind."""

    value: object
    kind: str
    place: str = ""

    def __getitem__(self, name: str) -> Node:
        """The field of that name; a field that is not there is a Node of None."""
        if not isinstance(self.value, dict):
            self.refuse("an object")
        return Node(self.value.get(name), self.kind, f"{self.place}.{name}".lstrip("."))

    def __contains__(self, name: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(name) is not None

    def items(self) -> Iterator[Node]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            self.refuse("a list")
        for index, value in enumerate(self.value):
            yield Node(value, self.kind, f"{self.place}[{index}]")

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.refuse("a text")
        return self.value

    def text_or_none(self) -> str | None:
        return None if self.value is None else self.text()

    def whole(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.refuse("a whole number")
        return self.value

    def whole_or_none(self) -> int | None:
        return None if self.value is None else self.whole()

    def number(self) -> float:
        if not isinstance(self.value, int | float) or isinstance(self.value, bool) or not math.isfinite(self.value):
            self.refuse("a number")
        return self.value

    def number_or_none(self) -> float | None:
        return None if self.value is None else self.number()

    def flag(self) -> bool:
        """True or False, False where nothing stands."""
        if not isinstance(self.value, bool | None):
            self.refuse("true or false")
        return bool(self.value)

    def refuse(self, expected: str) -> NoReturn:
        shown = json.dumps(self.value, ensure_ascii=False)
        found = shown if len(shown) <= 60 else shown[:57] + "…"
        raise FormatError(f"{self.kind}, {self.place or 'the whole file'}: expected {expected}, found {found}")


def parsed(text: str, kind: str) -> Node:
    """The file's outermost value. Raises FormatError with line and column where it is no JSON."""
    try:
        return Node(json.loads(text), kind)
    except json.JSONDecodeError as e:
        raise FormatError(f"{kind}, line {e.lineno}, column {e.colno}: not JSON ({e.msg})") from e
    except RecursionError as e:
        raise FormatError(f"{kind}: nested too deep to be a transcript") from e
