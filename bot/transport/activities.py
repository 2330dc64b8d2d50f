"""Activity JSON in, `Message` out. Pure: recorded activities are the contract with every channel."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from bot.dialogue.message import Kind, Message, Scope
from bot.dialogue.post import Place
from bot.feedback import Rated
from bot.keys import Keys
from bot.transport.envelope import checked, envelope_of, tenants_of
from bot.transport.extension import read_asked, read_query
from bot.transport.ratings import read_rating
from bot.transport.roles import Staff, roles_of
from bot.transport.text import clean, language

Shape = Literal["turn", "card", "search", "dialog", "insert", "left", "acknowledge", "ignore"]
"""A turn to answer; a pressed card that waits for its response; the message extension's search, its dialog and the
choice of what to insert, answered in the response; a place that the bot was taken out of; an invoke to say yes to;
nothing to do."""
WELCOME = "welcome"
"""Stands for the activity id of a welcome, so that a place is welcomed once."""
BESIDE = frozenset({"search", "dialog", "insert"})

SCOPES: Mapping[str, Scope] = {"personal": "personal", "channel": "channel", "groupChat": "groupChat"}
TEAMS = "msteams"
THREAD = ";messageid="
"""In a channel's conversation id, before the message that a thread began with."""
LONGEST_NAME = 80
_NO_NAME = re.compile(r"[^\w .,'’()-]|_|https?")
_INSERTED = re.compile(r'<span class="inline-compose-card"[^>]*>.{0,2000}?</span>\s*</span>', re.DOTALL)
"""Where a card that somebody put into their message by the message extension stands among its words."""
REPLACE = "replace"
"""Card data with this key true asks that the pressed card be replaced by the reply."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One activity: what to do with it, the message in it, and the vetted envelope to reply by.

    `replaces` is the id of the card message that the reply takes the place of, "" for a new message. `key_of` gives
    the opaque key of a message of ours in this conversation; `rated` is a rating of one. `person` is the opaque key
    of whoever sent it, `place` that of where it was.
    """

    shape: Shape
    envelope: Mapping[str, Any]
    message: Message | None = None
    tenants: frozenset[str] = frozenset()
    replaces: str = ""
    key_of: Callable[[str], str] = str
    rated: Rated | None = None
    person: str = ""
    place: str = ""


NOBODY = Staff()


def read(body: object, keys: Keys, staff: Staff = NOBODY) -> Incoming:
    """The activity in a request body; raises `BadActivity` when there is none."""
    activity = checked(body)
    envelope = envelope_of(activity)
    tenants = tenants_of(activity)
    shape, content = _content(activity, envelope)
    key_of = _key_of(envelope, tenants, keys)
    tenant, channel = min(tenants, default=""), envelope.get("channelId", "")
    person = keys.person(tenant, channel, _sender(envelope))
    place = keys.conversation(tenant, channel, envelope["conversation"]["id"])
    if content is None:
        rated = _rated(activity, envelope, key_of)
        return Incoming(shape, envelope, None, tenants, "", key_of, rated, person, place)
    kind, text, action = content
    addresses = _addresses(envelope, tenants, keys)
    if shape in BESIDE:  # no turn of the conversation: others may read it, and nothing of it is remembered
        addresses |= {"conversation": "", "activity": None, "scope": "channel", "place": None}
    if kind == "welcome":
        addresses |= {"activity": key_of(WELCOME), "who": _who(activity, envelope)}
    elif roles := roles_of(activity, envelope, staff):
        addresses |= {"roles": roles, "who": _who(activity, envelope)}
    message = Message(
        text=text,
        kind=kind,
        action=action,
        user=person,
        locale=language(activity.get("locale")) or _client_language(activity),
        **addresses,
    )
    replaces = _replaced(activity, shape, action)
    return Incoming(shape, envelope, message, tenants, replaces, key_of, person=person, place=place)


_Content = tuple[Kind, str, Mapping[str, Any] | None]


def _content(body: Mapping[str, Any], envelope: Mapping[str, Any]) -> tuple[Shape, _Content | None]:
    """What kind of activity it is, and what was said or pressed."""
    match body["type"]:
        case "message":
            value = body.get("value")
            if isinstance(value, dict) and value:
                return "turn", ("action", _said(body, envelope), value)
            return "turn", ("message", _said(body, envelope), None)
        case "conversationUpdate" if _bot_among("membersAdded", body, envelope) and not _renamed(body):
            return "turn", ("welcome", "", None)
        case "conversationUpdate" if _bot_among("membersRemoved", body, envelope):
            return "left", None
        case "installationUpdate" if str(body.get("action")).startswith("remove"):
            return "left", None
        case "invoke" if body.get("name") == "adaptiveCard/action":
            return "card", ("action", "", _pressed(body))
        case "invoke" if body.get("name") == "composeExtension/query":
            words = read_query(body)
            return "search", None if words is None else ("search", words, None)
        case "invoke" if body.get("name") in ("composeExtension/fetchTask", "composeExtension/submitAction"):
            text, action, insert = read_asked(body)
            return "insert" if insert else "dialog", ("dialog", text, action)
        case "invoke":
            return "acknowledge", None
        case _:
            return "ignore", None


