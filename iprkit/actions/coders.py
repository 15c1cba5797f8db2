"""Those who code: entered once by the name that stands on their sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iprkit.actions.keys import ROLES
from iprkit.coding import CODER_ROLES
from iprkit.database import coding_queries
from iprkit.database.coding_models import CoderRow
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput

_NAME = re.compile(r"[^\W\d_][\w.]{0,31}")


@dataclass(frozen=True)
class Coder:
    """A coder by name; a ``researcher`` may enter codings for others, unless coding blind themselves."""

    name: str
    role: str


def add_coder(study: Study, name: str, role: str = "coder") -> Coder:
    """Enter a coder. Raises Conflict for a name that is there, InvalidInput for one that cannot be used."""
    said = check_name(name)
    if role not in CODER_ROLES:
        raise InvalidInput(f"{role!r} is no coder's role; choose among {', '.join(CODER_ROLES)}")
    with study.change(f"entered coder {said}", said) as db:
        if coding_queries.find_coder(db, said) is not None:
            raise Conflict(f"there is a coder {said} already; another person needs another name")
        db.add(CoderRow(name=said, folded=said.casefold(), role=role))
    return Coder(said, role)


def usable_name(name: str) -> str:
    """The coder's name that a name of another program suggests.

    >>> usable_name("Rater A"), usable_name("client"), usable_name("")
    ('Rater_A', 'client_coder', 'unnamed')
    """
    said = re.sub(r"[^\w.]+", "_", name.strip()).strip("_.")[:32]
    said = said if not said or said[0].isalpha() else f"c_{said}"[:32]
    if said.casefold() in ROLES:
        return f"{said}_coder"
    return said if _NAME.fullmatch(said) else "unnamed"


def check_name(name: str) -> str:
    """A name as it is stored. Raises InvalidInput for one that cannot be used."""
    said = name.strip()
    if not _NAME.fullmatch(said) or said.casefold() in ROLES:
        raise InvalidInput(
            f"{name!r} cannot be a coder's name; use one word of up to 32 letters and digits, no role such as client"
        )
    return said


def list_coders(study: Study) -> list[Coder]:
    """Everybody who codes, by name."""
    with study.read() as db:
        return [Coder(row.name, row.role) for row in coding_queries.all_coders(db)]
