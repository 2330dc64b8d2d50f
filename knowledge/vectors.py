"""Meaning of words as small vectors, so that *šefica* lies near *ravnateljica* though they share no letters.

The table is made beforehand (`knowledge.distil`); no model runs here. A text is the weighted mean of its words'
vectors (Arora, Liang and Ma 2017); a ridge classifier over all phrasings learns what tells entries apart, from the
means and the products of their main coordinates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.classifier import Bytes, as_bytes, ridge
from knowledge.features import Floats, Ints, Runs

NAME = "word_vectors.npz"
# So many main coordinates are multiplied with one another; fewer of them in a base of many rows.
AXES, FEWER_AXES, MANY_ROWS = 64, 32, 2**15
RIDGE = np.float32(0.2)


@dataclass(frozen=True, slots=True)
class WordVectors:
    """A row of `table` for every known folded word."""

    places: Mapping[str, int]
    table: Floats

    def mean(self, words: Sequence[str], weight: Mapping[str, float], rarest: float) -> Floats:
        """The weighted sum of the words' vectors, of unit length; zero when none of them is known."""
        known = [word for word in words if word in self.places]
        if not known:
            return np.zeros(self.table.shape[1], np.float32)
        weights = np.array([weight.get(word, rarest) for word in known], np.float32)
        return unit(weights @ self.table.take([self.places[word] for word in known], axis=0))


NO_VECTORS = WordVectors({}, np.zeros((0, 1), np.float32))


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a search needs of the vectors: the rows' means, and a classifier for every entry.

    The classifier takes a mean itself and the products of any two of its coordinates on the `axes` on which
    the rows differ most. `weight` tells how telling each word of the base is.
    """

    centre: Floats
    rows: Bytes
    axes: Floats
    classifier: Bytes
    weight: Mapping[str, float]
    rarest: float
    _straight: Floats = field(init=False)

    def __post_init__(self) -> None:
        width = self.rows.table.shape[1]
        straight = self.classifier.table[:, :width] * self.classifier.scale[:, None]
        object.__setattr__(self, "_straight", straight.astype(np.float32))

    def place(self, vectors: WordVectors, words: Sequence[str]) -> Floats:
        """A text's mean as the rows' are placed."""
        return unit(vectors.mean(words, self.weight, self.rarest) - self.centre)

    def straight(self, mean: Floats) -> Floats:
        """What the mean alone says for every entry: the classifier without the products, for a cheap first look."""
        return np.asarray(self._straight @ mean)

    def scores(self, mean: Floats, entries: Ints) -> Floats:
        """What the whole classifier says for some entries."""
        return self.classifier.times(products(mean[None], self.axes)[0], entries)


def products(means: Floats, axes: Floats) -> Floats:
    """Means, with the products of their coordinates on `axes`: the degrees one and two of a polynomial kernel."""
    along = means @ axes
    left, right, twice = _pairs(axes.shape[1])
    return np.hstack([means, along.take(left, axis=1) * along.take(right, axis=1) * twice])


@lru_cache(maxsize=4)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    left, right = np.triu_indices(count)
    return left, right, np.where(left == right, 1.0, math.sqrt(2.0)).astype(np.float32)


def unit(vectors: Floats) -> Floats:
    """Vectors of length one (zero stays zero)."""
    length = np.sqrt(np.square(vectors).sum(-1, keepdims=True))
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)


@lru_cache(maxsize=2)
def load(folder: Path) -> WordVectors:
    """The table of `folder`; empty where there is none (search then works without it)."""
    path = folder / NAME
    if not path.exists():
        return NO_VECTORS
    with np.load(path, allow_pickle=False) as arrays:
        words = arrays["words"].tobytes().decode().split("\n")
        table = arrays["vectors"].astype(np.float32) * np.float32(arrays["scale"])
    return WordVectors({word: place for place, word in enumerate(words)}, table)


def weights(words: Iterable[str], frequency: Ints, rows: int) -> dict[str, float]:
    """How telling each word is, from the number of rows that it stands in."""
    return dict(zip(words, (np.log((1 + rows) / (1 + frequency)) + 0.2).tolist(), strict=True))


def learn(
    vectors: WordVectors, words: Sequence[str], rows: Runs, owner: Ints, weight: Mapping[str, float]
) -> Meanings:
    """Place all rows, which are lists of places in `words`, and fit the classifier (owners rise)."""
    from scipy import sparse

    table = np.zeros((len(words), vectors.table.shape[1]), np.float32)
    for at, word in enumerate(words):
        place = vectors.places.get(word)
        if place is not None:
            table[at] = vectors.table[place] * np.float32(weight[word])
    ones = np.ones(len(rows.values), np.float32)
    occurrences = sparse.csr_matrix((ones, rows.values, rows.starts), (len(owner), len(words)))
    means = unit(occurrences @ table)
    centre = means.mean(0).astype(np.float32)
    placed = unit(means - centre)
    _, axes = np.linalg.eigh(placed.T @ placed)
    count = AXES if len(owner) <= MANY_ROWS else FEWER_AXES
    axes = np.ascontiguousarray(axes[:, ::-1][:, :count], np.float32)
    fitted = ridge(lambda part: products(placed[part], axes), owner, RIDGE)
    return Meanings(
        centre,
        as_bytes(placed),
        axes,
        as_bytes(np.ascontiguousarray(fitted.T)),
        weight,
        max(weight.values(), default=1.0),
    )
