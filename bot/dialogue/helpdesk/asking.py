"""Asking a person, as the user does it: the form, sending it, one's own questions, replying, taking back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dialogue import present
from bot.dialogue.board import Board
from bot.dialogue.context import Context
from bot.dialogue.helpdesk import actions, for_advisers, for_user, similar
from bot.dialogue.helpdesk.actions import Pressed
from bot.dialogue.helpdesk.changes import TicketForgotten, TicketMoved, TicketOpened
from bot.dialogue.helpdesk.checked import checked, digest, topic
from bot.dialogue.helpdesk.desk import Desk
from bot.dialogue.helpdesk.ticket import Forbidden, Move, Person, Ticket, card_key, moved
from bot.dialogue.message import Message, Outcome
from bot.dialogue.post import Place, Post
from bot.dialogue.state import ConversationState
from bot.texts import Texts
from cards.views import SheetView

INTENT = "ticket"
MOST_OPEN = 10
"""So many unanswered questions of one person at a time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a reply about tickets is made from; `desk` and `place` are known to be there."""

    message: Message
    state: ConversationState
    context: Context
    texts: Texts
    desk: Desk
    place: Place

    @property
    def personal(self) -> bool:
        return self.message.scope == "personal"

    def say(self, key: str, *, refused: str = "", **values: object) -> Outcome:
        """A plain sentence; nothing changes."""
        view = present.notice(self.texts, f"helpdesk.{key}", (), **values)
        return Outcome("notice", (view,), self.state, intent=INTENT, refused=refused)

    def show(self, view: SheetView, intent: str = INTENT) -> Outcome:
        """A sheet; nothing changes."""
        return Outcome("notice", (view,), self.state, intent=intent)

    def card(self, ticket: Ticket, before: Ticket | None, done: frozenset[int] = frozenset()) -> Post:
        """The card of a ticket for the advisers, in the place of the one that showed it before. `done` are the
        numbers of tickets that this very turn answers."""
        waiting = (other for other in self.context.board.unanswered if other.number not in done)
        others = similar.together(ticket, waiting)
        view = for_advisers.card(ticket, others, self.desk, self.context.engine.base)
        return Post(ticket.card, self.desk.place, view, replaces=before.card if before else "")


def turn_of(message: Message, state: ConversationState, context: Context, texts: Texts) -> Turn | None:
    """What is needed to ask a person here; None where there is nobody, or no way back to the user."""
    desk = context.board.desk
    if desk is None or message.place is None or not (message.user and message.conversation):
        return None
    return Turn(message, state, context, texts, desk, message.place)


def person(turn: Turn) -> Outcome:
    """The form, filled in as far as is known."""
    return _form(_filled(turn), turn)


def press(turn: Turn) -> Outcome:
    """Do what a user's button says."""
    pressed = actions.read(turn.message.action or {})
    if pressed.verb == actions.SEND:
        return _send(pressed, turn)
    if pressed.verb == actions.MINE:
        return mine(turn)
    if pressed.verb == actions.CONTACT:
        return Outcome("notice", (present.notice(turn.texts, "person"),), turn.state, intent=INTENT)
    ticket = turn.context.board.ticket
    if ticket is None or ticket.asker != turn.message.user:
        return turn.say("unknown", refused="not_the_asker" if ticket else "")
    if ticket.place.scope == "personal" and ticket.place.key != turn.place.key:
        return turn.say("elsewhere", refused="other_conversation")
    if pressed.verb == actions.SHOW:
        return turn.show(for_user.whole(ticket, turn.texts))
    return _move(ticket, actions.MOVES[pressed.verb], pressed, turn)


def mine(turn: Turn) -> Outcome:
    """One's own questions; only where nobody else reads along."""
    if not turn.personal:
        return turn.say("mine.not_here")
    return turn.show(for_user.mine(turn.context.board.mine, turn.texts))


def forgotten(outcome: Outcome, board: Board) -> Outcome:
    """The outcome with all tickets of the person gone, and the advisers' cards without a word of them."""
    changes = tuple(TicketForgotten(ticket.number, ticket.version) for ticket in board.mine)
    posts = tuple(_gone(ticket, board.desk) for ticket in board.mine if board.desk)
    return replace(outcome, posts=(*outcome.posts, *posts), changes=(*outcome.changes, *changes))


