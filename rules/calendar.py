"""When a worker may file alone, and when a naziv filed on a day takes effect and is paid."""

from dataclasses import dataclass
from datetime import date

from rules.facts import Procedure
from rules.parameters import View
from rules.period import month_after, month_end
from rules.procedures.naziv.dates import naziv_on, pay_on
from rules.procedures.naziv.filing import months_of
from rules.provision import Provision
from rules.reading import read_day
from rules.regulation import in_force
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Window:
    opens_on: date
    closes_on: date
    """The last day, included."""


@dataclass(frozen=True, slots=True)
class Effect:
    naziv_on: date
    pay_on: date | None
    """None where no text read says from when the naziv is paid."""
    provisions: tuple[Provision, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    on: date
    regulation: str
    self_filing_months: tuple[int, ...]
    self_filing_open: bool
    window: Window | None
    next_window: Window
    if_filed_today: Effect
    provisions: tuple[Provision, ...]
    digest: str


def calendar_for(rulebook: Rulebook, on: date | str) -> Calendar:
    day = read_day("on", on)
    regulation = in_force(rulebook.regulations[Procedure.NAZIV], day, "on")
    view = regulation.parameters.on(day)
    months = view.get("self_filing_months")
    open_now = day.month in months.items
    effective = naziv_on(view, day)
    rows = (view.get("effective_months"), view.get("pay_day"))
    return Calendar(
        day,
        regulation.id,
        months_of(months),
        open_now,
        _window(day) if open_now else None,
        _window(_next_opening(rulebook, day)),
        Effect(effective, pay_on(view, effective), tuple(row.provision for row in rows if row.decides)),
        (months.provision,),
        rulebook.digest,
    )


def _window(day: date) -> Window:
    return Window(day.replace(day=1), month_end(day))


def _view(rulebook: Rulebook, day: date) -> View:
    return in_force(rulebook.regulations[Procedure.NAZIV], day, "on").parameters.on(day)


def _next_opening(rulebook: Rulebook, day: date) -> date:
    """By the regulation of each month itself, so that a change of the law is not overlooked."""
    opens = month_after(day)
    while opens.month not in _view(rulebook, opens).get("self_filing_months").items:
        opens = month_after(opens)
    return opens
