"""Who is an adviser or a curator: by the sender and the place of an authenticated activity, as the settings say. Pure.

Nothing of what somebody wrote or pressed is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ADVISER, CURATOR = "adviser", "curator"


@dataclass(frozen=True, slots=True)
class Staff:
    """Ids in small letters: of people (Entra object ids), and of teams and channels whose members are advisers."""

    advisers: frozenset[str] = frozenset()
    curators: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


def roles_of(activity: Mapping[str, Any], envelope: Mapping[str, Any], staff: Staff) -> frozenset[str]:
    """The roles of whoever sent the activity, there where it was sent. `envelope` is its vetted outside."""
    person = str(envelope.get("from", {}).get("aadObjectId", "")).lower()
    conversation = envelope["conversation"]
    places: set[str] = set()
    if conversation.get("conversationType") == "channel":
        places = _ids(activity.get("channelData"))
        places.add(conversation["id"].partition(";messageid=")[0].lower())
    found = set()
    if (person and person in staff.advisers) or places & (staff.teams | staff.channels):
        found.add(ADVISER)
    if person and person in staff.curators:
        found.add(CURATOR)
    return frozenset(found)


def _ids(data: object) -> set[str]:
    """The ids of the team and the channel that the activity came from."""
    if not isinstance(data, dict):
        return set()
    named = ((data.get("team"), ("id", "aadGroupId")), (data.get("channel"), ("id",)))
    return {
        part[name].lower()
        for part, names in named
        if isinstance(part, dict)
        for name in names
        if isinstance(part.get(name), str) and part[name]
    }
