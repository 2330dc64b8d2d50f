"""The words of the public pages, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.texts import FOLDER
from knowledge.strict_yaml import read


@dataclass(frozen=True, slots=True)
class Page:
    """A title, and headings with their text."""

    title: str
    sections: tuple[tuple[str, str], ...]


def page(name: str, locale: str, *, operator: str, support: str, days: int, gaps: int, tickets: int) -> Page:
    """The page "privacy" or "terms"; who is not named in the settings is described."""
    data = _data()
    unnamed = data["unnamed"][locale]
    values = {
        "operator": operator.strip() or unnamed["operator"],
        "support": support.strip() or unnamed["support"],
        "days": days,
        "gaps": gaps,
        "tickets": tickets,
    }
    words = data[name][locale]
    shown = (part for part in words["sections"] if values.get(part.get("needs"), True))
    sections = tuple((part["heading"], part["text"].format(**values)) for part in shown)
    return Page(words["title"], sections)


@lru_cache(maxsize=1)
def _data() -> Any:
    return read(FOLDER / "pages.yaml").data
