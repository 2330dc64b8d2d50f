"""What is fuzzed: one function of bytes for each door. An exception that leaves it is a finding."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from bot.clock import system_clock
from bot.dialogue.context import Context
from bot.dialogue.extract import extract
from bot.dialogue.message import Message, Outcome
from bot.dialogue.respond import respond
from bot.dialogue.state import ConversationState, StateOutdated
from bot.keys import Keys
from bot.rendering import rendered
from bot.storage.memory import MemoryStorage
from bot.transport import console
from bot.transport.activities import read
from bot.transport.envelope import BadActivity, parsed
from bot.turn import Turns
from cards.views import Button
from knowledge.search import Engine, load_engine
from rules import FACTS, Procedure, Rulebook, load_rulebook
from rules.doors import Answer, answer_check, answer_line, answer_points
from tests.security.inputs import Draw, actions, activities, bent, checks, sentence
from tests.support.host import real_answering

ON = date(2026, 11, 21)
KEYS = Keys("secret")
CONTROL = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))


@cache
def engine() -> Engine:
    """The base that people are answered from."""
    return load_engine()


@cache
def rulebook() -> Rulebook:
    """The law."""
    return load_rulebook()


@cache
def context() -> Context:
    """What the dialogue answers with."""
    return Context(engine(), ON, rulebook())


def as_json(value: Any) -> bytes:
    """JSON as a stranger may write it: half surrogates, infinities and all."""
    return json.dumps(value, ensure_ascii=True).encode()


def raw_or(data: bytes, build: Callable[[Draw], Any]) -> bytes:
    """The bytes as they are, or what they make of right JSON."""
    draw = Draw(data)
    return data[1:] if draw.below(8) == 0 else as_json(build(draw))


# ---- the outside


def activity(data: bytes) -> None:
    """A request body, read as the HTTP door reads it."""
    body = raw_or(data, lambda draw: bent(draw.one(activities()), draw))
    with suppress(BadActivity):
        incoming = read(parsed(body), KEYS)
        assert all(isinstance(value, str | dict) for value in incoming.envelope.values())
        if incoming.message:
            assert not CONTROL & set(incoming.message.text)
            assert incoming.message.text.isascii() or incoming.message.text.encode()
            assert len(incoming.message.conversation) in (0, 64)


def ask(data: bytes) -> None:
    """A line of `python -m bot ask --jsonl`; whatever it holds, one object comes back, never an apology."""
    line = raw_or(data, lambda draw: bent(_asked(draw), draw, 2))
    turns = Turns(MemoryStorage(), real_answering().respond, _no_apology, system_clock)
    reply = now(console._answer(line, 1, turns))
    assert "error" in reply or reply["status"]
    json.dumps(reply, ensure_ascii=False, default=str, allow_nan="id" in reply)


def _asked(draw: Draw) -> dict[str, Any]:
    said = {"action": draw.one(actions())} if draw.below(2) else {"text": sentence(draw)}
    return {"id": 1, **said, "conversation": "c", "on": "2026-11-21", "locale": "sl", "scope": "personal"}


def _no_apology(message: Message, reference: str) -> Outcome:
    raise AssertionError("the turn failed")


def now(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


# ---- the dialogue


def extraction(data: bytes) -> None:
    """Facts out of free text, whatever was asked before."""
    draw = Draw(data)
    procedure = draw.one((None, *Procedure))
    asked = draw.one((None, *FACTS[procedure])) if procedure else None
    extract(sentence(draw), ON, asked, procedure.value if procedure else None)


def retrieval(data: bytes) -> None:
    """A search, with and without a question before."""
    draw = Draw(data)
    before = sentence(draw)[:500] if draw.below(4) == 0 else ""
    found = engine().search(sentence(draw)[:4000], before)
    assert all(0 <= hit.score <= 1 for hit in found.hits)


def cards(data: bytes) -> None:
    """The data of a pressed button, in a conversation that is somewhere."""
    draw = Draw(data)
    state = _somewhere(draw)
    action = bent(draw.one(actions()), draw)
    if isinstance(action, dict):  # whoever reads activities and lines lets nothing else through
        answered(Message("", "c", "action", action, scope=_scope(draw)), state)


def talk(data: bytes) -> None:
    """Words said in a conversation that is somewhere."""
    draw = Draw(data)
    state, scope = _somewhere(draw), _scope(draw)
    kind = "search" if scope == "channel" and draw.below(2) else "message"
    answered(Message(sentence(draw), "c", kind, scope=scope, locale=draw.one(("sl", "en", ""))), state)


def states(data: bytes) -> None:
    """A stored state that something has bent: it is read or dropped, and the conversation goes on."""
    draw = Draw(data)
    bad = bent(draw.one(_states()).to_json(), draw)
    if isinstance(bad, dict):
        with suppress(StateOutdated):
            state = ConversationState.from_json(bad)
            answered(Message(sentence(draw)[:200], "c", scope=_scope(draw)), state)


def _scope(draw: Draw) -> Any:
    return draw.one(("personal", "personal", "channel", "groupChat"))


def _somewhere(draw: Draw) -> ConversationState:
    return draw.one(_states())


def answered(message: Message, state: ConversationState) -> Outcome:
    """An outcome that can be shown and stored."""
    outcome = respond(message, state, context())
    for part in rendered(outcome.views):
        json.dumps(part.card, allow_nan=False).encode()
        part.text.encode("utf-8", "replace")
    json.dumps(outcome.state.to_json(), allow_nan=False)
    return outcome


@cache
def _states() -> tuple[ConversationState, ...]:
    """Where a conversation may be: nowhere, after an answer, before a choice, within a check."""
    talks = (
        (),
        ("Kdaj lahko sam vložim predlog?",),
        ("priloge",),
        ("Ali izpolnjujem pogoje za svetovalca?",),
        ("Ali izpolnjujem pogoje za svetovalca?", "Mentor sem 6 let, 12 let delovne dobe.", "ne vem"),
        ("Preveri plačni razred na UM", "3 leta nadpovprečno"),
        ("Sem mentorica od 2019, rada bi bila svetnica. Imam 5 točk.", "pokaži izid", "kaj če imam 20 točk"),
        ("Koliko točk dobim za 2 strokovna članka in vodenje aktiva?",),
    )
    return tuple(_after(said) for said in talks)


def _after(said: tuple[str, ...]) -> ConversationState:
    state = ConversationState()
    for words in said:
        state = respond(Message(words, "c"), state, context()).state
    return state


# ---- the rules


def rules_check(data: bytes) -> None:
    """A line of `python -m rules check --jsonl`."""
    _line(data, answer_check)


def rules_points(data: bytes) -> None:
    """A line of `python -m rules points --jsonl`."""
    _line(data, answer_points)


def _line(data: bytes, answer: Answer) -> None:
    line = raw_or(data, lambda draw: bent(draw.one(checks()), draw)).decode("utf-8", "surrogateescape")
    reply = answer_line(rulebook(), line, answer)
    text = json.dumps({name: value for name, value in reply.items() if name != "id"}, allow_nan=False)
    assert "Error" not in text


# ---- the whole server


class Door:
    """The bot itself on loopback, in local mode, with a channel that takes its replies."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._client, self._channel = self._loop.run_until_complete(self._start())

    async def _start(self) -> tuple[Any, Any]:
        from contextlib import AsyncExitStack
        from pathlib import Path

        from tests.support.channel import fake_channel
        from tests.support.host import running, settings

        self._stack = AsyncExitStack()
        channel = await self._stack.enter_async_context(fake_channel())
        chosen = settings(Path("/nonexistent"))
        client = await self._stack.enter_async_context(running(chosen, storage=MemoryStorage(1000)))
        return client, channel

    def knock(self, body: bytes, headers: Mapping[str, str]) -> int:
        """The status that a body gets."""
        return self._loop.run_until_complete(self._post(body, headers))

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        # Past the test client, which keeps every response that it ever got.
        url = self._client.make_url("/api/messages")
        async with self._client.session.post(url, data=body, headers=headers) as response:
            await response.read()
            self._channel.sent.clear()
            return int(response.status)

    @property
    def home(self) -> bytes:
        """The channel's own address, as it stands in an activity."""
        return json.dumps(self._channel.service_url).encode()

    def here(self, body: bytes) -> bytes:
        """A body with the channel's own address, so that it is answered."""
        return body.replace(b"http://127.0.0.1:1/", self._channel.url.encode() + b"/")


