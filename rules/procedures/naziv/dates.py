"""When a naziv takes effect, and from when it is paid."""

from datetime import date

from rules.parameters import View


def naziv_on(view: View, filed: date) -> date:
    """The first day of effect whose closing month has not yet ended on the filing day."""
    pairs = view.get("effective_months").items
    return next(
        date(year, effective, 1)
        for year in (filed.year, filed.year + 1)
        for closing, effective in pairs
        if (year, closing) >= (filed.year, filed.month)
    )


def pay_on(view: View, naziv_day: date) -> date | None:
    """The pay day of the year in which the naziv took effect; None where no text says so."""
    row = view.get("pay_day")
    if not row.decides:
        return None
    month, day = row.items
    return date(naziv_day.year, month, day)
