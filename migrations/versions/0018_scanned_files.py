"""What the virus scan of a file found, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0018"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("scanned_at", UtcDateTime(), nullable=True))
    malware = sa.Column("malware", sa.String(), nullable=False, server_default="")
    op.add_column("attachment", malware)


def downgrade() -> None:
    for name in ("malware", "scanned_at"):
        op.drop_column("attachment", name)