def _addresses(envelope: Mapping[str, Any], tenants: frozenset[str], keys: Keys) -> dict[str, Any]:
    """Opaque keys for conversation and activity, and the scope."""
    tenant = min(tenants, default="")
    channel = envelope.get("channelId", "")
    conversation = envelope["conversation"]
    scope = SCOPES.get(conversation.get("conversationType", ""), "personal")
    activity = envelope.get("id", "")
    return {
        "conversation": keys.conversation(
            tenant, channel, conversation["id"], "" if scope == "personal" else _sender(envelope)
        ),
        "activity": keys.activity(tenant, channel, conversation["id"], activity) if activity else None,
        "tenant": tenant,
        "scope": scope,
        "place": _place(envelope, tenant, scope, keys),
        "room": keys.conversation(tenant, channel, conversation["id"].partition(THREAD)[0]),
    }


def _sender(envelope: Mapping[str, Any]) -> str:
    """Whoever sent it, by the id that is the same in every conversation where there is one."""
    sender = envelope.get("from", {})
    return str(sender.get("aadObjectId") or sender.get("id", ""))


def _place(envelope: Mapping[str, Any], tenant: str, scope: str, keys: Keys) -> Place | None:
    """Where to write to later; nowhere when the activity does not say by which service."""
    channel, url = envelope.get("channelId", ""), envelope.get("serviceUrl", "")
    conversation, bot = envelope["conversation"]["id"], envelope.get("recipient", {}).get("id", "")
    if not url:
        return None
    return Place(
        keys.conversation(tenant, channel, conversation), channel, url, conversation, tenant, bot, scope
    )


def _key_of(envelope: Mapping[str, Any], tenants: frozenset[str], keys: Keys) -> Callable[[str], str]:
    """Keys of messages in this place; a thread's messages have the same whoever refers to them."""
    place = envelope["conversation"]["id"].partition(THREAD)[0]
    return partial(keys.activity, min(tenants, default=""), envelope.get("channelId", ""), place)


def _rated(
    body: Mapping[str, Any], envelope: Mapping[str, Any], key_of: Callable[[str], str]
) -> Rated | None:
    """A rating that Teams' own buttons sent."""
    given = read_rating(body) if body.get("name") == "message/submitAction" else None
    if given is None:
        return None
    message, activity = (envelope.get(name, "") for name in ("replyToId", "id"))
    return Rated(key_of(message) if message else "", *given, key_of(activity) if activity else None)


def _said(body: Mapping[str, Any], envelope: Mapping[str, Any]) -> str:
    """The text without the bot's own mention: each mention's own words are taken away once."""
    text = body.get("text")
    if not isinstance(text, str):
        return ""
    me = envelope.get("recipient", {}).get("id")
    entities = body.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if not isinstance(entity, dict) or entity.get("type") != "mention":
            continue
        mentioned, words = entity.get("mentioned"), entity.get("text")
        if (
            isinstance(mentioned, dict)
            and me
            and mentioned.get("id") == me
            and isinstance(words, str)
            and words
        ):
            text = text.replace(words, " ", 1)
    return clean(_INSERTED.sub(" ", text))


def _bot_among(name: str, body: Mapping[str, Any], envelope: Mapping[str, Any]) -> bool:
    me = envelope.get("recipient", {}).get("id")
    listed = body.get(name)
    members = listed if isinstance(listed, list) else []
    return bool(me) and any(isinstance(member, dict) and member.get("id") == me for member in members)


def _renamed(body: Mapping[str, Any]) -> bool:
    data = body.get("channelData")
    return isinstance(data, dict) and str(data.get("eventType")).endswith("Renamed")


def _who(body: Mapping[str, Any], envelope: Mapping[str, Any]) -> str:
    """The name of whoever sent it, where the activity names a person; without anything that could be markup."""
    sender = body.get("from")
    name = sender.get("name") if isinstance(sender, dict) else None
    myself = envelope.get("from", {}).get("id") == envelope.get("recipient", {}).get("id")
    if myself or not isinstance(name, str):
        return ""
    return _NO_NAME.sub("", clean(name))[:LONGEST_NAME].strip()


def _pressed(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of an Action.Execute; {} when there is none, for the dialogue to refuse."""
    value = body.get("value")
    action = value.get("action") if isinstance(value, dict) else None
    data = action.get("data") if isinstance(action, dict) else None
    return data if isinstance(data, dict) else {}


def _replaced(body: Mapping[str, Any], shape: Shape, action: Mapping[str, Any] | None) -> str:
    if not action or action.get(REPLACE) is not True:
        return ""
    replied = body.get("replyToId")
    return replied if isinstance(replied, str) and replied else ("card" if shape == "card" else "")


def _client_language(body: Mapping[str, Any]) -> str:
    """The locale that Teams puts in a clientInfo entity."""
    entities = body.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if isinstance(entity, dict) and entity.get("type") == "clientInfo":
            return language(entity.get("locale"))
    return ""
