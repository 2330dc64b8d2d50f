"""The message extension: invokes read as if a stranger had written them, and the bodies that answer them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from bot.rendering import Parts, Rendered
from bot.transport.citations import shortened
from bot.transport.text import clean

CARD = "application/vnd.microsoft.card.adaptive"
PREVIEW = "application/vnd.microsoft.card.thumbnail"
LONGEST_PREVIEW = 160
LONGEST_MESSAGE = 50_000
TITLE = "Kažipot"
MOST_ACTIONS = 6
PRESSED = ("entry", "ask", "person", "help", "about")
"""What a button in the dialog may ask for; the rest belongs to a conversation."""
# Neither can look at the same place twice.
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15}|!)[^<>]*>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{0,31});")
_BLOCKS = frozenset({"br", "div", "p", "li", "tr", "h1", "h2", "h3", "blockquote"})


def read_query(body: Mapping[str, Any]) -> str | None:
    """The words searched for; None where more results are asked for than the first page has."""
    value = _object(body.get("value"))
    skip = _object(value.get("queryOptions")).get("skip")
    if isinstance(skip, int) and skip > 0:
        return None
    parameters = value.get("parameters")
    for parameter in parameters if isinstance(parameters, list) else ():
        words = _object(parameter).get("value")
        if isinstance(words, str) and _object(parameter).get("name") != "initialRun":
            return clean(words)
    return ""


def read_asked(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | None, bool]:
    """What a message action asks: the words of the message, or a button in the dialog; whether to insert."""
    value = _object(body.get("value"))
    data = _object(value.get("data"))
    if "do" in data:
        known = data if data["do"] in PRESSED else {}
        return "", known, known.get("insert") is True
    content = _object(_object(value.get("messagePayload")).get("body")).get("content")
    return (_plain(content[:LONGEST_MESSAGE]) if isinstance(content, str) else ""), None, False


def results(parts: Parts) -> dict[str, Any]:
    """Answers to choose from or to insert; words alone when there are none."""
    answers = [_attachment(part) for part in parts if part.answer]
    if parts and not answers:
        return {"composeExtension": {"type": "message", "text": parts[0].text}}
    return {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": answers}}


def dialog(parts: Parts) -> dict[str, Any]:
    """Everything that a turn says, in one dialog."""
    if not parts:
        return {}
    card = {**parts[0].card, "body": [_pressable(element) for part in parts for element in part.card["body"]]}
    actions = [_submit(action) for part in parts for action in part.card.get("actions", ())]
    card["actions"] = actions[:MOST_ACTIONS]
    attachment = {"contentType": CARD, "content": card}
    value = {"title": TITLE, "height": "medium", "width": "medium", "card": attachment}
    return {"task": {"type": "continue", "value": value}}


def _attachment(part: Rendered) -> dict[str, Any]:
    card = {name: value for name, value in part.card.items() if name != "actions"}
    answer = part.answer.answer if part.answer else ""
    words = " ".join(answer.replace("**", "").split())
    preview = {
        "title": part.answer.question if part.answer else "",
        "text": shortened(words, LONGEST_PREVIEW),
    }
    return {
        "contentType": CARD,
        "content": card,
        "preview": {"contentType": PREVIEW, "content": preview},
    }


def _submit(action: Mapping[str, Any]) -> dict[str, Any]:
    """Dialogs know no Action.Execute."""
    return {"type": "Action.Submit", "title": action["title"], "data": action["data"]}


def _pressable(element: Mapping[str, Any]) -> Mapping[str, Any]:
    """A line of a card that can be pressed, as a dialog knows it."""
    chosen = element.get("selectAction")
    return {**element, "selectAction": _submit(chosen)} if chosen else element


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _plain(content: str) -> str:
    """The words of a message in HTML, as they are read. The library's parser needs minutes for some texts."""
    words = _REFERENCE.sub(lambda found: unescape(found[0]), _TAG.sub(_break, content))
    return clean(words)


def _break(tag: re.Match[str]) -> str:
    return "\n" if tag["name"].lower() in _BLOCKS and not tag["end"] else ""
