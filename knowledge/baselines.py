"""Plain ways to rank phrasings, measured beside the search on the same questions: what it is worth.

Each method scores a question against every title and phrasing of the base; an entry's score is that of its best
row. BM25 after Robertson and Sparck Jones 1976 ("Relevance weighting of search terms") and Robertson et al. 1994
("Okapi at TREC-3"), with the usual k1 = 1.2 and b = 0.75.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process, utils
from scipy import sparse

from knowledge.calibrate import Question
from knowledge.evaluate import IN_SCOPE, group_of
from knowledge.features import Floats
from knowledge.loader import Base
from knowledge.text import char_ngrams, stem, tokens

K1, B = 1.2, 0.75
WRONG_AT_MOST = 0.02
Scorer = Callable[[Sequence[str], Sequence[str]], Floats]


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with the entries that a method puts first, and its score of the first."""

    question: Question
    three: tuple[str, ...]
    score: float

    @property
    def in_scope(self) -> bool:
        """Whether the base answers the question."""
        return group_of(self.question) == IN_SCOPE

    @property
    def first_right(self) -> bool:
        """Whether the first entry is one of those expected."""
        return self.three[0] in self.question.expected

    @property
    def in_three(self) -> bool:
        """Whether one of the first three is expected."""
        return bool(self.question.expected & set(self.three))


@dataclass(frozen=True, slots=True)
class Outright:
    """What a method gives outright above a threshold."""

    threshold: float
    right: int
    wrong: int


def wratio(questions: Sequence[str], rows: Sequence[str]) -> Floats:
    """`rapidfuzz.process.extractOne` as it comes: WRatio, no preparation."""
    return np.asarray(process.cdist(questions, rows, scorer=fuzz.WRatio, workers=-1, dtype=np.float32))


def token_set_ratio(questions: Sequence[str], rows: Sequence[str]) -> Floats:
    """rapidfuzz token_set_ratio on lower-cased text without punctuation."""
    return np.asarray(
        process.cdist(
            questions,
            rows,
            scorer=fuzz.token_set_ratio,
            processor=utils.default_process,
            workers=-1,
            dtype=np.float32,
        )
    )


def bm25(questions: Sequence[str], rows: Sequence[str]) -> Floats:
    """BM25 on the stems of folded words."""
    documents = [Counter(map(stem, tokens(row))) for row in rows]
    mean = sum(document.total() for document in documents) / len(documents)
    frequency = Counter(word for document in documents for word in document)
    columns = {word: place for place, word in enumerate(sorted(frequency))}
    weighted = [
        {
            word: math.log(1 + (len(rows) - frequency[word] + 0.5) / (frequency[word] + 0.5))
            * (count * (K1 + 1) / (count + K1 * (1 - B + B * document.total() / mean)))
            for word, count in document.items()
        }
        for document in documents
    ]
    asked = [dict.fromkeys(map(stem, tokens(question)), 1.0) for question in questions]
    return _product(asked, weighted, columns)


def char_tfidf(questions: Sequence[str], rows: Sequence[str]) -> Floats:
    """Cosine of TF-IDF vectors of character 2- to 4-grams within words."""
    counts = [Counter(char_ngrams(tokens(row), 2, 4)) for row in rows]
    frequency = Counter(gram for count in counts for gram in count)
    idf = {gram: math.log((1 + len(rows)) / (1 + seen)) + 1.0 for gram, seen in frequency.items()}
    rarest = math.log(1 + len(rows)) + 1.0
    columns = {gram: place for place, gram in enumerate(sorted(frequency))}
    asked = [Counter(char_ngrams(tokens(question), 2, 4)) for question in questions]
    return _product(
        [_unit(count, idf, rarest) for count in asked],
        [_unit(count, idf, rarest) for count in counts],
        columns,
    )


METHODS: Mapping[str, Scorer] = {
    "rapidfuzz `extractOne` (WRatio)": wratio,
    "rapidfuzz `token_set_ratio`": token_set_ratio,
    "BM25 on stems": bm25,
    "TF-IDF on character 2–4-grams": char_tfidf,
}


def answers(base: Base, questions: Sequence[Question], scorer: Scorer) -> list[Answer]:
    """The entries that a method puts first for each question; ties go to the first id."""
    ids = sorted(base.entries)
    groups = [_rows(base, entry) for entry in ids]
    first_row = np.cumsum([0, *(len(group) for group in groups[:-1])])
    scores = scorer([question.text for question in questions], [row for group in groups for row in group])
    best = np.round(np.maximum.reduceat(scores, first_row, axis=1), 6)
    order = np.argsort(-best, axis=1, kind="stable")[:, :3]
    return [
        Answer(question, tuple(ids[place] for place in places), float(best[row, places[0]]))
        for row, (question, places) in enumerate(zip(questions, order, strict=True))
    ]


def threshold(given: Sequence[Answer], unknown: frozenset[str]) -> float:
    """The score above which at most `WRONG_AT_MOST` of all questions get a wrong answer."""
    wrong = sorted((item.score for item in given if _wrong(item, unknown)), reverse=True)
    allowed = int(WRONG_AT_MOST * len(given))
    return wrong[allowed] if len(wrong) > allowed else -1.0


def outright(given: Iterable[Answer], above: float, unknown: frozenset[str]) -> Outright:
    """Answers that a method gives outright above a threshold."""
    shown = [item for item in given if item.score > above]
    return Outright(
        above,
        sum(item.first_right for item in shown if item.in_scope),
        sum(_wrong(item, unknown) for item in shown),
    )


def _wrong(item: Answer, unknown: frozenset[str]) -> bool:
    return not item.first_right and item.three[0] not in unknown


def _rows(base: Base, entry_id: str) -> list[str]:
    entry = base.entries[entry_id]
    return [entry.title.sl, entry.title.en, *entry.phrasings.sl, *entry.phrasings.en]


def _unit(counts: Counter[str], idf: Mapping[str, float], rarest: float) -> dict[str, float]:
    weights = {gram: (1 + math.log(count)) * idf.get(gram, rarest) for gram, count in sorted(counts.items())}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}


def _product(
    asked: Sequence[Mapping[str, float]], rows: Sequence[Mapping[str, float]], columns: Mapping[str, int]
) -> Floats:
    product = _matrix(asked, columns) @ _matrix(rows, columns).T
    return np.asarray(product.toarray(), np.float32)


def _matrix(vectors: Sequence[Mapping[str, float]], columns: Mapping[str, int]) -> sparse.csr_matrix:
    cells = [
        (row, columns[word], weight)
        for row, vector in enumerate(vectors)
        for word, weight in sorted(vector.items())
        if word in columns
    ]
    rows, places, weights = zip(*cells, strict=True) if cells else ((), (), ())
    return sparse.csr_matrix((weights, (rows, places)), shape=(len(vectors), len(columns)))
