"""Reminders in the conversation: asked for, agreed to, listed and stopped, in the private chat alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from bot.clock import PLACE, today
from bot.dialogue import present
from bot.dialogue.context import Context
from bot.dialogue.message import Message, Outcome
from bot.dialogue.post import Place
from bot.dialogue.reminders.changes import EndReminder, KeepReminder
from bot.dialogue.reminders.schedule import begun, planned
from bot.dialogue.reminders.words import dates, links, source
from bot.dialogue.state import ConversationState
from bot.texts import Texts
from cards.views import AnswerView, Button, View

INTENTS = frozenset({"remind", "remind_yes", "remind_no", "reminders", "remind_stop"})
"""What can be said or pressed about reminders."""
ABOUT_WINDOWS = frozenset({"vlozitev-kdaj-sam", "vlozitev-kdo", "vlozitev-ravnatelj-noce"})
"""Entries that tell the months for filing alone: a reminder is offered below them."""


def reply(name: str, message: Message, state: ConversationState, context: Context, words: Texts) -> Outcome:
    """The reply to one of the intents."""
    if message.scope != "personal":
        return _notice(name, "remind.channel", state, words)
    if message.place is None:
        return _notice(name, "remind.nowhere", state, words)
    if name == "remind_no":
        return _notice(name, "remind.not_kept", state, words)
    if name == "remind_yes":
        return _keep(message.place, state, context, words)
    if name == "remind_stop":
        return _stop(message.place, state, context, words)
    if context.board.reminder is not None:
        return _listed(name, state, context, words)
    if name == "reminders":
        return _notice(name, "remind.none", state, words, present.remind_button(words))
    return _ask(message.place, state, context, words)


def offered(outcome: Outcome, message: Message, context: Context, words: Texts) -> Outcome:
    """An outcome with the reminder and the calendar offered below answers that tell the months."""
    if message.kind in ("search", "dialog") or not any(_tells(view) for view in outcome.views):
        return outcome
    return replace(outcome, views=tuple(_offering(view, message, context, words) for view in outcome.views))


def _tells(view: View) -> bool:
    return isinstance(view, AnswerView) and view.entry in ABOUT_WINDOWS


def _offering(view: View, message: Message, context: Context, words: Texts) -> View:
    if not isinstance(view, AnswerView) or not _tells(view):
        return view
    reminding = (present.remind_button(words),) if message.scope == "personal" and message.place else ()
    return replace(view, actions=(*reminding, *view.actions), links=links(context.site, words))


def _moment(context: Context) -> datetime:
    """The moment of the turn; at noon of the day that is taken for today where that is another."""
    now = context.board.now
    return now if today(now) == context.on else datetime.combine(context.on, time(12), PLACE)


def _ask(place: Place, state: ConversationState, context: Context, words: Texts) -> Outcome:
    """Consent comes first: what would be written when, and what has to be kept for it."""
    wanted = begun(context.rulebook, _moment(context), place, words.locale)
    if wanted is None:
        return _notice("remind", "remind.no_dates", state, words)
    ahead = planned(context.rulebook, wanted)
    buttons = (
        Button(words("remind.button.yes"), {"do": "remind_yes"}),
        Button(words("remind.button.no"), {"do": "remind_no"}),
    )
    view = present.notice(
        words,
        "remind.ask",
        buttons,
        dates=dates(ahead, words),
        source=source(ahead, context.rulebook, words),
    )
    return Outcome("notice", (replace(view, links=links(context.site, words)),), state, intent="remind")


def _keep(place: Place, state: ConversationState, context: Context, words: Texts) -> Outcome:
    wanted = begun(context.rulebook, _moment(context), place, words.locale)
    if wanted is None:
        return _notice("remind_yes", "remind.no_dates", state, words)
    shown = dates(planned(context.rulebook, wanted), words)
    view = present.notice(words, "remind.kept", (_stop_button(words),), dates=shown)
    view = replace(view, links=links(context.site, words))
    return Outcome("notice", (view,), state, intent="remind_yes", changes=(KeepReminder(wanted),))


def _stop(place: Place, state: ConversationState, context: Context, words: Texts) -> Outcome:
    if context.board.reminder is None:
        return _notice("remind_stop", "remind.none", state, words, present.remind_button(words))
    outcome = _notice("remind_stop", "remind.stopped", state, words)
    return replace(outcome, changes=(EndReminder(place.key),))


def _listed(name: str, state: ConversationState, context: Context, words: Texts) -> Outcome:
    reminder = context.board.reminder
    ahead = planned(context.rulebook, reminder) if reminder else ()
    view = present.notice(words, "remind.list", (_stop_button(words),), dates=dates(ahead, words))
    return Outcome("notice", (replace(view, links=links(context.site, words)),), state, intent=name)


def _stop_button(words: Texts) -> Button:
    return Button(words("remind.button.stop"), {"do": "remind_stop"})


def _notice(name: str, key: str, state: ConversationState, words: Texts, *buttons: Button) -> Outcome:
    return Outcome("notice", (present.notice(words, key, buttons),), state, intent=name)
