"""Fit the two models of `knowledge.ranking` on labelled questions and choose the thresholds.

A tool of the development environment (it needs scikit-learn); serving needs only the file that it writes. Five-fold
cross-validation (Stone 1974) gives every question a confidence from models that never saw it; the thresholds are chosen
on those.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.cache import load_indexed
from knowledge.features import Floats
from knowledge.index import BACKGROUND, Index
from knowledge.loader import DATA, Base
from knowledge.ranking import CONFIDENCE, as_mapping, confidence_row, ordered
from knowledge.signals import SIGNALS, Candidates, Query, candidates, read_query, subjects

FOLDS = 5
THRESHOLDS = {"clarify_from": 0.05, "offer_from": 0.002, "refuse_from": 0.5, "doubt_from": 0.05}
# The aim is 2 %; less is asked of the questions that the thresholds are chosen on, for they flatter.
DECLINED = frozenset({"near", "oos"})
MISTAKES = {"in_scope": 0.012, "near": 0.045, "oos": 0.012}


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question: the entries that would satisfy it (none for one that must be declined)."""

    text: str
    expected: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what the index finds for it."""

    question: Question
    query: Query
    found: Candidates


@dataclass(frozen=True, slots=True)
class Judged:
    """A question's best entry under models that did not see it, and how sure they were."""

    case: Case
    best: str
    confidence: float
    shares: tuple[float, ...]


def read_questions(path: Path) -> list[Question]:
    """A question set: tab-separated question, expected ids joined by | (or OOS), kind."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Question(
            row["question"],
            frozenset() if row["expected"] == "OOS" else frozenset(row["expected"].split("|")),
            row["kind"],
        )
        for row in rows
    ]


def cases(base: Base, index: Index, questions: Sequence[Question]) -> list[Case]:
    """Search all questions once."""
    result = []
    told = subjects(base, index)
    for question in questions:
        if question.expected and not question.expected & base.entries.keys():
            continue
        query = read_query(base, index, question.text)
        if query.stems and query.known:
            result.append(Case(question, query, candidates(told, index, query)))
    return result


class Models:
    """Both logistic models, fitted on some cases."""

    def __init__(self, base: Base, index: Index, fit_on: Sequence[Case], on: date) -> None:
        from sklearn.linear_model import LogisticRegression

        self.index = index
        self.unknown = {
            entry.id
            for entry in base.entries.values()
            if (version := entry.version_on(on)) is not None and version.kind == "unknown"
        }
        rows, labels = [], []
        for case in fit_on:
            if case.question.expected:
                for place, position in enumerate(case.found.positions):
                    rows.append(case.found.values[place])
                    labels.append(index.ids[position] in case.question.expected)
        ranker = LogisticRegression(C=3.0, max_iter=5000).fit(np.array(rows), labels)
        self.rank_weights: Floats = ranker.coef_[0].astype(np.float32)
        seen = [self.row(case) for case in fit_on]
        table = np.array([row for row, _, _ in seen])
        self.mean, self.scale = table.mean(0), np.where(table.std(0) < 0.01, 1.0, table.std(0))
        self.judge: Any = LogisticRegression(C=0.3, max_iter=5000)
        shown_right = [self.right(case, best) for case, (_, best, _) in zip(fit_on, seen, strict=True)]
        self.judge.fit((table - self.mean) / self.scale, shown_right)

    def row(self, case: Case) -> tuple[Floats, str, tuple[float, ...]]:
        """The confidence columns of a case, its best entry and the shares."""
        scores = case.found.values @ self.rank_weights
        order, shares = ordered(scores)
        best = self.index.ids[case.found.positions[order[0]]]
        row = confidence_row(case.query, case.found, scores, order, shares)
        return row, best, tuple(float(shares[place]) for place in order)

    def right(self, case: Case, best: str) -> bool:
        """Whether showing `best` would be right: the expected entry, or a known unknown for a question
        that has no answer."""
        if best in case.question.expected:
            return True
        return case.question.kind in DECLINED and (best in self.unknown or best.startswith(BACKGROUND))

    def judged(self, case: Case) -> Judged:
        """The case as these models see it."""
        row, best, shares = self.row(case)
        sure = self.judge.predict_proba([(row - self.mean) / self.scale])[0, 1]
        return Judged(case, best, float(sure), shares)


def cross_validated(base: Base, index: Index, all_cases: Sequence[Case], on: date) -> list[Judged]:
    """Every case judged by models fitted on the other folds (dealt out by a fixed shuffle)."""
    places = np.random.default_rng(7).permutation(len(all_cases))
    result = []
    for fold in range(FOLDS):
        held_out = set(places[fold::FOLDS].tolist())
        models = Models(base, index, [case for at, case in enumerate(all_cases) if at not in held_out], on)
        result += [models.judged(all_cases[at]) for at in sorted(held_out)]
    return result


def answer_threshold(judged: Sequence[Judged], unknown: set[str]) -> float:
    """The lowest confidence from which answering keeps every kind of mistake within `MISTAKES`."""
    for step in range(30, 100):
        threshold = step / 100
        if all(share <= MISTAKES[kind] for kind, share in mistakes(judged, unknown, threshold).items()):
            return threshold
    return 1.0


def mistakes(judged: Sequence[Judged], unknown: set[str], threshold: float) -> dict[str, float]:
    """Share of wrong answers among questions with an answer, near misses and off-topic ones."""
    groups: dict[str, list[bool]] = {}
    for item in judged:
        question = item.case.question
        kind = question.kind if question.kind in DECLINED else "in_scope"
        declined = item.best in unknown or item.best.startswith(BACKGROUND)
        wrong = item.confidence >= threshold and not declined and item.best not in question.expected
        groups.setdefault(kind, []).append(wrong)
    return {kind: sum(wrong) / len(wrong) for kind, wrong in groups.items()}


def fit(base: Base, index: Index, sets: Sequence[Path], on: date, thresholds: dict[str, float]) -> str:
    """The text of calibration.yaml for an indexed base and labelled question sets."""
    import yaml

    questions = [question for path in sets for question in read_questions(path)]
    all_cases = cases(base, index, questions)
    judged = cross_validated(base, index, all_cases, on)
    models = Models(base, index, all_cases, on)
    threshold = answer_threshold(judged, models.unknown)
    weights = models.judge.coef_[0]
    data = {
        "fitted_on": {path.name: len(read_questions(path)) for path in sets},
        "thresholds": {"answer_from": threshold, **thresholds},
        "cross_validated_mistakes": {
            kind: round(share, 4) for kind, share in mistakes(judged, models.unknown, threshold).items()
        },
        "bias": round(float(models.judge.intercept_[0]), 4),
        "rank": as_mapping(SIGNALS, models.rank_weights.tolist()),
        "confidence": {
            name: {
                "mean": round(float(models.mean[place]), 4),
                "scale": round(float(models.scale[place]), 4),
                "weight": round(float(weights[place]), 4),
            }
            for place, name in enumerate(CONFIDENCE)
        },
    }
    head = (
        "# Written by `python -m knowledge calibrate`: weights of the signals, and the thresholds chosen on\n"
        f"# cross-validated confidences so that wrong answers stay within {MISTAKES}.\n"
    )
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def write(sets: Sequence[Path], on: date, folder: Path = DATA) -> Path:
    """Fit and write data/calibration.yaml."""
    base, index = load_indexed(folder)
    path = folder / "calibration.yaml"
    path.write_text(fit(base, index, sets, on, THRESHOLDS), encoding="utf-8")
    return path
