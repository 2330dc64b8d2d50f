"""Recorded floors: figures that must not get worse, in data/floors.yaml."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge import canonical, strict_yaml
from knowledge.evaluate import IN_SCOPE, NEAR, OFF_TOPIC, PhrasingFigures, SetFigures

NAME = "floors.yaml"
PHRASINGS = "phrasings"
# Left between a measured figure and the floor recorded for it.
SLACK = 0.005
HEAD = (
    "# Figures that must not get worse: `python -m knowledge test` fails when one does.\n"
    "# `python -m knowledge test --record` tightens them to what is measured;\n"
    "# loosening one is done by hand, with a reason.\n"
)


@dataclass(frozen=True, slots=True)
class Floors:
    """The day that answers are judged on, and bounds by group and figure ("…_at_least", "…_at_most")."""

    on: date
    bounds: Mapping[str, Mapping[str, float]]


def read_floors(folder: Path) -> Floors:
    """Read the floors of a base; raises `YamlProblem` or OSError."""
    data = strict_yaml.read(folder / NAME).data
    return Floors(data["judged_on"], data["bounds"] or {})


def figures(phrasings: PhrasingFigures, sets: Sequence[SetFigures]) -> dict[str, dict[str, float]]:
    """What is measured, under the names that floors use."""
    return {
        PHRASINGS: {"own_entry_at_least": phrasings.own_entry},
        **{item.name: _of_set(item) for item in sets},
    }


def below(floors: Floors, measured: Mapping[str, Mapping[str, float]], whole: bool = True) -> list[str]:
    """A sentence for every bound that does not hold; when the `whole` was measured, also for one without a figure."""
    failed = []
    for group, bounds in floors.bounds.items():
        if group not in measured and not whole:
            continue
        for name, bound in bounds.items():
            value = measured.get(group, {}).get(name)
            if value is None:
                failed.append(f"{group}: {name} {bound:.3f} is recorded, but no such figure is measured")
            elif (value < bound) if name.endswith("_at_least") else (value > bound):
                failed.append(f"{group}: {name} {bound:.3f}, measured {value:.3f}")
    return failed


def record(folder: Path, floors: Floors, measured: Mapping[str, Mapping[str, float]]) -> Path:
    """Tighten the recorded floors to what is measured, never loosening one."""
    bounds: dict[str, dict[str, float]] = {}
    for group, values in measured.items():
        recorded = floors.bounds.get(group, {})
        slack = 0.0 if group == PHRASINGS else SLACK
        bounds[group] = {
            name: _tighter(name, value, slack, recorded.get(name)) for name, value in values.items()
        }
    path = folder / NAME
    data: dict[str, Any] = {"judged_on": floors.on, "bounds": bounds}
    path.write_text(HEAD + canonical.plain_text(data), encoding="utf-8")
    return path


def _tighter(name: str, value: float, slack: float, recorded: float | None) -> float:
    if name.endswith("_at_least"):
        floor = max(0.0, math.floor((value - slack) * 1000) / 1000)
        return floor if recorded is None else max(floor, recorded)
    ceiling = min(1.0, math.ceil((value + slack) * 1000) / 1000)
    return ceiling if recorded is None else min(ceiling, recorded)


def _of_set(item: SetFigures) -> dict[str, float]:
    within, near, off = (item.tally(group) for group in (IN_SCOPE, NEAR, OFF_TOPIC))
    values: dict[str, float] = {}
    if within.questions:
        total = within.questions
        values |= {
            "top1_at_least": within.first / total,
            "top3_at_least": within.in_three / total,
            "right_at_least": within.verdicts["right"] / total,
            "one_click_at_least": within.one_click / total,
            "wrong_at_most": within.verdicts["wrong"] / total,
        }
    if near.questions:
        values["near_answered_at_most"] = near.verdicts["answered"] / near.questions
        if near.in_three:
            values["known_unknown_at_least"] = near.verdicts["right"] / near.questions
    if off.questions:
        values["off_topic_answered_at_most"] = off.verdicts["answered"] / off.questions
    return values
