"""The weights that engines listen with: seeing, getting and checking them. No study is needed for it."""

from __future__ import annotations

from collections.abc import Sequence

from iprkit.errors import BatchError, ModelError, NotFound
from iprkit.progress import Listener, silent
from iprkit.speech.catalogue import DEFAULTS
from iprkit.speech.fetch import Fetched, fetch_model
from iprkit.speech.models import Checked, Model, list_models, verify_models


def models() -> list[Model]:
    """What iprkit knows and what else is installed."""
    return list_models()


def check_model_name(name: str) -> None:
    """Raises NotFound for what is no name of a model that is known or installed: a folder's path, for instance."""
    known = sorted({"auto", *(one.name for one in list_models())})
    if name not in known:
        raise NotFound(f"there is no model {name!r}; choose among {', '.join(known)}")


def fetch(names: Sequence[str], engine: str, source: str, report: Listener = silent) -> list[Fetched]:
    """Get models, those that most studies need where ``names`` is empty; one that fails does not stop the others.

    ``source`` is ``index``, ``hub`` or a folder's path. Raises ModelError where one was asked for, else BatchError.
    """
    fetched, failed = [], []
    for name in names or DEFAULTS:
        try:
            fetched.append(fetch_model(name, engine, source, report))
        except ModelError as error:
            failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise BatchError("\n".join(map(str, failed)))
    return fetched


def verify(report: Listener = silent) -> list[Checked]:
    """Read every installed model whole and compare its checksums."""
    return verify_models(report)
