"""Since when others than its applicants know of a process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("process", sa.Column("handed_in_at", UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE process SET handed_in_at = created_at WHERE id NOT IN (SELECT id FROM application)"
    )
    op.execute(
        "UPDATE process SET handed_in_at = (SELECT submitted_at FROM application "
        "WHERE application.id = process.id) WHERE id IN (SELECT id FROM application)"
    )


def downgrade() -> None:
    op.drop_column("process", "handed_in_at")
