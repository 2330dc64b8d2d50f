"""From an outcome's views to what can be sent: cards, each with its plain-text twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import cards
from cards.views import View


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message to send: an Adaptive Card and everything it says as plain text."""

    card: Mapping[str, Any]
    text: str


Parts = tuple[Rendered, ...]
"""Everything that one turn sends, in order."""


def rendered(views: Iterable[View]) -> Parts:
    """Every view as a message, in order."""
    return tuple(Rendered(cards.render(view), cards.as_text(view)) for view in views)
