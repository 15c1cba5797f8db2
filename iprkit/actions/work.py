"""By what finished work is found again: a fingerprint of all that it was made from."""

from __future__ import annotations

import hashlib
import json


def digest(value: object) -> str:
    """The SHA-256 of lists, dictionaries and plain values; equal where they are.

    >>> digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
