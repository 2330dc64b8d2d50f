"""The report as CSV: one number a line, under the names that the code gives it, for whoever calculates on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from bot.reports.figures import Figures
from bot.reports.grouping import Group
from bot.reports.saving import Saving

TOTALS = (
    "questions answered clarified clarified_answered clarified_chosen unknown declined again person tickets likes "
    "dislikes median p95"
).split()
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report_csv(found: Figures, calls: Saving | None = None) -> str:
    """Columns: figure, name, value. Times are in milliseconds."""
    return _written((("figure", "name", "value"), *_report(found, calls)))


def gaps_csv(groups: tuple[Group, ...]) -> str:
    """Columns: questions, declined, nearest entry, and the examples."""
    rows = ((one.number, one.declined, one.entry, *one.examples) for one in groups)
    return _written((("questions", "declined", "entry", "example", "example", "example"), *rows))


def _report(found: Figures, calls: Saving | None) -> Iterator[tuple[object, ...]]:
    yield "period", "first", found.first.isoformat()
    yield "period", "last", found.last.isoformat()
    yield from (("total", name, getattr(found, name)) for name in TOTALS)
    for name in ("topic", "scope", "day", "hour"):
        for tally in getattr(found, f"by_{name}"):
            yield f"questions_by_{name}", tally.name, tally.questions
            yield f"answered_by_{name}", tally.name, tally.answered
    for used in found.entries:
        yield "entry_shown", used.entry, used.shown
        yield "entry_likes", used.entry, used.likes
        yield "entry_dislikes", used.entry, used.dislikes
    yield from (("entry_never_shown", entry, 0) for entry in found.never_used)
    for check in found.checks:
        for name in ("began", "met", "not_met", "unknown"):
            yield f"checks_{name}", check.procedure, getattr(check, name)
    if calls:
        for name in ("calls_before", "settled_low", "settled_high", "low", "high"):
            yield "saving", name, getattr(calls, name)


def _written(rows: tuple[tuple[object, ...], ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def _safe(cell: object) -> object:
    """What somebody typed must not become a formula in a spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
