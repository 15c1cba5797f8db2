"""The hub's client, as a program of its own: ``python -m iprkit.speech.hub owner/name FOLDER``."""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatch
from pathlib import Path

from huggingface_hub import HfApi, snapshot_download

from iprkit.speech.download import LISTING

_WANTED = ("model.bin", "config.json", "preprocessor_config.json", "tokenizer.json", "vocabulary.*")


def main(repository: str, folder: Path) -> None:
    """Write what the repository holds of a Whisper model to `LISTING` in ``folder``, then fetch it there."""
    info = HfApi().model_info(repository, files_metadata=True)
    files = [
        (file.rfilename, file.lfs.sha256 if file.lfs else "", file.size or 0)
        for file in info.siblings or []
        if any(fnmatch(file.rfilename, wanted) for wanted in _WANTED)
    ]
    unfinished = folder / f"{LISTING}.part"
    unfinished.write_text(json.dumps({"revision": info.sha, "files": files}), encoding="utf-8")
    unfinished.rename(folder / LISTING)
    snapshot_download(repository, revision=info.sha, local_dir=folder, allow_patterns=[name for name, _, _ in files])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
