"""The parts of extraction and its promises: pure values, spans, corrections, purpose, no exception, quick."""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.extract import Activity, Extracted, PartialDate, extract
from bot.dialogue.extract.dates import resolved
from bot.dialogue.extract.items import DayOfYear, Weekday
from bot.dialogue.extract.lexicon import lexicon
from bot.dialogue.extract.patterns import Phrasebook
from bot.dialogue.extract.quantities import with_quantities
from bot.dialogue.extract.reading import read
from bot.dialogue.extract.wordforms import PatternError
from knowledge.text import fold
from rules.facts import FACTS
from tests.dialogue.extraction_metric import load

ON = date(2026, 11, 21)
SENTENCE = "Sem svetovalka od 2016, delovne dobe 22 let, iz seminarjev imam 6 točk, a lahko grem za svetnico?"
MOST_SECONDS = 0.05


def quantities(text: str) -> list[tuple[str, object]]:
    words = lexicon()
    items = with_quantities(read(text, words, 4000), text, words, ON)
    return [(item.kind, item.value) for item in items if item.kind != "word"]


def test_the_sentence_of_the_brief() -> None:
    found = extract(SENTENCE, ON)
    assert found.facts == {
        "current_naziv": "svetovalec",
        "current_naziv_acquired_on": PartialDate(2016),
        "delovna_doba_years": 22,
        "niu_points": 6,
        "target_naziv": "svetnik",
    }
    assert found.procedure == "naziv"
    assert found.wants_check
    words = {span.fact: span.words for span in found.spans}
    assert words["delovna_doba_years"] == "delovne dobe 22 let"
    assert words["niu_points"] == "seminarjev imam 6"
    assert all(SENTENCE[span.start : span.end] == span.words for span in found.spans)


def test_nothing_is_nothing() -> None:
    assert extract("", ON) == Extracted()
    assert extract("   \n", ON, asked="niu_points") == Extracted()


def test_partial_dates_have_ends_and_no_day() -> None:
    assert (PartialDate(2016).earliest, PartialDate(2016).latest) == (date(2016, 1, 1), date(2016, 12, 31))
    assert (PartialDate(2024, 2).earliest, PartialDate(2024, 2).latest) == (
        date(2024, 2, 1),
        date(2024, 2, 29),
    )
    assert (str(PartialDate(2016)), str(PartialDate(2015, 9))) == ("2016", "2015-09")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dvaindvajset let", [("years", 22)]),
        ("dva in dvajset let", [("years", 22)]),
        ("devetindevetdesetih", [("number", 99)]),
        ("deset let in pol", [("years", 10.5)]),
        ("sedem in pol", [("number", 7.5)]),
        ("pol leta", [("years", 0.5)]),
        ("leto in pol", [("years", 1.5)]),
        ("poldrugo leto", [("years", 1.5)]),
        ("6 let in 4 mesece", [("years", 6.33)]),
        ("10 mesecev", [("years", 0.83)]),
        ("triletni mandat", [("years", 3)]),
        ("a year and a half", [("years", 1.5)]),
        ("six and a half years", [("years", 6.5)]),
        ("6,5 točke", [("points", 6.5)]),
        ("6 seminarskih točk", [("points", 6)]),
        ("70 %", [("percent", 70)]),
        ("5–6 let", [("range", None)]),
        ("5 ali 6", [("range", None)]),
        ("trikrat", [("times", 3)]),
        ("1. 9. 2015", [("date", date(2015, 9, 1))]),
        ("1.9.15", [("date", date(2015, 9, 1))]),
        ("2015-09-01", [("date", date(2015, 9, 1))]),
        ("1. septembra 2015", [("date", date(2015, 9, 1))]),
        ("prvega septembra 2015", [("date", date(2015, 9, 1))]),
        ("September 1, 2015", [("date", date(2015, 9, 1))]),
        ("septembra 2015", [("date", PartialDate(2015, 9))]),
        ("9/2015", [("date", PartialDate(2015, 9))]),
        ("leta 2016", [("date", PartialDate(2016))]),
        ("od lanskega septembra", [("date", PartialDate(2025, 9))]),
        ("letos", [("date", PartialDate(2026))]),
        ("predlani", [("date", PartialDate(2024))]),
        ("3. novembra", [("date", DayOfYear(11, 3))]),
        ("v ponedeljek", [("date", Weekday(1))]),
        ("jutri", [("date", date(2026, 11, 22))]),
        ("31. 2. 2020", [("blocked", None)]),
        ("041 555 321", [("blocked", None)]),
        ("0601-12/2024", [("blocked", None)]),
    ],
)
def test_quantities(text: str, expected: list[tuple[str, object]]) -> None:
    assert quantities(text) == expected


@pytest.mark.parametrize(
    ("value", "past", "expected"),
    [
        (DayOfYear(11, 3), False, date(2027, 11, 3)),
        (DayOfYear(11, 3), True, date(2026, 11, 3)),
        (DayOfYear(11, 21), False, ON),
        (DayOfYear(2, 29), False, date(2028, 2, 29)),
        (DayOfYear(11), False, PartialDate(2026, 11)),
        (DayOfYear(2), False, PartialDate(2027, 2)),
        (DayOfYear(12), True, PartialDate(2025, 12)),
        (Weekday(1), False, date(2026, 11, 23)),
        (Weekday(5), True, date(2026, 11, 20)),
    ],
)
def test_days_without_a_year(value: DayOfYear | Weekday, past: bool, expected: object) -> None:
    assert resolved(value, ON, past) == expected


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("svetnco", "svetnico"),
        ("mentroica", "mentorica"),
        ("semianrjev", "seminarjev"),
        ("svetovlako", "svetovalko"),
        ("motorja", "motorja"),
        ("svetilnik", "svetilnik"),
        ("torej", "torej"),
        ("dela", "dela"),
        ("kocka", "kocka"),
    ],
)
def test_slips_are_led_back_and_real_words_stay(slip: str, word: str) -> None:
    assert lexicon().spelled(slip) == word


