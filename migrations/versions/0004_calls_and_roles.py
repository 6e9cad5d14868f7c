"""Calls know when they were changed; a role held everywhere is held once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

EVERYWHERE = sa.text("organisation_id IS NULL")


def upgrade() -> None:
    op.add_column("call", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_index(
        "uq_role_assignment_everywhere",
        "role_assignment",
        ["user_id", "role"],
        unique=True,
        sqlite_where=EVERYWHERE,
        postgresql_where=EVERYWHERE,
    )


def downgrade() -> None:
    op.drop_index("uq_role_assignment_everywhere", "role_assignment")
    op.drop_column("call", "version")
