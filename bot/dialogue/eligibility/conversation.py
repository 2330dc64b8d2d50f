"""The check as a conversation: starting it, hearing answers, pressing buttons, asides and coming back."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import faq
from bot.dialogue.context import Context
from bot.dialogue.eligibility import answers, beginning, general, pressing, sums, unasked
from bot.dialogue.eligibility.hearing import Heard, hear
from bot.dialogue.eligibility.memory import MADE_OF_WORKS, Check, expired, recall, started
from bot.dialogue.eligibility.remarks import (
    asks_about,
    gives_up,
    is_question,
    is_yes_or_no,
    speaks_of_self,
    wants_change,
)
from bot.dialogue.eligibility.replies import Desk, form, notice, pending, reply
from bot.dialogue.eligibility.supposing import supposition
from bot.dialogue.message import Message, Outcome
from bot.dialogue.present import notice as plain_notice
from bot.dialogue.state import ConversationState, StateOutdated
from bot.dialogue.understand import Intent
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from bot.texts.facts import fact_words
from cards.views import NoticeView

SPOKEN = frozenset({"question", "number", "yes_words"})
"""Intents whose words may answer the question of a check."""
QUIET = frozenset(
    {"thanks", "bye", "forget", "welcome", "error", "ticket", "ticket_form", "my_questions", "helpdesk_here"}
)
"""Intents after which the open question is not repeated."""
ENOUGH = 2
"""So many facts in one message are no question of a general kind."""


def lost(state: ConversationState, on: Context, texts: Texts) -> tuple[ConversationState, NoticeView | None]:
    """The state without a check that no longer fits or is too old, and the sentence that says so."""
    if not state.check or beginning.is_choosing(state) or sums.is_running(state):
        return state, None
    try:
        check = recall(state.check)
    except StateOutdated:
        return replace(state, check={}), plain_notice(texts, "check.outdated")
    if expired(check.started_on, on.on, on.check_days):
        return replace(state, check={}), plain_notice(texts, "check.expired", days=on.check_days)
    return state, None


def take(
    intent: Intent, message: Message, state: ConversationState, context: Context, texts: Texts
) -> Outcome | None:
    """The reply of the check to a message; None when the message is not for it."""
    desk = Desk(state, context, texts)
    if message.scope != "personal":
        return general.reply(intent, message, desk)
    if intent.name == "check":
        return pressing.press(message.action or {}, _running(state), desk)
    if beginning.is_choosing(state) and intent.name not in _SAID:
        chosen = beginning.chosen(message.text, intent, desk)
        if chosen is not None:
            return chosen
        desk = replace(desk, state=replace(state, check={}))
    check = _running(desk.state)
    if intent.name in _SAID:
        return _SAID[intent.name](check, desk)
    if intent.name in beginning.CHOSEN:
        return _chosen(check, intent, message, desk)
    if intent.name not in SPOKEN:
        return None
    if check is None:
        return _maybe_start(message, intent, desk)
    return _heard(check, intent, message, desk)


def back(outcome: Outcome, intent: Intent, context: Context, texts: Texts) -> Outcome:
    """The outcome of an aside, with the open question repeated after it."""
    check = _running(outcome.state)
    if check is None or intent.name in QUIET or outcome.intent in QUIET or outcome.status == "clarify":
        return outcome
    again = pending(check, Desk(outcome.state, context, texts))
    if again is None:
        return outcome
    view, data = again
    return replace(outcome, views=(*outcome.views, view), check=data)


def _running(state: ConversationState) -> Check | None:
    if not state.check or beginning.is_choosing(state) or sums.is_running(state):
        return None
    return recall(state.check)


def _start(check: Check | None, desk: Desk) -> Outcome:
    """ "Preveri pogoje": goes on with a running check."""
    if check is None:
        return beginning.ask_procedure(desk)
    own = replace(_on_another_day(check, desk), what_if={})
    again = desk.texts("check.untried" if check.what_if else "check.kept")
    return reply(own, desk, _resumed(check, desk) or again, full=True)


def _cancel(check: Check | None, desk: Desk) -> Outcome:
    if not desk.state.check:
        return notice(desk, "check.not_running.text")
    return pressing.cancelled(desk)


def _restart(check: Check | None, desk: Desk) -> Outcome:
    if check is None:
        return beginning.ask_procedure(desk)
    return reply(started(check.procedure, desk.on), desk)


def _result(check: Check | None, desk: Desk) -> Outcome:
    return reply(check, desk, show=True) if check else beginning.ask_procedure(desk)


def _form(check: Check | None, desk: Desk) -> Outcome:
    return form(check, desk) if check else beginning.ask_procedure(desk)


_SAID = {
    "check_start": _start,
    "check_cancel": _cancel,
    "check_restart": _restart,
    "check_result": _result,
    "check_form": _form,
}


def _chosen(check: Check | None, intent: Intent, message: Message, desk: Desk) -> Outcome | None:
    """The name of a procedure: it begins where nothing was told yet; in a running check it is a word like others."""
    procedure = beginning.named(intent)
    if check is None:
        return reply(started(procedure, desk.on), desk)
    if check.procedure is not procedure and not check.facts:
        return reply(started(procedure, desk.on), desk, desk.texts("check.switched"))
    return _heard(check, replace(intent, name="question", text=message.text), message, desk)


def _maybe_start(message: Message, intent: Intent, desk: Desk) -> Outcome | None:
    """A check begins where somebody asks for one, or tells their case and no curated answer is meant."""
    heard = hear(message.text, desk.on)
    if sums.is_sum(heard.activities, message.text, heard.points, desk):
        return sums.reckon(heard.activities, desk)
    if sums.is_running(desk.state):
        answered = sums.answered(message.text, desk)
        if answered is not None:
            return answered
    if heard.points and sums.has_numbers(heard.activities):
        outcome = faq.ask(intent, message, desk.state, desk.context.engine, desk.on, desk.texts)
        return sums.beside(heard.activities, outcome, desk)
    supposed = supposition(message.text)
    if supposed:
        return beginning.suppose(supposed, message.text, desk)
    if not beginning.is_case(heard, message.text, desk):
        return None
    return beginning.begin(heard, message.text, desk)


def _heard(check: Check, intent: Intent, message: Message, desk: Desk) -> Outcome | None:
    """A message while a check is running: an answer, a correction, something tried out, or an aside."""
    text = message.text
    if intent.name == "number" and desk.state.offered:
        return None
    other = _other_than_facts(check, text, desk)
    if other is not None:
        return other
    picked = answers.option(check, text, desk)
    if picked is not None:
        chosen = {name: value for name, value in picked.facts.items() if check.facts.get(name) != value}
        return reply(picked, desk, _resumed(check, desk), noted=chosen)
    heard = hear(text, desk.on, check)
    if heard.activities and _adds_up(check, heard, text, desk):
        if is_question(text) and check.asked not in MADE_OF_WORKS:
            return sums.within(check, heard.activities, desk, told=False)
        before = () if heard.takes_back else check.activities
        return sums.within(check, (*before, *heard.activities), desk)
    if heard.procedure and heard.procedure is not check.procedure and heard.wants_check:
        return beginning.begin(hear(text, desk.on), text, desk, lead=desk.texts("check.switched"))
    if _is_answer(check, heard, text, desk):
        return _answered(check, heard, text, desk)
    return _unheard(check, intent, message, desk)


def _other_than_facts(check: Check, text: str, desk: Desk) -> Outcome | None:
    """What must not be read as facts of the person: a supposition, the years of a work, "vse" of a list."""
    supposed = supposition(text)
    tried = unasked.tried(check, supposed, desk) if supposed else None
    if tried is not None:
        return tried
    if check.asked in MADE_OF_WORKS:
        return sums.answered_within(check, text, desk)
    return unasked.whole(check, text, desk)


def _adds_up(check: Check, heard: Heard, text: str, desk: Desk) -> bool:
    """Whether works that were told are to be added up, and not only mentioned."""
    told = not (check.asked or heard.facts or is_question(text))
    sums_asked = sums.is_sum(heard.activities, text, heard.points, desk)
    return check.asked in MADE_OF_WORKS or told or sums_asked


def _unheard(check: Check, intent: Intent, message: Message, desk: Desk) -> Outcome | None:
    """A message that states nothing: an end, a lone yes, a wish to change something, an aside."""
    text = message.text
    if gives_up(text):
        return pressing.cancelled(desk)
    if is_yes_or_no(text) and "?" not in text:
        return _bare(check, desk)
    if wants_change(text):
        return unasked.changing(check, text, desk)
    aside = is_question(text) or (_is_curated(text, desk) and not speaks_of_self(text))
    late = None if aside and " " in text.strip() else unasked.late(check, text, desk)
    if late is not None or not (check.asked or check.unclear):
        return late
    if aside:
        return _aside(check, intent, message, desk)
    return reply(check, desk, desk.texts("check.not_understood"), first=[check.asked or ""])


def _bare(check: Check, desk: Desk) -> Outcome:
    """A lone yes or no that answers nothing: the open question again, or that none is open."""
    if check.asked or check.unclear:
        return reply(check, desk, desk.texts("check.not_understood"), first=[check.asked or ""])
    return notice(desk, "check.nothing_asked")


def _aside(check: Check, intent: Intent, message: Message, desk: Desk) -> Outcome:
    """A question of its own; the naziv of the check tells what it is about where the words alone don't."""
    about = replace(intent, text=message.text)
    target = {**check.facts, **check.what_if}.get("target_naziv")
    if target and not _is_curated(message.text, desk):
        leaning = f"{message.text} {fact_words('sl')['target_naziv'].choices[target]}"
        about = replace(intent, text=leaning) if _is_curated(leaning, desk) else about
    outcome = faq.ask(about, message, desk.state, desk.context.engine, desk.on, desk.texts)
    return back(outcome, intent, desk.context, desk.texts)


