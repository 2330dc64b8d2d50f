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
    answer holds; `related` are up to three other questions; `actions` lead on to a person or to feedback.
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


View = AnswerView | ChoicesView | NoticeView
