"""Extraction by phenomenon: what is stated is taken, what is ambiguous is named, the rest is left."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.dialogue.extract import extract
from tests.dialogue.extraction_metric import plain

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{name}: {case['text']}") for name, cases in CASES.items() for case in cases],
)
def test_phenomenon(case: dict[str, Any]) -> None:
    found = extract(case["text"], date.fromisoformat(case.get("on", "2026-11-21")), case.get("asked"))
    facts = {fact: plain(fact, value) for fact, value in found.facts.items()}
    assert facts == {fact: plain(fact, value) for fact, value in case["facts"].items()}
    assert set(case.get("unknown", ())) <= set(found.unknown)
    assert set(case.get("ambiguous", ())) <= {fact for doubt in found.ambiguous for fact in doubt.facts}
