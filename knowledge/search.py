"""Find the entry that answers a question: exact terms, similarity, then a decision."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.index import Index, build
from knowledge.loader import DATA, Base, load
from knowledge.ranking import Calibration, Decision, decide, load_calibration, rank
from knowledge.signals import Query, candidates, read_query

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

    def search(self, text: str, context: str = "") -> Found:
        """Find what answers `text`; `context` is the question before, for a follow-up that leans on it."""
        query = read_query(self.base, self.index, text)
        alone = self._search(query)
        if not context:
            return alone
        joined = self._search(read_query(self.base, self.index, self._joined(context, query, text)))
        leaning = Found(joined.decision, joined.hits, joined.confidence, used_context=True)
        return leaning if leaning.confidence >= alone.confidence else alone

    def _search(self, query: Query) -> Found:
        if not query.stems or not query.known:
            return Found("none", ())
        ranked = rank(self.calibration, query, candidates(self.base, self.index, query))
        decision = decide(self.calibration, ranked)
        hits = [
            Hit(self.index.ids[position], share)
            for position, share in zip(ranked.positions, ranked.shares, strict=True)
        ]
        if decision == "answer":
            return Found(decision, (Hit(hits[0].entry, ranked.confidence),), ranked.confidence)
        offered = [hit for hit in hits[:OFFERED] if hit.score >= self.calibration.offer_from] or hits[:1]
        return Found(decision, tuple(offered), ranked.confidence)

    def _joined(self, context: str, query: Query, text: str) -> str:
        """The question before without the terms that the follow-up replaces, then the follow-up."""
        replaced = {family for family in query.terms if family != "institution"}
        kept = [
            word
            for word in context.split()
            if not replaced & set(self.base.terms.find(read_query(self.base, self.index, word).words))
        ]
        return " ".join((*kept, text))


def load_engine(folder: Path = DATA) -> Engine:
    """Read, check and index the base of `folder`; raises `KnowledgeError`."""
    base = load(folder)
    return Engine(base, build(base.entries.values()), load_calibration(folder / "calibration.yaml"))
