"""Plots as SVG that read well in print: grey and hatched, never told apart by colour alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bot.reports.figures import Tally

WIDTH = 7.2
"""Inches: the width of the text on A4."""
DARK, LIGHT, LINE = "#3a3a3a", "#f2f2f2", "#111111"
FILLS = (("#2b2b2b", ""), ("#8c8c8c", ""), ("#d9d9d9", "///"), ("#ffffff", "..."), ("#ffffff", "xxx"))
_STYLE: Any = {
    "font.family": "sans-serif",
    "font.size": 9,
    "svg.fonttype": "path",
    "svg.hashsalt": "report",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
}


def ended(parts: Sequence[tuple[str, int]]) -> str:
    """All questions as one bar, divided by how they ended."""
    with rc_context(_STYLE):
        figure, axes = _figure(1.7)
        left = 0
        for (label, number), (colour, hatch) in zip(parts, FILLS, strict=True):
            axes.barh(
                [0],
                [number],
                left=left,
                color=colour,
                hatch=hatch,
                edgecolor=LINE,
                label=f"{label}: {number}",
            )
            left += number
        axes.set_yticks([])
        axes.set_xlim(0, max(left, 1))
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.3), ncols=2, frameon=False)
        return _svg(figure)


def columns(tallies: Sequence[Tally], labels: Sequence[str], of: tuple[str, str, str], every: int = 1) -> str:
    """Upright bars in time order: answered at once below, the others above. `of` names the axis and both parts;
    one label in `every` is written."""
    with rc_context(_STYLE):
        figure, axes = _figure(2.5)
        places = range(len(tallies))
        answered = [one.answered for one in tallies]
        others = [one.questions - one.answered for one in tallies]
        axes.bar(places, answered, color=DARK, edgecolor=LINE, linewidth=0.6, label=of[1])
        axes.bar(
            places,
            others,
            bottom=answered,
            color=LIGHT,
            edgecolor=LINE,
            linewidth=0.6,
            hatch="///",
            label=of[2],
        )
        axes.set_xticks(list(places)[::every], list(labels)[::every])
        axes.set_xlabel(of[0])
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, 1.15))
        return _svg(figure)


def rows(tallies: Sequence[Tally], of: tuple[str, str]) -> str:
    """Lying bars, the largest on top: answered at once, then the others. `of` names both parts."""
    with rc_context(_STYLE):
        figure, axes = _figure(0.8 + 0.28 * len(tallies))
        names = [one.name for one in tallies]
        answered = [one.answered for one in tallies]
        others = [one.questions - one.answered for one in tallies]
        axes.barh(names, answered, color=DARK, edgecolor=LINE, linewidth=0.6, label=of[0])
        axes.barh(
            names, others, left=answered, color=LIGHT, edgecolor=LINE, linewidth=0.6, hatch="///", label=of[1]
        )
        for place, one in enumerate(tallies):
            axes.text(one.questions, place, f" {one.questions}", va="center")
        axes.invert_yaxis()
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(frameon=False, loc="lower right")
        return _svg(figure)


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots()


def _svg(figure: Figure) -> str:
    """The drawing to put into a page; the same for the same figures."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
