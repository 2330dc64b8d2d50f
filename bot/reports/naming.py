"""What the figures are named by: the entries and topics of a knowledge base."""

from __future__ import annotations

from bot.reports.words import Titles
from bot.texts import Texts
from knowledge.loader import Base


def topics_of(base: Base) -> dict[str, str]:
    """The entries of a base with their topics."""
    return {entry.id: entry.topic for entry in base.entries.values()}


def titles_of(base: Base, said: Texts) -> Titles:
    """What the entries and topics of a base are called."""
    entries = {entry.id: entry.title.of(said.locale) for entry in base.entries.values()}
    return Titles(entries, {name: topic.label.of(said.locale) for name, topic in base.topics.items()})
