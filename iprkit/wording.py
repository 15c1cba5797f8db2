"""The texts that people write into a study, made fit to be kept and to travel: one kind of line end, nothing unseen."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def tidy(text: str) -> str:
    r"""Lines ended by ``\n``, tabs as blanks, no control characters, nothing blank at either end.

    >>> tidy("  one\r\ntwo\x00 ")
    'one\ntwo'
    """
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _UNSEEN.sub("", lines).strip()


def tidy_line(text: str) -> str:
    r"""The same in one line, every stretch of blanks a single one.

    >>> tidy_line(" content \n affect  split")
    'content affect split'
    """
    return " ".join(tidy(text).split())
