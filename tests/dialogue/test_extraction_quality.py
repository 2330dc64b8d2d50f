"""Floors for the extraction of facts on all sets of sentences; the development sets were seen, `measured` never."""

from __future__ import annotations

import pytest

from tests.dialogue.extraction_metric import load, measure

FLOORS = {
    "development": (0.99, 0.99),
    "development2": (0.99, 0.97),
    "development3": (0.99, 0.97),
    "development4": (0.98, 0.98),
    "development5": (0.98, 0.95),
    "development6": (0.98, 0.94),
    "development7": (0.99, 0.97),
    "development8": (0.99, 0.99),
    "development9": (0.99, 0.91),
    "development10": (0.99, 0.98),
    "development11": (0.99, 0.99),
    "development12": (0.99, 0.99),
    "measured": (0.98, 0.90),
}


@pytest.mark.parametrize("name", FLOORS)
def test_precision_and_recall(name: str) -> None:
    figures = measure(load(name))
    print(figures.line(name))
    precision, recall = (
        figures.precision,
        figures.recall,
    )  # bare numbers: a failure must not show the sentences
    floors = FLOORS[name]
    assert precision >= floors[0]
    assert recall >= floors[1]
