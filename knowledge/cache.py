"""A built index kept on disk, so that only the first start after a change of the base has to build it.

The file is named by the digest of the data and of the code that reads it; anything wrong with it means
building anew. It holds numbers and words only (no pickles): nothing in it is ever run.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from knowledge import index as index_module
from knowledge import vectors
from knowledge.entry import Entry
from knowledge.index import Block, Index, build
from knowledge.loader import Base, load
from knowledge.spelling import Spelling
from knowledge.vectors import Meanings, WordVectors

_CODE = ("entry.py", "index.py", "spelling.py", "text.py", "vectors.py", "cache.py")
_ENTRIES = TypeAdapter(tuple[Entry, ...])


def default_folder() -> Path:
    """`KAZIPOT_CACHE`, or the user's cache folder."""
    named = os.environ.get("KAZIPOT_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kazipot"


def digest_of(folder: Path) -> str:
    """Fingerprint of what is indexed and of the code that indexes it."""
    total = hashlib.sha256(np.__version__.encode())
    for name in _CODE:
        total.update((Path(index_module.__file__).parent / name).read_bytes())
    for path in (
        *sorted((folder / "entries").glob("*/*.yaml")),
        *folder.glob("background.yaml"),
        *folder.glob(vectors.NAME),
    ):
        total.update(f"{path.parent.name}/{path.name}".encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:32]


def load_indexed(folder: Path, cache: Path | None = None) -> tuple[Base, Index]:
    """A base with its index, from the cache when nothing has changed since; raises `KnowledgeError`."""
    kept_in = cache or default_folder()
    digest, table = digest_of(folder), vectors.load(folder)
    kept = read(kept_in, digest, table)
    if kept is not None:
        return load(folder, kept[0]), kept[1]
    base = load(folder)
    index = build(base.entries.values(), base.background, table)
    write(kept_in, digest, tuple(base.entries.values()), index)
    return base, index


def read(cache: Path, digest: str, table: WordVectors) -> tuple[tuple[Entry, ...], Index] | None:
    """The entries and index kept under `digest`, or None."""
    try:
        with np.load(cache / f"{digest}.npz", allow_pickle=False) as arrays:
            words = json.loads(arrays["words"].tobytes())
            return _ENTRIES.validate_json(arrays["entries"].tobytes()), _index(arrays, words, table)
    except (OSError, ValueError, KeyError):
        return None


def write(cache: Path, digest: str, entries: Sequence[Entry], index: Index) -> None:
    """Keep an index; a folder that cannot be written to is no error. Older files are removed."""
    words = {
        "ids": index.ids,
        "chars": list(index.chars.columns),
        "stems": list(index.stems.columns),
        "row_words": [sorted(row) for row in index.row_words],
        "vocabulary": [sorted(row) for row in index.vocabulary],
        "stem_idf": dict(index.stem_idf),
        "rarest": index.rarest,
        "frequency": dict(index.spelling.frequency),
        "word_weight": dict(index.meanings.weight),
        "rarest_word": index.meanings.rarest,
    }
    arrays = {
        "words": np.frombuffer(json.dumps(words).encode(), np.uint8),
        "entries": np.frombuffer(_ENTRIES.dump_json(tuple(entries)), np.uint8),
        "first_row": index.first_row,
        "ridge": index.ridge.astype(np.float16),
        "centre": index.meanings.centre,
        "meaning_rows": index.meanings.rows.astype(np.float16),
        "meaning_ridge": index.meanings.ridge.astype(np.float16),
        **_block_arrays("chars", index.chars),
        **_block_arrays("stems", index.stems),
    }
    try:
        cache.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        Path(name).replace(cache / f"{digest}.npz")
        for old in sorted(cache.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-4]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _block_arrays(name: str, block: Block) -> dict[str, np.ndarray]:
    return {
        f"{name}_idf": block.idf,
        f"{name}_starts": block.starts,
        f"{name}_places": block.places,
        f"{name}_values": block.values,
    }


def _index(arrays: np.lib.npyio.NpzFile, words: dict[str, list[str]], table: WordVectors) -> Index:
    def block(name: str) -> Block:
        columns = {feature: column for column, feature in enumerate(words[name])}
        return Block(columns, *(arrays[f"{name}_{part}"] for part in ("idf", "starts", "places", "values")))

    return Index(
        tuple(words["ids"]),
        arrays["first_row"],
        tuple(map(frozenset, words["row_words"])),
        block("chars"),
        block("stems"),
        arrays["ridge"].astype(np.float32),
        tuple(map(frozenset, words["vocabulary"])),
        words["stem_idf"],  # type: ignore[arg-type]
        float(words["rarest"]),  # type: ignore[arg-type]
        Spelling(Counter(words["frequency"])),
        table,
        Meanings(
            arrays["centre"],
            arrays["meaning_rows"].astype(np.float32),
            arrays["meaning_ridge"].astype(np.float32),
            words["word_weight"],  # type: ignore[arg-type]
            float(words["rarest_word"]),  # type: ignore[arg-type]
        ),
    )
