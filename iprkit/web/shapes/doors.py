"""The way in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from iprkit.web.shapes.base import Shape


class Door(Shape):
    """``accounts``: people say who they are by name and password; else the printed address lets one browser in."""

    accounts: bool
    signed_in: bool


class Login(Shape):
    name: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=1000)]


class SignedIn(Shape):
    name: str
    role: str
