"""Activity JSON in, `Message` out."""

from __future__ import annotations

from typing import Any

import pytest

from bot.keys import Keys
from bot.transport.activities import Incoming, read
from bot.transport.envelope import BadActivity
from bot.transport.text import clean, language
from tests.support.channel import TENANT, FakeChannel

CHANNEL = FakeChannel(url="http://127.0.0.1:1")
KEYS = Keys("secret")


def taken(**changes: Any) -> Incoming:
    return read(CHANNEL.activity(**changes), KEYS)


def mention(words: str, who: str = "28:bot") -> dict[str, Any]:
    return {"type": "mention", "text": words, "mentioned": {"id": who, "name": "Kažipot"}}


def said(text: str, *entities: dict[str, Any]) -> str:
    message = taken(text=text, entities=list(entities), recipient={"id": "28:bot"}).message
    assert message
    return message.text


def test_own_mention_is_stripped_once() -> None:
    assert said("<at>Kažipot</at> kaj je Kažipot?", mention("<at>Kažipot</at>")) == "kaj je Kažipot?"
    assert said("Kažipot Kažipot?", mention("Kažipot")) == "Kažipot?"
    assert said("a <at>K</at> b", mention("<at>K</at>")) == "a   b"


def test_mentions_of_others_stay() -> None:
    assert said("<at>Ana</at> kdaj?", mention("<at>Ana</at>", "29:ana")) == "<at>Ana</at> kdaj?"


def test_spaces_that_teams_adds_are_spaces() -> None:
    assert said("<at>K</at>&nbsp;kdaj\u00a0sam?", mention("<at>K</at>")) == "kdaj sam?"


def test_nothing_raw_in_a_message() -> None:
    message = taken().message
    assert message
    for raw in ("ana", "Ana", "a:conversation", "29:"):
        assert raw not in repr(message)
    assert message.tenant == TENANT
    assert len(message.conversation) == len(message.user) == 64


def test_keys_differ_by_tenant_channel_and_secret() -> None:
    ids = {
        Keys(secret).conversation(*parts)
        for secret in ("a", "b")
        for parts in (
            ("t", "c", "x"),
            ("t", "cx", ""),
            ("tc", "", "x"),
            ("t", "c", "x", "p"),
            ("t\0c", "", "x"),
        )
    }
    assert len(ids) == 10
    assert Keys("").conversation("t", "c", "x")


@pytest.mark.parametrize(
    ("locale", "found"),
    [
        ("sl-SI", "sl"),
        ("SL", "sl"),
        ("en_GB", "en"),
        ("de-DE", ""),
        ("", ""),
        (None, ""),
        (7, ""),
        ("slx", ""),
    ],
)
def test_language(locale: object, found: str) -> None:
    assert language(locale) == found


def test_language_of_the_client_when_the_activity_has_none() -> None:
    message = taken(locale=None, entities=[{"type": "clientInfo", "locale": "en-US"}]).message
    assert message
    assert message.locale == "en"


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        ("personal", "personal"),
        ("channel", "channel"),
        ("groupChat", "groupChat"),
        ("x", "personal"),
        (None, "personal"),
    ],
)
def test_scope(kind: str | None, scope: str) -> None:
    message = taken(conversation={"id": "c", "conversationType": kind}).message
    assert message
    assert message.scope == scope


def test_envelope_has_only_what_a_reply_needs() -> None:
    envelope = taken(entities=[{"a": 1}], value={"b": 2}).envelope
    assert set(envelope) == {
        "type", "id", "channelId", "serviceUrl", "conversation", "from", "recipient",
    }  # fmt: skip
    assert "name" not in envelope["from"]


def test_deep_card_data_is_refused() -> None:
    data: Any = "x"
    for _ in range(100):
        data = {"a": data}
    with pytest.raises(BadActivity, match="nested"):
        taken(value=data)


@pytest.mark.parametrize(
    ("dirty", "neat"),
    [("  a\n", "a"), ("a\x00b\x1bc", "a b c"), ("\u202eabc\u202c", "abc"), ("a\n\tb", "a\n\tb"), ("\ud800", "?"),
     ("čšž 🇸🇮", "čšž 🇸🇮"), ("שלום", "שלום")],
)  # fmt: skip
def test_clean(dirty: str, neat: str) -> None:
    assert clean(dirty) == neat


def test_a_card_inserted_by_the_extension_is_no_words() -> None:
    """As the client writes it into a message; what stands beside it is read as ever."""
    card = '<span class="inline-compose-card" itemid="0"\n>\n  <span content="0" itemprop="cardId"></span>\n</span>\n'
    body = {"type": "message", "id": "1", "channelId": "msteams", "conversation": {"id": "a:1"}, "text": card}
    incoming = read(body, KEYS)
    assert incoming.message
    assert incoming.message.text == ""
    beside = read(body | {"text": f"Kdaj {card}vložim?"}, KEYS)
    assert beside.message
    assert beside.message.text.split() == ["Kdaj", "vložim?"]
