"""Recall interviews: what was playing when, pauses, comments, moments, notes, consent and withdrawal."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _recalls()
    _maps()
    _moments()
    _comments()
    _memos()
    _consent()


def _recalls() -> None:
    op.create_table(
        "recall",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("perspective", sa.String(length=32), nullable=False),
        sa.Column("map_run_id", sa.String(length=32), nullable=True),
        sa.Column("map_work", sa.String(length=64), nullable=True),
        sa.Column("comments_run_id", sa.String(length=32), nullable=True),
        sa.Column("comments_work", sa.String(length=64), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_recall_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["map_run_id"], ["run.id"], name="fk_recall_map_run_id_run"),
        sa.ForeignKeyConstraint(["comments_run_id"], ["run.id"], name="fk_recall_comments_run_id_run"),
        sa.PrimaryKeyConstraint("id", name="pk_recall"),
        sa.UniqueConstraint("conversation_id", name="uq_recall_conversation_id"),
    )
    op.create_index("ix_recall_map_run_id", "recall", ["map_run_id"])
    op.create_index("ix_recall_comments_run_id", "recall", ["comments_run_id"])


def _maps() -> None:
    op.create_table(
        "playback",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("interview_start_ms", sa.BigInteger(), nullable=False),
        sa.Column("interview_end_ms", sa.BigInteger(), nullable=False),
        sa.Column("session_start_ms", sa.BigInteger(), nullable=False),
        sa.Column("session_end_ms", sa.BigInteger(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("rejected", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_playback_conversation_id_conversation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_playback"),
    )
    op.create_index("ix_playback_conversation_id", "playback", ["conversation_id"])
    op.create_table(
        "pause",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("session_ms", sa.BigInteger(), nullable=False),
        sa.Column("interview_start_ms", sa.BigInteger(), nullable=False),
        sa.Column("interview_end_ms", sa.BigInteger(), nullable=False),
        sa.Column("initiated_by", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_pause_conversation_id_conversation"),
        sa.PrimaryKeyConstraint("id", name="pk_pause"),
    )
    op.create_index("ix_pause_conversation_id", "pause", ["conversation_id"])


def _moments() -> None:
    op.create_table(
        "moment",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_moment_conversation_id_conversation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moment"),
        sa.UniqueConstraint("key", name="uq_moment_key"),
    )
    op.create_index("ix_moment_conversation_id", "moment", ["conversation_id"])


def _comments() -> None:
    op.create_table(
        "comment",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("interview_start_ms", sa.BigInteger(), nullable=False),
        sa.Column("interview_end_ms", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("session_start_ms", sa.BigInteger(), nullable=True),
        sa.Column("session_end_ms", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.String(length=8), nullable=True),
        sa.Column("session_ms", sa.BigInteger(), nullable=True),
        sa.Column("delay_ms", sa.BigInteger(), nullable=True),
        sa.Column("session_words", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("session_quote", sa.Text(), nullable=True),
        sa.Column("temporal_frame", sa.String(length=8), nullable=True),
        sa.Column("moment_id", sa.String(length=32), nullable=True),
        sa.Column("may_be_quoted", sa.Boolean(), nullable=True),
        sa.Column("may_be_shown", sa.Boolean(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_comment_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["moment_id"], ["moment.id"], name="fk_comment_moment_id_moment"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.UniqueConstraint("key", name="uq_comment_key"),
    )
    op.create_index("ix_comment_conversation_id", "comment", ["conversation_id"])
    op.create_index("ix_comment_moment_id", "comment", ["moment_id"])


def _memos() -> None:
    op.create_table(
        "memo",
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_memo"),
    )
    op.create_index("ix_memo_target", "memo", ["target"])


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("recording_id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name="fk_consent_recording_id_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.UniqueConstraint("recording_id", "party", name="uq_consent_recording_id_party"),
    )
    op.create_table(
        "withdrawal",
        sa.Column("dyad_id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("purged_at", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["dyad_id"], ["dyad.id"], name="fk_withdrawal_dyad_id_dyad"),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawal"),
        sa.UniqueConstraint("dyad_id", "party", name="uq_withdrawal_dyad_id_party"),
    )
