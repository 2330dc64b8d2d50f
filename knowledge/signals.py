"""What speaks for each candidate entry: the signals that ranking and confidence are computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.entry import About
from knowledge.features import SMALL_WORDS, Floats, Ints, Vector, spread, sums
from knowledge.index import BACKGROUND, CHAR_WEIGHT, STEM_WEIGHT, Index
from knowledge.loader import Base
from knowledge.text import stem, tokens

CANDIDATES = 12
MAX_WORDS = 150
# So many entries pass the first look at stems and meaning, and so many the second, at letters too.
FIRST_LOOK, SECOND_LOOK = 512, 64
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
    known = sum(index.weight(word) for word in stems if index.knows(word))
    return Query(words, base.terms.find(words), stems, known / mass if mass else 0.0)


def candidates(base: Base, index: Index, query: Query) -> Candidates:
    """The nearest entries with their signals, in the order of first sight."""
    features, meanings = index.features, index.meanings
    chars, stems = features.chars(query.words), features.stem_columns(query.words)
    mean = meanings.place(index.vectors, query.words)
    listed, ridge = _shortlist(index, chars, stems, mean)
    meant = meanings.scores(mean, listed)
    chosen = np.argsort(-np.round(ridge + meant, 5), kind="stable")[: 2 * CANDIDATES]
    chosen = chosen[_allowed(base, index, query, listed[chosen])][:CANDIDATES]
    order = listed[chosen]

    rows, sizes = spread(index.first_row[order], index.first_row[order + 1])
    firsts = np.cumsum(sizes) - sizes
    by_chars = index.phrasings.char_cosines(features, chars, rows)
    by_stems = index.phrasings.stem_cosines(features, stems, rows)
    near = (CHAR_WEIGHT * by_chars + STEM_WEIGHT * by_stems).astype(np.float32)
    groups = np.split(near, firsts[1:])
    best = rows[[int(first + np.argmax(group)) for first, group in zip(firsts, groups, strict=True)]]
    table = np.column_stack(
        [
            ridge[chosen],
            np.maximum.reduceat(by_chars, firsts),
            np.maximum.reduceat(by_stems, firsts),
            np.maximum.reduceat(near, firsts),
            [np.sort(group)[-3:].mean() for group in groups],
            _coverage(index, query, order),
            _phrasing_coverage(index, query, best),
            [_terms(base, index.ids[position], query) for position in order],
            np.maximum.reduceat(meanings.rows.times(mean, rows), firsts),
            meant[chosen],
        ]
    ).astype(np.float32)
    compared = table[:, [0, 3, ALONE - 2, ALONE - 1]]
    return Candidates(tuple(order.tolist()), np.hstack([table, compared - compared.max(0)]))


def _shortlist(index: Index, chars: Vector, stems: Vector, mean: Floats) -> tuple[Ints, Floats]:
    """Positions of the entries that look likeliest, rising, and what letters and stems say for each."""
    straight = index.meanings.straight(mean)
    listed = np.arange(len(index.ids), dtype=np.int32)
    if len(listed) > FIRST_LOOK:
        none = chars[0][:0], chars[1][:0]
        listed = _largest(index.classify(none, stems) + straight, FIRST_LOOK)
    ridge = index.classify(chars, stems, listed if len(listed) < len(index.ids) else None)
    second = _largest(ridge + straight[listed], SECOND_LOOK)
    return listed[second], ridge[second]


def _largest(scores: Floats, count: int) -> Ints:
    """Places of the largest scores, rising."""
    if len(scores) <= count:
        return np.arange(len(scores), dtype=np.int32)
    return np.sort(np.argpartition(-scores, count)[:count]).astype(np.int32)


def _allowed(base: Base, index: Index, query: Query, order: Ints) -> NDArray[np.bool_]:
    """Which of these entries may be meant; all of them when none may."""
    left = np.ones(len(order), np.bool_)
    if any(query.terms.values()):
        left[:] = [not _conflict(base, index.ids[position], query) for position in order]
    return left if left.any() else ~left


def _coverage(index: Index, query: Query, order: Ints) -> Floats:
    """The share of the question's weight that lies on stems which each entry uses."""
    mass = sum(index.weight(word) for word in query.stems)
    asked = _asked(index, query)
    places, lengths = index.vocabulary.places(order)
    return sums(asked[index.vocabulary.values[places]], lengths) / np.float32(mass or 1.0)


def _phrasing_coverage(index: Index, query: Query, rows: Ints) -> list[float]:
    """The share of each row's weight that lies on stems of the question."""
    asked, words = _asked(index, query), index.phrasings.words
    shares = []
    for row in rows:
        stems = np.unique(index.features.stem_of[words.values[words.starts[row] : words.starts[row + 1]]])
        stems = stems[stems >= 0]
        mass = float(index.stem_weight[stems].sum())
        shares.append(float(asked[stems].sum()) / mass if mass else 0.0)
    return shares


def _asked(index: Index, query: Query) -> Floats:
    """The weight of every stem that the question uses, zero for all others."""
    weights = np.zeros(len(index.stem_weight), np.float32)
    places = [index.features.stems[word] for word in query.stems if index.knows(word)]
    weights[places] = index.stem_weight[places]
    return weights


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
