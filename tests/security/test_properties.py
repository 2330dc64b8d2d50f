"""Whatever comes in at a door, what comes out has its shape: properties over generated inputs."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.settings import SERVICE_HOSTS, is_loopback
from bot.transport.activities import read
from bot.transport.admission import Refused, check_service_url, check_token
from bot.transport.envelope import MAX_DEPTH, BadActivity, checked, parsed
from bot.transport.extension import LONGEST_MESSAGE, read_asked
from bot.transport.text import clean
from tests.security import targets

FAST = settings(max_examples=150, deadline=None)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(ANY_TEXT, inner, max_size=5),
    max_leaves=20,
)
NAMES = st.sampled_from(["type", "id", "channelId", "serviceUrl", "from", "recipient", "conversation", "text", "value",
                         "entities", "name", "locale", "channelData", "membersAdded", "replyToId"])  # fmt: skip
ACTIVITY = st.fixed_dictionaries(
    {"type": st.sampled_from(["message", "invoke", "conversationUpdate"]), "conversation": st.just({"id": "c"})},
    optional={"text": ANY_TEXT, "value": ANY_JSON, "entities": ANY_JSON, "from": ANY_JSON, "recipient": ANY_JSON,
              "name": st.sampled_from(["adaptiveCard/action", "composeExtension/query", "composeExtension/fetchTask",
                                       "composeExtension/submitAction", "message/submitAction"]),
              "channelData": ANY_JSON, "membersAdded": ANY_JSON, "locale": ANY_JSON},
)  # fmt: skip


@given(st.binary(max_size=400))
@example(b'{"a": 1e999}')
@example(b'{"a": -1E400}')
@example(b'{"a": NaN}')
@example(b"[" * 100_000)
@example(b"9" * 5000)
@example(b"\xff\xfe{\0}\0")
@FAST
def test_a_body_is_finite_json_or_refused(raw: bytes) -> None:
    with suppress(BadActivity):
        json.dumps(parsed(raw), allow_nan=False)


@given(ACTIVITY | st.dictionaries(NAMES, ANY_JSON) | ANY_JSON)
@FAST
def test_an_activity_is_read_or_refused(body: Any) -> None:
    targets.activity(b"\0" + json.dumps(body, allow_nan=True).encode())


@given(st.integers(MAX_DEPTH - 2, MAX_DEPTH + 2), st.booleans())
@FAST
def test_depth_is_bounded(depth: int, lists: bool) -> None:
    value: Any = "x"
    for _ in range(depth - 1):
        value = [value] if lists else {"a": value}
    body = {"value": value}
    if depth > MAX_DEPTH:
        with pytest.raises(BadActivity):
            checked(body)
    else:
        assert checked(body) is body


@given(ANY_TEXT)
@FAST
def test_clean_text_can_be_stored_and_sent(text: str) -> None:
    said = clean(text)
    said.encode()
    assert not targets.CONTROL & set(said)
    assert clean(said) == said


@given(
    st.text(max_size=120) | st.from_regex(r"https?://[a-z.@:\\/\t\[\]%#?&\u200b]{1,40}", fullmatch=True),
    st.booleans(),
)
@example("https://smba.trafficmanager.net\\@evil.example/", False)
@example("https://smba.trafficmanager.net\t.evil.example/", False)
@example("https://evil.example#.botframework.com/", False)
@example("https://evil.example/.botframework.com", False)
@example("https://smba.trafficmanager.net:22/", False)
@example("https://smba.trafficmanager.net:443@evil.example/", False)
@example("https://xn--botframework-.com/", False)
@example("https://botframework.com.evil.example/", False)
@example("http://127.0.0.1:80\n.evil.example/", True)
@example("http://0x7f.1/", True)
@example("http://2130706433/", True)
@example("http://localhost.evil.example/", True)
@example("http://169.254.169.254/latest/meta-data/", True)
@settings(max_examples=400, deadline=None)
def test_an_admitted_address_leads_where_it_says(url: str, local: bool) -> None:
    """Two readers of addresses must agree on the host: the one that checks and the one that sends."""
    try:
        check_service_url(url, SERVICE_HOSTS, local=local)
    except Refused:
        return
    host = URL(url, encoded=True).host or ""
    assert host == (urlsplit(url).hostname or "")
    if local:
        assert is_loopback(host)
    else:
        assert host == "smba.trafficmanager.net" or host.endswith(
            (".botframework.com", ".teams.microsoft.com")
        )
        assert url.startswith("https://")


@given(ANY_TEXT | st.from_regex(r"Bearer [\w.-]{0,80}", fullmatch=True), ANY_TEXT)
@FAST
def test_no_made_up_token_is_let_in(header: str, url: str) -> None:
    with pytest.raises(Refused):
        check_token(header, url, "app")


@given(
    ANY_TEXT.map(lambda text: text * 20)
    | st.text("<>/!-a =\"'&#;x1", max_size=400).map(lambda text: text * 100)
)
@example("<a " * 17_000)
@example("<![" * 17_000)
@example("&#" + "9" * 49_000 + ";")
@example("<!--" * 12_000)
@FAST
def test_messages_in_html_are_read_whatever_they_hold(content: str) -> None:
    words, _, _ = read_asked({"value": {"messagePayload": {"body": {"content": content}}}})
    assert len(words) <= LONGEST_MESSAGE
    words.encode()


@pytest.mark.parametrize("name", ["rules_check", "rules_points", "extraction", "activity"])
@given(data=st.binary(max_size=200))
@FAST
def test_quick_doors(name: str, data: bytes) -> None:
    targets.TARGETS[name].run(data)


@pytest.mark.parametrize("name", ["cards", "retrieval", "states", "ask", "talk"])
@given(data=st.binary(max_size=200))
@SLOW
def test_slower_doors(name: str, data: bytes) -> None:
    targets.TARGETS[name].run(data)


def test_keys_never_clash_by_shifting() -> None:
    """Ids may hold any mark, also the one between them."""
    taken = {
        targets.KEYS.conversation(*parts)
        for parts in (
            ("a", "b", "c"),
            ("a\0b", "", "c"),
            ("a", "b\0c", ""),
            ("a\\0b", "", "c"),
            ("", "a\0b", "c"),
        )
    }
    assert len(taken) == 5


def test_read_leaves_the_body_as_it_was() -> None:
    from tests.security.inputs import activities

    for body in activities():
        before = json.dumps(body)
        read(body, targets.KEYS)
        assert json.dumps(body) == before
