"""Codebooks pinned by the study, and their codes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _codebooks()
    _codes()


def _codebooks() -> None:
    op.create_table(
        "codebook",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("scales", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("exhaustive", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("unverified", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_digest", sa.String(length=64), nullable=False),
        *_rules(),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_codebook"),
        sa.UniqueConstraint("name", name="uq_codebook_name"),
    )


def _codes() -> None:
    op.create_table(
        "code",
        sa.Column("codebook_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("include", sa.Text(), nullable=False),
        sa.Column("exclude", sa.Text(), nullable=False),
        sa.Column("examples", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("codable", sa.Boolean(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=True),
        sa.Column("shortcut", sa.String(length=4), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("unverified", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.String(length=32), nullable=True),
        sa.Column("split_from_id", sa.String(length=32), nullable=True),
        sa.Column("guid", sa.String(length=36), nullable=True),
        *_rules(),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["codebook_id"], ["codebook.id"], name="fk_code_codebook_id_codebook"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["code.id"], name="fk_code_merged_into_id_code"),
        sa.ForeignKeyConstraint(["parent_id"], ["code.id"], name="fk_code_parent_id_code"),
        sa.ForeignKeyConstraint(["split_from_id"], ["code.id"], name="fk_code_split_from_id_code"),
        sa.PrimaryKeyConstraint("id", name="pk_code"),
        sa.UniqueConstraint("codebook_id", "key", name="uq_code_codebook_id_key"),
    )
    op.create_index("ix_code_merged_into_id", "code", ["merged_into_id"])
    op.create_index("ix_code_parent_id", "code", ["parent_id"])
    op.create_index("ix_code_split_from_id", "code", ["split_from_id"])


def _rules() -> list[sa.Column[Any]]:
    return [
        sa.Column("unit", sa.String(length=16), nullable=True),
        sa.Column("window_ms", sa.Integer(), nullable=True),
        sa.Column("min_ms", sa.Integer(), nullable=True),
        sa.Column("speaker", sa.String(length=16), nullable=True),
        sa.Column("applies_to", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("scale", sa.Text(), nullable=True),
        sa.Column("raters", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("statistic", sa.String(length=32), nullable=True),
        sa.Column("scores", sa.JSON(none_as_null=True), nullable=True),
    ]
