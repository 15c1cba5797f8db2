"""The codebook's own file: everything that it says, in YAML that people can read, edit and keep under version control.

Loses nothing. Fields that say nothing are left out. A code's rules stand beside its other fields; what a code leaves
open is said by the code above it, then by the codebook.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, TextIO

import yaml

from iprkit.codebook import Code, Codebook, Rules, plain, plain_code, plain_scale
from iprkit.errors import FormatError, InvalidCodebook
from iprkit.formats.encodings import decoded
from iprkit.formats.yaml_node import YamlNode, parsed
from iprkit.scale import Anchor, Scale

_RULES = tuple(f.name for f in fields(Rules))
_CODE = (*(f.name for f in fields(Code) if f.name not in ("parent", "rules")), *_RULES, "codes")
_BOOK = (
    "name", "title", "version", "language", "citation", "rights", "notes", "unverified", *_RULES, "exclusive",
    "exhaustive", "scales", "codes",
)  # fmt: skip
_SCALE = tuple(f.name for f in fields(Scale))
_WHOLE = ("window_ms", "min_ms", "raters")
_LISTS = ("applies_to", "scores", "examples")
_FLAGS = ("codable", "exclusive", "exhaustive", "retired")


def write_codebook_yaml(book: Codebook, stream: TextIO) -> None:
    """The same codebook makes the same text on every machine."""
    written = _written_fields(plain(book), [name for name in _BOOK if name not in ("scales", "codes")])
    if book.scales:
        written["scales"] = [_written_scale(scale) for scale in book.scales]
    written["codes"] = _written_codes(book, None)
    yaml.dump(written, stream, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def read_codebook_yaml(data: str | bytes, file: str = "the codebook") -> Codebook:
    """The codebook that a file describes.

    Raises FormatError with ``file`` and line where it is no YAML, a field is unknown or of the wrong kind, or the
    codebook contradicts itself.
    """
    root = parsed(decoded(data), file)
    found = root.fields(_BOOK)
    for name in ("name", "version", "codes"):
        if name not in found:
            root.refuse(f"a codebook needs the field {name}")
    scales = tuple(_scale(node) for node in found["scales"].items()) if "scales" in found else ()
    lines: dict[str, YamlNode] = {}
    codes = tuple(_codes(found["codes"], None, lines))
    values = {name: _value(name, node) for name, node in found.items() if name not in ("scales", "codes", *_RULES)}
    try:
        return Codebook(**values, codes=codes, scales=scales, rules=_rules(found))
    except InvalidCodebook as e:
        raise FormatError(f"{file}, line {lines.get(e.code_key or '', root).line}: {e}") from e


class _Flow(list[Any]):
    """A list that is written in one line."""


class _Dumper(yaml.SafeDumper):
    """Writes for people: texts of several lines as blocks, lists indented under their names."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _flow(dumper: yaml.SafeDumper, values: _Flow) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Flow, _flow)


def _written_codes(book: Codebook, parent: str | None) -> list[dict[str, Any]]:
    return [_written_code(book, code) for code in book.children(parent)]


def _written_code(book: Codebook, code: Code) -> dict[str, Any]:
    written = _written_fields(plain_code(code), [name for name in _CODE if name != "codes"])
    below = _written_codes(book, code.key)
    return written | {"codes": below} if below else written


def _written_scale(scale: Scale) -> dict[str, Any]:
    values = plain_scale(scale)
    anchors = {anchor["value"]: anchor["text"] for anchor in values["anchors"]}
    written = values | {"anchors": anchors}
    return {name: written[name] for name in _SCALE if written[name] not in (None, {})}


def _written_fields(values: dict[str, Any], names: list[str]) -> dict[str, Any]:
    said = {name: values[name] for name in names if _says(name, values[name])}
    return {name: _Flow(value) if name in ("applies_to", "scores") else value for name, value in said.items()}


def _says(name: str, value: object) -> bool:
    """Whether a field is worth writing: it holds something, and not what holds anyway."""
    return (
        value is False
        if name == "codable"
        else value not in (None, "", False, []) and (name, value) != ("language", "en")
    )


def _codes(nodes: YamlNode, parent: str | None, lines: dict[str, YamlNode]) -> Iterator[Code]:
    for node in nodes.items():
        found = node.fields(_CODE)
        for name in ("key", "name"):
            if name not in found:
                node.refuse(f"a code needs the field {name}")
        values = {name: _value(name, value) for name, value in found.items() if name not in (*_RULES, "codes")}
        try:
            code = Code(**values, parent=parent, rules=_rules(found))
        except InvalidCodebook as e:
            raise FormatError(f"{node.file}, line {node.line}: {e}") from e
        lines[code.key] = node
        yield code
        if "codes" in found:
            yield from _codes(found["codes"], code.key, lines)


def _rules(found: dict[str, YamlNode]) -> Rules:
    """Looked at one by one, so that a complaint names the line of the rule."""
    values: dict[str, Any] = {}
    for name in _RULES:
        if name in found:
            values[name] = _value(name, found[name])
            try:
                Rules(**values)
            except InvalidCodebook as e:
                raise FormatError(f"{found[name].file}, line {found[name].line}: {e}") from e
    return Rules(**values)


def _scale(node: YamlNode) -> Scale:
    found = node.fields(_SCALE)
    for name in ("name", "min", "max"):
        if name not in found:
            node.refuse(f"a scale needs the field {name}")
    values: dict[str, Any] = {name: found[name].text() for name in ("name", "level") if name in found}
    values |= {name: found[name].number() for name in ("min", "max", "step", "no_evidence") if name in found}
    pairs = found["anchors"].pairs() if "anchors" in found else ()
    anchors = tuple(Anchor(value.number(), text.text()) for value, text in pairs)
    try:
        return Scale(**values, anchors=anchors)
    except InvalidCodebook as e:
        raise FormatError(f"{node.file}, line {node.line}: {e}") from e


def _value(name: str, node: YamlNode) -> Any:
    if name in _WHOLE:
        return node.whole()
    if name in _LISTS:
        return node.texts()
    return node.flag() if name in _FLAGS else node.text()
