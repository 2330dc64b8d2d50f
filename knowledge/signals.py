"""What speaks for each candidate entry: the signals that ranking and confidence are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.entry import About
from knowledge.features import SMALL_WORDS, Floats, Ints, Stretches, Vector, sums
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
# The families of terms that an entry may be restricted to, and the institution, which every entry has.
_FAMILIES = ("naziv", "route", "proposer", "workplace", "institution")
_OF_NO_ENTRY = 1


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


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the entries of an index are about: a line for each entry and a column for each family of terms, in which
    every value has its bit. `traits`: about a route that must be named, only says what is not known, no entry of ours.
    """

    bits: Mapping[tuple[str, str], int]
    about: NDArray[np.int64]
    traits: NDArray[np.bool_]

    def named(self, query: Query) -> NDArray[np.int64]:
        """What the question names, in the same bits."""
        return np.array(
            [
                sum({self.bits.get((family, value), _OF_NO_ENTRY) for value in query.terms.get(family, ())})
                for family in _FAMILIES
            ],
            np.int64,
        )


def subjects(base: Base, index: Index) -> Subjects:
    """Note once what all entries are about."""
    bits: dict[tuple[str, str], int] = {}
    about = np.zeros((len(index.ids), len(_FAMILIES)), np.int64)
    traits = np.zeros((len(index.ids), 3), np.bool_)
    for place, entry_id in enumerate(index.ids):
        if entry_id.startswith(BACKGROUND):
            traits[place, 2] = True
            continue
        entry = base.entries[entry_id]
        restricted = {**entry.about.model_dump(), "institution": (base.institution(entry),)}
        for column, family in enumerate(_FAMILIES):
            for value in restricted[family]:
                about[place, column] |= bits.setdefault((family, value), 2 << len(bits))
        traits[place, :2] = _special_route(entry.about), entry.never_known
    return Subjects(bits, about, traits)


def read_query(base: Base, index: Index, text: str) -> Query:
    """Fold, mend and analyse a question (its first `MAX_WORDS` words)."""
    raw = tokens(text)[:MAX_WORDS]
    words = tuple(index.spelling.mend(raw))
    stems = tuple(sorted({stem(word) for word in words if word not in SMALL_WORDS}))
    mass = sum(index.weight(word) for word in stems)
    known = sum(index.weight(word) for word in stems if index.knows(word))
    return Query(words, base.terms.find(words), stems, known / mass if mass else 0.0)


def candidates(told: Subjects, index: Index, query: Query) -> Candidates:
    """The nearest entries with their signals, in the order of first sight."""
    features, meanings = index.features, index.meanings
    chars, stems = features.chars(query.words), features.stem_columns(query.words)
    mean = meanings.place(index.vectors, query.words)
    listed, ridge = _shortlist(index, chars, stems, mean)
    meant = meanings.scores(mean, listed)
    named = told.named(query)
    chosen = np.argsort(-np.round(ridge + meant, 5), kind="stable")[: 2 * CANDIDATES]
    chosen = chosen[_allowed(told, named, listed[chosen])][:CANDIDATES]
    order = listed[chosen]

    rows = Stretches(index.first_row[order], index.first_row[order + 1])
    sizes = rows.ends - rows.firsts
    firsts = np.cumsum(sizes) - sizes
    by_chars = index.phrasings.char_cosines(features, chars, rows)
    by_stems = index.phrasings.stem_cosines(features, stems, rows)
    near = np.zeros((len(order), sizes.max()), np.float32)
    near[np.arange(sizes.max()) < sizes[:, None]] = CHAR_WEIGHT * by_chars + STEM_WEIGHT * by_stems
    nearest = rows.firsts + near.argmax(1)
    asked = _asked(index, query)
    table = np.column_stack(
        [
            ridge[chosen],
            np.maximum.reduceat(by_chars, firsts),
            np.maximum.reduceat(by_stems, firsts),
            near.max(1),
            np.sort(near)[:, -3:].sum(1) / np.minimum(sizes, 3),
            _coverage(index, query, asked, order),
            _phrasing_coverage(index, asked, nearest),
            _terms(told, named, order),
            np.maximum.reduceat(meanings.rows.times_within(mean, rows), firsts),
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


def _allowed(told: Subjects, named: NDArray[np.int64], order: Ints) -> NDArray[np.bool_]:
    """Which of these entries may be meant; all of them when none may. Not meant is one about which the question names,
    in some family of terms, only other values."""
    left = np.asarray(~_others(told.about[order], named)[:, :-1].any(1))
    return left if left.any() else ~left


def _others(about: NDArray[np.int64], named: NDArray[np.int64]) -> NDArray[np.bool_]:
    """In which families entries are about something, and the question about something else."""
    return np.asarray((about != 0) & (named != 0) & (about & named == 0))


def _coverage(index: Index, query: Query, asked: Floats, order: Ints) -> Floats:
    """The share of the question's weight that lies on stems which each entry uses."""
    mass = sum(index.weight(word) for word in query.stems)
    used, lengths = index.vocabulary.of(order)
    return sums(asked.take(used), lengths) / np.float32(mass or 1.0)


def _phrasing_coverage(index: Index, asked: Floats, rows: Ints) -> Floats:
    """The share of each row's weight that lies on stems of the question; the pairs behind the stems don't count."""
    columns, lengths = index.phrasings.stems.of(rows)
    single = columns < len(asked)
    mass = sums(index.stem_weight.take(columns, mode="clip") * single, lengths)
    said = sums(asked.take(columns, mode="clip") * single, lengths)
    return np.asarray(said / np.maximum(mass, 1e-9), np.float32)


def _asked(index: Index, query: Query) -> Floats:
    """The weight of every stem that the question uses, zero for all others."""
    weights = np.zeros(len(index.stem_weight), np.float32)
    places = [index.features.stems[word] for word in query.stems if index.knows(word)]
    weights[places] = index.stem_weight[places]
    return weights


def _terms(told: Subjects, named: NDArray[np.int64], order: Ints) -> NDArray[np.int64]:
    """Matches of exact terms, a question for the other institution, a route never named, an entry that
    only says what is not known, a group of questions that are not for us."""
    about = told.about[order]
    special, unknown, background = told.traits[order].T
    unnamed = special & (named[_FAMILIES.index("route")] == 0)
    matches = (about & named != 0)[:, :-1].sum(1)
    return np.column_stack([matches, _others(about, named)[:, -1], unnamed, unknown, background])


def _special_route(about: About) -> bool:
    return bool(about.route) and "redno" not in about.route
