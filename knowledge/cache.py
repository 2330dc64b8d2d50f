"""A built index kept on disk, so that only the first start after a change of the base has to build it.

The file is named by the digest of the data and of the code that reads it; anything wrong with it means
building anew. It holds numbers and words only (no pickles): nothing in it is ever run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from knowledge import index as index_module
from knowledge import mapped, vectors
from knowledge.classifier import Bytes, Classifier
from knowledge.entry import Entry
from knowledge.features import Features, Rows, Runs
from knowledge.index import Index, build
from knowledge.loader import Base, Known, load
from knowledge.mapped import Arrays
from knowledge.vectors import Meanings, WordVectors

_CODE = (
    "entry.py",
    "loader.py",
    "strict_yaml.py",
    "features.py",
    "classifier.py",
    "vectors.py",
    "index.py",
    "text.py",
    "cache.py",
    "mapped.py",
)
_ENTRIES = TypeAdapter(tuple[Entry, ...])
_NEWEST = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file of the cache holds: all that was read from the files that its digest covers, and their index."""

    known: Known
    index: Index


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
        *folder.glob("topics.yaml"),
        *folder.glob("slips.yaml"),
        *folder.glob(vectors.NAME),
    ):
        total.update(f"{path.parent.name}/{path.name}".encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:32]


def load_indexed(folder: Path, cache: Path | None = None) -> tuple[Base, Index]:
    """A base with its index, from the cache when nothing has changed since; raises `KnowledgeError`."""
    kept_in = cache or default_folder()
    digest = digest_of(folder)
    kept = read(kept_in, digest)
    if kept is not None:
        return load(folder, kept.known), kept.index
    base = load(folder)
    index = build(base.entries.values(), base.background, vectors.load(folder), base.slips)
    write(kept_in, digest, Kept(Known(base.entries, base.background, base.slips), index))
    return base, index


def file_of(cache: Path, digest: str) -> Path:
    """Where an index is kept."""
    return cache / f"{digest}.arrays"


def read(cache: Path, digest: str) -> Kept | None:
    """What is kept under `digest`, or None."""
    try:
        arrays = mapped.read(file_of(cache, digest))
        entries = {entry.id: entry for entry in _ENTRIES.validate_json(arrays["entries"].tobytes())}
        background = json.loads(arrays["background"].tobytes())
        groups = {name: tuple(group) for name, group in background.items()}
        index = _index(arrays)
        return Kept(Known(entries, groups, index.slips), index)
    except (OSError, ValueError, KeyError):
        return None


def write(cache: Path, digest: str, kept: Kept) -> None:
    """Keep an index; a folder that cannot be written to is no error. Older files are removed."""
    index = kept.index
    features, rows, meanings = index.features, index.phrasings, index.meanings
    arrays: Arrays = {
        "entries": np.frombuffer(_ENTRIES.dump_json(tuple(kept.known.entries.values())), np.uint8),
        "background": np.frombuffer(json.dumps(dict(kept.known.background)).encode(), np.uint8),
        "slips": _lines(index.slips),
        "meant": _lines(index.slips.values()),
        "ids": _lines(index.ids),
        "words": _lines(features.words),
        "stems": _lines(features.stems),
        "grams": _lines(features.grams),
        "hashed": np.array(index.classifier.hashed),
        "vector_words": _lines(index.vectors.places),
        "vectors": index.vectors.table,
        "first_row": index.first_row,
        "stem_of": features.stem_of,
        "pairs": features.pairs,
        "gram_idf": features.gram_idf,
        "stem_idf": features.stem_idf,
        "char_scale": rows.char_scale,
        "stem_values": rows.stem_values,
        "stem_weight": index.stem_weight,
        "frequency": index.frequency,
        "centre": meanings.centre,
        "axes": meanings.axes,
        **_runs_arrays("grams_of", features.grams_of),
        **_runs_arrays("row_words", rows.words),
        **_runs_arrays("row_stems", rows.stems),
        **_runs_arrays("vocabulary", index.vocabulary),
        **_bytes_arrays("classifier", index.classifier.weights),
        **_bytes_arrays("meaning_rows", meanings.rows),
        **_bytes_arrays("meaning_classifier", meanings.classifier),
    }
    try:
        cache.mkdir(parents=True, exist_ok=True)
        mapped.write(file_of(cache, digest), arrays)
        for old in sorted(cache.glob("*.arrays"), key=lambda path: path.stat().st_mtime)[:-_NEWEST]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _lines(texts: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def _read_lines(array: NDArray[Any]) -> list[str]:
    return array.tobytes().decode().split("\n") if len(array) else []


def _runs_arrays(name: str, lists: Runs) -> dict[str, np.ndarray]:
    return {f"{name}_starts": lists.starts, f"{name}_values": lists.values}


def _bytes_arrays(name: str, table: Bytes) -> dict[str, np.ndarray]:
    return {f"{name}_table": table.table, f"{name}_scale": table.scale}


def _index(arrays: Arrays) -> Index:
    def lists(name: str) -> Runs:
        return Runs(arrays[f"{name}_starts"], arrays[f"{name}_values"])

    def small(name: str) -> Bytes:
        return Bytes(arrays[f"{name}_table"], arrays[f"{name}_scale"])

    def numbered(name: str) -> dict[str, int]:
        return dict(zip(_read_lines(arrays[name]), count()))

    features = Features(
        numbered("words"),
        numbered("stems"),
        arrays["stem_of"],
        numbered("grams"),
        lists("grams_of"),
        *(arrays[name] for name in ("pairs", "gram_idf", "stem_idf")),
    )
    rows = Rows(lists("row_words"), arrays["char_scale"], lists("row_stems"), arrays["stem_values"])
    frequency = arrays["frequency"]
    weight = vectors.weights(features.words, frequency, len(rows.char_scale))
    return Index(
        tuple(_read_lines(arrays["ids"])),
        arrays["first_row"],
        features,
        rows,
        Classifier(small("classifier"), bool(arrays["hashed"])),
        lists("vocabulary"),
        arrays["stem_weight"],
        frequency,
        WordVectors(numbered("vector_words"), arrays["vectors"]),
        Meanings(
            arrays["centre"],
            small("meaning_rows"),
            arrays["axes"],
            small("meaning_classifier"),
            weight,
            max(weight.values(), default=1.0),
        ),
        dict(zip(_read_lines(arrays["slips"]), _read_lines(arrays["meant"]), strict=True)),
    )
