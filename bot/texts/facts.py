"""How each fact of the check is called and asked for, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.texts import FOLDER
from knowledge.strict_yaml import read


@dataclass(frozen=True, slots=True)
class FactWords:
    """The words around one fact: its label, its question, what helps to answer, and its choices by value."""

    label: str
    question: str
    hint: str
    choices: Mapping[str, str]


@lru_cache(maxsize=2)
def fact_words(locale: str) -> Mapping[str, FactWords]:
    """The words of every fact, by its name."""
    data = read(FOLDER / f"facts.{locale}.yaml").data
    return {
        name: FactWords(row["label"], row["question"], row.get("hint", ""), dict(row.get("choices", {})))
        for name, row in data.items()
    }
