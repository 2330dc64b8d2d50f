"""The findings that every regulation shares: not read, not stated, and a plain yes or no."""

from rules.finding import Finding, Outcome, text
from rules.parameters import Row


def text_missing(condition: str, row: Row) -> Finding:
    """The value was not read: unknown, with the place to look in and the people to ask."""
    return Finding(
        condition,
        Outcome.UNKNOWN,
        (row.provision,),
        text("reason.text_missing", condition=condition),
        needed=text("needed.look_in", provision=row.provision, contact=row.provision.act),
    )


def rest_missing(row: Row) -> Finding | None:
    """The rest of an article may ask more, until its row says that it does not."""
    if row.no_condition:
        return None
    needed = text("needed.look_in", provision=row.provision, contact=row.provision.act)
    return Finding("remainder", Outcome.UNKNOWN, (row.provision,), text("reason.remainder"), needed=needed)


def unknown(condition: str, row: Row, *missing: str) -> Finding:
    """A fact is missing."""
    return Finding(
        condition,
        Outcome.UNKNOWN,
        (row.provision,),
        text(f"reason.{condition}.unknown"),
        missing,
        text("needed.facts", facts=missing),
    )


def met(condition: str, row: Row) -> Finding:
    return Finding(condition, Outcome.MET, (row.provision,), text(f"reason.{condition}.met"))


def not_met(condition: str, row: Row) -> Finding:
    return Finding(
        condition,
        Outcome.NOT_MET,
        (row.provision,),
        text(f"reason.{condition}.not_met"),
        needed=text(f"needed.{condition}"),
    )


def is_true(condition: str, value: bool | None, row: Row) -> Finding:
    """The fact is true; the condition bears its name."""
    if not row.decides:
        return text_missing(condition, row)
    if value is None:
        return unknown(condition, row, condition)
    return met(condition, row) if value else not_met(condition, row)
