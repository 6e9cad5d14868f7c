"""Procedures with what they record, receipts, the lab's hours, consortia, and rule values."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import Json, Money, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _process_key(table: str) -> sa.Column[object]:
    return sa.Column(
        "id",
        sa.Uuid(),
        sa.ForeignKey("process.id", name=f"fk_{table}_id_process"),
        primary_key=True,
    )


def upgrade() -> None:
    op.create_table(
        "procedure",
        _process_key("procedure"),
        sa.Column("data", Json, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "process_id",
            sa.Uuid(),
            sa.ForeignKey("process.id", name="fk_receipt_process_id_process"),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", Money, nullable=False),
    )
    op.create_index("ix_receipt_process_id", "receipt", ["process_id"])
    op.create_table(
        "lab_capacity",
        sa.Column("skill", sa.String(), primary_key=True),
        sa.Column("month", sa.Date(), primary_key=True),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.CheckConstraint("reserved >= 0 AND reserved <= hours", name="ck_lab_capacity_covered"),
    )
    op.create_table(
        "lab_hours",
        _process_key("lab_hours"),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("logged", sa.Integer(), nullable=False),
    )
    op.create_table(
        "rule_value",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("valid_from", sa.Date(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        *(
            sa.Column(
                name,
                sa.Uuid(),
                sa.ForeignKey("user_account.id", name=f"fk_rule_value_{name}_user_account"),
                nullable=True,
            )
            for name in ("proposed_by", "confirmed_by")
        ),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
    )
    op.add_column("application", sa.Column("consortium_id", sa.Uuid(), nullable=True))
    op.create_index("ix_application_consortium_id", "application", ["consortium_id"])


def downgrade() -> None:
    op.drop_index("ix_application_consortium_id", "application")
    op.drop_column("application", "consortium_id")
    for table in ("rule_value", "lab_hours", "lab_capacity", "receipt", "procedure"):
        op.drop_table(table)
