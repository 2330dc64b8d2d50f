"""Personal data goes, everything else stays: every marked sentence, and every phrasing of the knowledge base."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.feedback import neat
from bot.dialogue.redaction import GAP, is_emso, redacted
from knowledge.loader import DATA, load

FOLDER = Path(__file__).parent / "redaction"
MARKED = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
RECALL, PRECISION = 0.95, 0.95
"""Floors for the sentences that the rules were not made on."""


def sentences(name: str) -> Iterator[str]:
    groups = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    for group in groups.values():
        yield from group


def plain(marked: str) -> str:
    return MARKED.sub(r"\1", marked)


def wanted(marked: str) -> str:
    return MARKED.sub(GAP, marked)


@dataclass
class Score:
    """Words that should go and went, should go and stayed, should stay and went."""

    hit: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.hit / (self.hit + self.missed)

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.wrong)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def score(name: str) -> tuple[Score, list[str]]:
    total, wrong = Score(), []
    for marked in sentences(name):
        left = words(redacted(plain(marked)))
        stay = words(MARKED.sub(" ", marked))
        personal = [word for part in MARKED.findall(marked) for word in words(part)]
        missed = sum(max(0, left.count(word) - stay.count(word)) for word in set(personal))
        lost = sum(max(0, stay.count(word) - left.count(word)) for word in set(stay))
        total.hit += len(personal) - missed
        total.missed += missed
        total.wrong += lost
        if missed or lost:
            wrong.append(f"{marked!r}: {redacted(plain(marked))!r}")
    return total, wrong


@pytest.mark.parametrize("marked", list(sentences("examples.yaml")))
def test_what_is_marked_goes_and_the_rest_stays(marked: str) -> None:
    assert redacted(plain(marked)) == wanted(marked)


def test_sentences_that_are_only_measured() -> None:
    total, wrong = score("held_out.yaml")
    assert total.recall >= RECALL, wrong
    assert total.precision >= PRECISION, wrong


def test_hardly_a_phrasing_of_the_knowledge_base_is_touched() -> None:
    """A few name a person ("ko je šlo za Mojco"); a word of the field that is taken for a name shows in many."""
    base = load(DATA)
    texts = [
        text
        for entry in base.entries.values()
        for text in (entry.title.sl, entry.title.en, *entry.phrasings.sl, *entry.phrasings.en)
    ]
    assert len(texts) > 2000
    touched = {text: redacted(text) for text in texts if redacted(text) != text}
    assert len(touched) < 0.002 * len(texts), touched


@given(st.text(max_size=200))
def test_any_text_is_taken_and_twice_is_as_good_as_once(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once


@pytest.mark.parametrize(
    ("digits", "valid"), [("0101006500006", True), ("0101006500007", False), ("1", False)]
)
def test_check_digit(digits: str, valid: bool) -> None:
    assert is_emso(digits) is valid


def test_the_reason_of_a_rating_is_neat() -> None:
    assert neat("Ni mi pomagalo, Ana Novak, 041 123 456") == "Ni mi pomagalo, …"
