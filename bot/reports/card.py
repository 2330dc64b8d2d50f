"""The figures as a card for the advisers' channel."""

from __future__ import annotations

from datetime import date

from bot.reports import words
from bot.reports.figures import Figures, figures
from bot.reports.naming import titles_of, topics_of
from bot.reports.rows import Rows
from bot.reports.words import Titles
from bot.texts import Texts
from cards.views import Chart, Line, ReportView
from knowledge.loader import Base

MOST_TOPICS = 8


def card_of(rows: Rows, base: Base, texts: Texts) -> ReportView:
    """The figures of some rows, named as the base names what they are of."""
    return view(figures(rows, topics_of(base)), titles_of(base, texts), texts)


def view(found: Figures, titles: Titles, texts: Texts) -> ReportView:
    """The main numbers, and charts of outcomes, topics and days."""
    title = f"{texts('report.title')}: {words.period(found, texts)}"
    if not found.questions:
        return ReportView(title, texts("report.none"), (), ())
    topics = tuple((one.name, one.questions) for one in words.topics(found, titles, texts)[:MOST_TOPICS])
    days = tuple((_short(one.name), one.questions) for one in found.by_day)
    charts = (
        Chart(texts("report.outcomes"), "rows", words.outcomes(found, texts)),
        Chart(texts("report.by_topic"), "rows", topics),
        Chart(texts("report.by_day"), "columns", days),
    )
    lines = tuple(Line(label, value) for label, value in words.lines(found, texts))
    return ReportView(title, texts("report.card.lead"), lines, charts, (texts("report.how.again"),))


def _short(day: str) -> str:
    on = date.fromisoformat(day)
    return f"{on.day}. {on.month}."
