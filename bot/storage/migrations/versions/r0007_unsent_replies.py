"""A reply is kept beside its activity until it is sent, so that another process can send it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNSENT = sa.text("reply IS NOT NULL")


def upgrade() -> None:
    op.add_column("activities", sa.Column("reply", sa.Text, nullable=True))
    op.create_index(
        "ix_activities_unsent", "activities", ["leased_until"], postgresql_where=UNSENT, sqlite_where=UNSENT
    )


def downgrade() -> None:
    op.drop_index("ix_activities_unsent", "activities")
    op.drop_column("activities", "reply")
