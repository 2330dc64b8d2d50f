"""The advisers' work in their channel: who may do it, what each button does, and what the user gets of it."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import present
from bot.dialogue.context import Context
from bot.dialogue.helpdesk import actions, draft, for_user, similar
from bot.dialogue.helpdesk.actions import Pressed
from bot.dialogue.helpdesk.asking import INTENT, Turn
from bot.dialogue.helpdesk.changes import DeskSet, DraftKept, TicketMoved
from bot.dialogue.helpdesk.desk import Desk
from bot.dialogue.helpdesk.ticket import Forbidden, Move, Person, Ticket, moved, stamped
from bot.dialogue.message import Message, Outcome
from bot.dialogue.post import Post
from bot.dialogue.state import ConversationState
from bot.texts import Texts, texts
from cards.views import Button

STAFF = frozenset({"adviser", "curator"})
ADVISERS = frozenset({"adviser"})
FOR_CURATORS = frozenset({actions.DRAFT, actions.CARD})
"""What curators may do, too: everything else is the advisers' work."""
TELLS_USER = frozenset({Move.ANSWER, Move.ASK_BACK, Move.CLOSE})
"""Moves that the user hears of."""


def set_up(message: Message, state: ConversationState, context: Context, words: Texts) -> Outcome:
    """The channel in which somebody allowed says so is the advisers' from now on."""
    if not message.roles & STAFF:
        return _refused(message, state, words, "helpdesk.not_staff", "not_staff")
    if message.scope == "personal" or message.place is None or not message.room:
        return _refused(message, state, words, "helpdesk.here_only", "")
    whole = message.place.conversation.partition(";messageid=")[0]
    place = replace(message.place, key=message.room, conversation=whole)
    view = present.notice(words, "helpdesk.here")
    return Outcome("notice", (view,), state, intent="helpdesk_here", changes=(DeskSet(place),))


def _refused(message: Message, state: ConversationState, words: Texts, key: str, reason: str) -> Outcome:
    return Outcome("notice", (present.notice(words, key),), state, intent=INTENT, refused=reason)


def press(turn: Turn) -> Outcome:
    """Do what an adviser's button says; whoever is none, or is elsewhere, changes nothing."""
    message, pressed = turn.message, actions.read(turn.message.action or {})
    if not message.roles & (STAFF if pressed.verb in FOR_CURATORS else ADVISERS):
        return turn.say("not_staff", refused="not_staff")
    if not _in_channel(message, turn.desk):
        return turn.say("not_in_channel", refused="not_in_channel")
    ticket = turn.context.board.ticket
    if ticket is None:
        return turn.say("unknown")
    if pressed.verb == actions.CARD:
        return _again(ticket, turn)
    if pressed.version != ticket.version:
        return _stale(ticket, turn)
    if pressed.verb == actions.DRAFT:
        return _draft(ticket, turn)
    return _move(ticket, actions.MOVES[pressed.verb], pressed, turn)


def _in_channel(message: Message, desk: Desk) -> bool:
    return bool(message.room) and message.room == desk.place.key


def _who(turn: Turn) -> Person:
    return Person(turn.message.user, turn.message.who or turn.texts("helpdesk.adviser"))


def _move(ticket: Ticket, move: Move, pressed: Pressed, turn: Turn) -> Outcome:
    """The move; with it the card for all advisers and, where it concerns them, a message to the user."""
    now = turn.context.board.now
    try:
        changed = moved(ticket, move, _who(turn), now, pressed.words)
    except Forbidden as why:
        name = ticket.adviser.name if ticket.adviser else ""
        return turn.say(f"cannot.{why.reason}", number=ticket.number, name=name)
    done = [(ticket, changed)]
    left: list[int] = []
    if move is Move.ANSWER and pressed.together:
        done, left = _together(ticket, changed, pressed, turn)
    numbers = frozenset(after.number for _, after in done)
    posts = tuple(
        post for before, after in done for post in _posts(before, after, move, pressed.words, numbers, turn)
    )
    outcome = Outcome(
        "notice",
        (),
        turn.state,
        intent=f"ticket_{move.value}",
        posts=posts,
        changes=tuple(TicketMoved(after) for _, after in done),
    )
    if left:
        missed = ", ".join(map(str, left))
        return replace(outcome, views=turn.say("left_out", numbers=missed).views)
    return outcome


def _together(
    ticket: Ticket, changed: Ticket, pressed: Pressed, turn: Turn
) -> tuple[list[tuple[Ticket, Ticket]], list[int]]:
    """The same answer for the similar questions that the card showed, as far as they are still to be answered by
    this adviser; the numbers of those left out."""
    done, left = [(ticket, changed)], []
    open_now = {other.number: other for other in similar.together(ticket, turn.context.board.unanswered)}
    for number in dict.fromkeys(pressed.together):
        other = open_now.get(number)
        if other is None:
            left.append(number)
            continue
        try:
            done.append((other, moved(other, Move.ANSWER, _who(turn), turn.context.board.now, pressed.words)))
        except Forbidden:
            left.append(number)
    return done, left


def _posts(
    before: Ticket, after: Ticket, move: Move, words: str, done: frozenset[int], turn: Turn
) -> tuple[Post, ...]:
    card = turn.card(after, before, done)
    silent = move is Move.CLOSE and before.last_answer is not None and not words
    if move not in TELLS_USER or silent:
        return (card,)
    theirs = texts(after.locale)
    text = words or theirs("helpdesk.closed_without_words")
    view = for_user.message(after, move, text, theirs)
    return card, Post(f"ticket-{after.number}-{move.value}-{after.version}", after.place, view)


def _stale(ticket: Ticket, turn: Turn) -> Outcome:
    """The card was older than the ticket: say so, and offer the ticket as it is."""
    button = Button(turn.texts("helpdesk.show_card"), {"do": actions.CARD, "ticket": ticket.number})
    view = present.notice(turn.texts, "helpdesk.stale", (button,), number=ticket.number)
    return Outcome("notice", (view,), turn.state, intent=INTENT)


def _again(ticket: Ticket, turn: Turn) -> Outcome:
    """The card once more, as the ticket is now."""
    shown = stamped(ticket, turn.context.board.now)
    return Outcome(
        "notice",
        (),
        turn.state,
        intent=INTENT,
        posts=(turn.card(shown, ticket),),
        changes=(TicketMoved(shown),),
    )


def _draft(ticket: Ticket, turn: Turn) -> Outcome:
    """A draft for the knowledge base from the newest answer."""
    answer = ticket.last_answer
    if answer is None:
        return turn.say("cannot.no_answer", number=ticket.number)
    made = draft.of(ticket, answer.words, turn.context.on)
    outcome = turn.say("draft_kept", name=made.name, number=ticket.number)
    return replace(outcome, changes=(DraftKept(made),), intent="ticket_draft")
