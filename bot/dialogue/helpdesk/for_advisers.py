"""What advisers see: the card of a ticket in their channel."""

from __future__ import annotations

from collections.abc import Iterable

from bot.dialogue.helpdesk import actions, words
from bot.dialogue.helpdesk.desk import Desk
from bot.dialogue.helpdesk.hours import answered_by
from bot.dialogue.helpdesk.ticket import LONGEST_WORDS, Move, Person, Status, Ticket, allowed
from bot.texts import Texts, texts
from cards.views import Button, Field, Line, Section, SheetView
from knowledge.loader import Base

EXCHANGE_BYTES, TOGETHER_BYTES = 9_000, 3_000
SHORT = 300
MOST_TOGETHER = 6


def card(ticket: Ticket, together: Iterable[Ticket], desk: Desk, base: Base) -> SheetView:
    """A ticket as it stands, with what can be done about it. `together` are open questions like it."""
    say = texts(words.ADVISERS_LOCALE)
    title = say("helpdesk.card.title", number=ticket.number, status=words.status(ticket, say, named=True))
    if ticket.ended == Move.WITHDRAW.value:
        return gone(ticket.number)
    others = tuple(together)[:MOST_TOGETHER]
    closed = ticket.status is Status.CLOSED
    fields = () if closed else _fields(others, say)
    return SheetView(
        title=title,
        quote=ticket.question,
        facts=tuple(_facts(ticket, desk, base, say)),
        sections=tuple(_sections(ticket, others, say)),
        fields=fields,
        note=say("helpdesk.card.note") if not closed else "",
        actions=_buttons(ticket, others, say),
    )


def gone(number: int) -> SheetView:
    """In the place of a ticket that the user took back: nothing of it stays."""
    say = texts(words.ADVISERS_LOCALE)
    status = say(f"helpdesk.ended.{Move.WITHDRAW.value}")
    return SheetView(
        title=say("helpdesk.card.title", number=number, status=status), text=say("helpdesk.card.gone")
    )


def _facts(ticket: Ticket, desk: Desk, base: Base, say: Texts) -> Iterable[Line]:
    yield Line(say("helpdesk.card.sent"), words.moment(ticket.opened_at, say))
    by = answered_by(desk.hours, ticket.opened_at, desk.answer_hours) if desk.answer_hours else None
    if by and ticket.status in {Status.OPEN, Status.TAKEN}:
        yield Line(say("helpdesk.card.by"), words.moment(by, say))
    yield Line(say("helpdesk.topic"), words.topic(ticket.topic, base, say))
    answered = ticket.answered or say("helpdesk.answered_nothing")
    yield Line(say("helpdesk.answered"), f"{answered} [{ticket.entry}]" if ticket.entry else answered)
    if ticket.locale != words.ADVISERS_LOCALE:
        yield Line(say("helpdesk.card.language"), say(f"helpdesk.language.{ticket.locale}"))
    if ticket.place.scope != "personal":
        yield Line(say("helpdesk.card.where"), say("helpdesk.card.in_place"))


def _sections(ticket: Ticket, others: tuple[Ticket, ...], say: Texts) -> Iterable[Section]:
    if ticket.check:
        yield Section(say("helpdesk.card.check"), ticket.check)
    if ticket.said:
        lines = [words.said(said, say, named=True) for said in ticket.said]
        yield Section(say("helpdesk.exchange"), tuple(words.within(lines, EXCHANGE_BYTES)))
    if others and ticket.status is not Status.CLOSED:
        lines = [
            say("helpdesk.card.similar_line", number=other.number, question=other.question[:SHORT])
            for other in others
        ]
        yield Section(say("helpdesk.card.similar"), tuple(words.within(lines, TOGETHER_BYTES)))


def _fields(others: tuple[Ticket, ...], say: Texts) -> tuple[Field, ...]:
    box = Field(actions.WORDS, say("helpdesk.card.words"), "long", highest=LONGEST_WORDS)
    if not others:
        return (box,)
    numbers = ", ".join(str(other.number) for other in others)
    return (box, Field(actions.TOGETHER, say("helpdesk.card.together", numbers=numbers), "toggle", "false"))


def _buttons(ticket: Ticket, others: tuple[Ticket, ...], say: Texts) -> tuple[Button, ...]:
    """What whoever has the ticket, or anybody while it is free, can do; at most six."""
    who = ticket.adviser or Person("")
    together = {"together": [other.number for other in others]} if others else {}
    buttons = [
        Button(
            say(f"helpdesk.move.{move.value}"),
            {
                **actions.about(actions.PREFIX + move.value, ticket),
                **(together if move is Move.ANSWER else {}),
            },
        )
        for move in allowed(ticket, who)
    ]
    if ticket.last_answer:
        buttons.append(Button(say("helpdesk.draft"), actions.about(actions.DRAFT, ticket)))
    return tuple(buttons)
