"""Text made fit for office documents, which refuse control characters."""

from __future__ import annotations

import re

_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def printable(text: str) -> str:
    r"""The text without the characters that no office document may hold.

    >>> printable("a\x0bb")
    'ab'
    """
    return _REFUSED.sub("", text)