def test_what_was_taken_back_is_told() -> None:
    (correction,) = extract("Delovne dobe imam 22, ne, narobe, 23 let.", ON).corrections
    assert (correction.fact, correction.before, correction.after) == ("delovna_doba_years", "22", "23 let")


def test_ambiguous_words_are_named_with_their_facts() -> None:
    (doubt,) = extract("Imam 30 točk.", ON).ambiguous
    assert (doubt.facts, doubt.words) == (("niu_points", "dsd_points"), "30")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (SENTENCE, True),
        ("A lahko grem za svetnico?", True),
        ("Ali izpolnjujem pogoje za svetovalca?", True),
        ("preveri, če lahko napredujem", True),
        ("Am I eligible for svetnik?", True),
        ("Sem mentor 5 let.", True),
        ("Koliko točk dobim za tri članke in vodenje aktiva štiri leta?", True),
        ("katere so priloge za svetnika", False),
        ("Kdaj lahko sam vložim predlog?", False),
        ("ali lahko napreduje učitelj začetnik", False),
        ("koliko let mora biti nekdo mentor, da lahko postane svetovalec", False),
        ("tajno glasovanje", False),
        ("rad bi preskočil stopnjo in šel izjemno v svetnika, kaj moram oddati", False),
        ("", False),
    ],
)
def test_a_check_is_wanted_where_ones_own_case_is_meant(text: str, wanted: bool) -> None:
    assert extract(text, ON).wants_check is wanted


@pytest.mark.parametrize(
    ("text", "procedure"),
    [
        (SENTENCE, "naziv"),
        ("Delam na UM, ocene trikrat nadpovprečno.", "placni_razred_um"),
        ("Koliko točk dobim za tri članke?", "points"),
        ("Docentka na UM sem, lahko napredujem v naziv svetnik?", "naziv"),
        ("Dober dan!", None),
    ],
)
def test_the_procedure_is_guessed_from_the_words(text: str, procedure: str | None) -> None:
    assert extract(text, ON).procedure == procedure


def test_every_extracted_name_and_choice_is_one_the_rules_know() -> None:
    known = {name: spec for specs in FACTS.values() for name, spec in specs.items()}
    for case in load("development"):
        for fact, value in extract(case["text"], ON, case["asked"]).facts.items():
            if fact == "activities":
                assert isinstance(value, tuple)
                assert all(isinstance(each, Activity) for each in value)
                continue
            choices = known[fact].choices
            if choices is not None and list(choices):
                listed = value if isinstance(value, tuple) else (value,)
                assert set(listed) <= {choice.value for choice in choices}


def test_diacritics_and_capitals_change_nothing() -> None:
    for case in load("development"):
        plain = extract(case["text"], ON, case["asked"]).facts
        assert extract(fold(case["text"]), ON, case["asked"]).facts == plain, case["text"]


def test_a_pattern_that_cannot_be_read_is_refused() -> None:
    book = Phrasebook({})
    for text in ("", ".. beseda", "a*", "@neznan"):
        with pytest.raises(PatternError):
            book.add("family", "value", text)


WORDS = sorted({word for case in load("development") for word in case["text"].split()})
ASKED = st.sampled_from(
    [None, *(name for specs in FACTS.values() for name in specs), "activities", "unheard_of"]
)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=300), asked=ASKED)
def test_no_text_raises(text: str, asked: str | None) -> None:
    extract(text, ON, asked)


@settings(max_examples=300, deadline=None)
@given(
    words=st.lists(st.sampled_from([*WORDS, "7", "16", "od", ",", "ne", "narobe", "?", "."]), max_size=40),
    asked=ASKED,
)
def test_no_row_of_known_words_raises(words: list[str], asked: str | None) -> None:
    text = " ".join(words)
    found = extract(text, ON, asked)
    assert all(text[span.start : span.end] == span.words for span in found.spans)
    assert not set(found.facts) & set(found.unknown)


LONG = {
    "sentences": " ".join(random.Random(3).choices(WORDS, k=800)),
    "no breaks": " ".join(word.strip(",.?!;:") for word in random.Random(4).choices(WORDS, k=900)),
    "slips": " ".join(word[:2] + word[3:] for word in random.Random(5).choices(WORDS, k=900)),
    **{
        f"{part!r} again and again": part * 2000
        for part in (
            "7 ", "1/2/", "16 od 30 ", "sem svetovalka ", "za svetnico ", "ne, narobe, 7 ", "ne vem koliko dsd ", "a",
            "1", '"', "1. 9. 2015 ", "6 točk seminarjev ", "del, ki so vredna vsaj 3 ", "bi rada bi ", "0", "0 ", "č",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("text", [pytest.param(text[:4000], id=name) for name, text in LONG.items()])
def test_four_thousand_characters_are_read_quickly(text: str) -> None:
    extract(text[:100], ON)
    assert min(_seconds(text) for _ in range(8)) < MOST_SECONDS


def test_what_is_longer_is_cut() -> None:
    assert extract("x " * 2000 + "sem svetovalka od 2016", ON).facts == {}


def _seconds(text: str) -> float:
    started = time.process_time()
    extract(text, ON)
    return time.process_time() - started


def test_no_wording_stands_in_the_code() -> None:
    """Slovenian words live in the data: the code compares folded words of classes only."""
    package = Path(__file__).parents[2] / "bot" / "dialogue" / "extract"
    assert all("text ==" not in module.read_text(encoding="utf-8") for module in package.glob("*.py"))
