"""Questions without an answer, grouped by what they ask, so that a curator sees what is missing most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

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
    leaders: list[tuple[str, list[Missing]]] = []
    for key, items in sorted(asked.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        place = _nearest(key, [leader for leader, _ in leaders])
        if place is None:
            leaders.append((key, list(items)))
        else:
            leaders[place][1].extend(items)
    groups = (_group(items) for _, items in leaders)
    return tuple(sorted(groups, key=lambda group: (-group.number, group.examples)))


def _key(question: str) -> str:
    """The stems that carry the meaning, in order of the alphabet; all of them where none does."""
    words = tokens(question)
    return " ".join(sorted({stem(word) for word in words if word not in SMALL_WORDS} or set(words)))


def _nearest(key: str, leaders: Sequence[str]) -> int | None:
    best, found = SIMILAR, None
    for place, leader in enumerate(leaders):
        likeness = fuzz.ratio(key, leader)
        if likeness > best or (likeness == best and found is None):
            best, found = likeness, place
    return found


def _group(items: Sequence[Missing]) -> Group:
    wordings = Counter(item.question for item in items)
    examples = sorted(wordings, key=lambda words: (-wordings[words], len(words), words))[:EXAMPLES]
    offered = Counter(item.entry for item in items if item.entry)
    nearest = min(offered, key=lambda entry: (-offered[entry], entry)) if offered else ""
    return Group(len(items), sum(item.kind == "declined" for item in items), tuple(examples), nearest)
