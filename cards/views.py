"""View models: what a reply shows, in words that are ready to be shown.

A view knows nothing of knowledge entries, rules or Teams. `cards.render` turns it into Adaptive Card JSON,
`cards.as_text` into its plain-text twin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its label and the data that comes back as an action."""

    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """Something to open: its label and address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where an answer comes from, ready to read: title, provision, its date, and a note on its evidence."""

    title: str
    provision: str
    dated: str = ""
    note: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One curated answer under the question that it answers.

    `lead` is a line above it (a follow-up understood, a past day asked about); `validity` says for which days the
    answer holds; `related` are up to three other questions; `actions` lead on to a person. `entry` and `version`
    name the answer where it is kept; `ratings` are for hosts that have no way of their own to rate a message.
    `links` lead to what can be opened or downloaded.
    """

    question: str
    answer: str
    sources_label: str
    sources: tuple[SourceLine, ...]
    validity: str = ""
    lead: str = ""
    related_label: str = ""
    related: tuple[Button, ...] = ()
    actions: tuple[Button, ...] = ()
    entry: str = ""
    version: str = ""
    ratings: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoicesView:
    """Up to three candidate questions to choose from, and a way out to a person."""

    text: str
    choices: tuple[Button, ...]
    hint: str = ""
    actions: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Plain words: a greeting, help, a refusal; with buttons that lead on."""

    text: str
    title: str = ""
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input: `kind` is choice, choices, number, date, text, long (several lines, at most `highest` characters) or
    toggle (its value is "true" or "false"); `options` are pairs of value and label."""

    id: str
    label: str
    kind: str
    value: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a result: a mark and its words, what it is about, why, what would help, and its article."""

    mark: str
    verdict: str
    name: str
    reason: str
    needed: str = ""
    provision: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a check: what was understood, what it means so far, and the next question.

    `options` are the few answers to press; `field` is what to fill in where there are more, sent by `submit`.
    """

    title: str
    question: str
    lead: str = ""
    facts_label: str = ""
    facts: tuple[Line, ...] = ()
    meaning: Section | None = None
    conditions: tuple[Condition, ...] = ()
    hint: str = ""
    options: tuple[Button, ...] = ()
    field: Field | None = None
    submit: Button | None = None
    actions: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class FormView:
    """Inputs to fill in, and the button that sends them."""

    title: str
    text: str
    fields: tuple[Field, ...]
    submit: Button
    actions: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultView:
    """The whole result: outcome in words, every condition, then sections such as attachments and dates.

    `offers` are buttons of the result's own matter, within the card.
    """

    title: str
    outcome: str
    subject: str
    facts_label: str
    facts: tuple[Line, ...]
    conditions_label: str
    conditions: tuple[Condition, ...]
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    lead: str = ""
    actions: tuple[Button, ...] = ()
    offers: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintView:
    """A result as plain text, fit to be printed or kept."""

    title: str
    made: str
    result: ResultView
    actions: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet with what people wrote to one another: all its words are shown as they are, never as markup.

    `quote` is what somebody wrote, in a frame; `choices` are buttons as lines; `note` is a small line at the end.
    """

    title: str
    text: str = ""
    facts: tuple[Line, ...] = ()
    quote: str = ""
    sections: tuple[Section, ...] = ()
    fields: tuple[Field, ...] = ()
    choices: tuple[Button, ...] = ()
    note: str = ""
    actions: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers to draw, each with its label: `kind` is "columns" (in order) or "rows"."""

    title: str
    kind: str
    data: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Figures: lines of a label and a value, drawings that are tables where nothing can be drawn, and notes."""

    title: str
    lead: str
    lines: tuple[Line, ...]
    charts: tuple[Chart, ...]
    footer: tuple[str, ...] = ()


View = (
    AnswerView
    | ReportView
    | ChoicesView
    | NoticeView
    | StepView
    | FormView
    | ResultView
    | PrintView
    | SheetView
)
