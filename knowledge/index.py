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

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

CHAR_WEIGHT, STEM_WEIGHT = 0.64, 0.36
RIDGE = 0.5
# Above this many phrasings the dual system no longer fits a start-up; nearest neighbours then rank alone.
MAX_RIDGE_ROWS = 9000
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
    """One kind of feature over all rows: inverted lists in compressed form, and the weight of each feature."""

    columns: dict[str, int]
    idf: Floats
    starts: NDArray[np.int64]
    rows: Ints
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

    def cosines(self, features: Counter[str], row_count: int) -> Floats:
        """Cosine of a text with every row."""
        columns, weights = self.vector(features)
        if not len(columns):
            return np.zeros(row_count, np.float32)
        slices = [slice(self.starts[column], self.starts[column + 1]) for column in columns]
        rows = np.concatenate([self.rows[part] for part in slices])
        values = np.concatenate(
            [self.values[part] * weight for part, weight in zip(slices, weights, strict=True)]
        )
        return np.bincount(rows, values, row_count).astype(np.float32)


def build_block(texts: Iterable[Counter[str]]) -> Block:
    """Weigh and invert the features of all rows."""
    rows = list(texts)
    frequency: Counter[str] = Counter()
    for features in rows:
        frequency.update(features.keys())
    columns = {feature: column for column, feature in enumerate(sorted(frequency))}
    idf = np.array(
        [math.log((1 + len(rows)) / (1 + frequency[feature])) + 1.0 for feature in columns], np.float32
    )
    lists: list[list[tuple[int, float]]] = [[] for _ in columns]
    for row, features in enumerate(rows):
        weighted = {
            columns[feature]: (1.0 + math.log(count)) * float(idf[columns[feature]])
            for feature, count in sorted(features.items())
        }
        length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
        for column, weight in weighted.items():
            lists[column].append((row, weight / length))
    starts = np.zeros(len(columns) + 1, np.int64)
    np.cumsum([len(items) for items in lists], out=starts[1:])
    flat = [item for items in lists for item in items]
    return Block(
        columns,
        idf,
        starts,
        np.array([row for row, _ in flat], np.int32),
        np.array([value for _, value in flat], np.float32),
    )


@dataclass(frozen=True, slots=True)
class Index:
    """All that a search reads. Rows are phrasings, grouped by entry; `first_row` marks where each group begins."""

    ids: tuple[str, ...]
    first_row: Ints
    row_words: tuple[frozenset[str], ...]
    chars: Block
    stems: Block
    ridge: Floats | None
    vocabulary: tuple[frozenset[str], ...]
    stem_idf: Mapping[str, float]
    rarest: float
    spelling: Spelling

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


def build(entries: Iterable[Entry]) -> Index:
    """Index entries; raises ValueError when there are none."""
    ordered = sorted(entries, key=lambda entry: entry.id)
    if not ordered:
        raise ValueError("no entries to index")
    rows = [[tokens(text) for text in _row_texts(entry)] for entry in ordered]
    flat = [words for group in rows for words in group]
    first_row = np.cumsum([0, *(len(group) for group in rows[:-1])]).astype(np.int32)
    owner = np.repeat(np.arange(len(ordered)), [len(group) for group in rows]).astype(np.int32)
    vocabulary = tuple(
        frozenset(stem(word) for text in _all_texts(entry) for word in tokens(text)) for entry in ordered
    )
    seen = Counter(word for words in vocabulary for word in words)
    stem_idf = {
        word: math.log((1 + len(ordered)) / (1 + count)) + 0.3 for word, count in sorted(seen.items())
    }
    chars = build_block(char_features(words) for words in flat)
    stems = build_block(stem_features(words) for words in flat)
    return Index(
        tuple(entry.id for entry in ordered),
        first_row,
        tuple(frozenset(stem(word) for word in words if word not in SMALL_WORDS) for words in flat),
        chars,
        stems,
        _ridge(chars, stems, flat, owner, len(ordered)),
        vocabulary,
        stem_idf,
        math.log(1 + len(ordered)) + 0.3,
        Spelling(Counter(word for words in flat for word in set(words))),
    )


def similarity(chars: Block, stems: Block, words: Sequence[str], rows: int) -> tuple[Floats, Floats, Floats]:
    """Cosines of a text with every row: by characters, by stems, and both together."""
    by_chars = chars.cosines(char_features(words), rows)
    by_stems = stems.cosines(stem_features(words), rows)
    return by_chars, by_stems, CHAR_WEIGHT * by_chars + STEM_WEIGHT * by_stems


def _ridge(
    chars: Block, stems: Block, flat: Sequence[Sequence[str]], owner: Ints, entries: int
) -> Floats | None:
    count = len(flat)
    if count > MAX_RIDGE_ROWS:
        return None
    kernel = np.vstack([similarity(chars, stems, words, count)[2] for words in flat])
    kernel = ((kernel + kernel.T) / 2).astype(np.float32)
    kernel[np.diag_indices(count)] += RIDGE
    targets = np.zeros((count, entries), np.float32)
    targets[np.arange(count), owner] = 1.0
    return np.linalg.solve(kernel, targets).astype(np.float32)


def _row_texts(entry: Entry) -> Iterator[str]:
    yield from (entry.title.sl, entry.title.en)
    yield from entry.phrasings.sl
    yield from entry.phrasings.en
    yield " ".join(entry.terms)


def _all_texts(entry: Entry) -> Iterator[str]:
    yield from _row_texts(entry)
    for version in entry.versions:
        yield from (version.answer.sl, version.answer.en)
