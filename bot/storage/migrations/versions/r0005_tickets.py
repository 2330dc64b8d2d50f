"""Questions to the advisers, the advisers' channel, drafts of entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk"),
    )
    op.create_table(
        "tickets",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("asker", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("card", sa.String(120), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_tickets"),
    )
    op.create_index("ix_tickets_asker", "tickets", ["asker"])
    op.create_index("ix_tickets_card", "tickets", ["card"])
    op.create_index("ix_tickets_status_changed_at", "tickets", ["status", "changed_at"])
    op.create_table(
        "drafts",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("ticket", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_drafts"),
    )


def downgrade() -> None:
    op.drop_table("drafts")
    op.drop_index("ix_tickets_status_changed_at", "tickets")
    op.drop_index("ix_tickets_card", "tickets")
    op.drop_index("ix_tickets_asker", "tickets")
    op.drop_table("tickets")
    op.drop_table("desk")
