"""Whom a call is for, its texts in plain language, and reports of barriers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import Json, UtcDateTime

revision = "0017"
down_revision = "0021"
branch_labels = None
depends_on = None

TEXTS = ("title_plain", "summary_plain", "description_plain")


def upgrade() -> None:
    op.add_column("call", sa.Column("eligibility", Json, nullable=False, server_default="{}"))
    for name in TEXTS:
        op.add_column("call", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "barrier_report",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.Uuid(), sa.ForeignKey("user_account.id"), nullable=True),
    )
    op.create_index("ix_barrier_report_reported_at", "barrier_report", ["reported_at"])


def downgrade() -> None:
    op.drop_table("barrier_report")
    for name in TEXTS:
        op.drop_column("call", name)
    op.drop_column("call", "eligibility")
