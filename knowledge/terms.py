"""Domain terms recognised exactly: all case endings, feminine and colloquial forms, with and without č š ž.

Similarity cannot tell *svetovalec* from *svetovalni delavec* or *svetnik* from *višji svetnik*; these
patterns can. A pattern is one or more words; a word may end in `*` (any ending), be `*` (any word) or be
written `stem[a|o|e]` (these endings, an empty one allowed). The longest match wins and uses its words up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.text import fold

_ENDINGS = re.compile(r"^(?P<stem>[^\[*]+)\[(?P<endings>[^\]]*)\]$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A run of words that names `value`; a value of None only uses the words up."""

    words: tuple[re.Pattern[str], ...]
    value: str | None


@dataclass(frozen=True, slots=True)
class Terms:
    """All patterns, longest first, found by their family and the first two letters of their first word."""

    by_start: Mapping[tuple[str, str], tuple[Pattern, ...]]
    families: tuple[str, ...]

    def find(self, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The values named by folded `words`, by family, in order of appearance, each once."""
        found: dict[str, list[str]] = {}
        for family in self.families:
            for _, _, value in self.spans(words, family):
                seen = found.setdefault(family, [])
                if value not in seen:
                    seen.append(value)
        return {family: tuple(values) for family, values in found.items()}

    def spans(self, words: Sequence[str], family: str) -> list[tuple[int, int, str]]:
        """Where values of one family are named: first word, the word after the last, the value."""
        found: list[tuple[int, int, str]] = []
        end = 0
        for first, word in enumerate(words):
            patterns = self.by_start.get((family, word[:2]), ()) if first >= end else ()
            for pattern in patterns:
                window = words[first : first + len(pattern.words)]
                if len(window) == len(pattern.words) and all(
                    map(re.Pattern.fullmatch, pattern.words, window)
                ):
                    end = first + len(window)
                    if pattern.value is not None:
                        found.append((first, end, pattern.value))
                    break
        return found


def parse_terms(data: Mapping[str, Any]) -> Terms:
    """Build the patterns of terms.yaml (family → value → list of patterns; value `_` only uses words up)."""
    by_start: dict[tuple[str, str], list[Pattern]] = {}
    for family, values in data.items():
        if not isinstance(values, Mapping):
            raise ValueError(f"{family}: must be a mapping of values to patterns")
        for value, patterns in values.items():
            if not isinstance(patterns, list) or not all(isinstance(item, str) for item in patterns):
                raise ValueError(f"{family}.{value}: must be a list of patterns")
            for text in patterns:
                words = tuple(_word(part, f"{family}.{value}") for part in text.split())
                start = family, fold(text.split()[0])[:2]
                by_start.setdefault(start, []).append(Pattern(words, None if value == "_" else value))
    return Terms(
        {
            start: tuple(sorted(patterns, key=lambda pattern: -len(pattern.words)))
            for start, patterns in by_start.items()
        },
        tuple(data),
    )


def _word(text: str, where: str) -> re.Pattern[str]:
    folded = fold(text)
    if folded == "*":
        return re.compile(r"\w+")
    if "*" in folded[:-1] or (folded.endswith("*") and len(folded) < 3):
        raise ValueError(f"{where}: {text!r}: a star stands at the end, after at least two letters")
    listed = _ENDINGS.match(folded)
    if listed:
        endings = "|".join(re.escape(ending) for ending in listed["endings"].split("|"))
        return re.compile(f"{re.escape(listed['stem'])}(?:{endings})")
    if folded.endswith("*"):
        return re.compile(re.escape(folded[:-1]) + r"\w*")
    return re.compile(re.escape(folded))
