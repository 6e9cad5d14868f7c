"""Writing together: who is in a section, messages on a case, invitations to an organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "section_presence",
        sa.Column("process_id", sa.Uuid(), sa.ForeignKey("process.id"), primary_key=True),
        sa.Column("section", sa.String(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user_account.id"), primary_key=True),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("process_id", sa.Uuid(), sa.ForeignKey("process.id"), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("audience IN ('own', 'both')", name="audience"),
    )
    op.create_index("ix_message_process_id", "message", ["process_id", "id"])
    organisation, account = sa.ForeignKey("organisation.id"), sa.ForeignKey("user_account.id")
    op.create_table(
        "invitation",
        sa.Column("sha256", sa.String(), primary_key=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), organisation, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), account, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
    )
    op.create_index("ix_invitation_organisation_id", "invitation", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("invitation")
    op.drop_table("message")
    op.drop_table("section_presence")
