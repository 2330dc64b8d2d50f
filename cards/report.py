"""The card of figures: charts where the host draws them (Teams), the same numbers as a table where it does not."""

from __future__ import annotations

from typing import Any

from cards.elements import Json, card, heading, plain, subtle, text
from cards.views import Chart, ReportView

TYPES = {"columns": "Chart.VerticalBar", "rows": "Chart.HorizontalBar"}
BARS = 16
"""Characters of the longest bar of the plain-text twin."""


def report_card(view: ReportView) -> Json:
    """Title, the main numbers, the charts, the notes."""
    body: list[Json] = [heading(view.title), subtle(view.lead)]
    facts = [{"title": line.label, "value": line.value} for line in view.lines]
    if facts:
        body.append({"type": "FactSet", "facts": facts})
    body += [_chart(chart) for chart in view.charts if chart.data]
    body += [subtle(plain(line)) for line in view.footer]
    return card(body, speak=view.title)


def report_text(view: ReportView) -> str:
    """The same in plain text."""
    parts = [view.title, view.lead, "\n".join(f"{line.label}: {line.value}" for line in view.lines)]
    parts += [_plotted(chart) for chart in view.charts if chart.data]
    return "\n\n".join(part for part in (*parts, *view.footer) if part)


def _chart(chart: Chart) -> Json:
    """Charts are elements of Teams alone; its schema knows no other host, so each has a table as its fallback."""
    data: list[dict[str, Any]] = [{"x": label, "y": number} for label, number in chart.data]
    return {
        "type": TYPES[chart.kind],
        "title": chart.title,
        "data": data,
        "fallback": {
            "type": "Container",
            "items": [
                text(chart.title, weight="Bolder"),
                *(_row(label, number) for label, number in chart.data),
            ],
        },
    }


def _row(label: str, number: int) -> Json:
    return {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": "stretch", "items": [text(plain(label), size="Small")]},
            {"type": "Column", "width": "auto", "items": [text(str(number), size="Small")]},
        ],
    }


def _plotted(chart: Chart) -> str:
    most = max(number for _, number in chart.data) or 1
    lines = (
        f"{label}: {number} {'█' * round(BARS * number / most)}".rstrip() for label, number in chart.data
    )
    return "\n".join((chart.title, *lines))
