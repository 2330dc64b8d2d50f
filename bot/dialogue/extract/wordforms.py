"""One word of a pattern: `word`, `stem*` with any ending, `stem[a|e|]` with the listed ones."""

from __future__ import annotations

import re

from knowledge.text import fold

_ENDINGS = re.compile(r"^(?P<stem>[^\[*]*)\[(?P<endings>[^\]]*)\]$")
_ALTERNATIVE = re.compile(r"\|(?![^\[]*\])")
_NO_WORD = frozenset({"..", "...", ","})
_START = 2


class PatternError(ValueError):
    """A pattern in the data that cannot be read."""


def alternatives(part: str) -> list[str]:
    """The words between `|`, but not those within brackets."""
    return _ALTERNATIVE.split(part)


def word_expression(text: str) -> str:
    """The regular expression of one word: bounded by construction, without nested repetition."""
    folded = fold(text)
    listed = _ENDINGS.match(folded)
    if listed:
        endings = "|".join(re.escape(ending) for ending in listed["endings"].split("|"))
        return f"{re.escape(listed['stem'])}(?:{endings})"
    if folded.endswith("*") and len(folded) > _START:
        return re.escape(folded[:-1]) + "[a-z0-9]*"
    if "*" in folded or "[" in folded:
        raise PatternError(f"{text!r}: a star stands at the end, after at least two letters")
    return re.escape(folded)


def word_forms(text: str) -> list[str]:
    """The forms that one word lists in full; none for an open ending."""
    folded = fold(text)
    listed = _ENDINGS.match(folded)
    if listed:
        return [listed["stem"] + ending for ending in listed["endings"].split("|")]
    return [] if "*" in folded else [folded]


def word_starts(text: str) -> set[str]:
    """The first letters of all its forms."""
    return {form[:_START] for form in word_forms(text) or [fold(text).rstrip("*")]}


def pattern_words(part: str) -> list[str]:
    """The plain words of one element: no slots, classes, numbers or gaps."""
    part = part.removesuffix("?")
    if part in _NO_WORD or part.startswith("="):
        return []
    return [word for word in alternatives(part) if word and word[0] not in "@#"]
