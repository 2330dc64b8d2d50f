"""The knowledge base from the compose box, and answers in a dialog: the same answers, without a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from bot.dialogue import present
from bot.dialogue.context import Context
from bot.dialogue.message import Message, Outcome
from bot.dialogue.state import ConversationState
from bot.texts import Texts
from cards.views import AnswerView, Button, NoticeView, View
from knowledge.loader import Base
from knowledge.search import Engine
from knowledge.text import fold, tokens

SEARCH = "search"
SHOWN = 8
LONGEST_QUERY = 300


def search(message: Message, context: Context, texts: Texts) -> Outcome:
    """What may be meant so far, best first; without a word the questions to start with."""
    base = context.engine.base
    views: list[AnswerView] = []
    text = message.text[:LONGEST_QUERY]
    found = _matching(text, context.engine, texts.locale) if tokens(text) else _starting(base)
    for entry in (base.entries[key] for key in found):
        version = entry.version_on(context.on)
        if version is not None and len(views) < SHOWN:
            views.append(bare(present.answer(base, entry, (version,), texts)))
    entries = tuple(view.entry for view in views)
    shown: tuple[View, ...] = tuple(views) or (NoticeView(texts("extension.none")),)
    return Outcome("notice", shown, ConversationState(), entries, intent=SEARCH, locale=texts.locale)


def in_dialog(outcome: Outcome, texts: Texts) -> Outcome:
    """An outcome as a dialog shows it: an answer can be inserted, and nothing leads to a private check."""
    return replace(outcome, views=tuple(_in_dialog(view, texts) for view in outcome.views))


def bare(view: AnswerView) -> AnswerView:
    """An answer with its sources alone: a card in a message of somebody else has no buttons of ours."""
    return replace(view, related_label="", related=(), actions=(), ratings=())


def _in_dialog(view: View, texts: Texts) -> View:
    if isinstance(view, AnswerView):
        insert = {"do": "entry", "entry": view.entry, "insert": True}
        return replace(bare(view), actions=(Button(texts("extension.insert"), insert),))
    if isinstance(view, NoticeView):
        return replace(view, buttons=tuple(b for b in view.buttons if b.data.get("do") != "check"))
    return view


def _matching(text: str, engine: Engine, locale: str) -> Iterable[str]:
    """What the search finds, then titles with all words begun so far."""
    found = engine.search(text)
    hits = [hit.entry for hit in found.hits] if found.decision != "none" else []
    begun = tokens(text)
    titles = [
        entry.id
        for entry in engine.base.entries.values()
        if all(any(word.startswith(start) for word in _words(entry.title.of(locale))) for start in begun)
    ]
    return dict.fromkeys((*hits, *titles))


def _starting(base: Base) -> Iterable[str]:
    """The examples, then the first answer of every topic."""
    first: dict[str, str] = {}
    for entry in base.entries.values():
        first.setdefault(entry.topic, entry.id)
    examples = (entry for entry in present.EXAMPLES.values() if entry in base.entries)
    return dict.fromkeys((*examples, *first.values()))


@lru_cache(maxsize=4096)
def _words(title: str) -> tuple[str, ...]:
    return tuple(tokens(fold(title)))
