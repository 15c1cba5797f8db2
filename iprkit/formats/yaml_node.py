"""A value inside a YAML file that knows its line, so that a complaint can say ``3rs-2022.yaml, line 14``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

import yaml

from iprkit.errors import FormatError
from iprkit.wording import tidy

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"
_DEEPEST = 60
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class YamlNode:
    """One value and its file. Every question raises FormatError, with the line, where it is of the wrong kind.

    Plain texts are taken as they are written: ``version: 1.10`` is not the number 1.1, ``name: No`` is not false.
    """

    node: yaml.Node
    file: str

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def fields(self, known: Sequence[str]) -> dict[str, YamlNode]:
        """The fields of a mapping that say something. Raises FormatError for one that is not among ``known``."""
        found: dict[str, YamlNode] = {}
        for name, value in self.pairs():
            text = name.text()
            if text not in known:
                near = get_close_matches(text, known, n=1)
                name.refuse(f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}")
            if not value.is_null:
                found[text] = value
        return found

    def pairs(self) -> Iterator[tuple[YamlNode, YamlNode]]:
        """Names and values of a mapping, in order. Raises FormatError where a name stands twice."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse("expected fields, each as name: value")
        seen = set[str]()
        for name, value in self.node.value:
            node = YamlNode(name, self.file)
            if node.text() in seen:
                node.refuse("this stands here a second time")
            seen.add(node.text())
            yield node, YamlNode(value, self.file)

    def items(self) -> Iterator[YamlNode]:
        """The elements of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse("expected a list, each element behind a hyphen")
        for node in self.node.value:
            yield YamlNode(node, self.file)

    @property
    def is_null(self) -> bool:
        return bool(self.node.tag == _NULL)

    def text(self) -> str:
        """As it is written, tidied."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse("expected a text")
        return "" if self.is_null else tidy(str(self.node.value))

    def texts(self) -> tuple[str, ...]:
        return tuple(node.text() for node in self.items())

    def whole(self) -> int:
        found = self.number()
        if found != int(found):
            self.refuse("expected a whole number")
        return int(found)

    def number(self) -> float:
        try:
            found = float(self.text())
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            self.refuse("expected a number")
        return found

    def flag(self) -> bool:
        if self.text().lower() not in _FLAGS:
            self.refuse("expected true or false")
        return _FLAGS[self.text().lower()]

    def refuse(self, why: str) -> NoReturn:
        shown = str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else "a block"
        found = shown if len(shown) <= 60 else shown[:57] + "…"
        raise FormatError(f"{self.file}, line {self.line}: {why} (found {found!r})")


def parsed(text: str, file: str) -> YamlNode:
    """The file's outermost value.

    Raises FormatError with the line where the text is no YAML, is empty, is nested deeper than any codebook, or uses
    anchors, with which a small file can stand for a huge one.
    """
    try:
        _check_events(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        raise FormatError(f"{file}, line {mark.line + 1 if mark else 1}: not YAML ({e.problem or e.context})") from e
    except yaml.YAMLError as e:
        raise FormatError(f"{file}: not YAML ({e})") from e
    if node is None:
        raise FormatError(f"{file} is empty")
    return YamlNode(node, file)


def _check_events(text: str, file: str) -> None:
    """Read before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FormatError(f"{file}, line {line}: & and * references are not used here; write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise FormatError(f"{file}, line {line}: nested too deep")
