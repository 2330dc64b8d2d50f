"""Reads what reports are made of. The database counts: a month of many turns comes as a few thousand rows."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reports.rows import QUESTION, REPLIED, Asked, Missing, Rated, Rows, Took, Turned
from bot.storage.tables import events, feedback, gaps

_ASKED = (events.c.intent == QUESTION) & events.c.status.in_(REPLIED)

Kind = TypeVar("Kind", Turned, Asked, Took, Rated, Missing)


async def read_rows(connection: AsyncConnection, first: date, last: date, wordings: int = 0) -> Rows:
    """The days from `first` to `last`, both included, counted; `wordings` says how many of the most frequent
    questions without an answer. Reads several times: on a connection of `Database.snapshot`."""

    async def read(kind: type[Kind], statement: Select[Any]) -> tuple[Kind, ...]:
        return tuple(kind(*row) for row in await connection.execute(statement))

    missing = _counted(gaps, Missing, first, last).order_by(func.count().desc(), func.max(gaps.c.id).desc())
    return Rows(
        first,
        last,
        await read(Turned, _counted(events, Turned, first, last)),
        await read(Asked, _counted(events, Asked, first, last).where(_ASKED)),
        await read(Took, _counted(events, Took, first, last).where(_ASKED)),
        await read(Rated, _counted(feedback, Rated, first, last)),
        await read(Missing, missing.limit(wordings)) if wordings else (),
    )


def _counted(table: Table, kind: type[Kind], first: date, last: date) -> Select[Any]:
    """How many rows of these days are alike in everything that `kind` tells."""
    columns = [table.c[field.name] for field in fields(kind) if field.name != "number"]
    return select(*columns, func.count()).where(table.c.day.between(first, last)).group_by(*columns)
