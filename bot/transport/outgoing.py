"""What goes out: a card as a message, and the words of a reply beside the address that the SDK put on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LOCAL = "kazipot-local"
"""The channel id of the page on this machine."""
CARD = "application/vnd.microsoft.card.adaptive"
SUMMARY = 200


def card_message(card: Mapping[str, Any], text: str, channel: str) -> dict[str, Any]:
    """A message that shows a card; the page on this machine gets its plain-text twin too."""
    content: dict[str, Any] = {
        "type": "message",
        "summary": text[:SUMMARY],
        "attachments": [{"contentType": CARD, "content": card}],
    }
    if channel == LOCAL:
        content["channelData"] = {"text": text}
    return content


class Content:
    """What an activity says, past the SDK: its serializer and its deep copies cost more than the whole turn."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def __deepcopy__(self, memo: object) -> Content:
        return self


def addressed(activity: Any) -> dict[str, Any]:
    """The JSON of an activity to send: what it says, and where the SDK addressed it."""
    said: Content | None = getattr(activity, "said", None)
    envelope = {
        "channelId": activity.channel_id,
        "conversation": {"id": activity.conversation.id},
        "from": _account(activity.from_property),
        "id": activity.id,
        "inputHint": activity.input_hint,
        "recipient": _account(activity.recipient),
        "replyToId": activity.reply_to_id,
        "serviceUrl": activity.service_url,
        "type": activity.type,
    }
    return {**(said.data if said else {}), **{name: value for name, value in envelope.items() if value}}


def _account(account: Any) -> dict[str, str]:
    fields = {"id": account.id, "name": account.name} if account else {}
    return {name: value for name, value in fields.items() if value}
