"""What the figures may mean in calls, as a range with its assumptions: nobody can count a call that was not made."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reports.figures import Figures

DAYS_OF_MONTH = 365.25 / 12
LOW_SHARE, HIGH_SHARE = 0.2, 0.6
"""So many of the settled questions would have been calls: an assumption, said wherever the saving is."""


@dataclass(frozen=True, slots=True)
class Saving:
    """Calls a month: the stated number before, and the range of those that the bot may have made unnecessary.

    `settled_low` counts only answers after which nobody asked again, asked for a person or was unhappy.
    """

    calls_before: int
    settled_low: int
    settled_high: int
    low: int
    high: int

    @property
    def share_low(self) -> int:
        """The low end as a share of the calls before, in percent."""
        return round(100 * self.low / self.calls_before)

    @property
    def share_high(self) -> int:
        """The high end as a share of the calls before, in percent."""
        return round(100 * self.high / self.calls_before)


def saving(found: Figures, calls_before: int) -> Saving:
    """The range for a stated number of calls a month; raises ValueError when that is not above zero."""
    if calls_before <= 0:
        raise ValueError("the number of calls before must be above zero")
    settled = found.settled
    surely = max(0, settled - found.again - max(found.person, found.tickets) - found.dislikes)
    month = DAYS_OF_MONTH / found.days
    low, high = round(surely * LOW_SHARE * month), round(settled * HIGH_SHARE * month)
    return Saving(calls_before, surely, settled, min(low, calls_before), min(high, calls_before))
