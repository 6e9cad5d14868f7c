"""Assigning reviewers: their expertise and loads, notes on applications, proposals of calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from funding_app.models.types import UtcDateTime

revision = "0009"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True), "postgresql"
    )
    _create(
        "reviewer_profile",
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("affiliation", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("fields", json, nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("most >= 0", name=op.f("ck_reviewer_profile_most")),
        user_id="user_account",
    )
    _create(
        "application_note",
        sa.Column("application_id", sa.Uuid(), primary_key=True),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("fields", json, nullable=False),
        application_id="application",
    )
    _create(
        "assignment_plan",
        sa.Column("call_id", sa.Uuid(), primary_key=True),
        sa.Column("order_number", sa.Integer(), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime()),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.Column("outcome", json, nullable=False),
        call_id="call",
        ordered_by="user_account",
    )
    _create(
        "planned_review",
        sa.Column("application_id", sa.Uuid(), primary_key=True),
        sa.Column("reviewer_id", sa.Uuid(), primary_key=True),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        application_id="application",
        reviewer_id="user_account",
        call_id="call",
    )
    op.create_index(op.f("ix_planned_review_call_id"), "planned_review", ["call_id"])


def _create(table: str, *parts: sa.schema.SchemaItem, **refers: str) -> None:
    keys = [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in refers.items()
    ]
    op.create_table(table, *parts, *keys)


def downgrade() -> None:
    for table in ("planned_review", "assignment_plan", "application_note", "reviewer_profile"):
        op.drop_table(table)
