"""An index for every order of the list of cases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LIMIT = "coalesce(due_at, '9999-01-01 00:00:00.000000')"


def upgrade() -> None:
    op.create_index("ix_process_limit", "process", ["is_root", sa.text(LIMIT), "id"])
    op.create_index("ix_process_named", "process", ["is_root", "reference", "id"])
    op.create_index(
        "ix_application_amount", "application", [sa.text("coalesce(requested, 0)"), "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_application_amount", "application")
    op.drop_index("ix_process_named", "process")
    op.drop_index("ix_process_limit", "process")
