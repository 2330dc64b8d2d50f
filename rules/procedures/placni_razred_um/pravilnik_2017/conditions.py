"""The conditions of the University's text of 2017, of which only the first two articles were read: all unknown."""

from rules.finding import Finding
from rules.procedures.placni_razred_um.case import PayCase
from rules.procedures.verdict import rest_missing, text_missing
from rules.regulation import Condition


def period(case: PayCase) -> Finding:
    """1st and 2nd article: every three years, with three annual ratings that allow it; which ones was not read."""
    return text_missing("period", case.view.get("period"))


def annual_ratings(case: PayCase) -> Finding:
    """3rd article: the condition of promotion."""
    return text_missing("annual_ratings", case.view.get("annual_ratings"))


def remainder(case: PayCase) -> Finding | None:
    """The articles after it."""
    return rest_missing(case.view.get("remainder"))


CONDITIONS: tuple[Condition, ...] = (period, annual_ratings, remainder)
