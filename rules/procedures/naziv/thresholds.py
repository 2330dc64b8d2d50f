"""Conditions that compare one fact with one dated value; the same in every regulation on nazivi."""

from datetime import date

from rules.facts import Naziv
from rules.finding import Finding, Gap, Outcome, text
from rules.parameters import Row
from rules.period import add_years, complete_years
from rules.procedures.naziv.case import NazivCase
from rules.procedures.verdict import is_true, rest_missing, text_missing, unknown

YEARS = frozenset({"years_in_naziv", "delovna_doba_years"})


def at_least(case: NazivCase, fact: str) -> Finding | None:
    """The fact reaches the value of the row of the same name."""
    rows = case.rows(fact)
    if not rows:
        return None
    for row in rows:
        if not row.decides:
            return text_missing(fact, row)
    have: float | None = getattr(case.facts, fact)
    if have is None:
        differ = len({row.number for row in rows}) > 1
        return unknown(fact, rows[0], fact, *(case.variant_missing if differ else ()))
    return compared(case, fact, have, rows)


def compared(
    case: NazivCase, fact: str, have: float, rows: tuple[Row, ...], met_on: date | None = None
) -> Finding:
    verdicts = {_verdict(have, row) for row in rows}
    provisions = tuple(row.provision for row in rows)
    if len(verdicts) > 1:
        return Finding(
            fact,
            Outcome.UNKNOWN,
            provisions,
            text("reason.depends_on_variant"),
            case.variant_missing,
            text("needed.facts", facts=case.variant_missing),
        )
    (outcome,) = verdicts
    need = (max if outcome is Outcome.MET else min)(row.number for row in rows)
    if outcome is Outcome.MET:
        return Finding(fact, outcome, provisions, text(f"reason.{fact}.met", have=have, need=need))
    lacks = round(need - have, 6)
    if fact in YEARS:
        met_on = met_on or add_years(case.filing.day, lacks)
    case_key = "not_met" if outcome is Outcome.NOT_MET else "open"
    return Finding(
        fact,
        outcome,
        provisions,
        text(f"reason.{fact}.{case_key}", have=have, need=need),
        needed=text(f"needed.{fact}", lacks=lacks, need=need),
        gap=Gap(fact, have, need, lacks, met_on),
    )


def _verdict(have: float, row: Row) -> Outcome:
    """Below the value it fails, unless another paragraph that was not fully read may apply."""
    if have >= row.number:
        return Outcome.MET
    if row.unread and (row.certain_below is None or have >= row.certain_below):
        return Outcome.UNKNOWN
    return Outcome.NOT_MET


def successful_at_work(case: NazivCase) -> Finding | None:
    """Is successful at work."""
    row = case.row("successful_at_work")
    if row is None:
        return None
    return is_true("successful_at_work", case.facts.successful_at_work, row)


def current_naziv(case: NazivCase) -> Finding | None:
    """The naziv held now is the one from which this route leads on."""
    row = case.row("current_naziv")
    if row is None:
        return None
    if not row.decides:
        return text_missing("current_naziv", row)
    current, need = case.facts.current_naziv, Naziv(str(row.value))
    if current is None:
        return unknown("current_naziv", row, "current_naziv")
    met = current.reaches(need)
    return Finding(
        "current_naziv",
        Outcome.MET if met else Outcome.NOT_MET,
        (row.provision,),
        text("reason.current_naziv.met" if met else "reason.current_naziv.not_met", have=current, need=need),
        needed=None if met else text("needed.current_naziv", need=need),
    )


def years_in_naziv(case: NazivCase) -> Finding | None:
    """Years in the current naziv: as stated, else counted from the day it was acquired."""
    row, facts = case.row("years_in_naziv"), case.facts
    acquired = facts.current_naziv_acquired_on
    if row is None or not row.decides or facts.years_in_naziv is not None or acquired is None:
        return at_least(case, "years_in_naziv")
    have = complete_years(acquired, case.filing.day)
    return compared(case, "years_in_naziv", have, (row,), met_on=add_years(acquired, row.number))


def remainder(case: NazivCase) -> Finding | None:
    """What the article may ask besides the conditions above, while not all of it was read."""
    row = case.row("remainder")
    return None if row is None else rest_missing(row)
