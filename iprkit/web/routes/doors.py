"""``/api/door``, ``/api/login`` and ``/api/logout``: the way in, for those who have an account."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from iprkit.actions import accounts
from iprkit.errors import NotSignedIn
from iprkit.web.asking import REFUSALS, house_of
from iprkit.web.routes.page import let_in
from iprkit.web.shapes.doors import Door, Login, SignedIn

router = APIRouter(prefix="/api", tags=["way in"], responses=REFUSALS)


@router.get("/door", response_model=Door)
def door(request: Request) -> Door:
    """How one gets in here, and whether this browser is."""
    return Door(accounts=house_of(request).accounts, signed_in=request.state.visit is not None)


@router.post("/login", response_model=SignedIn)
def login(who: Login, request: Request) -> Response:
    """Let somebody in by name and password. After some wrong ones a name must wait."""
    house = house_of(request)
    if not house.accounts:
        raise NotSignedIn("nobody signs in here by name; open the page with the address that iprkit open printed")
    house.visits.check_patience(who.name)
    try:
        account = accounts.sign_in(house.study, who.name, who.password)
    except NotSignedIn:
        house.visits.note_wrong(who.name)
        raise
    answer = JSONResponse({"name": account.name, "role": account.role})
    return let_in(answer, request, house.visits.begin(account.name, account.role))


@router.post("/logout", response_model=Door)
def logout(request: Request) -> Response:
    """End this browser's visit."""
    house = house_of(request)
    house.visits.end(request.cookies.get(house.cookie))
    answer = JSONResponse({"accounts": house.accounts, "signed_in": False})
    answer.delete_cookie(house.cookie, path="/")
    return answer
