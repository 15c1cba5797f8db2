"""Everything that can go wrong and be said in one sentence.

::

    IprkitError
    ├── StudyError             the study folder or its database
    │   ├── StudyNotFound          no study here
    │   ├── ForeignFile            a file that is not ours
    │   ├── NewerStudy             written by a later iprkit
    │   ├── NetworkShare           the study lies where SQLite cannot lock
    │   └── StorageFull            no room left on the disk
    ├── NotFound               a key that names nothing
    ├── Conflict               it exists already, or was changed meanwhile
    │   ├── ChangedMeanwhile       somebody else changed what a person was changing; bears the state of now
    │   └── DoneAlready            a change that was sent twice
    ├── NotAllowed             the person's part in the study does not include it
    ├── NotSignedIn            nobody said who they are
    ├── InvalidInput           a value that cannot be meant
    │   └── InvalidCodebook        a codebook that contradicts itself
    ├── MediaError             a recording that cannot be used
    │   ├── NotMedia               no film and no sound in it
    │   ├── NoAudio                a film without sound
    │   ├── EmptyMedia             zero length
    │   ├── TruncatedMedia         cut off or damaged
    │   └── SameRecording          already in the study
    ├── ModelError             weights
    │   ├── ModelMissing           not on this machine
    │   └── ModelDamaged           checksum differs
    ├── EngineError            a speech engine that cannot do what was asked
    ├── FormatError            a file of an exchange format that breaks its rules
    └── BatchError             some of several items failed, the others are done

A message names the thing, what was given, what was expected and what to do. `code` is what the web API and
scripts see; it never changes once released.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


class IprkitError(Exception):
    """Root of the tree; its text is fit to be shown to the person at the keyboard."""

    @property
    def code(self) -> str:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()


class StudyError(IprkitError):
    """The study folder or its database cannot be used."""


class StudyNotFound(StudyError):
    """There is no study where one was looked for."""


class ForeignFile(StudyError):
    """The file exists but iprkit did not write it."""


class NewerStudy(StudyError):
    """A later iprkit wrote this study."""


class NetworkShare(StudyError):
    """The study lies on a network share, where SQLite's locks do not hold."""


class StorageFull(StudyError):
    """The disk has no room left."""


class NotFound(IprkitError):
    """A key names nothing in this study."""


class Conflict(IprkitError):
    """The thing exists already, or somebody changed it meanwhile."""


class ChangedMeanwhile(Conflict):
    """Somebody changed the thing since the person looked at it; ``theirs`` is the thing as it is now."""

    def __init__(self, text: str, theirs: Mapping[str, Any]) -> None:
        super().__init__(text)
        self.theirs = theirs

    @property
    def code(self) -> str:
        return "conflict"


class DoneAlready(Conflict):
    """A page sent a change that is stored already."""


class NotAllowed(IprkitError):
    """The person's part in the study does not include what they asked for."""


class NotSignedIn(IprkitError):
    """Nobody said who they are, or not in a way that can be believed."""


class InvalidInput(IprkitError):
    """A value that cannot be meant."""


class InvalidCodebook(InvalidInput):
    """A codebook that contradicts itself; ``code_key`` names the code that is at fault, where it is one."""

    def __init__(self, text: str, code_key: str | None = None) -> None:
        super().__init__(text)
        self.code_key = code_key


class MediaError(IprkitError):
    """A recording that cannot be used."""


class NotMedia(MediaError):
    """Neither film nor sound."""


class NoAudio(MediaError):
    """A film without a sound track."""


class EmptyMedia(MediaError):
    """Zero length."""


class TruncatedMedia(MediaError):
    """Cut off or damaged."""


class SameRecording(MediaError):
    """The same bytes are in the study already."""


class ModelError(IprkitError):
    """Weights that cannot be used."""


class ModelMissing(ModelError):
    """The weights are not on this machine."""


class ModelDamaged(ModelError):
    """The weights' checksum is not the expected one."""


class EngineError(IprkitError):
    """A speech engine that cannot do what was asked."""


class FormatError(IprkitError):
    """A file of an exchange format that breaks its rules; the text says where."""


class BatchError(IprkitError):
    """Some of several items failed; the text lists them, the others are done."""
