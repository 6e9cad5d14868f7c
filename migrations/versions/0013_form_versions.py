"""Forms as versioned data that an office writes. A published one never changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from funding_app.models.types import UtcDateTime

revision = "0013"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True), "postgresql"
    )
    op.create_table(
        "form_version",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", json, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.String(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by", sa.Uuid()),
        sa.Column("proposed_at", UtcDateTime()),
        sa.Column("published_by", sa.Uuid()),
        sa.Column("published_at", UtcDateTime()),
        sa.CheckConstraint(
            "published_at IS NULL OR sha256 <> ''", name=op.f("ck_form_version_sealed")
        ),
        sa.CheckConstraint(
            "published_by IS NULL OR published_by <> proposed_by",
            name=op.f("ck_form_version_four_eyes"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_form_version_{column}_user_account")
            )
            for column in ("edited_by", "proposed_by", "published_by")
        ),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_form_version")),
    )


def downgrade() -> None:
    op.drop_table("form_version")
