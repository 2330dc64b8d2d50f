"""View models: what a reply shows, in words that are ready to be shown.

A view knows nothing of knowledge entries, rules or Teams. `cards.render` turns it into Adaptive Card JSON,
`cards.as_text` into its plain-text twin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its label and the data that comes back as an action."""

    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where an answer comes from, ready to read: "Pravilnik …, 8. člen (neuradno prečiščeno besedilo)"."""

    title: str
    provision: str
    note: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One curated answer under the question that it answers.

    `validity` says for which days the answer holds; `lead` is a line above it (for instance that a
    follow-up was understood); `related` are up to three other questions.
    """

    question: str
    answer: str
    sources: tuple[SourceLine, ...]
    sources_label: str
    validity: str = ""
    lead: str = ""
    related: tuple[Button, ...] = ()
    related_label: str = ""
    actions: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoicesView:
    """Up to three candidate questions to choose from, and a way out to a person."""

    text: str
    choices: tuple[Button, ...]
    actions: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Plain words: a greeting, help, a refusal; with buttons that lead on."""

    text: str
    title: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Views:
    """Everything sent in one turn, in order."""

    items: tuple[View, ...] = field(default=())


View = AnswerView | ChoicesView | NoticeView
