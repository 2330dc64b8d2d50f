"""The few Adaptive Card elements that our cards are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cards.views import Button, Link

Json = dict[str, Any]
_MARKDOWN = re.compile(r"([\\`*_\[\]<>~|#])")
_NUMBER = re.compile(r"^(\d+)\.")
"""What would begin a list."""
MAX_ACTIONS = 6


def plain(text: str) -> str:
    """`text` with markdown switched off: what a user typed is shown, never interpreted."""
    return _MARKDOWN.sub(r"\\\1", text)


def text(value: str, **style: Any) -> Json:
    """A wrapping text block."""
    return {"type": "TextBlock", "text": value, "wrap": True, **style}


def heading(value: str) -> Json:
    """A heading that screen readers announce as one."""
    return text(value, weight="Bolder", size="Medium", style="heading")


def subtle(value: str, **style: Any) -> Json:
    """A smaller line beside the main matter."""
    return text(value, size="Small", isSubtle=True, **style)


def action(button: Button) -> Json:
    """`Action.Execute`, and `Action.Submit` for clients that do not know it."""
    title = button.title if len(button.title) <= 120 else button.title[:119] + "…"
    verb = str(button.data.get("do", ""))
    return {
        "type": "Action.Execute",
        "title": title,
        "verb": verb,
        "data": dict(button.data),
        "fallback": {"type": "Action.Submit", "title": title, "data": dict(button.data)},
    }


def row(buttons: Iterable[Button]) -> Json:
    """Small buttons side by side within a card, beside its actions."""
    columns = [
        {
            "type": "Column",
            "width": "auto",
            "items": [{"type": "TextBlock", "text": button.title, "size": "Small"}],
            "selectAction": action(button),
        }
        for button in buttons
    ]
    return {"type": "ColumnSet", "spacing": "Medium", "columns": columns}


def lines(buttons: Iterable[Button], *, numbered: bool = False) -> list[Json]:
    """Buttons as lines within a card, which wrap where a client would cut a button's title off.

    A line is announced by the very words that it shows, its number among them.
    """
    shown = list(buttons)
    if numbered:
        shown = [replace(button, title=f"{n}. {button.title}") for n, button in enumerate(shown, start=1)]
    return [
        {
            "type": "Container",
            "style": "emphasis",
            "spacing": "Small",
            "items": [text(_NUMBER.sub(r"\1\\.", plain(button.title)), color="Accent")],
            "selectAction": action(button),
        }
        for button in shown
    ]


def open_links(shown: Iterable[Link]) -> list[Json]:
    """What can be opened, a line each."""
    return [text(f"[{link.title}]({link.url})", spacing="Small") for link in shown]


def card(body: list[Json], buttons: Iterable[Button] = (), *, speak: str = "") -> Json:
    """A whole card of version 1.5; raises ValueError when it would hold more actions than Teams shows."""
    actions = [action(button) for button in buttons]
    if len(actions) > MAX_ACTIONS:
        raise ValueError(f"{len(actions)} actions, at most {MAX_ACTIONS}")
    result: Json = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": body,
    }
    if actions:
        result["actions"] = actions
    if speak:
        result["speak"] = speak
    return result
