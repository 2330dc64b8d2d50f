"""Opaque keys: conversations, people and activities are stored under these, never under their own ids."""

from __future__ import annotations

import hashlib
import hmac

LENGTH = 64


class Keys:
    """Makes keys with one secret; the same ids always give the same key."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode("utf-8", "replace") or b"kazipot"

    def conversation(self, tenant: str, channel: str, conversation: str, person: str = "") -> str:
        """The key of a conversation; in a group each person has one, so that facts never mix."""
        return self._digest("conversation", tenant, channel, conversation, person)

    def person(self, tenant: str, channel: str, person: str) -> str:
        """The key of a person within a tenant."""
        return self._digest("person", tenant, channel, person)

    def activity(self, tenant: str, channel: str, conversation: str, activity: str) -> str:
        """The key under which an activity is answered once."""
        return self._digest("activity", tenant, channel, conversation, activity)

    def _digest(self, *parts: str) -> str:
        text = "\0".join(part.replace("\\", "\\\\").replace("\0", "\\0") for part in parts)
        return hmac.new(self._secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
