"""Mails that carry an issued document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024b"
down_revision = "0022b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail_delivery", sa.Column("document_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("mail_delivery", "document_id")
