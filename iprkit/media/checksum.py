"""The fingerprint by which a study knows a recording again, whatever its name and place."""

from __future__ import annotations

import hashlib
from pathlib import Path

from iprkit.media.container import file_head
from iprkit.progress import Listener, Step, silent

_BLOCK = 4 << 20


def sha256(path: Path, report: Listener = silent) -> str:
    """The file's SHA-256 in lower-case hexadecimal; ``report`` hears bytes read of bytes there are.

    Raises MediaError where the file is missing, a folder, or cannot be read.
    """
    file_head(path)
    total, done, digest = path.stat().st_size, 0, hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            report(Step(path.name, "checksum", done, total))
    return digest.hexdigest()
