"""What all shapes have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Ms = Annotated[int, Field(ge=0, le=1 << 40, description="Whole milliseconds.")]
Base = Annotated[str | None, Field(max_length=64, description="The version that the person saw; without it, any.")]
Line = Annotated[str, Field(max_length=200)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=20_000)]


class Shape(BaseModel):
    """A shape with nothing beside its fields."""

    model_config = ConfigDict(extra="forbid")


class Written(Shape):
    """What every change answers: the number of its entry in the journal."""

    seq: int


class Refusal(BaseModel):
    """What every error answers. ``theirs`` is the thing as it is now, where a change came too late."""

    error: str
    message: str
    theirs: dict[str, Any] | None = None
