"""A ticket: one question to a person, from being sent to being closed. The rules of its life, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.dialogue.post import Place


class Status(StrEnum):
    """Where a ticket is in its life."""

    OPEN = "open"
    TAKEN = "taken"
    WAITING = "waiting_for_user"
    ANSWERED = "answered"
    CLOSED = "closed"


class Move(StrEnum):
    """What can be done with a ticket: the first six by advisers, the rest by whoever asked."""

    TAKE = "take"
    ANSWER = "answer"
    ASK_BACK = "ask_back"
    HAND_OVER = "hand_over"
    CLOSE = "close"
    REOPEN = "reopen"
    REPLY = "reply"
    SOLVE = "solve"
    WITHDRAW = "withdraw"


ALL_BUT_CLOSED = frozenset(Status) - {Status.CLOSED}
FROM: Mapping[Move, frozenset[Status]] = {
    Move.TAKE: frozenset({Status.OPEN}),
    Move.ANSWER: ALL_BUT_CLOSED,
    Move.ASK_BACK: ALL_BUT_CLOSED,
    Move.HAND_OVER: ALL_BUT_CLOSED - {Status.OPEN},
    Move.CLOSE: ALL_BUT_CLOSED,
    Move.REOPEN: frozenset({Status.CLOSED}),
    Move.REPLY: frozenset(Status),
    Move.SOLVE: ALL_BUT_CLOSED,
    Move.WITHDRAW: ALL_BUT_CLOSED,
}
"""From which status each move may be made."""
TO: Mapping[Move, Status] = {
    Move.TAKE: Status.TAKEN,
    Move.ANSWER: Status.ANSWERED,
    Move.ASK_BACK: Status.WAITING,
    Move.HAND_OVER: Status.OPEN,
    Move.CLOSE: Status.CLOSED,
    Move.REOPEN: Status.TAKEN,
    Move.SOLVE: Status.CLOSED,
    Move.WITHDRAW: Status.CLOSED,
}
"""Where each move leads; a reply leads back to whoever has the ticket."""
OF_USER = frozenset({Move.REPLY, Move.SOLVE, Move.WITHDRAW})
WITH_WORDS = frozenset({Move.ANSWER, Move.ASK_BACK, Move.REPLY})
"""Moves that say something to the other side."""
LONGEST_QUESTION = 1500
LONGEST_WORDS = 3000
MOST_SAID = 60


class Forbidden(Exception):
    """The move can't be made; `reason` names the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by their opaque key; `name` is an adviser's, as their colleagues see it. Users have none."""

    key: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said or done: which move, by whom (an adviser's name, "" for the user), when, in what words."""

    move: Move
    at: datetime
    words: str = field(default="", repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One question to a person.

    `question` is as the user edited it; `entry` and `answered` name what the bot had answered, "" for nothing;
    `check` is the result of the user's check, where they agreed to send it. `asker` is the opaque key of the user and
    `place` where they asked. `group` is the number of the oldest ticket that asks much the same. `form` names the
    form that it was sent with, so that one form is one ticket. `version` goes up with every change. `card` is the key
    of the newest message that shows it to the advisers, `ended` the move that closed it.
    """

    number: int
    asker: str
    place: Place
    question: str = field(repr=False)
    opened_at: datetime
    changed_at: datetime
    topic: str = ""
    entry: str = ""
    answered: str = ""
    check: tuple[str, ...] = field(default=(), repr=False)
    locale: str = "sl"
    status: Status = Status.OPEN
    adviser: Person | None = None
    said: tuple[Said, ...] = field(default=(), repr=False)
    group: int = 0
    form: str = ""
    version: int = 1
    card: str = ""
    ended: str = ""

    @property
    def last_answer(self) -> Said | None:
        """The newest answer of an adviser."""
        return next((said for said in reversed(self.said) if said.move is Move.ANSWER), None)

    def to_json(self) -> dict[str, Any]:
        """Plain data for storage."""
        data = asdict(self)
        data |= {"opened_at": self.opened_at.isoformat(), "changed_at": self.changed_at.isoformat()}
        data["said"] = [{**asdict(said), "at": said.at.isoformat()} for said in self.said]
        data["check"] = list(self.check)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Ticket:
        """Read stored data; raises `ValueError` when it does not fit."""
        try:
            adviser = data["adviser"]
            return cls(
                **{
                    **data,
                    "place": Place.from_json(data["place"]),
                    "opened_at": datetime.fromisoformat(data["opened_at"]),
                    "changed_at": datetime.fromisoformat(data["changed_at"]),
                    "status": Status(data["status"]),
                    "adviser": Person(**adviser) if adviser else None,
                    "check": tuple(data["check"]),
                    "said": tuple(
                        Said(Move(s["move"]), datetime.fromisoformat(s["at"]), s["words"], s["name"])
                        for s in data["said"]
                    ),
                }
            )
        except (TypeError, KeyError) as error:
            raise ValueError(f"not a ticket: {type(error).__name__}") from error


def moved(ticket: Ticket, move: Move, who: Person, now: datetime, words: str = "") -> Ticket:
    """The ticket after a move; raises `Forbidden`, and then nothing has changed.

    Whether `who` may act at all (an adviser in the advisers' channel, the user who asked) is decided before.
    """
    words = words.strip()[:LONGEST_WORDS]
    if reason := _refusal(ticket, move, who, words):
        raise Forbidden(reason)
    said = Said(move, now, words, "" if move in OF_USER else who.name)
    changed = replace(
        ticket,
        status=_next(ticket, move),
        adviser=_holder(ticket, move, who),
        said=(*ticket.said, said)[-MOST_SAID:],
        ended=move.value if TO.get(move) is Status.CLOSED else "",
    )
    return stamped(_emptied(changed) if move is Move.WITHDRAW else changed, now)


def _emptied(ticket: Ticket) -> Ticket:
    """What was taken back stays without a word of it."""
    silent = tuple(replace(said, words="") for said in ticket.said)
    return replace(ticket, question="", answered="", entry="", check=(), said=silent)


def stamped(ticket: Ticket, now: datetime) -> Ticket:
    """The ticket as a new version, to be shown by a new card."""
    version = ticket.version + 1
    return replace(ticket, version=version, changed_at=now, card=card_key(ticket.number, version))


def card_key(number: int, version: int) -> str:
    """The key of the message that shows a version of a ticket to the advisers."""
    return f"ticket-{number}-card-{version}"


def allowed(ticket: Ticket, who: Person) -> tuple[Move, ...]:
    """The moves that an adviser may make now, in the order of `Move`."""
    return tuple(
        move for move in Move if move not in OF_USER and not _refusal(ticket, move, who, words="any")
    )


def _refusal(ticket: Ticket, move: Move, who: Person, words: str) -> str:
    """Why a move can't be made; "" when it can."""
    if ticket.ended == Move.WITHDRAW.value:
        return "withdrawn"
    if ticket.status not in FROM[move]:
        return _wrong_status(ticket, move)
    if move in OF_USER:
        return "" if words or move is not Move.REPLY else "no_words"
    others = ticket.adviser is not None and ticket.adviser.key != who.key
    if others and move not in {Move.HAND_OVER, Move.REOPEN}:
        return "held"
    return "no_words" if move in WITH_WORDS and not words else ""


def _wrong_status(ticket: Ticket, move: Move) -> str:
    if ticket.status is Status.CLOSED:
        return "closed"
    if move is Move.TAKE:
        return "held"
    return "not_taken" if move is Move.HAND_OVER else "not_closed"


def _next(ticket: Ticket, move: Move) -> Status:
    if move is not Move.REPLY:
        return TO[move]
    return Status.TAKEN if ticket.adviser else Status.OPEN


def _holder(ticket: Ticket, move: Move, who: Person) -> Person | None:
    """Who has the ticket afterwards: whoever acts on a free one takes it."""
    if move in OF_USER or (move is Move.CLOSE and ticket.adviser is None):
        return ticket.adviser
    return None if move is Move.HAND_OVER else who
