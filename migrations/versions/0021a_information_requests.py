"""What the office asked an applicant to add, each time it did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0021a"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "information_request",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_information_request_process_id_process")
        ),
        sa.PrimaryKeyConstraint("process_id", "number", name=op.f("pk_information_request")),
    )
    op.execute(
        "INSERT INTO information_request (process_id, number, words, asked_at) "
        "SELECT a.id, 1, a.information_requested, p.updated_at FROM application a "
        "JOIN process p ON p.id = a.id WHERE a.information_requested <> ''"
    )


def downgrade() -> None:
    op.drop_table("information_request")
