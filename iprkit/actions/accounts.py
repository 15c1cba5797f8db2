"""Accounts of those who work on a study from other machines: a name, a part in the study, and a password that is kept
only as its Argon2 hash. They are made at the study's own machine, never over the network."""

from __future__ import annotations

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session as Db

from iprkit.actions.coders import add_coder, check_name
from iprkit.database import coding_queries, together_queries
from iprkit.database.connect import Study
from iprkit.database.journal import now
from iprkit.database.together_models import Account as AccountRow
from iprkit.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from iprkit.rights import CODER, ROLES

SHORTEST = 10
"""Letters of a password, at least."""

_hasher = PasswordHasher()
_NOBODYS = _hasher.hash("the password of nobody")  # so that an unknown name takes as long as a wrong password


@dataclass(frozen=True)
class Account:
    """Somebody with an account: ``role`` is researcher, coder or reader."""

    name: str
    role: str
    made_at: str


def add_account(study: Study, name: str, role: str, password: str) -> Account:
    """Give somebody an account; a coder who is not among the study's coders yet is entered.

    Raises InvalidInput for a name, role or password that cannot be used, Conflict where the name has one already.
    """
    said = check_name(name)
    if role not in ROLES:
        raise InvalidInput(f"{role!r} is no part in a study; choose among {', '.join(ROLES)}")
    _check_password(password)
    with study.read() as db:
        _check_free(db, said)
        known = coding_queries.find_coder(db, said)
    if role == CODER and known is None:
        add_coder(study, said)
    with study.write() as db:
        _check_free(db, said)
        spelled = known.name if known else said
        row = AccountRow(
            name=spelled, folded=said.casefold(), role=role, password=_hasher.hash(password), made_at=now()
        )
        db.add(row)
        return _account(row)


def set_password(study: Study, name: str, password: str) -> Account:
    """Give somebody another password. Raises NotFound, InvalidInput."""
    _check_password(password)
    with study.write() as db:
        row = _row(db, name)
        row.password = _hasher.hash(password)
        return _account(row)


def remove_account(study: Study, name: str) -> Account:
    """Take somebody's account; what they did stays. Raises NotFound."""
    with study.write() as db:
        row = _row(db, name)
        gone = _account(row)
        db.delete(row)
        return gone


def list_accounts(study: Study) -> list[Account]:
    """Everybody with an account, by name."""
    with study.read() as db:
        return [_account(row) for row in together_queries.accounts(db)]


def sign_in(study: Study, name: str, password: str) -> Account:
    """The account of a name and its password. Raises NotSignedIn, in the same words whichever of them is wrong."""
    with study.read() as db:
        row = together_queries.find_account(db, name)
    try:
        _hasher.verify(row.password if row else _NOBODYS, password)
    except VerificationError as e:
        raise NotSignedIn("name and password do not belong together") from e
    if row is None:
        raise NotSignedIn("name and password do not belong together")
    return _account(row)


def account_of(study: Study, name: str) -> Account:
    """The account as it is now. Raises NotSignedIn where it was taken meanwhile."""
    with study.read() as db:
        row = together_queries.find_account(db, name)
    if row is None:
        raise NotSignedIn(f"{name} has no account here any more")
    return _account(row)


def _check_password(password: str) -> None:
    if len(password) < SHORTEST:
        raise InvalidInput(f"the password has {len(password)} letters; choose one of at least {SHORTEST}")
    if len(password) > 1000:
        raise InvalidInput("the password is longer than 1000 letters; choose a shorter one")


def _check_free(db: Db, name: str) -> None:
    if together_queries.find_account(db, name) is not None:
        raise Conflict(f"{name} has an account already; another password is set with: iprkit account password {name}")


def _row(db: Db, name: str) -> AccountRow:
    row = together_queries.find_account(db, name)
    if row is None:
        known = ", ".join(one.name for one in together_queries.accounts(db)) or "nobody has one yet"
        raise NotFound(f"{name} has no account ({known}); give one with: iprkit account add {name} --role coder")
    return row


def _account(row: AccountRow) -> Account:
    return Account(row.name, row.role, row.made_at)