def _answered(check: Check, heard: Heard, text: str, desk: Desk) -> Outcome:
    given = answers.answers(check, heard, desk)
    return reply(
        _on_another_day(given.check, desk),
        desk,
        " ".join(part for part in (_resumed(check, desk), given.lead) if part),
        noted=given.noted,
        first=given.first,
        full=desk.on > check.last_on,
    )


def _is_answer(check: Check, heard: Heard, text: str, desk: Desk) -> bool:
    """Whether a message that states something is meant as an answer and not as a question of its own."""
    if not heard.says_something:
        return False
    stated = {*heard.facts, *heard.unknown, *(fact for fact, _ in heard.doubtful)}
    if heard.corrects:
        return True
    if asks_about(text) and len(stated) < ENOUGH and _is_curated(text, desk):
        return False
    if check.asked in stated or heard.wants_check:
        return True
    return not is_question(text) or not _is_curated(text, desk)


def _is_curated(text: str, desk: Desk) -> bool:
    """Whether the knowledge base answers these words."""
    return desk.context.engine.search(text).decision == "answer"


def _resumed(check: Check, desk: Desk) -> str:
    """Where we were, when the turn before was on an earlier day."""
    if desk.on <= check.last_on:
        return ""
    return desk.texts("check.resumed", day=day_in_words(check.last_on, desk.texts.locale))


def _on_another_day(check: Check, desk: Desk) -> Check:
    return replace(check, last_on=max(check.last_on, desk.on))
