"""Why a reviewer declined."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022a"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = ("declined_for", "declined_words")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("review", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("review", name)
