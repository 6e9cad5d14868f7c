"""Meetings of a panel: seats, agenda, recusals and ballots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from funding_app.models.types import UtcDateTime

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True), "postgresql"
    )
    _create(
        "panel_meeting",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("rules", json, nullable=False),
        id="process",
        call_id="call",
    )
    op.create_index(op.f("ix_panel_meeting_call_id"), "panel_meeting", ["call_id"])
    _create(
        "panel_seat",
        sa.Column("meeting_id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("may_vote", sa.Boolean(), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        meeting_id="panel_meeting",
        user_id="user_account",
    )
    op.create_index(op.f("ix_panel_seat_user_id"), "panel_seat", ["user_id"])
    _create_items(json)
    _create_of_items()


def _create_items(json: sa.types.TypeEngine[object]) -> None:
    _create(
        "panel_item",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("motion", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("tally", json),
        sa.UniqueConstraint(
            "meeting_id", "application_id", name=op.f("uq_panel_item_meeting_id_application_id")
        ),
        sa.CheckConstraint("motion IN ('recommend', 'reserve')", name=op.f("ck_panel_item_motion")),
        sa.CheckConstraint(
            "outcome IN ('recommend', 'reserve', 'decline')", name=op.f("ck_panel_item_outcome")
        ),
        meeting_id="panel_meeting",
        application_id="application",
    )
    op.create_index(op.f("ix_panel_item_application_id"), "panel_item", ["application_id"])


def _create_of_items() -> None:
    _create(
        "panel_recusal",
        sa.Column("item_id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        item_id="panel_item",
        user_id="user_account",
        recorded_by="user_account",
    )
    op.create_index("ix_panel_recusal_user", "panel_recusal", ["user_id", "item_id"])
    _create(
        "panel_ballot",
        sa.Column("item_id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("cast_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "choice IN ('yes', 'no', 'abstain')", name=op.f("ck_panel_ballot_choice")
        ),
        item_id="panel_item",
        user_id="user_account",
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
    for table in ("panel_ballot", "panel_recusal", "panel_item", "panel_seat", "panel_meeting"):
        op.drop_table(table)
