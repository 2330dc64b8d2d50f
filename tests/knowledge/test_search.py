"""The search on the real base: pairs that are easily taken for each other, and any text at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import strict_yaml
from knowledge.search import Engine, Found
from knowledge.text import fold

PAIRS = strict_yaml.read(Path(__file__).parent / "confusable.yaml").data
# Questions that do not find their entry yet; one that does by now fails here.
NOT_YET = frozenset(
    (
        "Kdo uči na tečajih Izpopolni?",
        "Kdo mora formular za predlog podpisati in kako ga pravilno izpolnim?",
    )
)
QUESTIONS = [(entry, question) for pair in PAIRS for entry, question in pair.items()]


def test_the_list_of_pairs_is_whole(engine: Engine) -> None:
    assert len(PAIRS) >= 25
    assert {len(pair) for pair in PAIRS} == {2}
    assert {entry for entry, _ in QUESTIONS} <= engine.base.entries.keys()
    assert len({question for _, question in QUESTIONS}) == len(QUESTIONS)
    assert {question for _, question in QUESTIONS} >= NOT_YET


@pytest.mark.parametrize(
    ("entry", "question"),
    [
        pytest.param(
            entry,
            question,
            marks=[pytest.mark.xfail(strict=True, reason="takes the neighbour")]
            if question in NOT_YET
            else [],
            id=f"{entry}: {question}",
        )
        for entry, question in QUESTIONS
    ],
)
def test_an_entry_is_not_taken_for_its_neighbour(engine: Engine, entry: str, question: str) -> None:
    found = engine.search(question)
    assert found.decision != "none"
    assert found.hits[0].entry == entry


@pytest.mark.parametrize(("entry", "question"), QUESTIONS[::7])
def test_a_question_without_diacritics_or_in_capitals_finds_the_same(
    engine: Engine, entry: str, question: str
) -> None:
    expected = engine.search(question)
    assert engine.search(fold(question)) == expected
    assert engine.search(question.upper()) == expected


def well_formed(engine: Engine, found: Found) -> None:
    assert found.decision in ("answer", "clarify", "none")
    assert 0.0 <= found.confidence <= 1.0
    entries = [hit.entry for hit in found.hits]
    assert set(entries) <= engine.base.entries.keys()
    assert len(set(entries)) == len(entries) <= 3
    assert all(0.0 <= hit.score <= 1.0 for hit in found.hits)
    if found.decision == "answer":
        assert len(entries) == 1
        assert found.confidence >= engine.calibration.answer_from
    if found.decision == "clarify":
        assert entries


@given(text=st.text(max_size=4000))
@settings(max_examples=150, deadline=None)
def test_any_text_is_searched_the_same_way_twice(engine: Engine, text: str) -> None:
    found = engine.search(text)
    well_formed(engine, found)
    assert engine.search(text) == found


_WORDS = st.sampled_from(
    "napredovanje naziv višji svetnik koliko točk plačni razred UM do kdaj 2023 ravnatelj".split()
)


@given(words=st.lists(_WORDS, max_size=400), context=st.lists(_WORDS, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_follow_up_of_our_own_words_is_searched_too(
    engine: Engine, words: list[str], context: list[str]
) -> None:
    found = engine.search(" ".join(words), " ".join(context))
    well_formed(engine, found)
    assert engine.search(" ".join(words), " ".join(context)) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "🙂" * 4000,
        "a" * 4000,
        "\x00\ud800".encode("utf-8", "replace").decode(),
        "1 " * 2000,
        "\n\t" * 2000,
    ],
)
def test_nothing_to_go_by_is_not_known(engine: Engine, text: str) -> None:
    assert engine.search(text).decision == "none"
