"""Discussions of applications among their reviewers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "discussion",
        sa.Column("application_id", sa.Uuid(), primary_key=True),
        sa.Column("is_open", sa.Boolean()),
        sa.Column("mail_due_at", UtcDateTime()),
        application_id="application",
    )
    _create(
        "discussion_contribution",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('said', 'opened', 'closed')", name=op.f("ck_discussion_contribution_kind")
        ),
        application_id="application",
        review_id="review",
        author_id="user_account",
    )
    op.create_index(
        "ix_discussion_contribution_application",
        "discussion_contribution",
        ["application_id", "id"],
    )


def _create(table: str, *parts: sa.schema.SchemaItem, **refers: str) -> None:
    keys = [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in refers.items()
    ]
    op.create_table(table, *parts, *keys)


def downgrade() -> None:
    op.drop_table("discussion_contribution")
    op.drop_table("discussion")
