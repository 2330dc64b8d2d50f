"""The outside of an activity: what every other part may rely on, and what a reply is addressed by. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

MAX_ID = 2048
MAX_DEPTH = 64


class BadActivity(ValueError):
    """The body is not an activity; the message says what is wrong with it."""


def parsed(raw: bytes) -> Any:
    """JSON in UTF-8 with finite numbers; raises `BadActivity` for anything else."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise BadActivity("the body is not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadActivity("the body is not JSON") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number without end")
    return number


def checked(body: object) -> Mapping[str, Any]:
    """A request body as an object that can be walked safely."""
    if not isinstance(body, dict):
        raise BadActivity("the body is not a JSON object")
    if _depth_exceeds(body, MAX_DEPTH):
        raise BadActivity(f"nested deeper than {MAX_DEPTH} levels")
    return body


def envelope_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Only what a reply needs, each part of the right type."""
    envelope: dict[str, Any] = {
        "type": _string(body, "type", required=True),
        "id": _string(body, "id"),
        "channelId": _string(body, "channelId"),
        "serviceUrl": _string(body, "serviceUrl"),
        "replyToId": _string(body, "replyToId"),
        "conversation": _part(body, "conversation", ("id", "conversationType", "tenantId")),
        "from": _part(body, "from", ("id", "aadObjectId")),
        "recipient": _part(body, "recipient", ("id", "name")),
    }
    if not envelope["conversation"].get("id"):
        raise BadActivity("conversation.id is missing")
    if body.get("deliveryMode") == "expectReplies":
        envelope["deliveryMode"] = "expectReplies"
    return {name: value for name, value in envelope.items() if value}


def _part(body: Mapping[str, Any], name: str, fields: tuple[str, ...]) -> dict[str, str]:
    part = body.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise BadActivity(f"{name} is not an object")
    return {field: value for field in fields if (value := _string(part, field, of=f"{name}."))}


def _string(part: Mapping[str, Any], name: str, *, required: bool = False, of: str = "") -> str:
    value = part.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise BadActivity(f"{of}{name} is not a string" if value is not None else f"{of}{name} is missing")
    if len(value) > MAX_ID:
        raise BadActivity(f"{of}{name} is too long")
    return value.encode("utf-8", "replace").decode("utf-8")


def tenants_of(body: Mapping[str, Any]) -> frozenset[str]:
    """Every tenant that the activity claims to come from."""
    conversation, data = body.get("conversation"), body.get("channelData")
    found = [conversation.get("tenantId")] if isinstance(conversation, dict) else []
    if isinstance(data, dict) and isinstance(data.get("tenant"), dict):
        found.append(data["tenant"].get("id"))
    return frozenset(str(tenant).lower() for tenant in found if tenant)


def _depth_exceeds(value: object, limit: int) -> bool:
    """Whether data is nested deeper than the limit; walks level by level, so no depth can break it."""
    level = [value]
    for _ in range(limit):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
