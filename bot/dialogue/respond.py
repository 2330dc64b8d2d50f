"""One message in, one outcome out: the whole dialogue as a pure function."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import extension, faq, feedback, operating, present
from bot.dialogue.context import Context
from bot.dialogue.eligibility import conversation
from bot.dialogue.helpdesk import asking, door
from bot.dialogue.message import Message, Outcome
from bot.dialogue.reminders import talk
from bot.dialogue.state import ConversationState
from bot.dialogue.understand import MAX_LENGTH, Intent, language, understand
from bot.texts import Texts, texts

EXAMPLES_AFTER = frozenset({"greeting", "welcome", "help", "no_words", "empty"})


def respond(message: Message, state: ConversationState, context: Context) -> Outcome:
    """Answer one message. Pure: the same arguments give the same outcome."""
    words = texts(language(message, state))
    if message.kind == "search":
        return extension.search(message, context, words)
    state, lost = conversation.lost(state, context, words)
    intent = understand(message, state)
    outcome = conversation.take(intent, message, state, context, words)
    if outcome is None:
        outcome = conversation.back(_branch(intent, message, state, context, words), intent, context, words)
    outcome = talk.offered(outcome, message, context, words)
    if message.kind == "dialog":
        outcome = extension.in_dialog(outcome, words)
    if context.dropped_state:
        outcome = replace(outcome, views=(present.notice(words, "state_dropped"), *outcome.views))
    if lost:
        outcome = replace(outcome, views=(lost, *outcome.views))
    return replace(outcome, locale=words.locale)


def _branch(
    intent: Intent, message: Message, state: ConversationState, context: Context, words: Texts
) -> Outcome:
    if intent.name == "question":
        return faq.ask(intent, message, state, context.engine, context.on, words)
    if intent.name == "entry":
        return faq.show(intent.entry, state, context.engine, intent.on or context.on, words)
    if intent.name == "number":
        return _numbered(intent.number, state, context, words)
    if intent.name in door.INTENTS:
        asked = door.reply(intent, message, state, context, words)
        if asked is not None:
            return asked
    if intent.name in operating.INTENTS:
        return operating.reply(intent.name, message, state, context, words)
    if intent.name == "feedback":
        return feedback.reply(message.action or {}, state, words)
    return _command(intent, message, state, context, words)


def _numbered(number: int, state: ConversationState, context: Context, words: Texts) -> Outcome:
    if number <= len(state.offered):
        return faq.show(state.offered[number - 1], state, context.engine, context.on, words)
    return Outcome("notice", (present.notice(words, "number_none"),), state, intent="number")


def _command(
    intent: Intent, message: Message, state: ConversationState, context: Context, words: Texts
) -> Outcome:
    name = intent.name
    base = context.engine.base
    if name in {"language_sl", "language_en"}:
        locale = name.removeprefix("language_")
        view = present.notice(texts(locale), "language_changed")
        return Outcome("notice", (view,), replace(state, locale=locale), intent=name)
    if name == "forget":
        gone = Outcome("notice", (present.notice(words, "forget"),), ConversationState(), intent=name)
        return asking.forgotten(gone, context.board)
    if not state.locale and intent.text in {"sl", "en"}:
        words = texts(intent.text if not message.locale else words.locale)
    if name in talk.INTENTS:
        return talk.reply(name, message, state, context, words)
    if name == "about":
        return Outcome("notice", (present.about(context, words),), state, intent=name)
    if name == "language":
        return Outcome("notice", (present.languages(words),), state, intent=name)
    values: dict[str, object] = {}
    if name == "too_long":
        values = {"length": intent.text, "limit": MAX_LENGTH}
    buttons = present.examples(base, words) if name in EXAMPLES_AFTER else ()
    if name in {"help", "greeting", "welcome"} and message.scope == "personal":
        buttons = (*buttons, present.check_button(words))
    if name == "help":
        buttons = (*buttons, present.person_button(words))
    if name in {"greeting", "welcome"} and message.scope != "personal":
        name += "_place"
        values = {"invited": words("welcome.invited", name=message.who) if message.who else ""}
    if name.startswith("welcome"):
        values["gaps"] = words("welcome.gaps") if context.keeps_gaps else ""
    view = present.notice(words, _KEYS.get(name, name), buttons, **values)
    return Outcome("notice", (view,), state, intent=intent.name)


_KEYS = {"unknown_action": "action_unknown", "yes_words": "help"}
