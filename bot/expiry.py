"""The end of the client secret, said in time: a bot whose secret has ended can't answer anyone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import structlog

from bot.clock import Clock, today

DAYS_AHEAD = 30
DAILY = 86_400.0

log = structlog.get_logger("kazipot.expiry")


@dataclass(frozen=True, slots=True)
class Expiry:
    """When the secret ends, as the operator stated it; None when that is not known."""

    ends_on: date | None
    clock: Clock

    def warnings(self) -> Mapping[str, str]:
        """What to say about it today: nothing until thirty days before."""
        if self.ends_on is None:
            return {}
        left = (self.ends_on - today(self.clock())).days
        if left > DAYS_AHEAD:
            return {}
        if left < 0:
            return {"app_password": f"ended on {self.ends_on}: set a new one"}
        return {"app_password": f"ends on {self.ends_on}, in {left} days: set a new one before"}

    def timestamp(self) -> float:
        """The beginning of the day on which it ends, 0 when that is not known."""
        if self.ends_on is None:
            return 0.0
        return datetime(self.ends_on.year, self.ends_on.month, self.ends_on.day, tzinfo=UTC).timestamp()

    async def watch(self) -> None:
        """Write the warning to the log, at the start and then every day."""
        while True:
            for what, words in self.warnings().items():
                log.warning("credential near its end", credential=what, problem=words)
            await asyncio.sleep(DAILY)
