"""What comes in and what goes out of the dialogue: frozen values, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.dialogue.board import Change
from bot.dialogue.post import Place, Post
from bot.dialogue.state import ConversationState
from cards.views import View

Scope = Literal["personal", "channel", "groupChat"]
Status = Literal["answer", "clarify", "no_answer", "check", "notice"]
Kind = Literal["message", "action", "welcome", "search", "dialog"]
"""A search shows what may be meant so far; a dialog answers one thing said or pressed in it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One incoming turn, whatever channel it came by.

    `text` has the bot's own mention already stripped. `action` is the data of a pressed card button.
    `who` is the name of the person who added the bot, or of an adviser, if the channel says it: the former is shown
    once and never kept, the latter is kept with the tickets that they work on. `roles` are "adviser" and "curator",
    by who sent the activity and from where, never by what is in it. `room` is the key of the channel or chat as a
    whole, whichever of its threads the message is in.
    `conversation` and `user` are opaque keys; without a `conversation` nothing is remembered. `locale` is "sl" or "en".
    `place` is where the bot can write to later, unasked; None where a channel has no such thing.
    """

    text: str
    conversation: str
    kind: Kind = "message"
    action: Mapping[str, Any] | None = None
    activity: str | None = None
    user: str = ""
    tenant: str = ""
    locale: str = ""
    scope: Scope = "personal"
    who: str = ""
    place: Place | None = None
    roles: frozenset[str] = frozenset()
    room: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source named by an answer: its title and the provision within it."""

    source: str
    provision: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate question and the action that asks it."""

    title: str
    action: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody thought of an answer, "like" or "dislike": of which entry, in which knowledge; never who."""

    entry: str
    version: str
    rating: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The dialogue's whole reply to one message: what to show, what to remember, what to count.

    `posts` are messages to other places, sent once the turn is saved; `changes` are what else to keep. `refused` says
    why somebody was not let do something, in a word for the log.
    """

    status: Status
    views: tuple[View, ...]
    state: ConversationState
    entries: tuple[str, ...] = ()
    score: float = 0.0
    sources: tuple[Cited, ...] = ()
    choices: tuple[Choice, ...] = ()
    check: Mapping[str, Any] | None = None
    intent: str = "question"
    locale: str = "sl"
    rating: Rating | None = None
    posts: tuple[Post, ...] = ()
    changes: tuple[Change, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The day taken for today, with the reason when a user or test set it."""

    on: date
