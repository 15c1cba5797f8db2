"""The contract between server and page as an OpenAPI document: ``python -m iprkit.web.openapi FILE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from iprkit.web.app import make_app


def document() -> dict[str, Any]:
    """What every address takes and answers."""
    return make_app().openapi()


def write(to: Path | None) -> None:
    """The document into a file, or onto the terminal."""
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
