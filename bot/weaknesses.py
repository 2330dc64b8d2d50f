"""What works but should not stay so: said in the log at the start, and by `/health/ready` as long as it lasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from bot.settings import PREFIX, Settings

READ_ELSEWHERE = frozenset({"KAZIPOT_CACHE", "KAZIPOT_SOURCES"})
"""Read by `python -m knowledge`."""
OF_TESTS = "KAZIPOT_TEST_"


def weaknesses(settings: Settings, given: Iterable[str] = ()) -> Mapping[str, str]:
    """What to mend, by the part that it is about; `given` are the names set in the environment and in `.env`."""
    found = {}
    if settings.has_credentials and not settings.key_salt.get_secret_value():
        found["key_salt"] = (
            "KAZIPOT_KEY_SALT is not set: stored keys of people and conversations are made with the app id, which is "
            "no secret"
        )
    for name in sorted(given):
        if problem := _unknown(name):
            found[name] = problem
    return found


def _unknown(name: str) -> str:
    """What is wrong with the name of a setting; its value is never said."""
    known = [field.upper() for field in Settings.model_fields]
    bare = name.removeprefix(PREFIX)
    if bare == name or name in READ_ELSEWHERE or name.startswith(OF_TESTS) or bare in known:
        return ""
    near = get_close_matches(bare, known, n=1)
    return f"is not a setting; {PREFIX}{near[0]} is" if near else "is not a setting"
