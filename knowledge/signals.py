"""What speaks for each candidate entry: the signals that ranking and confidence are computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.entry import About
from knowledge.index import (
    BACKGROUND,
    CHAR_WEIGHT,
    SMALL_WORDS,
    STEM_WEIGHT,
    Floats,
    Index,
    Ints,
    char_features,
    stem_features,
)
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
    "matches",
    "other_institution",
    "route_not_named",
    "known_unknown",
    "background",
    "meaning",
    "meaning_ridge",
    "ridge_gap",
    "nearest_gap",
    "meaning_gap",
    "meaning_ridge_gap",
)
# How many of them tell of the candidate alone; the gaps behind compare it with the best.
ALONE = len(SIGNALS) - 4
Vector = tuple[Ints, Floats]
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
    chars = index.chars.vector(char_features(query.words))
    stems = index.stems.vector(stem_features(query.words))
    ridge = _ridge_scores(index, chars, stems)
    cosines, kernel = index.meanings.nearness(index.vectors, query.words)
    meaning_ridge = kernel @ index.meanings.ridge
    both = np.round(ridge + meaning_ridge, 5)
    order = [int(position) for position in np.argsort(-both, kind="stable")[: 2 * CANDIDATES]]
    allowed = [position for position in order if not _conflict(base, index.ids[position], query)]
    order = (allowed or order)[:CANDIDATES]
    rows = []
    for position in order:
        group = index.rows_of(position)
        by_chars, by_stems = index.chars.cosines(chars, group), index.stems.cosines(stems, group)
        near = CHAR_WEIGHT * by_chars + STEM_WEIGHT * by_stems
        rows.append(
            [
                ridge[position],
                by_chars.max(),
                by_stems.max(),
                near.max(),
                np.sort(near)[-3:].mean(),
                _coverage(index, query, index.vocabulary[position]),
                _phrasing_coverage(index, query, position, near),
                *_terms(base, index.ids[position], query),
                cosines[group].max(),
                meaning_ridge[position],
            ]
        )
    table = np.array(rows, np.float32)
    compared = table[:, [0, 3, ALONE - 2, ALONE - 1]]
    gaps = compared - compared.max(0)
    return Candidates(tuple(order), np.hstack([table, gaps]).astype(np.float32))


def _ridge_scores(index: Index, chars: Vector, stems: Vector) -> Floats:
    places = np.concatenate((chars[0], stems[0] + len(index.chars.columns)))
    weights = np.concatenate((chars[1], stems[1]))
    return weights @ index.ridge[places]


def _coverage(index: Index, query: Query, vocabulary: frozenset[str]) -> float:
    mass = sum(index.weight(word) for word in query.stems)
    return sum(index.weight(word) for word in query.stems if word in vocabulary) / mass if mass else 0.0


def _phrasing_coverage(index: Index, query: Query, position: int, near: Floats) -> float:
    words = index.row_words[int(index.first_row[position]) + int(np.argmax(near))]
    ordered = sorted(words)
    mass = sum(index.weight(word) for word in ordered)
    asked = frozenset(query.stems)
    return sum(index.weight(word) for word in ordered if word in asked) / mass if mass else 0.0


def _conflict(base: Base, entry_id: str, query: Query) -> bool:
    """Whether the question names, in some family of terms, only values that the entry is not about."""
    if entry_id.startswith(BACKGROUND):
        return False
    about = base.entries[entry_id].about
    return any(
        named and restricted and not set(restricted) & set(named)
        for family in _FAMILIES
        for restricted, named in ((getattr(about, family), query.terms.get(family, ())),)
    )


def _terms(base: Base, entry_id: str, query: Query) -> tuple[int, int, int, int, int]:
    """Matches of exact terms, a question for the other institution, a route never named, an entry that
    only says what is not known, a group of questions that are not for us."""
    if entry_id.startswith(BACKGROUND):
        return 0, 0, 0, 0, 1
    entry = base.entries[entry_id]
    matches = sum(
        bool(set(getattr(entry.about, family)) & set(query.terms.get(family, ()))) for family in _FAMILIES
    )
    institutions: Sequence[str] = query.terms.get("institution", ())
    other = bool(institutions) and base.institution(entry) not in institutions
    unnamed = _special_route(entry.about) and not query.terms.get("route")
    return matches, int(other), int(unnamed), int(entry.never_known), 0


def _special_route(about: About) -> bool:
    return bool(about.route) and "redno" not in about.route
