"""Annual ratings: from percentages, from a director's performance pay, and runs of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.facts import Rating
from rules.parameters import Row


def rating_of(percentage: float, bands: Row) -> Rating | None:
    """The band of the percentage; None in the gaps that the bands leave between them."""
    for rating, lowest, highest in bands.items:
        if lowest <= percentage <= highest:
            return Rating(rating)
    return None


def rating_of_director(paid: float | None, full: float) -> Rating | None:
    """By the performance pay of the year: in full, up to it, or none; None above it, which no rule names."""
    if not paid:
        return Rating.PODPOVPRECNO
    if paid < full:
        return Rating.POVPRECNO
    return Rating.NADPOVPRECNO if paid == full else None


@dataclass(frozen=True, slots=True)
class Runs:
    """What the ratings allow: a run above average, with an upgrade or without, or one that is still open."""

    above: bool
    upgraded: bool
    """A run in which one average rating may be raised."""
    needs_elements: bool
    """A run that depends on the elements of the average ratings, which are not stated."""
    open: bool
    """A run that contains ratings which cannot be told, or more than one average rating to raise."""


def runs(ratings: Sequence[Rating | None], length: int, elements: int | None, elements_needed: int) -> Runs:
    above = upgraded = needs_elements = is_open = False
    for start in range(len(ratings) - length + 1):
        window = ratings[start : start + length]
        average = window.count(Rating.POVPRECNO)
        untold = window.count(None)
        if Rating.PODPOVPRECNO in window or (average and elements is not None and elements < elements_needed):
            continue
        if average and elements is None:
            needs_elements = True
        elif untold or average > 1:
            is_open = True
        else:
            above, upgraded = above or not average, upgraded or bool(average)
    return Runs(above, upgraded, needs_elements, is_open)


def trailing(ratings: Sequence[Rating | None]) -> int:
    """How many of the last ratings in a row are above average."""
    count = 0
    for rating in reversed(ratings):
        if rating is not Rating.NADPOVPRECNO:
            break
        count += 1
    return count


def promotions(ratings: Sequence[Rating | None], length: int) -> int:
    """How often a run above average of the given length is complete, none counted twice."""
    count = run = 0
    for rating in ratings:
        run = run + 1 if rating is Rating.NADPOVPRECNO else 0
        if run == length:
            count, run = count + 1, 0
    return count
