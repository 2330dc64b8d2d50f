"""The searchable form of a base: every phrasing as a weighted vector of character n-grams and stems.

Vectors are TF-IDF with sublinear term frequency, each block of unit length (Salton and Buckley 1988, "Term-weighting
approaches in automatic text retrieval"). Over them lies a ridge classifier in its dual form (Rifkin, Yeo and Poggio
2003, "Regularized least-squares classification"), which learns from all phrasings at once what tells one entry
from another; nearest neighbours alone cannot.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.entry import Entry
from knowledge.spelling import Spelling
from knowledge.text import char_ngrams, stem, tokens
from knowledge.vectors import NO_VECTORS, Meanings, WordVectors, halved, learn

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

CHAR_WEIGHT, STEM_WEIGHT = 0.64, 0.36
RIDGE = 0.5
# Marks groups of questions that are not for us among the ids of an index.
BACKGROUND = "_"
SMALL_WORDS = frozenset(
    [
        "a",
        "ali",
        "in",
        "da",
        "je",
        "se",
        "si",
        "sem",
        "so",
        "bi",
        "bo",
        "bom",
        "ki",
        "ce",
        "pa",
        "tudi",
        "na",
        "v",
        "z",
        "s",
        "za",
        "od",
        "do",
        "po",
        "pri",
        "o",
        "iz",
        "k",
        "h",
        "ter",
        "ampak",
        "ker",
        "ne",
        "ni",
        "kot",
        "to",
        "ta",
        "te",
        "ti",
        "mi",
        "me",
        "mu",
        "jo",
        "ga",
        "jih",
        "jim",
        "nam",
        "vam",
        "vas",
        "nas",
        "naj",
        "bil",
        "bila",
        "bili",
        "biti",
        "ima",
        "imam",
        "lahko",
        "the",
        "is",
        "of",
        "to",
        "for",
        "an",
        "and",
        "i",
        "my",
        "it",
        "be",
        "on",
    ]
)


def char_features(words: Sequence[str]) -> Counter[str]:
    """Character 2- to 5-grams of folded words, with counts."""
    return Counter(char_ngrams(list(words), 2, 5))


def stem_features(words: Sequence[str]) -> Counter[str]:
    """Stems and pairs of neighbouring stems of folded words without the small ones, with counts."""
    stems = [stem(word) for word in words if word not in SMALL_WORDS]
    pairs = [f"{left}_{right}" for left, right in pairwise(stems)]
    return Counter((*stems, *pairs))


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of feature: the weight of each column, and the rows as compressed vectors of unit length."""

    columns: dict[str, int]
    idf: Floats
    starts: NDArray[np.int64]
    places: Ints
    values: Floats

    def vector(self, features: Counter[str]) -> tuple[Ints, Floats]:
        """Columns and unit-length weights of a text's features. Features that the block has never seen
        still take their share of the length, as the rarest would."""
        rarest = float(self.idf.max()) if len(self.idf) else 1.0
        columns: list[int] = []
        weights: list[float] = []
        total = 0.0
        for feature, count in sorted(features.items()):
            column = self.columns.get(feature)
            weight = (1.0 + math.log(count)) * (rarest if column is None else float(self.idf[column]))
            total += weight * weight
            if column is not None:
                columns.append(column)
                weights.append(weight)
        scale = 1.0 / math.sqrt(total) if total else 0.0
        return np.array(columns, np.int32), (np.array(weights) * scale).astype(np.float32)

    def cosines(self, vector: tuple[Ints, Floats], rows: slice) -> Floats:
        """Cosine of a text's vector with some rows."""
        dense = np.zeros(len(self.columns), np.float32)
        dense[vector[0]] = vector[1]
        starts = self.starts[rows.start : rows.stop + 1]
        products = dense[self.places[starts[0] : starts[-1]]] * self.values[starts[0] : starts[-1]]
        sums = np.concatenate(([0.0], np.cumsum(products, dtype=np.float64)))
        return np.asarray(np.diff(sums[starts - starts[0]]), np.float32)


def build_block(texts: Iterable[Counter[str]]) -> Block:
    """Weigh the features of all rows."""
    rows = list(texts)
    frequency: Counter[str] = Counter()
    for features in rows:
        frequency.update(features.keys())
    columns = {feature: column for column, feature in enumerate(sorted(frequency))}
    idf = np.array(
        [math.log((1 + len(rows)) / (1 + frequency[feature])) + 1.0 for feature in columns], np.float32
    )
    empty = Block(columns, idf, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    vectors = [empty.vector(features) for features in rows]
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(places) for places, _ in vectors], out=starts[1:])
    places = np.concatenate([places for places, _ in vectors])
    return Block(columns, idf, starts, places, np.concatenate([values for _, values in vectors]))