@cache
def door() -> Door:
    """One server for a whole run."""
    return Door()


KINDS = (
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "",
    "application/json;;=",
    "\u00e9",
)
CODINGS = ("", "", "", "gzip", "deflate", "br", "x")


def http(data: bytes) -> None:
    """The HTTP door as a whole: a status that the contract names, never 500."""
    draw = Draw(data)
    headers = {}
    if draw.below(4) == 0:
        headers["Content-Encoding"] = draw.one(CODINGS)
        headers["Authorization"] = "Bearer " + draw.one(("", "a.b.c", "a" * 5000))
    headers["Content-Type"] = draw.one(KINDS) if draw.below(8) == 0 else "application/json"
    body = raw_or(data, lambda draw: bent(draw.one(activities()), draw))
    body = door().here(body)
    status = door().knock(body, {name: value for name, value in headers.items() if value})
    # A reply that a made-up service does not take is the sender's to try again.
    assert status in (200, 202, 400, 401, 413, 415) or (status == 503 and door().home not in body), status


@dataclass(frozen=True, slots=True)
class Target:
    """A door, and its part of a run over all of them."""

    run: Callable[[bytes], None]
    share: int


TARGETS: Mapping[str, Target] = {
    "activity": Target(activity, 360),
    "rules_check": Target(rules_check, 210),
    "rules_points": Target(rules_points, 260),
    "extraction": Target(extraction, 60),
    "cards": Target(cards, 20),
    "retrieval": Target(retrieval, 10),
    "states": Target(states, 10),
    "ask": Target(ask, 10),
    "talk": Target(talk, 10),
    "http": Target(http, 50),
}


def button() -> Button:
    """Any button."""
    return Button("naprej", {"do": "help"})
