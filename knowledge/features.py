"""Text as columns of numbers: the words of a base, the stems and character n-grams in them.

A row (a phrasing) is kept as its words alone; its n-grams follow from them. Vectors are TF-IDF of unit length
(Salton and Buckley 1988, "Term-weighting approaches in automatic text retrieval"), one of character 2- to 5-grams
within words, one of stems and pairs of neighbouring stems.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.text import char_ngrams, stem

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Vector = tuple[Ints, Floats]
Kind = TypeVar("Kind", bound=np.generic)

SMALL_WORDS = frozenset(
    (
        "a ali in da je se si sem so bi bo bom ki ce pa tudi na v z s za od do po pri o iz k h ter ampak ker ne ni "
        "kot to ta te ti mi me mu jo ga jih jim nam vam vas nas naj bil bila bili biti ima imam lahko "
        "the is of for an and i my it be on"
    ).split()
)
NO_STEM = -1
LONGEST_GRAM = 5


@dataclass(frozen=True, slots=True)
class Stretches:
    """Some half-open ranges of places, one after another: few and long, so that copying each is the cheapest."""

    firsts: NDArray[Any]
    ends: NDArray[Any]
    _slices: tuple[slice, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_slices", tuple(map(slice, self.firsts.tolist(), self.ends.tolist())))

    def of(self, values: NDArray[Kind]) -> NDArray[Kind]:
        """What stands in these places."""
        return np.concatenate([values[:0], *map(values.__getitem__, self._slices)])


@dataclass(frozen=True, slots=True)
class Runs:
    """Lists of numbers, end to end: the list at `place` is `values[starts[place] : starts[place + 1]]`."""

    starts: Ints
    values: Ints
    lengths: Ints = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lengths", np.diff(self.starts))

    def of(self, chosen: Ints) -> tuple[Ints, Ints]:
        """The numbers of a few chosen lists, one list after another, and how long each is."""
        firsts, lengths = self.starts.take(chosen), self.lengths.take(chosen)
        return Stretches(firsts, firsts + lengths).of(self.values), lengths

    def within(self, lists: Stretches) -> tuple[Stretches, Ints]:
        """Where in `values` the lists of some stretches stand, and how long each list is."""
        where = Stretches(self.starts.take(lists.firsts), self.starts.take(lists.ends))
        return where, lists.of(self.lengths)


def runs(lists: Iterable[Sequence[int]]) -> Runs:
    """Put lists end to end."""
    kept = list(lists)
    starts = np.zeros(len(kept) + 1, np.int32)
    np.cumsum([len(one) for one in kept], out=starts[1:])
    return Runs(starts, np.fromiter(chain.from_iterable(kept), np.int32, int(starts[-1])))


def sums(values: NDArray[Any], lengths: Ints) -> Floats:
    """Sum of each of several neighbouring runs of `values`; an empty run gives zero."""
    if not len(lengths):
        return np.zeros(0, np.float32)
    firsts = np.cumsum(lengths) - lengths
    if lengths.all():
        return np.asarray(np.add.reduceat(values, firsts), np.float32)
    totals = np.add.reduceat(np.append(values, values.dtype.type(0)), firsts)
    totals[lengths == 0] = 0
    return np.asarray(totals, np.float32)


@dataclass(frozen=True, slots=True)
class Features:
    """The columns of a base. `stems` number all stems, of rows and answers, and come before `pairs`, which are
    sorted codes (left stem times number of stems plus right). `stem_of` has NO_STEM for a small word.

    `_holders` are words, once for each of their letters and sorted by what begins there: the words that hold an n-gram
    stand together, from its place in `_firsts` to that in `_ends`.
    """

    words: dict[str, int]
    stems: dict[str, int]
    stem_of: Ints
    grams: dict[str, int]
    grams_of: Runs
    pairs: NDArray[np.int64]
    gram_idf: Floats
    stem_idf: Floats
    _holders: NDArray[np.intp] = field(init=False)
    _firsts: NDArray[np.intp] = field(init=False)
    _ends: NDArray[np.intp] = field(init=False)

    def __post_init__(self) -> None:
        size = np.fromiter(map(len, self.grams), np.int32, len(self.grams))
        after = np.empty(len(size), np.int32)  # the next of the sorted grams that does not begin so
        for one in range(1, LONGEST_GRAM + 1):
            not_longer = np.append(np.flatnonzero(size <= one), len(size))
            same = np.flatnonzero(size == one)
            after[same] = not_longer[np.searchsorted(not_longer, same) + 1]
        grams = self.grams_of.values
        sizes = size[grams]
        longest = (sizes == LONGEST_GRAM) | (sizes != np.append(sizes[1:], 0))  # of those at the same letter
        words = np.repeat(np.arange(len(self.words)), self.grams_of.lengths)[longest]
        begins = grams[longest]
        before = np.append(0, np.bincount(begins, minlength=len(size)).cumsum())
        object.__setattr__(self, "_holders", words[begins.argsort()])
        object.__setattr__(self, "_firsts", before[:-1])
        object.__setattr__(self, "_ends", before[after])

    def chars(self, words: Sequence[str]) -> Vector:
        """Columns and unit-length weights of a text's n-grams. Those that the base has never seen still take
        their share of the length, as the rarest would."""
        known = np.array([self.words[word] for word in words if word in self.words], np.int32)
        columns, _ = self.grams_of.of(known)
        strange: Counter[int | str] = Counter(
            self.grams.get(gram, gram) for gram in ngrams(word for word in words if word not in self.words)
        )
        seen = [column for column, count in strange.items() if isinstance(column, int) for _ in range(count)]
        missing = [count for gram, count in strange.items() if isinstance(gram, str)]
        return _vector(np.append(columns, np.array(seen, np.int32)), missing, self.gram_idf)

    def stem_columns(self, words: Sequence[str]) -> Vector:
        """Columns and unit-length weights of a text's stems and pairs, small words left out."""
        row = [stem(word) for word in words if word not in SMALL_WORDS]
        places = [self.stems.get(one, NO_STEM) for one in row]
        seen = [place for place in places if place != NO_STEM]
        missing = Counter(one for one in row if one not in self.stems)
        strange: Counter[tuple[str, str]] = Counter()
        codes = []
        for left, right in zip(pairwise(places), pairwise(row), strict=True):
            if NO_STEM in left:
                strange[right] += 1
            else:
                codes.append((left[0] * len(self.stems) + left[1], right))
        if codes:
            wanted = np.array([code for code, _ in codes], np.int64)
            at = np.searchsorted(self.pairs, wanted)
            found = (at < len(self.pairs)) & (self.pairs[np.minimum(at, len(self.pairs) - 1)] == wanted)
            seen += (at[found] + len(self.stems)).tolist()
            strange.update(pair for (_, pair), hit in zip(codes, found.tolist(), strict=True) if not hit)
        counts = [*missing.values(), *strange.values()]
        return _vector(np.array(seen, np.int32), counts, self.stem_idf)

    def shares(self, vector: Vector) -> NDArray[np.float64]:
        """For every word of the base the sum over its n-grams of their weight in a text, times their idf."""
        grams, values = vector[0], vector[1] * self.gram_idf.take(vector[0])
        # The holders of an n-gram are among those of its beginning, so what they get changes at these edges only.
        edges = np.concatenate([self._firsts.take(grams), self._ends.take(grams)])
        order = edges.argsort(kind="stable")
        edges = edges.take(order)
        levels = np.concatenate([values, -values]).take(order).cumsum(dtype=np.float64)
        some = np.where(order < len(grams), 1, -1).cumsum() > 0
        turns = edges[np.diff(some, prepend=False)]
        holders = Stretches(turns[::2], turns[1::2]).of(self._holders)
        weights = np.repeat(levels, np.diff(edges, append=edges[-1:]) * some)
        return np.asarray(np.bincount(holders, weights, len(self.words)), np.float64)


