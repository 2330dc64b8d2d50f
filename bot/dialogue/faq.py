"""Questions answered from the knowledge base: one answer, up to three candidates, or "tega ne vem"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.dialogue import present
from bot.dialogue.message import Message, Outcome, Status
from bot.dialogue.several import questions
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import Intent
from bot.dialogue.when import Asked, asked_period, asks_for_old_rules, day_in_words, without_period
from bot.texts import Texts
from cards.views import NoticeView
from knowledge.entry import Entry, Version
from knowledge.search import Engine, Found

_MENTION = re.compile(r"<at[^>]{0,200}>[^<]{0,200}</at>")
"""Somebody else's mention: part of the message, but nothing to search for."""


def ask(
    intent: Intent, message: Message, state: ConversationState, engine: Engine, on: date, texts: Texts
) -> Outcome:
    """Search, decide, and show; two questions in one message get an answer each when both are sure."""
    intent = replace(intent, text=_MENTION.sub(" ", intent.text))
    parts = questions(intent.text)
    if len(parts) > 1:
        each = [_one(replace(intent, text=part), state, engine, on, texts) for part in parts]
        entries = tuple(dict.fromkeys(entry for outcome in each for entry in outcome.entries))
        sure = all(outcome.status in {"answer", "no_answer"} and outcome.entries for outcome in each)
        if sure and len(entries) == len(each):
            return _together(each)
    return _one(intent, state, engine, on, texts)


def _together(each: Sequence[Outcome]) -> Outcome:
    """Several answers as one outcome; the last one is what a follow-up leans on."""
    status: Status = "answer" if any(outcome.status == "answer" for outcome in each) else "no_answer"
    return replace(
        each[-1],
        status=status,
        views=tuple(view for outcome in each for view in outcome.views),
        entries=tuple(entry for outcome in each for entry in outcome.entries),
        sources=tuple(dict.fromkeys(source for outcome in each for source in outcome.sources)),
        score=min(outcome.score for outcome in each),
    )


def _one(intent: Intent, state: ConversationState, engine: Engine, on: date, texts: Texts) -> Outcome:
    context = state.question if intent.follow_up else ""
    period = asked_period(intent.text, on)
    found = engine.search(without_period(intent.text) if period else intent.text, context)
    lead = ""
    if intent.follow_up and found.used_context:
        lead = texts("answer.follow_up", question=_title(engine, state.entry, texts))
    if found.decision == "answer":
        entry = engine.base.entries[found.hits[0].entry]
        versions = _versions(entry, period, intent.text, on)
        outcome = _answer(entry, versions, period, state, engine, on, texts, lead)
        asked = f"{context} {intent.text}".strip() if found.used_context else intent.text
        return replace(outcome, score=found.hits[0].score, state=replace(outcome.state, question=asked[:500]))
    if found.decision == "clarify":
        return _clarify(found, intent.text, state, engine, texts)
    return _decline(found, intent.text, state, engine, texts)


def show(entry_id: str, state: ConversationState, engine: Engine, on: date, texts: Texts) -> Outcome:
    """The entry behind a pressed button."""
    entry = engine.base.entries.get(entry_id)
    if entry is None:
        return Outcome("notice", (present.notice(texts, "action_unknown"),), state, intent="action")
    version = entry.version_on(on)
    outcome = _answer(entry, (version,) if version else (), None, state, engine, on, texts)
    title = entry.title.of("sl")
    return replace(outcome, score=1.0, intent="action", state=replace(outcome.state, question=title))


def _versions(entry: Entry, period: Asked | None, text: str, on: date) -> tuple[Version, ...]:
    if period is not None:
        return tuple(
            version
            for version in entry.versions
            if version.valid_from <= period.last
            and (version.valid_to is None or version.valid_to > period.first)
        )
    if asks_for_old_rules(text):
        past = [version for version in entry.versions if version.valid_to and version.valid_to <= on]
        if past:
            return (past[-1],)
    version = entry.version_on(on)
    return (version,) if version else ()


def _answer(
    entry: Entry,
    versions: tuple[Version, ...],
    period: Asked | None,
    state: ConversationState,
    engine: Engine,
    on: date,
    texts: Texts,
    lead: str = "",
) -> Outcome:
    remembered = replace(state, entry=entry.id, offered=())
    if not versions:
        return Outcome(
            "no_answer", (_not_then(entry, period, on, texts),), remembered, (entry.id,), locale=texts.locale
        )
    if period is not None and len(entry.versions) > 1:
        lead = texts("answer.past", period=_period_words(period, texts))
    known = any(version.kind == "answer" for version in versions)
    return Outcome(
        "answer" if known else "no_answer",
        (present.answer(engine.base, entry, versions, texts, lead),),
        remembered,
        (entry.id,),
        sources=present.cited(engine.base, versions, texts.locale),
        locale=texts.locale,
    )


def _not_then(entry: Entry, period: Asked | None, on: date, texts: Texts) -> NoticeView:
    title = entry.title.of(texts.locale)
    if period is not None and entry.version_on(on):
        today = present.entry_button(entry, texts.locale)
        button = replace(today, title=texts("answer.show_today"))
        words = texts("answer.past_none", period=_period_words(period, texts))
        return NoticeView(words, title, (button, present.person_button(texts, entry=entry.id)))
    words = texts("unknown.day", day=day_in_words(on, texts.locale))
    return NoticeView(words, title, (present.person_button(texts, entry=entry.id),))


def _period_words(period: Asked, texts: Texts) -> str:
    if period.year is not None:
        return texts("period.year", year=period.year)
    return texts(
        "period.before", day=day_in_words(date.fromordinal(period.last.toordinal() + 1), texts.locale)
    )


def _clarify(found: Found, asked: str, state: ConversationState, engine: Engine, texts: Texts) -> Outcome:
    entries = tuple(engine.base.entries[hit.entry] for hit in found.hits[:3])
    view, choices = present.choices(entries, texts, asked)
    return Outcome(
        "clarify",
        (view,),
        replace(state, offered=tuple(entry.id for entry in entries)),
        tuple(entry.id for entry in entries),
        score=found.hits[0].score,
        choices=choices,
        locale=texts.locale,
    )


def _decline(found: Found, asked: str, state: ConversationState, engine: Engine, texts: Texts) -> Outcome:
    words = f"{texts('unknown.text')}\n\n{texts('unknown.where')}"
    view = NoticeView(
        words, buttons=(present.person_button(texts, asked), *present.examples(engine.base, texts)[:2])
    )
    return Outcome(
        "no_answer",
        (view,),
        replace(state, offered=()),
        score=found.hits[0].score if found.hits else 0.0,
        locale=texts.locale,
    )


def _title(engine: Engine, entry_id: str, texts: Texts) -> str:
    entry = engine.base.entries.get(entry_id)
    return entry.title.of(texts.locale) if entry else ""
