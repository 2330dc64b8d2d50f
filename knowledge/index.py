"""The searchable form of a base: every phrasing as a vector, and what was learnt from all of them at once.

Nearest neighbours (`knowledge.features`) tell how close a question is to a phrasing; two classifiers, one of letters
and stems (`knowledge.classifier`), one of meaning (`knowledge.vectors`), tell which entry it speaks for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from knowledge import vectors as meaning
from knowledge.classifier import Classifier, learn
from knowledge.entry import Entry
from knowledge.features import Features, Floats, Ints, Rows, Runs, Vector, analyse, runs
from knowledge.spelling import Spelling
from knowledge.text import stem, tokens
from knowledge.vectors import NO_VECTORS, Meanings, WordVectors

CHAR_WEIGHT, STEM_WEIGHT = 0.64, 0.36
# Marks groups of questions that are not for us among the ids of an index.
BACKGROUND = "_"


@dataclass(frozen=True, slots=True)
class Index:
    """All that a search reads. Rows are phrasings, grouped by entry; `first_row` marks where each group begins and,
    last, how many rows there are.

    `classifier` has a line for every n-gram, then for every stem and pair, and a place for every entry. `vocabulary`
    lists the stems of all that an entry says, answers too; `stem_weight` tells how telling each stem is, by
    the number of entries that use it.
    """

    ids: tuple[str, ...]
    first_row: Ints
    features: Features
    phrasings: Rows
    classifier: Classifier
    vocabulary: Runs
    stem_weight: Floats
    frequency: Ints
    vectors: WordVectors
    meanings: Meanings
    slips: Mapping[str, str] = field(default_factory=dict)
    spelling: Spelling = field(init=False)

    def __post_init__(self) -> None:
        words = zip(self.features.words, self.frequency.tolist(), strict=True)
        object.__setattr__(self, "spelling", Spelling(dict(words), self.slips))

    @property
    def rows(self) -> int:
        """How many phrasings there are."""
        return int(self.first_row[-1])

    @property
    def rarest(self) -> float:
        """The weight of a stem that the base has never seen: the most telling."""
        return math.log(1 + len(self.ids)) + 0.3

    def knows(self, stem_: str) -> bool:
        """Whether any entry uses a stem."""
        return stem_ in self.features.stems

    def weight(self, stem_: str) -> float:
        """How telling a stem is."""
        place = self.features.stems.get(stem_)
        return self.rarest if place is None else float(self.stem_weight[place])

    def classify(self, chars: Vector, stems: Vector, entries: Ints | None = None) -> Floats:
        """How much a text's letters and stems speak for each entry, or for some of them."""
        columns = np.append(chars[0], stems[0] + np.int32(len(self.features.grams)))
        values = np.append(chars[1] * _share(CHAR_WEIGHT), stems[1] * _share(STEM_WEIGHT))
        return self.classifier.scores(columns, values, entries)


def build(
    entries: Iterable[Entry],
    background: Mapping[str, Sequence[str]] | None = None,
    vectors: WordVectors = NO_VECTORS,
    slips: Mapping[str, str] | None = None,
) -> Index:
    """Index entries, and groups of questions that are not for us, with listed slips of spelling mended.

    Raises ValueError when there is no entry.
    """
    from scipy import sparse

    ordered = sorted(entries, key=lambda entry: entry.id)
    if not ordered:
        raise ValueError("no entries to index")
    meant = slips or {}
    rows = {entry.id: [_words(text, meant) for text in _row_texts(entry)] for entry in ordered}
    said = {entry.id: {word for text in _answers(entry) for word in tokens(text)} for entry in ordered}
    for name, questions in sorted((background or {}).items()):
        rows[f"{BACKGROUND}{name}"] = [_words(question, meant) for question in questions]
    flat = [words for group in rows.values() for words in group]
    distinct = {word for words in said.values() for word in words}
    features, kept, (chars, stems), frequency = analyse(flat, distinct)
    place = {word: features.stems[stem(word)] for word in (*features.words, *distinct)}
    vocabulary = runs(
        sorted({place[word] for words in (*group, said.get(key, ())) for word in words})
        for key, group in rows.items()
    )
    used_by = np.bincount(vocabulary.values, minlength=len(features.stems))
    owner = np.repeat(np.arange(len(rows)), [len(group) for group in rows.values()]).astype(np.int32)
    chars.data *= _share(CHAR_WEIGHT)
    weighted = sparse.hstack([chars, stems * _share(STEM_WEIGHT)], format="csr", dtype=np.float32)
    weight = meaning.weights(features.words, frequency, len(flat))
    return Index(
        tuple(rows),
        np.cumsum([0, *(len(group) for group in rows.values())]).astype(np.int32),
        features,
        kept,
        learn(weighted, owner),
        vocabulary,
        (np.log((1 + len(rows)) / (1 + used_by)) + 0.3).astype(np.float32),
        frequency,
        vectors,
        meaning.learn(vectors, tuple(features.words), kept.words, owner, weight),
        meant,
    )


def _words(text: str, slips: Mapping[str, str]) -> list[str]:
    return [slips.get(word, word) for word in tokens(text)]


def _share(weight: float) -> np.float32:
    return np.float32(math.sqrt(weight))


def _row_texts(entry: Entry) -> Iterator[str]:
    yield from (entry.title.sl, entry.title.en)
    yield from entry.phrasings.sl
    yield from entry.phrasings.en
    yield " ".join(entry.terms)


def _answers(entry: Entry) -> Iterator[str]:
    for version in entry.versions:
        yield from (version.answer.sl, version.answer.en)
