"""The invoke of Teams' own rating buttons, read as if a stranger had written it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.dialogue.feedback import RATINGS

MAX_FORM = 20_000


def read_rating(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Rating and reason in a `message/submitAction`; None when it holds none."""
    value = body.get("value")
    if not isinstance(value, dict) or value.get("actionName") != "feedback":
        return None
    given = value.get("actionValue")
    if not isinstance(given, dict):
        return None
    rating = given.get("reaction")
    if not isinstance(rating, str) or rating not in RATINGS:
        return None
    return rating, _reason(given.get("feedback"))


def _reason(form: object) -> str:
    """The words in the form, which comes as JSON text."""
    if isinstance(form, str) and len(form) <= MAX_FORM:
        try:
            form = json.loads(form)
        except (ValueError, RecursionError):
            return ""
    words = form.get("feedbackText") if isinstance(form, dict) else None
    return words if isinstance(words, str) else ""
