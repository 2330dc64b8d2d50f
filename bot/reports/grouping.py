"""Questions without an answer, grouped by what they ask, so that a curator sees what is missing most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.reports.rows import Missing
from knowledge.features import SMALL_WORDS
from knowledge.text import stem, tokens

SIMILAR = 72.0
"""From this likeness of stems on (0 to 100, normalised insertions and deletions) two questions ask the same."""
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Questions alike: how many, how many of them were declined, some as examples, the entry offered most often."""

    number: int
    declined: int
    examples: tuple[str, ...]
    entry: str = ""


def grouped(missing: Iterable[Missing]) -> tuple[Group, ...]:
    """The groups, the largest first; the same for the same questions in any order.

    Every wording goes to the most similar group found so far by the wording that began it, the most frequent
    wordings beginning (leader clustering, Hartigan 1975, "Clustering algorithms", chapter 3).
    """
    asked: dict[str, list[Missing]] = {}
    for item in missing:
        asked.setdefault(_key(item.question), []).append(item)
    leaders: list[str] = []
    members: list[list[Missing]] = []
    for key, items in sorted(asked.items(), key=lambda pair: (-_number(pair[1]), pair[0])):
        found = process.extractOne(key, leaders, scorer=fuzz.ratio, score_cutoff=SIMILAR)
        if found is None:
            leaders.append(key)
            members.append(list(items))
        else:
            members[found[2]].extend(items)
    groups = (_group(items) for items in members)
    return tuple(sorted(groups, key=lambda group: (-group.number, group.examples)))


def _key(question: str) -> str:
    """The stems that carry the meaning, in order of the alphabet; all of them where none does."""
    words = tokens(question)
    return " ".join(sorted({stem(word) for word in words if word not in SMALL_WORDS} or set(words)))


def _number(items: Iterable[Missing]) -> int:
    return sum(item.number for item in items)


def _group(items: Sequence[Missing]) -> Group:
    wordings: Counter[str] = Counter()
    offered: Counter[str] = Counter()
    for item in items:
        wordings[item.question] += item.number
        offered[item.entry] += item.number * bool(item.entry)
    examples = sorted(wordings, key=lambda words: (-wordings[words], len(words), words))[:EXAMPLES]
    nearest = min(offered, key=lambda entry: (-offered[entry], entry))
    declined = _number(item for item in items if item.kind == "declined")
    return Group(_number(items), declined, tuple(examples), nearest)