def _gone(ticket: Ticket, desk: Desk) -> Post:
    key = card_key(ticket.number, ticket.version + 1)
    return Post(key, desk.place, for_advisers.gone(ticket.number), ticket.card)


def _filled(turn: Turn) -> Pressed:
    """What the form begins with: the words that the button carries, else the question answered last."""
    pressed = actions.read(turn.message.action or {})
    state, base = turn.state, turn.context.engine.base
    about_check = pressed.about_check and turn.personal
    if not pressed.question and not about_check and pressed.entry in ("", state.entry):
        pressed = replace(pressed, question=state.question, entry=state.entry)
    if not pressed.question and pressed.entry in base.entries and not about_check:
        pressed = replace(pressed, question=base.entries[pressed.entry].title.of(turn.texts.locale))
    form = f"{turn.message.user[:16]}.{turn.context.board.now.timestamp():.3f}"
    entry = base.entries.get(pressed.entry)
    known = entry.topic if entry and for_user.is_topic(entry.topic) else ""
    return replace(pressed, form=form, topic=topic(state) if about_check else known)


def _form(filled: Pressed, turn: Turn, lead: str = "") -> Outcome:
    base = turn.context.engine.base
    check = checked(turn.state, turn.context, turn.texts) if turn.personal else ()
    view = for_user.form(
        filled,
        _answered(filled.entry, turn),
        check,
        turn.desk,
        turn.context.board.now,
        base,
        turn.texts,
        personal=turn.personal,
        lead=lead,
    )
    return turn.show(view, INTENT if lead else "ticket_form")


def _answered(entry_id: str, turn: Turn, locale: str = "") -> str:
    """The title of what the bot had answered; "" for nothing."""
    entry = turn.context.engine.base.entries.get(entry_id)
    return entry.title.of(locale or turn.texts.locale) if entry else ""


def _send(pressed: Pressed, turn: Turn) -> Outcome:
    """A ticket from the form; the form again while something is missing."""
    board, base = turn.context.board, turn.context.engine.base
    sent = next((ticket for ticket in board.mine if pressed.form and ticket.form == pressed.form), None)
    if sent:
        return turn.say("already_sent", number=sent.number)
    if not pressed.question:
        return _form(pressed, turn, turn.texts("helpdesk.form.empty"))
    if len([ticket for ticket in board.mine if ticket.status in similar.UNANSWERED]) >= MOST_OPEN:
        return turn.say("too_many", number=MOST_OPEN)
    check = checked(turn.state, turn.context, turn.texts) if turn.personal and pressed.agrees else ()
    if pressed.agrees and digest(check) != pressed.seen:
        return _form(pressed, turn, turn.texts("helpdesk.form.changed"))
    number = turn.desk.last_number + 1
    known = turn.personal and pressed.topic in base.topics and for_user.is_topic(pressed.topic)
    ticket = Ticket(
        number=number,
        asker=turn.message.user,
        place=turn.place,
        question=pressed.question,
        opened_at=board.now,
        changed_at=board.now,
        topic=pressed.topic if known else "",
        entry=pressed.entry if turn.personal and pressed.entry in base.entries else "",
        answered=_answered(pressed.entry, turn, "sl") if turn.personal else "",
        check=check,
        locale=turn.texts.locale,
        group=similar.group_of(pressed.question, number, board.unanswered, base.terms),
        form=pressed.form,
        card=card_key(number, 1),
    )
    view = for_user.confirmation(ticket, turn.desk, board.now, turn.texts)
    outcome = turn.show(view, "ticket_sent")
    return replace(outcome, posts=(turn.card(ticket, None),), changes=(TicketOpened(ticket),))


def _move(ticket: Ticket, move: Move, pressed: Pressed, turn: Turn) -> Outcome:
    """A reply, thanks, or taking back; the advisers' card follows."""
    last = ticket.said[-1] if ticket.said else None
    if move is Move.REPLY and last and (last.move, last.words) == (move, pressed.words):
        return turn.say("done.reply", number=ticket.number)  # pressed twice
    try:
        changed = moved(ticket, move, Person(turn.message.user), turn.context.board.now, pressed.words)
    except Forbidden as why:
        return turn.say(f"cannot.{why.reason}", number=ticket.number, name="")
    return replace(
        turn.say(f"done.{move.value}", number=ticket.number),
        posts=(turn.card(changed, ticket),),
        changes=(TicketMoved(changed),),
        intent=f"ticket_{move.value}",
    )
