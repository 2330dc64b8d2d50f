"""What figures are made of: what came before, checks; and questions without an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = (("after", 20), ("step", 20), ("procedure", 40), ("outcome", 20))


def upgrade() -> None:
    for name, length in COLUMNS:
        op.add_column("events", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.create_table(
        "gaps",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("entry", sa.String(120), nullable=False),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_index("ix_gaps_day", "gaps", ["day"])


def downgrade() -> None:
    op.drop_index("ix_gaps_day", "gaps")
    op.drop_table("gaps")
    for name, _ in reversed(COLUMNS):
        op.drop_column("events", name)
