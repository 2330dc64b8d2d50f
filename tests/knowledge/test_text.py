"""Folding, words and stems: the same question however it is typed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.text import char_ngrams, fold, stem, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Višji Svetnik", "visji svetnik"),
        ("ČŠŽĐ čšžđ", "cszd cszd"),
        ("s\u030cola", "sola"),
        ("Ćevapčići à la Šćepan", "cevapcici a la scepan"),
        ("STRAẞE", "strasse"),
        ("ﬁnance", "finance"),
    ],
)
def test_folding_takes_diacritics_and_case_away(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_and_numbers_are_kept_in_order() -> None:
    assert tokens("Do 31. 8. 2023: 1.000,50 € (2. člen)!") == [
        "do",
        "31",
        "8",
        "2023",
        "1",
        "000",
        "50",
        "2",
        "clen",
    ]
    assert tokens("") == tokens("?!… 🙂") == []


@pytest.mark.parametrize(
    "forms",
    [
        "napredovanje napredovanja napredovanju napredovanjem",
        "naziv naziva nazivu nazivi nazivov nazivih nazivom",
        "razred razreda razredu razredi razredov razredih",
        "šola šole šoli šolo šolah šolami",
        "mnenje mnenja mnenju",
        "letni letna letne letnega letnemu",
    ],
)
def test_case_endings_share_a_stem(forms: str) -> None:
    assert len({stem(fold(form)) for form in forms.split()}) == 1


def test_short_words_and_numbers_have_no_ending() -> None:
    assert [stem(word) for word in ("dan", "um", "2023", "16a")] == ["dan", "um", "2023", "16a"]


def test_character_grams_know_where_words_end() -> None:
    assert list(char_ngrams(["ab"], 2, 3)) == [" a", "ab", "b ", " ab", "ab "]


@given(st.text(max_size=300))
@example("𝑨")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert tokens(fold(text)) == tokens(text)
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in tokens(text))


@given(st.text(alphabet="abcdefghijklmnoprstuvzčšž", min_size=4, max_size=20))
def test_a_stem_is_a_beginning_of_three_letters_or_more(word: str) -> None:
    folded = fold(word)
    assert folded.startswith(stem(folded))
    assert len(stem(folded)) >= 3
