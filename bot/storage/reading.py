"""Reads what reports are made of."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reports.rows import Missing, Rated, Rows, Turned
from bot.storage.tables import events, feedback, gaps

_TURNED = tuple(events.c[name] for name in Turned.__dataclass_fields__)
_RATED = (feedback.c.day, feedback.c.entry, feedback.c.rating)
_MISSING = (gaps.c.day, gaps.c.kind, gaps.c.question, gaps.c.entry)


async def read_rows(connection: AsyncConnection, first: date, last: date) -> Rows:
    """The rows of the days from `first` to `last`, both included, in the order in which they were written."""
    turned = await connection.execute(
        select(*_TURNED).where(events.c.day.between(first, last)).order_by(events.c.id)
    )
    rated = await connection.execute(
        select(*_RATED).where(feedback.c.day.between(first, last)).order_by(feedback.c.id)
    )
    missing = await connection.execute(
        select(*_MISSING).where(gaps.c.day.between(first, last)).order_by(gaps.c.id)
    )
    return Rows(
        first,
        last,
        tuple(Turned(*row) for row in turned),
        tuple(Rated(*row) for row in rated),
        tuple(Missing(*row) for row in missing),
    )
