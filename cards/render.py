"""Which card shows which view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cards import answer, check, report, sheet
from cards.elements import Json
from cards.views import (
    AnswerView,
    ChoicesView,
    FormView,
    NoticeView,
    PrintView,
    ReportView,
    ResultView,
    SheetView,
    StepView,
    View,
)

_CARDS: dict[type, Callable[[Any], Json]] = {
    AnswerView: answer.answer_card,
    ChoicesView: answer.choices_card,
    NoticeView: answer.notice_card,
    StepView: check.step_card,
    FormView: check.form_card,
    ResultView: check.result_card,
    PrintView: check.print_card,
    ReportView: report.report_card,
    SheetView: sheet.sheet_card,
}
_TEXTS: dict[type, Callable[[Any], str]] = {
    AnswerView: answer.answer_text,
    ChoicesView: answer.choices_text,
    NoticeView: answer.notice_text,
    StepView: check.step_text,
    FormView: check.form_text,
    ResultView: check.result_text,
    PrintView: check.print_text,
    ReportView: report.report_text,
    SheetView: sheet.sheet_text,
}


def render(view: View) -> Json:
    """The Adaptive Card (1.5) of a view, as JSON-ready data under 28 kB."""
    return _CARDS[type(view)](view)


def as_text(view: View) -> str:
    """Everything that the card says, as plain text."""
    return _TEXTS[type(view)](view)
