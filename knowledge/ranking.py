"""From signals to a decision: which candidate, how sure, and what to do with it.

Two logistic models (Cox 1958), fitted by `python -m knowledge calibrate` and kept with their thresholds in
data/calibration.yaml: the first ranks candidates, the second says how likely the first of them is right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from knowledge import strict_yaml
from knowledge.features import Floats
from knowledge.loader import DATA
from knowledge.signals import ALONE, SIGNALS, Candidates, Query

Decision = Literal["answer", "clarify", "none"]
CONFIDENCE = (
    "score",
    "score_gap",
    "share",
    *(f"first_{name}" for name in SIGNALS[:ALONE]),
    "second_ridge",
    "second_nearest",
    "second_coverage",
    "second_meaning",
    "second_meaning_ridge",
    "known",
    "length",
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of both models, and the thresholds with the measurement that chose them."""

    rank_weights: Floats
    confidence_mean: Floats
    confidence_scale: Floats
    confidence_weights: Floats
    confidence_bias: float
    answer_from: float
    clarify_from: float
    offer_from: float
    refuse_from: float
    doubt_from: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidate positions, best first, their shares of belief, and the confidence in the first."""

    positions: tuple[int, ...]
    shares: tuple[float, ...]
    confidence: float


def load_calibration(path: Path = DATA / "calibration.yaml") -> Calibration:
    """Read the fitted models; raises ValueError when they do not fit the signals of this version."""
    data = strict_yaml.read(path).data
    if list(data["rank"]) != list(SIGNALS) or list(data["confidence"]) != list(CONFIDENCE):
        raise ValueError("calibration.yaml was fitted for other signals: run `python -m knowledge calibrate`")
    columns = data["confidence"].values()
    thresholds = data["thresholds"]
    return Calibration(
        _floats(data["rank"].values()),
        _floats(column["mean"] for column in columns),
        _floats(column["scale"] for column in columns),
        _floats(column["weight"] for column in columns),
        float(data["bias"]),
        float(thresholds["answer_from"]),
        float(thresholds["clarify_from"]),
        float(thresholds["offer_from"]),
        float(thresholds["refuse_from"]),
        float(thresholds["doubt_from"]),
    )


def rank(calibration: Calibration, query: Query, found: Candidates) -> Ranked:
    """Order the candidates and judge the first."""
    scores = found.values @ calibration.rank_weights
    order, shares = ordered(scores)
    row = confidence_row(query, found, scores, order, shares)
    scaled = (row - calibration.confidence_mean) / calibration.confidence_scale
    logit = float(scaled @ calibration.confidence_weights) + calibration.confidence_bias
    return Ranked(
        tuple(found.positions[place] for place in order),
        tuple(round(float(shares[place]), 6) for place in order),
        round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit)))), 6),
    )


def ordered(scores: Floats) -> tuple[list[int], Floats]:
    """Places by falling score (ties by first sight) and the share of belief of each place (softmax)."""
    order: list[int] = np.argsort(-np.round(scores, 6), kind="stable").tolist()
    powers = np.exp(scores - scores.max())
    return order, (powers / powers.sum()).astype(np.float32)


def confidence_row(
    query: Query, found: Candidates, scores: Floats, order: Sequence[int], shares: Floats
) -> Floats:
    """The columns of `CONFIDENCE` for one question."""
    first = order[0]
    second = order[1] if len(order) > 1 else order[0]
    return np.array(
        [
            scores[first],
            scores[first] - scores[second],
            shares[first],
            *found.values[first, :ALONE].tolist(),
            *found.values[second, [0, 3, 5, ALONE - 2, ALONE - 1]].tolist(),
            query.known,
            math.log1p(len(query.stems)),
        ],
        np.float32,
    )


def decide(calibration: Calibration, ranked: Ranked, not_for_us: bool) -> Decision:
    """Answer when sure, offer candidates when one of them is likely, else say that it is not known.

    `not_for_us`: the first candidate is a group of questions that the base does not serve.
    """
    if not_for_us:
        return "clarify" if ranked.confidence < calibration.refuse_from else "none"
    if ranked.confidence >= calibration.answer_from:
        return "answer"
    return "clarify" if ranked.confidence >= calibration.clarify_from else "none"


def _floats(values: object) -> Floats:
    return np.array(list(values), np.float32)  # type: ignore[call-overload]


def as_mapping(names: Sequence[str], values: Sequence[float]) -> Mapping[str, float]:
    """Weights by name, rounded as they are stored."""
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}
