"""Coders, rounds, codings, assignments and adjudications."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _codings()
    _assignments()


def _people() -> None:
    op.create_table(
        "coder",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("folded", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        *_id("coder"),
        sa.UniqueConstraint("folded", name="uq_coder_folded"),
    )
    op.create_table(
        "round",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        *_id("round"),
        sa.UniqueConstraint("name", name="uq_round_name"),
    )


def _codings() -> None:
    op.create_table(
        "coding",
        sa.Column("key", sa.String(length=120), nullable=False),
        *_reference("coding", "coder"),
        *_reference("coding", "code"),
        *_reference("coding", "round", nullable=True),
        sa.Column("rating", sa.Double(), nullable=True),
        sa.Column("about", sa.String(length=16), nullable=True),
        sa.Column("certainty", sa.String(length=8), nullable=True),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        *_anchor("coding"),
        *_id("coding"),
        sa.UniqueConstraint("key", name="uq_coding_key"),
    )
    op.create_table(
        "adjudication",
        sa.Column("key", sa.String(length=120), nullable=False),
        *_reference("adjudication", "codebook"),
        *_reference("adjudication", "code", nullable=True),
        *_reference("adjudication", "round", nullable=True),
        sa.Column("rating", sa.Double(), nullable=True),
        sa.Column("about", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.String(length=32), nullable=False),
        *_anchor("adjudication"),
        *_id("adjudication"),
        sa.UniqueConstraint("key", name="uq_adjudication_key"),
    )
    for name in ("coder_id", "code_id", "round_id", "conversation_id"):
        op.create_index(f"ix_coding_{name}", "coding", [name])
    for name in ("codebook_id", "code_id", "round_id", "conversation_id"):
        op.create_index(f"ix_adjudication_{name}", "adjudication", [name])


def _assignments() -> None:
    op.create_table(
        "assignment",
        sa.Column("key", sa.String(length=16), nullable=False),
        *_reference("assignment", "codebook"),
        *_reference("assignment", "round"),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("revealed_at", sa.String(length=32), nullable=True),
        sa.Column("revealed_because", sa.Text(), nullable=True),
        *_id("assignment"),
        sa.UniqueConstraint("key", name="uq_assignment_key"),
    )
    op.create_table(
        "assignment_coder",
        *_reference("assignment_coder", "assignment"),
        *_reference("assignment_coder", "coder"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.String(length=32), nullable=True),
        *_id("assignment_coder"),
        sa.UniqueConstraint("assignment_id", "coder_id", name="uq_assignment_coder_assignment_id_coder_id"),
    )
    op.create_table(
        "assignment_unit",
        *_reference("assignment_unit", "assignment"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_anchor("assignment_unit"),
        *_id("assignment_unit"),
        sa.UniqueConstraint("assignment_id", "position", name="uq_assignment_unit_assignment_id_position"),
    )
    op.create_index("ix_assignment_codebook_id", "assignment", ["codebook_id"])
    op.create_index("ix_assignment_round_id", "assignment", ["round_id"])
    op.create_index("ix_assignment_coder_coder_id", "assignment_coder", ["coder_id"])
    op.create_index("ix_assignment_unit_conversation_id", "assignment_unit", ["conversation_id"])


def _id(table: str) -> list[Any]:
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _anchor(table: str) -> list[Any]:
    return [
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("first_word", sa.String(length=16), nullable=True),
        sa.Column("last_word", sa.String(length=16), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        *_reference(table, "conversation"),
    ]


def _reference(table: str, other: str, nullable: bool = False) -> list[Any]:
    name = f"{other}_id"
    return [
        sa.Column(name, sa.String(length=32), nullable=nullable),
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=f"fk_{table}_{name}_{other}"),
    ]
