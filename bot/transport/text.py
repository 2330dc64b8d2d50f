"""Text from outside, made safe to store and to send back: nothing a reader could see is lost."""

from __future__ import annotations

import re
import unicodedata

# Direction overrides can make a quoted text read as something else.
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile("&nbsp;|[\u00a0\u2007\u202f]")


def clean(text: str) -> str:
    """Without control characters, half surrogates and direction overrides, trimmed."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _SPACES.sub(" ", _OVERRIDES.sub("", text))
    if not text.isprintable():
        text = "".join(mark if mark in "\n\t" or unicodedata.category(mark) != "Cc" else " " for mark in text)
    return text.strip()


def language(locale: object) -> str:
    """ "sl" or "en" for a locale such as "sl-SI"; empty for any other."""
    if not isinstance(locale, str):
        return ""
    code = re.split("[-_]", locale.strip().lower(), maxsplit=1)[0]
    return code if code in ("sl", "en") else ""
