"""Hostile inputs out of plain bytes: sentences, JSON and card data that begin right and are then bent.

A fuzzer gives bytes and watches which code they reach; what the bytes mean is decided here, so that a few of them
already make an input which gets past the first check.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.dialogue.eligibility.actions import VERBS
from bot.dialogue.helpdesk.actions import VERBS as OF_TICKETS
from rules import FACTS, Procedure
from tests.support.channel import FakeChannel

TESTS = Path(__file__).parents[1]
T = TypeVar("T")

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, -(2**63), 10**40, 1e308, -0.0, 0.1 + 0.2, float("inf"), float("-inf"),
    float("nan"), "", " ", "\0", "\ud800", "\u202e", "a" * 5000, "9" * 4400, "1e999", "NaN", "null", "-1", "1,5",
    "2026-02-30", "2026-11-21", "9999-12-31", "0001-01-01", "<at>x</at>", "[a](http://x)", "__class__", "%s{0}${x}",
    [], [[]], [None], ["a"] * 300, {}, {"": {}}, {"do": "check"}, {"a": {"b": {"c": [1]}}},
)  # fmt: skip
LENGTHS = (60, 60, 120, 120, 250, 250, 500, 20_000)
MARKS = "\0\t\n\r\x1b\x7f\u00a0\u200b\u202e\u0300\ud800½€√①Ⅷ𝟙İßŉᾳ‰,.;:?!()[]{}<>|*_`~#@&%+-/\\\"'’"


class Draw:
    """Decisions taken from bytes, in order; when they run out, always the first choice."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def below(self, bound: int) -> int:
        """A number from 0 to bound - 1."""
        size = 1 if bound <= 256 else 2
        taken = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "big") % bound

    def one(self, choices: Sequence[T]) -> T:
        """One of them."""
        return choices[self.below(len(choices))]

    def rest(self) -> str:
        """Everything left, as text; what is not UTF-8 becomes half surrogates."""
        return self._data[self._at :].decode("utf-8", "surrogateescape")

    def left(self) -> int:
        """How many bytes are left."""
        return max(0, len(self._data) - self._at)


def sentence(draw: Draw) -> str:
    """Words of real messages, cut, joined, repeated, and with odd marks between."""
    pieces: list[str] = []
    for _ in range(draw.below(6)):
        words = draw.one(sentences())
        match draw.below(7):
            case 0:
                words = words[draw.below(len(words) + 1) :]
            case 1:
                words = words[: draw.below(len(words) + 1)]
            case 2:
                words = words * (1 + draw.below(40))
            case 3:
                at = draw.below(len(words) + 1)
                words = words[:at] + draw.one(MARKS) * (1 + draw.below(30)) + words[at:]
            case 4:
                words = "".join(map(draw.one, [MARKS] * 4)) + words
            case 5:
                words = (draw.one(MARKS) + words[: draw.below(4)]) * (1 + draw.below(4000))
        pieces.append(words)
    longest = draw.one(LENGTHS)
    pieces.append(draw.rest())
    return " ".join(pieces)[:longest]


def bent(value: Any, draw: Draw, changes: int = 4) -> Any:
    """A copy of JSON data with a few places changed, taken away, added or wrapped."""
    value = json.loads(json.dumps(value))
    for _ in range(draw.below(changes + 1)):
        value = _bent_once(value, draw)
    return value


def _bent_once(value: Any, draw: Draw, depth: int = 0) -> Any:
    if depth < 6 and draw.below(4):
        if isinstance(value, dict) and value:
            name = draw.one(sorted(value, key=str))
            match draw.below(8):
                case 0:
                    del value[name]
                case 1:
                    value[draw.one((*FIELDS, name))] = _odd(draw)
                case _:
                    value[name] = _bent_once(value[name], draw, depth + 1)
            return value
        if isinstance(value, list) and value:
            at = draw.below(len(value))
            value[at] = _bent_once(value[at], draw, depth + 1)
            return value if draw.below(8) else value * draw.below(50)
    match draw.below(6):
        case 0:
            return [value]
        case 1:
            return {"a": value}
        case 2 if isinstance(value, str):
            return value + draw.one(MARKS)
        case _:
            return _odd(draw)


def _odd(draw: Draw) -> Any:
    return sentence(draw) if draw.below(8) == 7 else deepcopy(draw.one(ODD))


FIELDS = (
    "do", "text", "entry", "on", "to", "procedure", "fact", "value", "replace", "rating", "version", "reason", "sent",
    "insert", "type", "name", "locale", "entities", "channelData", "facts", "activities", "regulation", "id",
    "conversation", "scope", "action", "fact_filed_on", "fact_years_in_naziv", "fact_annual_ratings", "fact_x",
)  # fmt: skip


@cache
def sentences() -> tuple[str, ...]:
    """What people write: the sentences of the development sets, without those that only measure."""
    found: list[str] = []
    for name in ("development.yaml", "development2.yaml"):
        cases = yaml.safe_load((TESTS / "dialogue" / "extraction" / name).read_text("utf-8"))
        found += [str(case["text"]) for case in cases]
    for line in (TESTS / "knowledge" / "questions" / "dev.tsv").read_text("utf-8").splitlines():
        found += [cell for cell in line.split("\t") if " " in cell]
    return tuple(dict.fromkeys(found))


