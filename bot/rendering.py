"""From an outcome's views to what can be sent: cards, each with its plain-text twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import cards
from cards.views import AnswerView, View


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message to send: an Adaptive Card, everything it says as plain text, and the answer in it, if any."""

    card: Mapping[str, Any]
    text: str
    answer: AnswerView | None = None


Parts = tuple[Rendered, ...]
"""Everything that one turn sends, in order."""


def rendered(views: Iterable[View]) -> Parts:
    """Every view as a message, in order."""
    return tuple(
        Rendered(cards.render(view), cards.as_text(view), view if isinstance(view, AnswerView) else None)
        for view in views
    )
