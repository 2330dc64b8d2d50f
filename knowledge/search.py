"""Find the entry that answers a question: exact terms, similarity, then a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from knowledge import cache
from knowledge.index import BACKGROUND, Index
from knowledge.loader import DATA, Base
from knowledge.ranking import Calibration, Decision, decide, load_calibration, rank
from knowledge.signals import Query, Subjects, candidates, read_query, subjects

OFFERED = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate entry and the share of belief it holds, 0 to 1."""

    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search decided. `hits` are best first: one for an answer, up to three to choose from."""

    decision: Decision
    hits: tuple[Hit, ...]
    confidence: float = 0.0
    used_context: bool = False


@dataclass(frozen=True, slots=True)
class Engine:
    """A loaded base, ready to be searched."""

    base: Base
    index: Index
    calibration: Calibration
    subjects: Subjects = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "subjects", subjects(self.base, self.index))

    def search(self, text: str, context: str = "") -> Found:
        """Find what answers `text`; `context` is the question before, for a follow-up that leans on it."""
        query = read_query(self.base, self.index, text)
        alone = self._search(query)
        if not context:
            return alone
        joined = self._search(read_query(self.base, self.index, self._joined(context, query)))
        leaning = Found(joined.decision, joined.hits, joined.confidence, used_context=True)
        return leaning if leaning.confidence >= alone.confidence else alone

    def _search(self, query: Query) -> Found:
        if not query.known or all(word.isdigit() for word in query.stems):
            return Found("none", ())
        ranked = rank(self.calibration, query, candidates(self.subjects, self.index, query))
        hits = [
            Hit(self.index.ids[position], share)
            for position, share in zip(ranked.positions, ranked.shares, strict=True)
        ]
        not_for_us = hits[0].entry.startswith(BACKGROUND)
        decision = decide(self.calibration, ranked, not_for_us)
        if decision == "answer" and self._may_be_known(hits):
            decision = "clarify"
        if decision == "answer":
            return Found(decision, (Hit(hits[0].entry, ranked.confidence),), ranked.confidence)
        ours = [hit for hit in hits if not hit.entry.startswith(BACKGROUND)]
        offered = [hit for hit in ours[:OFFERED] if hit.score >= self.calibration.offer_from]
        confidence = 0.0 if not_for_us else ranked.confidence
        return Found(decision, tuple(offered or ours[:1]), confidence)

    def _may_be_known(self, hits: list[Hit]) -> bool:
        """Whether the first candidate says that something is not known while another may well answer it."""
        if not self._unknown(hits[0].entry):
            return False
        return any(
            hit.score >= self.calibration.doubt_from
            for hit in hits[1:]
            if not hit.entry.startswith(BACKGROUND) and not self._unknown(hit.entry)
        )

    def _unknown(self, entry: str) -> bool:
        return self.base.entries[entry].never_known

    def _joined(self, context: str, query: Query) -> str:
        """The question before without the terms that the follow-up replaces, then the follow-up."""
        words = read_query(self.base, self.index, context).words
        replaced = {
            place
            for family in query.terms
            if family != "institution"
            for first, end, _ in self.base.terms.spans(words, family)
            for place in range(first, end)
        }
        kept = [word for place, word in enumerate(words) if place not in replaced]
        return " ".join((*kept, *query.words))


def load_engine(folder: Path = DATA, cache_folder: Path | None = None) -> Engine:
    """Read and index the base of `folder`, from the cache when nothing has changed since.

    Raises `KnowledgeError` naming every problem when the base is broken.
    """
    base, index = cache.load_indexed(folder, cache_folder)
    return Engine(base, index, load_calibration(folder / "calibration.yaml"))
