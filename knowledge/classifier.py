"""A linear classifier over all phrasings, which learns what tells one entry from another.

Ridge regression (Rifkin, Yeo and Poggio 2003, "Regularized least-squares classification") on features hashed into far
fewer buckets (Weinberger et al. 2009, "Feature hashing for large scale multitask learning"): its cost is linear
in the phrasings, where the exact solution takes their third power. What hashing blurs is mended twice: the dual
coefficients that several hashings agree on are carried back to the features themselves, so that a question
is compared by what it says and not by what its buckets share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.features import Floats, Ints, Stretches

RIDGE = np.float32(0.5)
HASHINGS, BUCKETS = 4, 1024
# Above this many weights (features times entries) the buckets of one hashing are kept in their place.
LARGEST, LARGE_BUCKETS = 2**26, 1024
_ROWS_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Bytes:
    """A table of numbers in one byte each, with a scale for every row."""

    table: NDArray[np.int8]
    scale: Floats

    def times(self, vector: Floats, places: Ints) -> Floats:
        """The product of some rows with a vector."""
        return np.asarray(
            self.table.take(places, axis=0).astype(np.float32) @ vector * self.scale.take(places)
        )

    def times_within(self, vector: Floats, rows: Stretches) -> Floats:
        """The product of the rows of some stretches with a vector."""
        return rows.of(self.table).astype(np.float32) @ vector * rows.of(self.scale)


def as_bytes(table: Floats) -> Bytes:
    """Round a table to 255 steps a row, the same for a fresh index and one kept on disk."""
    scale = (np.maximum(np.abs(table).max(1, initial=0.0), 1e-9) / 127).astype(np.float32)
    rounded = np.empty(table.shape, np.int8)
    for first in range(0, len(table), _ROWS_AT_ONCE):
        part = slice(first, first + _ROWS_AT_ONCE)
        np.rint(table[part] / scale[part, None], out=rounded[part], casting="unsafe")
    return Bytes(rounded, scale)


@dataclass(frozen=True, slots=True)
class Classifier:
    """A row of `weights` for every feature, or for every bucket when `hashed`; a place in it for every entry."""

    weights: Bytes
    hashed: bool

    def scores(self, columns: Ints, values: Floats, entries: Ints | None = None) -> Floats:
        """How much a text's features speak for each entry, or for some of them."""
        if self.hashed:
            columns, signs = buckets(columns, 0, len(self.weights.table))
            values = values * signs
        table = self.weights.table
        chosen = table.take(columns, axis=0) if entries is None else table[np.ix_(columns, entries)]
        return np.asarray((values * self.weights.scale[columns]) @ chosen.astype(np.float32))


def buckets(columns: NDArray[Any], hashing: int, count: int) -> tuple[Ints, Floats]:
    """The bucket of every column and the sign with which it is counted there (Murmur3's last mixing step)."""
    mixed = columns.astype(np.uint32) + np.uint32((0x9E3779B9 * (hashing + 1)) % 2**32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed = (mixed ^ (mixed >> np.uint32(shift))) * np.uint32(factor)
    mixed ^= mixed >> np.uint32(16)
    places = (mixed & np.uint32(0x7FFFFFFF)) % np.uint32(count)
    return places.astype(np.int32), np.where(mixed >> np.uint32(31), 1.0, -1.0).astype(np.float32)


def learn(rows: Any, owner: Ints) -> Classifier:
    """Fit the sparse matrix `rows` to the entry that owns each row (owners rise)."""
    entries = int(owner[-1]) + 1
    if rows.shape[1] * entries > LARGEST:
        narrow = _hashed(rows, 0, LARGE_BUCKETS)
        return Classifier(as_bytes(ridge(_dense(narrow), owner, RIDGE)), hashed=True)
    residual = np.zeros((len(owner), entries), np.float32)
    residual[np.arange(len(owner)), owner] = HASHINGS
    for hashing in range(HASHINGS):
        narrow = _hashed(rows, hashing, BUCKETS)
        residual -= narrow @ ridge(_dense(narrow), owner, RIDGE)
    weights = rows.T @ residual
    fitted = rows @ weights
    own = fitted[np.arange(len(owner)), owner].sum(dtype=np.float64)
    weights *= np.float32(own / np.square(fitted, out=fitted).sum(dtype=np.float64))
    return Classifier(as_bytes(weights), hashed=False)


def _hashed(rows: Any, hashing: int, count: int) -> Any:
    from scipy import sparse

    places, signs = buckets(np.arange(rows.shape[1]), hashing, count)
    values = rows.data * signs[rows.indices]
    return sparse.csr_matrix((values, places[rows.indices], rows.indptr), (rows.shape[0], count))


def _dense(rows: Any) -> Callable[[slice], Floats]:
    return lambda part: np.asarray(rows[part].toarray())


def ridge(part_of: Callable[[slice], Floats], owner: Ints, penalty: np.float32) -> Floats:
    """Weights W = (Zᵀ Z + penalty I)⁻¹ Zᵀ Y, a line for every column of Z and a place for every entry.

    `part_of` gives some rows of Z; Y tells the `owner` of each row (owners rise).
    """
    from scipy import linalg, sparse

    width = part_of(slice(0, 1)).shape[1]
    gram = np.zeros((width, width), np.float32)
    moment = np.zeros((int(owner[-1]) + 1, width), np.float32)
    for first in range(0, len(owner), _ROWS_AT_ONCE):
        part = slice(first, first + _ROWS_AT_ONCE)
        rows, own = part_of(part), owner[part]
        gram += rows.T @ rows
        ones = np.ones(len(own), np.float32)
        belongs = sparse.csr_matrix((ones, (own - own[0], np.arange(len(own)))))
        moment[own[0] : own[-1] + 1] += belongs @ rows
    gram[np.diag_indices(width)] += penalty
    return np.asarray(
        linalg.solve(gram, moment.T, assume_a="pos", overwrite_a=True, overwrite_b=True, check_finite=False),
        np.float32,
    )
