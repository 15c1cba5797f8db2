"""A study as the first release knew it: people, conversations, recordings, transcripts, voices and the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _study_and_people()
    _conversations()
    _recordings()
    _runs()
    _transcripts()
    _segments()
    _voices()
    _journal()


def _study_and_people() -> None:
    op.create_table(
        "study",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_study"),
    )
    op.create_table(
        "participant",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
        sa.UniqueConstraint("key", name="uq_participant_key"),
    )
    op.create_table(
        "dyad",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dyad"),
        sa.UniqueConstraint("key", name="uq_dyad_key"),
    )
    op.create_table(
        "dyad_member",
        sa.Column("dyad_id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["dyad_id"], ["dyad.id"], name="fk_dyad_member_dyad_id_dyad"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_dyad_member_participant_id_participant"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dyad_member"),
        sa.UniqueConstraint("dyad_id", "participant_id", name="uq_dyad_member_dyad_id_participant_id"),
    )
    op.create_index("ix_dyad_member_participant_id", "dyad_member", ["participant_id"])


def _conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("dyad_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("about_id", sa.String(length=32), nullable=True),
        sa.Column("participant_id", sa.String(length=32), nullable=True),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("segment_counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["conversation.id"], name="fk_conversation_about_id_conversation"),
        sa.ForeignKeyConstraint(["dyad_id"], ["dyad.id"], name="fk_conversation_dyad_id_dyad"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_conversation_participant_id_participant"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("key", name="uq_conversation_key"),
    )
    op.create_index("ix_conversation_about_id", "conversation", ["about_id"])
    op.create_index("ix_conversation_dyad_id", "conversation", ["dyad_id"])
    op.create_index("ix_conversation_participant_id", "conversation", ["participant_id"])
    op.create_table(
        "speaker",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("participant_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_speaker_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_speaker_participant_id_participant"),
        sa.PrimaryKeyConstraint("id", name="pk_speaker"),
        sa.UniqueConstraint("conversation_id", "label", name="uq_speaker_conversation_id_label"),
    )
    op.create_index("ix_speaker_participant_id", "speaker", ["participant_id"])


def _recordings() -> None:
    op.create_table(
        "recording",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("view", sa.String(length=32), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("channels", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("media", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_recording_conversation_id_conversation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.UniqueConstraint("conversation_id", "view", "part", name="uq_recording_conversation_id_view_part"),
        sa.UniqueConstraint("sha256", name="uq_recording_sha256"),
    )


def _runs() -> None:
    op.create_table(
        "run",
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("tool", sa.String(length=64), nullable=False),
        sa.Column("tool_version", sa.String(length=32), nullable=False),
        sa.Column("engine", sa.String(length=64), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("model_sha256", sa.String(length=64), nullable=True),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_step", "run", ["step"])
    op.create_table(
        "chunk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_key", sa.String(length=128), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chunk"),
        sa.UniqueConstraint("work_key", "ordinal", name="uq_chunk_work_key_ordinal"),
    )


def _transcripts() -> None:
    op.create_table(
        "transcript",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("style", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("speech_ms", sa.BigInteger(), nullable=True),
        sa.Column("unheard_ms", sa.BigInteger(), nullable=True),
        sa.Column("activity", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_transcript_conversation_id_conversation"
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["transcript.id"], name="fk_transcript_parent_id_transcript"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_transcript_run_id_run"),
        sa.PrimaryKeyConstraint("id", name="pk_transcript"),
        sa.UniqueConstraint("conversation_id", "number", name="uq_transcript_conversation_id_number"),
    )
    op.create_index("ix_transcript_parent_id", "transcript", ["parent_id"])
    op.create_index("ix_transcript_run_id", "transcript", ["run_id"])


def _segments() -> None:
    op.create_table(
        "segment",
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("speaker", sa.String(length=16), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("flags", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["transcript.id"], name="fk_segment_version_id_transcript"),
        sa.PrimaryKeyConstraint("id", name="pk_segment"),
        sa.UniqueConstraint("version_id", "key", name="uq_segment_version_id_key"),
    )
    op.create_index("ix_segment_key", "segment", ["key"])
    op.create_index("ix_segment_version_id_ordinal", "segment", ["version_id", "ordinal"])
    op.create_table(
        "former_key",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("former", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_former_key_conversation_id_conversation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_former_key"),
        sa.UniqueConstraint("conversation_id", "former", name="uq_former_key_conversation_id_former"),
    )
    op.create_index("ix_former_key_key", "former_key", ["key"])


def _voices() -> None:
    op.create_table(
        "voice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dyad_key", sa.String(length=32), nullable=False),
        sa.Column("conversation_key", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("embedding", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("window_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_voice"),
        sa.UniqueConstraint("conversation_key", "label", name="uq_voice_conversation_key_label"),
    )
    op.create_index("ix_voice_dyad_key", "voice", ["dyad_key"])


def _journal() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reverts_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["reverts_id"], ["journal_entry.id"], name="fk_journal_entry_reverts_id_journal_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_journal_entry"),
    )
    op.create_index("ix_journal_entry_reverts_id", "journal_entry", ["reverts_id"])
    op.create_index("ix_journal_entry_subject", "journal_entry", ["subject"])
    op.create_table(
        "journal_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["journal_entry.id"], name="fk_journal_row_entry_id_journal_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_journal_row"),
    )
    op.create_index("ix_journal_row_entry_id", "journal_row", ["entry_id"])
    op.create_index("ix_journal_row_key", "journal_row", ["key"])
    op.create_index("ix_journal_row_row_id", "journal_row", ["row_id"])