def _vector(columns: Ints, missing: Sequence[int], idf: Floats) -> Vector:
    places, counts = np.unique(columns, return_counts=True)
    weights = counts * idf[places]
    total = float(weights @ weights)
    if missing:
        rarest = float(idf.max()) if len(idf) else 1.0
        total += sum((count * rarest) ** 2 for count in missing)
    return places, (weights / np.sqrt(total) if total else weights).astype(np.float32)


def ngrams(words: Iterable[str]) -> Iterable[str]:
    """Character 2- to 5-grams within words."""
    return char_ngrams(words, 2, LONGEST_GRAM)


@dataclass(frozen=True, slots=True)
class Rows:
    """Phrasings as vectors: the words of each row, what makes its n-gram vector one long, and its stem vector."""

    words: Runs
    char_scale: Floats
    stems: Runs
    stem_values: Floats

    def char_cosines(self, features: Features, vector: Vector, rows: Stretches) -> Floats:
        """Cosine of a text's n-gram vector with some rows: each word's share is worked out once."""
        where, lengths = self.words.within(rows)
        shares = features.shares(vector).take(where.of(self.words.values))
        return sums(shares, lengths) * rows.of(self.char_scale)

    def stem_cosines(self, features: Features, vector: Vector, rows: Stretches) -> Floats:
        """Cosine of a text's stem vector with some rows."""
        dense = np.zeros(len(features.stem_idf), np.float32)
        dense[vector[0]] = vector[1]
        where, lengths = self.stems.within(rows)
        return sums(dense.take(where.of(self.stems.values)) * where.of(self.stem_values), lengths)


