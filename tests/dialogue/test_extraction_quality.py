"""Floors for the extraction of facts on all sets of sentences; the two development sets were seen, `measured` never."""

from __future__ import annotations

import pytest

from tests.dialogue.extraction_metric import load, measure

FLOORS = {"development": (0.99, 0.99), "development2": (0.99, 0.97), "measured": (0.98, 0.863)}


@pytest.mark.parametrize("name", FLOORS)
def test_precision_and_recall(name: str) -> None:
    figures = measure(load(name))
    precision, recall = FLOORS[name]
    print(figures.line(name))
    assert figures.precision >= precision
    assert figures.recall >= recall
