"""What a user sees of their questions: the form, its confirmation, answers, the list of their own."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.helpdesk import actions, words
from bot.dialogue.helpdesk.actions import Pressed
from bot.dialogue.helpdesk.checked import digest
from bot.dialogue.helpdesk.desk import Desk
from bot.dialogue.helpdesk.ticket import LONGEST_QUESTION, LONGEST_WORDS, Move, Status, Ticket
from bot.texts import Texts
from cards.views import Button, Field, Line, Section, SheetView
from knowledge.loader import Base

OTHER = "other"
"""Stands for a topic that is none of ours."""
SHOWN = 8
SHORT = 90
BYTES = 9_000
"""What an exchange may take on a card, beside all else that is on it."""


def form(
    filled: Pressed,
    answered: str,
    check: tuple[str, ...],
    desk: Desk,
    now: datetime,
    base: Base,
    texts: Texts,
    *,
    personal: bool,
    lead: str = "",
) -> SheetView:
    """Exactly what will be sent, to be edited; where others read along nothing but the question."""
    data = {
        "do": actions.SEND,
        "form": filled.form,
        "entry": filled.entry,
        "seen": digest(check),
        "replace": True,
    }
    question = Field(
        actions.QUESTION, texts("helpdesk.question"), "long", filled.question, highest=LONGEST_QUESTION
    )
    fields, facts, sections = [question], [], []
    if personal:
        fields.append(_topic(filled.topic, base, texts))
        facts.append(Line(texts("helpdesk.answered"), answered or texts("helpdesk.answered_nothing")))
    if personal and check:
        sections.append(Section(texts("helpdesk.check_shown"), check))
        fields.append(Field(actions.AGREES, texts("helpdesk.check_agree"), "toggle", "false"))
    explained = texts("helpdesk.form.text" if personal else "helpdesk.form.text_place")
    return SheetView(
        title=texts("helpdesk.form.title"),
        text=f"{lead}\n{explained}" if lead else explained,
        facts=tuple(facts),
        sections=tuple(sections),
        fields=tuple(fields),
        note=words.expected(desk, now, texts),
        actions=(
            Button(texts("helpdesk.send"), data),
            Button(texts("helpdesk.contact"), {"do": actions.CONTACT}),
        ),
    )


def _topic(chosen: str, base: Base, texts: Texts) -> Field:
    named = [(key, topic.label.of(texts.locale)) for key, topic in base.topics.items() if is_topic(key)]
    options = (*named, (OTHER, texts("helpdesk.topic_other")))
    return Field(actions.TOPIC, texts("helpdesk.topic"), "choice", chosen or OTHER, options=tuple(options))


def is_topic(key: str) -> bool:
    """Whether a topic is one to ask about; that the sources say nothing is none."""
    return not key.startswith("neznano")


def confirmation(ticket: Ticket, desk: Desk, now: datetime, texts: Texts) -> SheetView:
    """That it was sent, under which number, and what happens next."""
    personal = ticket.place.scope == "personal"
    where = texts("helpdesk.sent.where" if personal else "helpdesk.sent.where_place")
    return SheetView(
        title=texts("helpdesk.sent.title", number=ticket.number),
        text=" ".join(part for part in (words.expected(desk, now, texts), where) if part),
        quote=ticket.question,
        actions=(withdraw_button(ticket, texts), *((mine_button(texts),) if personal else ())),
    )


def withdraw_button(ticket: Ticket, texts: Texts) -> Button:
    """Takes a question back."""
    return Button(texts("helpdesk.withdraw"), actions.about(actions.PREFIX + Move.WITHDRAW.value, ticket))


def mine_button(texts: Texts) -> Button:
    """The list of one's own questions."""
    return Button(texts("helpdesk.mine.button"), {"do": actions.MINE})


def message(ticket: Ticket, move: Move, text: str, texts: Texts) -> SheetView:
    """What the user gets when an adviser answers, asks back or closes."""
    personal = ticket.place.scope == "personal"
    note = ""
    if not personal:
        note = texts("helpdesk.in_place")
    elif move is Move.ANSWER:
        note = texts("helpdesk.unofficial")
    return SheetView(
        title=texts(f"helpdesk.message.{move.value}", number=ticket.number),
        quote=ticket.question,
        sections=(Section("", (text,)),),
        fields=(_reply_field(texts),) if personal and move is not Move.CLOSE else (),
        note=note,
        actions=_ways_on(ticket, texts) if personal else (),
    )


def _reply_field(texts: Texts) -> Field:
    return Field(actions.WORDS, texts("helpdesk.reply_label"), "long", highest=LONGEST_WORDS)


def _ways_on(ticket: Ticket, texts: Texts) -> tuple[Button, ...]:
    """What a user can do about their question as it stands."""
    if ticket.ended == Move.WITHDRAW.value:
        return (mine_button(texts),)
    reply = Button(texts("helpdesk.reply"), actions.about(actions.PREFIX + Move.REPLY.value, ticket))
    if ticket.status is Status.CLOSED:
        return (reply, mine_button(texts))
    solve = Button(texts("helpdesk.solve"), actions.about(actions.PREFIX + Move.SOLVE.value, ticket))
    ended = solve if ticket.status is Status.ANSWERED else withdraw_button(ticket, texts)
    return (reply, ended, mine_button(texts))


def mine(tickets: tuple[Ticket, ...], texts: Texts) -> SheetView:
    """One's own questions, the newest first."""
    newest = sorted(tickets, key=lambda ticket: -ticket.number)[:SHOWN]
    choices = tuple(
        Button(
            texts(
                "helpdesk.mine.line",
                number=ticket.number,
                status=words.status(ticket, texts),
                question=_short(ticket.question),
            ),
            {"do": actions.SHOW, "ticket": ticket.number},
        )
        for ticket in newest
    )
    return SheetView(
        title=texts("helpdesk.mine.title"),
        text=texts("helpdesk.mine.text" if choices else "helpdesk.mine.none"),
        choices=choices,
        note=texts("helpdesk.mine.more", number=len(tickets) - SHOWN) if len(tickets) > SHOWN else "",
        actions=() if choices else (Button(texts("person.button"), {"do": "person"}),),
    )


def whole(ticket: Ticket, texts: Texts) -> SheetView:
    """One question with all that was said about it."""
    lines = [words.said(said, texts) for said in ticket.said if said.move in _SHOWN_TO_USER]
    exchange = Section(texts("helpdesk.exchange"), tuple(words.within(lines, BYTES)))
    return SheetView(
        title=texts("helpdesk.whole.title", number=ticket.number, status=words.status(ticket, texts)),
        quote=ticket.question,
        sections=(exchange,) if lines else (),
        fields=(_reply_field(texts),) if ticket.ended != Move.WITHDRAW.value else (),
        actions=_ways_on(ticket, texts),
    )


_SHOWN_TO_USER = frozenset(
    {Move.ANSWER, Move.ASK_BACK, Move.CLOSE, Move.REPLY, Move.SOLVE, Move.WITHDRAW, Move.REOPEN}
)


def _short(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"
