"""What speaks for each candidate entry: the signals that ranking and confidence are computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.entry import About
from knowledge.index import SMALL_WORDS, Floats, Index, similarity
from knowledge.loader import Base
from knowledge.text import stem, tokens

CANDIDATES = 12
MAX_WORDS = 150
# The order is that of the weights in data/calibration.yaml.
SIGNALS = (
    "ridge",
    "chars",
    "stems",
    "nearest",
    "nearest_three",
    "coverage",
    "phrasing_coverage",
    "conflicts",
    "matches",
    "other_institution",
    "route_not_named",
    "ridge_gap",
    "nearest_gap",
)
_FAMILIES = ("naziv", "route", "proposer", "workplace")


@dataclass(frozen=True, slots=True)
class Query:
    """A question made comparable: mended words, exact terms, telling stems, and how much of it the base knows."""

    words: tuple[str, ...]
    terms: Mapping[str, tuple[str, ...]]
    stems: tuple[str, ...]
    known: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """Positions of candidate entries in the index, and a row of signals for each."""

    positions: tuple[int, ...]
    values: Floats


def read_query(base: Base, index: Index, text: str) -> Query:
    """Fold, mend and analyse a question (its first `MAX_WORDS` words)."""
    raw = tokens(text)[:MAX_WORDS]
    words = tuple(index.spelling.mend(raw))
    stems = tuple(sorted({stem(word) for word in words if word not in SMALL_WORDS}))
    mass = sum(index.weight(word) for word in stems)
    known = sum(index.weight(word) for word in stems if word in index.stem_idf)
    return Query(words, base.terms.find(words), stems, known / mass if mass else 0.0)


def candidates(base: Base, index: Index, query: Query) -> Candidates:
    """The nearest entries with their signals, in the order of first sight."""
    chars, stems, both = similarity(index.chars, index.stems, query.words, index.rows)
    best_chars = np.maximum.reduceat(chars, index.first_row)
    best_stems = np.maximum.reduceat(stems, index.first_row)
    best = np.maximum.reduceat(both, index.first_row)
    ridge = both @ index.ridge if index.ridge is not None else best
    order = np.argsort(-np.round(ridge + best, 6), kind="stable")[:CANDIDATES]
    rows = []
    for position in order:
        near = both[index.rows_of(int(position))]
        rows.append(
            [
                ridge[position],
                best_chars[position],
                best_stems[position],
                best[position],
                np.sort(near)[-3:].mean(),
                _coverage(index, query, index.vocabulary[position]),
                _phrasing_coverage(index, query, int(position), near),
                *_terms(base, index.ids[position], query),
            ]
        )
    table = np.array(rows, np.float32)
    gaps = np.stack([table[:, 0] - table[:, 0].max(), table[:, 3] - table[:, 3].max()], axis=1)
    return Candidates(tuple(int(position) for position in order), np.hstack([table, gaps]).astype(np.float32))


def _coverage(index: Index, query: Query, vocabulary: frozenset[str]) -> float:
    mass = sum(index.weight(word) for word in query.stems)
    return sum(index.weight(word) for word in query.stems if word in vocabulary) / mass if mass else 0.0


def _phrasing_coverage(index: Index, query: Query, position: int, near: Floats) -> float:
    words = index.row_words[int(index.first_row[position]) + int(np.argmax(near))]
    ordered = sorted(words)
    mass = sum(index.weight(word) for word in ordered)
    asked = frozenset(query.stems)
    return sum(index.weight(word) for word in ordered if word in asked) / mass if mass else 0.0


def _terms(base: Base, entry_id: str, query: Query) -> tuple[int, int, int, int]:
    """Conflicts and matches of exact terms, a question for the other institution, a route never named."""
    entry = base.entries[entry_id]
    conflicts = matches = 0
    for family in _FAMILIES:
        restricted, named = getattr(entry.about, family), query.terms.get(family, ())
        if restricted and named:
            if set(restricted) & set(named):
                matches += 1
            else:
                conflicts += 1
    institutions: Sequence[str] = query.terms.get("institution", ())
    other = bool(institutions) and base.institution(entry) not in institutions
    return conflicts, matches, int(other), int(_special_route(entry.about) and not query.terms.get("route"))


def _special_route(about: About) -> bool:
    return bool(about.route) and "redno" not in about.route