@cache
def activities() -> tuple[dict[str, Any], ...]:
    """One right activity of every kind."""
    channel = FakeChannel(url="http://127.0.0.1:1")
    said = channel.activity("Kdaj lahko sam vložim predlog?", id="1")
    mention = {"type": "mention", "text": "<at>K</at>", "mentioned": {"id": said["recipient"]["id"]}}
    group = {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel", "isGroup": True}
    invoke = said | {"type": "invoke"}
    query = {"parameters": [{"name": "q", "value": "naziv"}], "queryOptions": {"skip": 0, "count": 25}}
    rating = {
        "actionName": "feedback",
        "actionValue": {"reaction": "like", "feedback": '{"feedbackText": "a"}'},
    }
    return (
        said,
        said | {"text": "<at>K</at> kdaj?", "entities": [mention], "conversation": group},
        said | {"value": {"do": "entry", "entry": "vlozitev-kdaj-sam"}, "replyToId": "x"},
        invoke | {"name": "adaptiveCard/action", "value": {"action": {"data": {"do": "check", "replace": True}}}},
        invoke | {"name": "composeExtension/query", "value": query},
        invoke | {"name": "composeExtension/fetchTask", "value": {"messagePayload": {"body": {"content": "<p>a"}}}},
        invoke | {"name": "composeExtension/submitAction", "value": {"data": {"do": "entry", "entry": "x"}}},
        invoke | {"name": "message/submitAction", "value": rating, "replyToId": "x"},
        said | {"type": "conversationUpdate", "membersAdded": [said["recipient"]], "conversation": group},
        said | {"type": "conversationUpdate", "membersRemoved": [said["recipient"]]},
        said | {"type": "installationUpdate", "action": "remove"},
        said | {"type": "message", "deliveryMode": "expectReplies"},
    )  # fmt: skip


def _of_ticket(verb: str) -> dict[str, Any]:
    """A button of a question to a person, with all that any of them may carry."""
    inputs = {
        "ticket_words": "Da.",
        "ticket_question": "Kdaj?",
        "ticket_topic": "pogoji",
        "ticket_agrees": "true",
    }
    return {
        "do": verb,
        "ticket": 1,
        "version": 1,
        "form": "f",
        "together": [1],
        "ticket_together": "true",
        **inputs,
    }


@cache
def actions() -> tuple[dict[str, Any], ...]:
    """Card data of every verb, with each fact."""
    found: list[dict[str, Any]] = [
        {"do": "entry", "entry": "vlozitev-kdaj-sam", "on": "2020-01-01"},
        {"do": "ask", "text": "Koliko let?"},
        {
            "do": "feedback",
            "entry": "a",
            "version": "b",
            "rating": "dislike",
            "reason": "a@b.si",
            "sent": True,
        },
        {"do": "language", "to": "en"},
        {"do": "points"},
        *({"do": verb} for verb in ("help", "person", "about", "forget")),
        *(_of_ticket(verb) for verb in sorted(OF_TICKETS)),
    ]
    for verb in sorted(VERBS):
        for procedure in Procedure:
            found.append({"do": verb, "procedure": procedure.value})
            for fact in FACTS[procedure]:
                found.append({"do": verb, "procedure": procedure.value, "fact": fact, "value": "1"})
                found.append({"do": verb, "procedure": procedure.value, f"fact_{fact}": "2020-09-01"})
    return tuple(found)


@cache
def checks() -> tuple[dict[str, Any], ...]:
    """Lines for the rules: a whole case of each procedure, and works to value."""
    naziv = {
        "target_naziv": "svetovalec", "current_naziv": "mentor", "route": "ordinary", "years_in_naziv": 6,
        "delovna_doba_years": 12.5, "current_naziv_acquired_on": "2020-09-01", "filed_on": "2026-11-21",
        "workplace": "sola", "post": "strokovni_delavec", "proposer": "ravnatelj", "successful_at_work": True,
        "opinion_votes_for": 10, "opinion_voters_total": 20, "opinion_secret_ballot": True, "niu_points": 4,
        "dsd_points": 4, "attachments": ["utemeljitev"], "delivery": "posta", "posted_on": "2026-11-20",
    }  # fmt: skip
    pay = {
        "annual_ratings": ["nadpovprecno"] * 3, "annual_percentages": [95, 90], "period_started_on": "2022-01-01",
        "absent_whole_period": False, "absence_reason": "drugo", "director_performance_pct": [90, None],
        "salary_group_b": True, "mandate_years": 4, "position_change": "none", "funds_secured": True,
    }  # fmt: skip
    works = [{"activity": "strokovni_clanek", "count": 2, "years": None, "hours": 3, "share": 0.5}]
    return (
        {"id": 1, "procedure": "naziv", "on": "2026-11-21", "facts": naziv, "regulation": None},
        {"id": 2, "procedure": "naziv", "on": "2010-05-01", "facts": naziv, "locale": "en"},
        {"id": 3, "procedure": "placni_razred_um", "on": "2026-11-21", "facts": pay},
        {"id": 4, "procedure": "placni_razred_um", "on": "2015-04-01", "facts": pay},
        {"id": 5, "on": "2026-11-21", "workplace": "sola", "activities": works},
    )