@dataclass(frozen=True, slots=True)
class Index:
    """All that a search reads. Rows are phrasings, grouped by entry; `first_row` marks where each group begins.

    `ridge` has a line for every column of `chars`, then of `stems`, and a place for every entry.
    """

    ids: tuple[str, ...]
    first_row: Ints
    row_words: tuple[frozenset[str], ...]
    chars: Block
    stems: Block
    ridge: Floats
    vocabulary: tuple[frozenset[str], ...]
    stem_idf: Mapping[str, float]
    rarest: float
    spelling: Spelling
    vectors: WordVectors
    meanings: Meanings

    @property
    def rows(self) -> int:
        """How many phrasings there are."""
        return len(self.row_words)

    def rows_of(self, position: int) -> slice:
        """The rows of the entry at `position`."""
        following = self.first_row[position + 1] if position + 1 < len(self.ids) else self.rows
        return slice(int(self.first_row[position]), int(following))

    def weight(self, stem_: str) -> float:
        """How telling a stem is; one that the base has never seen is the most telling."""
        return self.stem_idf.get(stem_, self.rarest)


def build(
    entries: Iterable[Entry],
    background: Mapping[str, Sequence[str]] | None = None,
    vectors: WordVectors = NO_VECTORS,
) -> Index:
    """Index entries, and groups of questions that are not for us; raises ValueError when there is no entry."""
    ordered = sorted(entries, key=lambda entry: entry.id)
    if not ordered:
        raise ValueError("no entries to index")
    texts = {entry.id: (list(_row_texts(entry)), list(_all_texts(entry))) for entry in ordered}
    for name, questions in sorted((background or {}).items()):
        texts[f"{BACKGROUND}{name}"] = (list(questions), list(questions))
    rows = [[tokens(text) for text in phrasings] for phrasings, _ in texts.values()]
    flat = [words for group in rows for words in group]
    vocabulary = tuple(
        frozenset(stem(word) for text in all_ for word in tokens(text)) for _, all_ in texts.values()
    )
    seen = Counter(word for words in vocabulary for word in words)
    chars = build_block(char_features(words) for words in flat)
    stems = build_block(stem_features(words) for words in flat)
    frequency = Counter(word for words in flat for word in set(words))
    weight = {
        word: math.log((1 + len(flat)) / (1 + count)) + 0.2 for word, count in sorted(frequency.items())
    }
    owner = np.repeat(np.arange(len(texts)), [len(group) for group in rows]).astype(np.int32)
    return Index(
        tuple(texts),
        np.cumsum([0, *(len(group) for group in rows[:-1])]).astype(np.int32),
        tuple(frozenset(stem(word) for word in words if word not in SMALL_WORDS) for words in flat),
        chars,
        stems,
        _ridge(chars, stems, owner),
        vocabulary,
        {word: math.log((1 + len(texts)) / (1 + count)) + 0.3 for word, count in sorted(seen.items())},
        math.log(1 + len(texts)) + 0.3,
        Spelling(frequency),
        vectors,
        learn(vectors, flat, owner, weight),
    )


def _ridge(chars: Block, stems: Block, owner: Ints) -> Floats:
    """Weights of every feature for every entry: W = Xᵀ (X Xᵀ + λ I)⁻¹ Y."""
    from scipy import linalg, sparse

    count = len(owner)
    vectors = sparse.hstack(
        [
            sparse.csr_matrix((block.values, block.places, block.starts), (count, len(block.columns)))
            * np.float32(math.sqrt(weight))
            for block, weight in ((chars, CHAR_WEIGHT), (stems, STEM_WEIGHT))
        ],
        format="csr",
        dtype=np.float32,
    )
    kernel = (vectors @ vectors.T).toarray()
    kernel[np.diag_indices(count)] += np.float32(RIDGE)
    targets = np.zeros((count, int(owner.max()) + 1), np.float32)
    targets[np.arange(count), owner] = 1.0
    solved = linalg.solve(kernel, targets, assume_a="pos", overwrite_a=True, check_finite=False)
    scale = np.concatenate(
        [
            np.full(len(chars.columns), math.sqrt(CHAR_WEIGHT)),
            np.full(len(stems.columns), math.sqrt(STEM_WEIGHT)),
        ]
    ).astype(np.float32)
    return halved(np.asarray((vectors.T @ solved) * scale[:, None], np.float32))


def _row_texts(entry: Entry) -> Iterator[str]:
    yield from (entry.title.sl, entry.title.en)
    yield from entry.phrasings.sl
    yield from entry.phrasings.en
    yield " ".join(entry.terms)


def _all_texts(entry: Entry) -> Iterator[str]:
    yield from _row_texts(entry)
    for version in entry.versions:
        yield from (version.answer.sl, version.answer.en)
