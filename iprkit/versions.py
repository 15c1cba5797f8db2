"""Which state of a thing a person had before their eyes when they changed it, so that nobody overwrites unseen work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from iprkit.errors import ChangedMeanwhile


def version_of(plain: Mapping[str, Any]) -> str:
    """A short fingerprint of a thing in the data contract's shape; the same state has the same one everywhere.

    >>> version_of({"key": "D01-S03-T001", "text": "So?"}) == version_of({"text": "So?", "key": "D01-S03-T001"})
    True
    """
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def check_base(name: str, base: str | None, now: Mapping[str, Any]) -> None:
    """Raises ChangedMeanwhile, with the state of now, where a change was made on another state than that.

    ``base`` is the version that the person saw, None where they do not say.
    """
    if base is not None and base != version_of(now):
        raise ChangedMeanwhile(
            f"{name} was changed meanwhile; nothing of yours was stored. Look at it as it is now, and do it again",
            {**now, "version": version_of(now)},
        )
