"""Text files as they arrive from other programs and other decades, made readable."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from iprkit.errors import FormatError

_MARKS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))


def decoded(data: str | bytes) -> str:
    r"""The text, without byte order mark, every line ended by ``\n``.

    Bytes are taken as what their mark says, else as UTF-8, else as UTF-16 where every second byte is zero, else as
    Windows' Latin-1. Raises FormatError for what is no text (a Word document, a recording).
    """
    text = data if isinstance(data, str) else _text(data)
    if "\0" in text:
        raise FormatError("this is no text file; save it as plain text (UTF-8) and try again")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _text(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise FormatError(
            "this is a zip archive, perhaps from Word or Excel; save it as plain text or CSV (UTF-8) and try again"
        )
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    guess = _zeros(data)
    if guess:
        return data.decode(guess, errors="replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _zeros(data: bytes) -> str | None:
    """UTF-16 without a mark, known by the zero half of most of its letters."""
    half = max(1, len(data) // 2)
    if data[1::2].count(0) > 0.6 * half and data[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if data[::2].count(0) > 0.6 * half and data[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None