def analyse(flat: Sequence[Sequence[str]], more: Iterable[str]) -> tuple[Features, Rows, Any, Ints]:
    """Number the features of all rows; `more` are words that only answers use.

    Gives the features, the rows, the rows' vectors as one sparse matrix for each kind (n-grams, stems), and in how
    many rows each word stands.
    """
    from scipy import sparse

    words = {word: place for place, word in enumerate(sorted({word for row in flat for word in row}))}
    stem_by_word = [stem(word) for word in words]
    stems = {one: at for at, one in enumerate(sorted({*stem_by_word, *map(stem, more)}))}
    stem_of = np.array(
        [
            NO_STEM if word in SMALL_WORDS else stems[one]
            for word, one in zip(words, stem_by_word, strict=True)
        ],
        np.int32,
    )
    of_words = [list(ngrams([word])) for word in words]
    grams = {gram: at for at, gram in enumerate(sorted({gram for word in of_words for gram in word}))}
    grams_of = runs([grams[gram] for gram in word] for word in of_words)
    row_words = runs([words[word] for word in row] for row in flat)

    occurrences = _counts(row_words, len(words))
    chars = occurrences @ _counts(grams_of, len(grams))
    gram_idf = _idf(chars, len(grams))
    char_scale = _weigh(chars, gram_idf)

    row_stems, pairs = _stem_counts(row_words, stem_of, len(stems))
    stem_idf = _idf(row_stems, len(stems) + len(pairs))
    _weigh(row_stems, stem_idf)

    features = Features(words, stems, stem_of, grams, grams_of, pairs, gram_idf, stem_idf)
    rows = Rows(row_words, char_scale, Runs(row_stems.indptr, row_stems.indices), row_stems.data)
    matrix = (chars, sparse.csr_matrix(row_stems))
    return features, rows, matrix, np.bincount(occurrences.indices, minlength=len(words)).astype(np.int32)


def _counts(lists: Runs, columns: int) -> Any:
    """A sparse matrix of how often each number stands in each list."""
    from scipy import sparse

    ones = np.ones(len(lists.values), np.float32)
    shape = (len(lists.starts) - 1, columns)
    counts = sparse.csr_matrix((ones, lists.values, lists.starts), shape, copy=True)
    counts.sum_duplicates()
    return counts


def _stem_counts(row_words: Runs, stem_of: Ints, stems: int) -> tuple[Any, NDArray[np.int64]]:
    """How often each stem and each pair of neighbouring stems stands in each row, and the codes of the pairs."""
    from scipy import sparse

    lengths = np.diff(row_words.starts)
    row = np.repeat(np.arange(len(lengths)), lengths)
    column = stem_of[row_words.values].astype(np.int64)
    row, column = row[column != NO_STEM], column[column != NO_STEM]
    beside = row[:-1] == row[1:]
    pairs, places = np.unique((column[:-1] * stems + column[1:])[beside], return_inverse=True)
    rows, columns = np.append(row, row[:-1][beside]), np.append(column, places + stems)
    ones = np.ones(len(rows), np.float32)
    counts = sparse.csr_matrix((ones, (rows, columns)), (len(lengths), stems + len(pairs)))
    counts.sum_duplicates()
    return counts, pairs


def _idf(counts: Any, columns: int) -> Floats:
    frequency = np.maximum(np.bincount(counts.indices, minlength=columns), 1)
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + frequency)) + 1.0, np.float32)


def _weigh(counts: Any, idf: Floats) -> Floats:
    """Turn counts into unit vectors in place; gives what each row was multiplied by."""
    counts.sort_indices()
    counts.data *= idf[counts.indices]
    lengths = np.diff(counts.indptr)
    square = sums(counts.data.astype(np.float64) ** 2, lengths)
    scale = (1.0 / np.sqrt(np.maximum(square, 1e-12))).astype(np.float32)
    counts.data *= np.repeat(scale, lengths)
    return scale
