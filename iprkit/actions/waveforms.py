"""Recordings as a page plays and draws them: the file behind a recording's number, and its waveform, drawn once."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np

from iprkit.database import queries
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.database.withdrawals import refuse_sound
from iprkit.errors import InvalidInput, MediaError, NotFound
from iprkit.media.peaks import FINEST, Peaks, coarser, peaks_of

CACHE = "cache"
"""The study's folder for what can be made anew at any time."""

RATES = tuple(rate for rate in range(1, FINEST + 1) if FINEST % rate == 0)

_TYPES = {
    ".aac": "audio/aac", ".avi": "video/x-msvideo", ".flac": "audio/flac", ".m4a": "audio/mp4", ".m4v": "video/mp4",
    ".mka": "audio/x-matroska", ".mkv": "video/x-matroska", ".mov": "video/quicktime", ".mp3": "audio/mpeg",
    ".mp4": "video/mp4", ".mpeg": "video/mpeg", ".mpg": "video/mpeg", ".mts": "video/mp2t", ".oga": "audio/ogg",
    ".ogg": "audio/ogg", ".ogv": "video/ogg", ".opus": "audio/ogg", ".wav": "audio/wav", ".webm": "video/webm",
    ".wma": "audio/x-ms-wma", ".wmv": "video/x-ms-wmv", ".3gp": "video/3gpp", ".aif": "audio/aiff",
    ".aiff": "audio/aiff", ".amr": "audio/amr",
}  # fmt: skip
"""By a file's suffix: what it is to a browser. Recordings of other suffixes are not taken in by upload."""

_drawing: defaultdict[str, Lock] = defaultdict(Lock)


@dataclass(frozen=True)
class Playable:
    """A recording's file as it may be played; ``kind`` is its media type."""

    id: str
    file: Path
    kind: str
    size_bytes: int
    sha256: str


def playable(study: Study, recording: str) -> Playable:
    """The recording of a number. Raises NotFound, MediaError where its file is gone, Conflict after a withdrawal."""
    with study.read() as db:
        row = queries.recording_of_id(db, recording)
        if row is None:
            raise NotFound(f"there is no recording {recording} in this study; see them with: iprkit status")
        refuse_sound(db, row.conversation)
        file, kind, sha256 = study.path(row.path), media_type(row.path, row.media), row.sha256
    if not file.is_file():
        raise MediaError(f"{file.name} is not in its place; find it with: iprkit relink DIR")
    return Playable(recording, file, kind, file.stat().st_size, sha256)


def media_type(name: str, media: dict[str, object]) -> str:
    """What a recording is to a browser: by its suffix, sound where it has no film."""
    kind = _TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
    if media.get("video_codec") is None and kind.startswith("video/"):
        return kind.replace("video/", "audio/")
    return kind


def known_suffix(name: str) -> str:
    """The suffix of a file name, small. Raises InvalidInput where no recording ends so."""
    suffix = Path(name).suffix.lower()
    if suffix not in _TYPES:
        raise InvalidInput(f"{name!r} does not end as a recording does; expected one of {', '.join(sorted(_TYPES))}")
    return suffix


def waveform(study: Study, recording: str, per_second: int = 20) -> Peaks:
    """The outline of a recording, shape (bins, 2), values -127 to 127; see ``media.peaks``.

    It is computed once and kept in the study's cache. Raises InvalidInput for a rate that is none of ``RATES``, and as
    ``playable`` does.
    """
    if per_second not in RATES:
        raise InvalidInput(f"{per_second} bins a second cannot be drawn; choose among {', '.join(map(str, RATES))}")
    found = playable(study, recording)
    kept = outline_file(study, found.sha256)
    with _drawing[found.sha256]:
        if not kept.is_file():
            _keep(kept, peaks_of(found.file))
    return coarser(np.fromfile(kept, np.int8).reshape(-1, 2), per_second)


def outline_file(study: Study, sha256: str) -> Path:
    """Where the outline of a recording is kept, whether it is there or not."""
    return study.folder / CACHE / f"{sha256}.peaks"


def _keep(place: Path, peaks: Peaks) -> None:
    partial = place.with_suffix(f".{os.getpid()}.partial")
    with storing():
        place.parent.mkdir(mode=0o700, exist_ok=True)
        opened = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(opened, "wb") as stream:
                stream.write(peaks.tobytes())
            partial.replace(place)
        finally:
            partial.unlink(missing_ok=True)
