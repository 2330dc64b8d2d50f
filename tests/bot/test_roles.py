"""Who is an adviser or a curator: by the activity's sender and place, whatever else is in it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.keys import Keys
from bot.transport.activities import read
from bot.transport.roles import Staff
from tests.support.channel import TENANT, FakeChannel

STAFF = Staff(
    advisers=frozenset({"id-eva"}),
    curators=frozenset({"id-ivo", "id-eva"}),
    teams=frozenset({"19:team@thread.tacv2", "group-id"}),
    channels=frozenset({"19:desk@thread.tacv2"}),
)
ANA = {"id": "29:ana", "name": "Ana Novak", "aadObjectId": "id-ana"}
EVA = {"id": "29:eva", "name": "Eva Zupan", "aadObjectId": "ID-EVA"}
IVO = {"id": "29:ivo", "name": "Ivo", "aadObjectId": "id-ivo"}
PRIVATE = {"id": "a:1", "conversationType": "personal", "tenantId": TENANT}
THREAD = {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel", "tenantId": TENANT}
BOTH, NONE = {"adviser", "curator"}, set[str]()


def channel_data(**parts: Any) -> dict[str, Any]:
    return {"channelData": {"tenant": {"id": TENANT}, **parts}}


@pytest.mark.parametrize(
    "who, place, more, roles",
    [
        (ANA, PRIVATE, {}, NONE),
        (EVA, PRIVATE, {}, BOTH),
        (IVO, THREAD, {}, {"curator"}),
        (ANA, THREAD, {}, NONE),
        (ANA, THREAD, channel_data(team={"id": "19:team@thread.tacv2"}), {"adviser"}),
        (ANA, THREAD, channel_data(team={"id": "x", "aadGroupId": "GROUP-ID"}), {"adviser"}),
        (ANA, THREAD, channel_data(channel={"id": "19:DESK@thread.tacv2"}), {"adviser"}),
        (ANA, THREAD | {"id": "19:desk@thread.tacv2;messageid=1"}, {}, {"adviser"}),
        (ANA, PRIVATE, channel_data(team={"id": "19:team@thread.tacv2"}), NONE),
        (ANA, PRIVATE | {"id": "19:desk@thread.tacv2"}, {}, NONE),
        (ANA, THREAD, channel_data(team="19:team@thread.tacv2", channel=[1]), NONE),
        (ANA, THREAD, channel_data(team={"id": None}, channel={"id": {}}), NONE),
        ({"id": "id-eva", "name": "id-eva"}, PRIVATE, {}, NONE),
        ({"id": "29:x", "aadObjectId": ""}, PRIVATE, {}, NONE),
        (ANA, PRIVATE, {"value": {"roles": ["adviser"], "aadObjectId": "id-eva"}}, NONE),
        (ANA, PRIVATE, {"roles": ["adviser"], "text": "id-eva"}, NONE),
    ],
)
def test_roles(who: dict[str, Any], place: dict[str, str], more: dict[str, Any], roles: set[str]) -> None:
    message = read(
        FakeChannel().activity("x", conversation=place, **{"from": who}) | more, Keys("s"), STAFF
    ).message
    assert message
    assert message.roles == roles
    assert bool(message.who) == bool(roles), "a name is taken of advisers and curators alone"


def test_by_default_nobody_is() -> None:
    message = read(FakeChannel().activity("x", **{"from": EVA}), Keys("s")).message
    assert message
    assert message.roles == frozenset()
