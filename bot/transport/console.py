"""`python -m bot ask`: the same dialogue on standard input and output, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, BinaryIO, get_args

from bot.answering import Answering
from bot.dialogue.message import Message, Outcome, Scope
from bot.rendering import Parts
from bot.storage.memory import MemoryStorage
from bot.transport.text import clean, language
from bot.turn import Sent, Turns, run_turn


class BadLine(ValueError):
    """A line that is not valid input; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of input, checked."""

    id: Any
    message: Message
    on: date | None


class _Kept:
    """Keeps the reply for the console to print."""

    parts: Parts = ()

    def started(self) -> None:
        return None

    async def reply(self, parts: Parts, sent: Sent) -> None:
        self.parts = parts

    @property
    def text(self) -> str:
        """The whole reply as plain text."""
        return "\n\n".join(part.text for part in self.parts)


async def ask_lines(answering: Answering, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer every line in order; a wrong line gets an error and the run goes on."""
    turns = Turns(MemoryStorage(), answering.respond, answering.apologise)
    for number, raw in enumerate(source, start=1):
        if not raw.strip():
            continue
        reply = await _answer(raw, number, turns)
        sink.write(json.dumps(reply, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n")
        sink.flush()


async def ask_text(answering: Answering, text: str) -> str:
    """One question, answered in plain text."""
    turns = Turns(MemoryStorage(), answering.respond, answering.apologise)
    kept = _Kept()
    await run_turn(Message(clean(text), "console"), turns, kept)
    return kept.text


async def _answer(raw: bytes, number: int, turns: Turns) -> Mapping[str, Any]:
    line_id: Any = None
    try:
        data = _parse(raw)
        line_id = data.get("id")
        line = _read(data, number)
    except BadLine as reason:
        return {"id": line_id, "error": str(reason)}
    kept = _Kept()
    outcome = await run_turn(line.message, replace(turns, today=line.on), kept)
    if outcome is None:  # cannot be: lines carry no activity id
        return {"id": line.id, "error": "not answered"}
    return {"id": line.id, **_described(outcome, kept)}


def _described(outcome: Outcome, kept: _Kept) -> dict[str, Any]:
    """An outcome as the contract's output object."""
    described: dict[str, Any] = {
        "status": outcome.status,
        "entries": list(outcome.entries),
        "text": kept.text,
        "sources": [{"source": cited.source, "provision": cited.provision} for cited in outcome.sources],
        "score": round(float(outcome.score), 4),
        "choices": [{"title": choice.title, "action": dict(choice.action)} for choice in outcome.choices],
        "card": kept.parts[0].card if kept.parts else None,
    }
    if outcome.check is not None:
        described["check"] = dict(outcome.check)
    return described


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLine("the line is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadLine(f"the line is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadLine("the line is not a JSON object")
    return data


def _read(data: Mapping[str, Any], number: int) -> Line:
    text, action = data.get("text"), data.get("action")
    if text is None and action is None:
        raise BadLine("text or action is missing")
    if text is not None and not isinstance(text, str):
        raise BadLine("text is not a string")
    if action is not None and not isinstance(action, dict):
        raise BadLine("action is not an object")
    scope: Any = data.get("scope") or "personal"
    if scope not in get_args(Scope):
        raise BadLine(f"scope {scope!r} is unknown; it is one of {', '.join(get_args(Scope))}")
    conversation = data.get("conversation")
    if conversation is not None and not isinstance(conversation, str):
        raise BadLine("conversation is not a string")
    locale = data.get("locale")
    if locale is not None and not isinstance(locale, str):
        raise BadLine("locale is not a string")
    message = Message(
        text=clean(text or ""),
        conversation=f"line {number}" if conversation is None else f"named {conversation}",
        kind="message" if action is None else "action",
        action=action,
        locale=language(locale),
        scope=scope,
    )
    return Line(data.get("id"), message, _day(data.get("on")))


def _day(value: object) -> date | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) != 10:
        raise BadLine(f"on is not a day (YYYY-MM-DD): {value!r}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadLine(f"on is not a day (YYYY-MM-DD): {value!r}") from None


def streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output as bytes."""
    return sys.stdin.buffer, sys.stdout.buffer
