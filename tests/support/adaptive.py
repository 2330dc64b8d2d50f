"""Cards checked as Teams would: the schema of Adaptive Cards 1.5, the size, the number of actions, the ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft6Validator

LARGEST = 28_000
MOST_ACTIONS = 6


@lru_cache(maxsize=1)
def _validator() -> Draft6Validator:
    found = next(
        path
        for path in files("adaptive_cards").joinpath("schemas").iterdir()
        if path.name == "schema-1.5.json"
    )
    return Draft6Validator(json.loads(found.read_text(encoding="utf-8")))


def check_card(card: dict[str, Any]) -> None:
    """Raise AssertionError for a card that Teams would not show as meant."""
    problems = [
        f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in _validator().iter_errors(card)
    ]
    assert not problems, problems
    assert card["type"] == "AdaptiveCard"
    assert card["version"] == "1.5"
    assert len(json.dumps(card, ensure_ascii=False).encode("utf-16-le")) < 2 * LARGEST
    assert len(json.dumps(card, ensure_ascii=False).encode()) < LARGEST
    assert len(card.get("actions", [])) <= MOST_ACTIONS
    ids = [element["id"] for element in _elements(card) if "id" in element]
    assert len(ids) == len(set(ids)), ids
    assert all(action["title"] for action in actions_of(card))


def actions_of(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything to press on a card, in its order: lines within it, then its buttons."""
    return [*_chosen(card["body"]), *card.get("actions", [])]


def _chosen(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for child in value:
            yield from _chosen(child)
    elif isinstance(value, dict):
        if "selectAction" in value:
            yield value["selectAction"]
        for name in ("items", "columns"):
            yield from _chosen(value.get(name))


def _elements(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if str(value.get("type", "")).startswith("Input."):
            yield value
        for child in value.values():
            yield from _elements(child)
    elif isinstance(value, list):
        for child in value:
            yield from _elements(child)
