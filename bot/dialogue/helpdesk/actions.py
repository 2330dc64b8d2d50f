"""The buttons and inputs of tickets: the data that they carry, and reading it back as a stranger's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.helpdesk.ticket import LONGEST_QUESTION, LONGEST_WORDS, OF_USER, Move, Ticket

PREFIX = "ticket_"
SEND, CONTACT, MINE, SHOW = "ticket_send", "ticket_contact", "ticket_mine", "ticket_show"
CARD, DRAFT = "ticket_card", "ticket_draft"
MOVES: Mapping[str, Move] = {f"{PREFIX}{move.value}": move for move in Move}
"""The verb of each move."""
OF_ADVISERS = frozenset({verb for verb, move in MOVES.items() if move not in OF_USER} | {CARD, DRAFT})
VERBS = frozenset({SEND, CONTACT, MINE, SHOW}) | OF_ADVISERS | set(MOVES)
QUESTION, TOPIC, AGREES = "ticket_question", "ticket_topic", "ticket_agrees"
WORDS, TOGETHER = "ticket_words", "ticket_together"
LARGEST = 2**31 - 1
LONGEST_NAME = 120
MOST_TOGETHER = 20


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button, each part of the right type and length; what was left out or made no sense is empty.

    `seen` is what identifies the check's result that was shown, `form` the form that is sent.
    """

    verb: str
    number: int = 0
    version: int = 0
    words: str = field(default="", repr=False)
    question: str = field(default="", repr=False)
    topic: str = ""
    entry: str = ""
    agrees: bool = False
    seen: str = ""
    form: str = ""
    about_check: bool = False
    together: tuple[int, ...] = ()


def read(data: Mapping[str, Any]) -> Pressed:
    """The data of a button and its inputs; never fails, whatever a client sent."""
    chosen = data.get(TOGETHER) == "true"
    numbers = data.get("together")
    return Pressed(
        verb=_word(data.get("do")),
        number=_number(data.get("ticket")),
        version=_number(data.get("version")),
        words=_text(data.get(WORDS), LONGEST_WORDS),
        question=_text(data.get(QUESTION, data.get("text")), LONGEST_QUESTION),
        topic=_word(data.get(TOPIC, data.get("topic"))),
        entry=_word(data.get("entry")),
        agrees=data.get(AGREES) == "true",
        seen=_word(data.get("seen")),
        form=_word(data.get("form")),
        about_check=data.get("check") is True,
        together=tuple(map(_number, numbers[:MOST_TOGETHER])) if chosen and isinstance(numbers, list) else (),
    )


def about(verb: str, ticket: Ticket) -> dict[str, Any]:
    """The data of a button about a ticket as it is now."""
    return {"do": verb, "ticket": ticket.number, "version": ticket.version}


def _text(value: object, longest: int) -> str:
    """Words fit to be kept and shown: no control characters, no halves of characters, no more than that long."""
    if not isinstance(value, str):
        return ""
    whole = value[: 4 * longest].encode("utf-8", "replace").decode("utf-8")
    shown = "".join(sign for sign in whole.replace("\r\n", "\n") if sign.isprintable() or sign == "\n")
    return shown.strip()[:longest]


def _word(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST_NAME else ""


def _number(value: object) -> int:
    return value if type(value) is int and 0 < value <= LARGEST else 0
