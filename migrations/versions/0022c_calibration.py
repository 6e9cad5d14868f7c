"""Sample applications by which reviewers find a common measure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import Json, UtcDateTime

revision = "0022c"
down_revision = "0024b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    flag = sa.Column("calibrates", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("call", flag)
    op.create_table(
        "calibration_sample",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("scores", Json, nullable=False),
        sa.Column("comments", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_calibration_sample_call_id_call")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_sample")),
    )
    op.create_index(op.f("ix_calibration_sample_call_id"), "calibration_sample", ["call_id"])
    op.create_table(
        "calibration_score",
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("scores", Json, nullable=False),
        sa.Column("comments", Json, nullable=False),
        sa.Column("scored_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["calibration_sample.id"],
            name=op.f("fk_calibration_score_sample_id_calibration_sample"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_calibration_score_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("sample_id", "user_id", name=op.f("pk_calibration_score")),
    )


def downgrade() -> None:
    op.drop_table("calibration_score")
    op.drop_table("calibration_sample")
    op.drop_column("call", "calibrates")
