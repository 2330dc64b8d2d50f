"""Meaning of words as small vectors, so that *šefica* lies near *ravnateljica* though they share no letters.

The table is made beforehand (`knowledge.distil`); no model runs here. A text is the weighted mean of its words'
vectors (Arora, Liang and Ma 2017); a kernel ridge classifier over all phrasings learns what tells entries apart
(Saunders, Gammerman and Vovk 1998, "Ridge regression learning algorithm in dual variables").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
NAME = "word_vectors.npz"
WIDTH = 0.6
RIDGE = 0.3


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
        return unit(weights @ self.table[[self.places[word] for word in known]])


NO_VECTORS = WordVectors({}, np.zeros((0, 1), np.float32))


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a search needs of the vectors: the rows' means, and the weights of the ridge classifier."""

    centre: Floats
    rows: Floats
    ridge: Floats
    weight: Mapping[str, float]
    rarest: float

    def nearness(self, vectors: WordVectors, words: Sequence[str]) -> tuple[Floats, Floats]:
        """Cosine with every row, and the kernel of it that the classifier takes."""
        mean = unit(vectors.mean(words, self.weight, self.rarest) - self.centre)
        cosines = self.rows @ mean
        return cosines, kernel(cosines)


def unit(vectors: Floats) -> Floats:
    """Vectors of length one (zero stays zero)."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)


def halved(table: Floats) -> Floats:
    """A table as exact as it is kept on disk, so that a fresh index and a kept one give the same scores."""
    return np.asarray(table.astype(np.float16).astype(np.float32))


def kernel(cosines: Floats) -> Floats:
    """Gaussian kernel of unit vectors by their cosine."""
    return np.asarray(np.exp((2.0 * cosines - 2.0) / WIDTH), np.float32)


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


def learn(
    vectors: WordVectors, rows: Sequence[Sequence[str]], owner: NDArray[np.int32], weight: Mapping[str, float]
) -> Meanings:
    """Place all rows and solve the classifier."""
    from scipy import linalg

    rarest = max(weight.values(), default=1.0)
    means = np.stack([vectors.mean(words, weight, rarest) for words in rows])
    centre = means.mean(0).astype(np.float32)
    placed = unit(means - centre)
    system = kernel(placed @ placed.T)
    system[np.diag_indices(len(rows))] += np.float32(RIDGE)
    targets = np.zeros((len(rows), int(owner.max()) + 1), np.float32)
    targets[np.arange(len(rows)), owner] = 1.0
    solved = linalg.solve(system, targets, assume_a="pos", overwrite_a=True, check_finite=False)
    return Meanings(centre, halved(placed), halved(solved), dict(weight), rarest)
