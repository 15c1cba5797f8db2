"""Each person's part in the study, where an action needs more than the right to change some rows."""

from __future__ import annotations

from dataclasses import replace

from iprkit.database.blindness import coder_id_of
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput, NotAllowed
from iprkit.rights import CODER, RESEARCHER, ROLES


def as_person(study: Study, name: str, role: str) -> Study:
    """The study in the name of somebody with this part in it. Raises InvalidInput, NotAllowed for a coder unknown here.

    Coders change codings in their own name only; without their name among the coders that could not be told.
    """
    if role not in ROLES:
        raise InvalidInput(f"{role!r} is no part in a study; choose among {', '.join(ROLES)}")
    if role == CODER:
        with study.read() as db:
            if coder_id_of(db, name) is None:
                raise NotAllowed(f"{name} is no coder of this study any more; enter the name: iprkit coder add {name}")
    return replace(study, author=name, role=role, numbers=[])


def need_researcher(study: Study, doing: str) -> None:
    """Raises NotAllowed where the author is no researcher."""
    if study.role != RESEARCHER:
        raise NotAllowed(f"{study.author} takes part in this study as {study.role}; only researchers may {doing}")
