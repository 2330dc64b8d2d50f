"""Two questions in one message, told apart so that each gets its own answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.texts import commands
from knowledge.text import fold, tokens

MOST = 3
LEAST_WORDS = 3
_ENDS = re.compile(r"(?<=\?)\s+|\n+|;\s+")


def questions(text: str) -> tuple[str, ...]:
    """The questions of a message in order, or the whole text when it holds one (or too many to be sure)."""
    parts = [part.strip() for part in _ENDS.split(text) if part.strip()]
    parts = [piece for part in parts for piece in _joined(part)]
    asking = [part for part in parts if len(tokens(part)) >= LEAST_WORDS and _asks(part)]
    return tuple(asking) if 2 <= len(asking) <= MOST else (text,)


def _joined(part: str) -> Sequence[str]:
    """A sentence such as "kdaj lahko vložim in katere priloge rabim", cut before the second question word."""
    words = part.split()
    folded = [fold(word).strip(",.!?") for word in words]
    asking, joining = frozenset(commands().interrogative), frozenset(commands().and_words)
    if not folded or folded[0] not in asking:
        return (part,)
    for place in range(LEAST_WORDS, len(words) - LEAST_WORDS):
        if folded[place] in joining and folded[place + 1] in asking:
            return (" ".join(words[:place]), " ".join(words[place + 1 :]))
    return (part,)


def _asks(part: str) -> bool:
    first = tokens(part)[0]
    return part.endswith("?") or first in commands().interrogative
