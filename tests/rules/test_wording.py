"""Both languages say the same things: the same keys, the same values, and nothing that is never said."""

import re
from datetime import date
from string import Formatter
from typing import Any

import pytest

import rules
from rules.facts import FACTS, Naziv
from rules.finding import text
from rules.parameters import ROOT, read_toml
from rules.provision import Evidence, Provision
from rules.wording import Form


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        elif isinstance(value, str):
            flat[f"{prefix}{name}"] = value
    return flat


TEXTS = {locale: _flat(read_toml(f"texts/{locale}.toml")) for locale in rules.LOCALES}
CODE = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))


def test_both_languages_have_the_same_keys() -> None:
    keys = {locale: {k for k in texts if not k.startswith("unit.")} for locale, texts in TEXTS.items()}
    assert keys["sl"] == keys["en"]


def test_both_languages_use_the_same_values() -> None:
    for key in TEXTS["sl"]:
        if key.startswith("unit."):
            continue
        fields = [
            {field for _, field, _, _ in Formatter().parse(texts[key]) if field} for texts in TEXTS.values()
        ]
        assert fields[0] == fields[1], key


def test_no_sentence_is_left_unsaid() -> None:
    """Every key below is named in the code or in the data, whole or by its last part."""
    data = "\n".join(p.read_text(encoding="utf-8") for p in ROOT.rglob("*.toml") if p.parent.name != "texts")
    for key in TEXTS["sl"]:
        section, _, rest = key.partition(".")
        if section in ("assumption", "note", "points", "error", "attachment"):
            name = rest.removesuffix("_head").removesuffix("_short")
            assert re.search(rf"\b{re.escape(name)}\b", CODE + data), key


def test_every_fact_and_condition_has_a_name(book: rules.Rulebook) -> None:
    for wording in book.wordings.values():
        for specs in FACTS.values():
            for name in specs:
                assert wording.has(f"label.fact.{name}")
        assert not wording.has("label.fact.nothing")
        assert "reason.remainder" in wording.keys


@pytest.mark.parametrize(
    "number, words",
    [
        (0, "0 točk"),
        (1, "1 točko"),
        (2, "2 točki"),
        (3, "3 točke"),
        (4, "4 točke"),
        (5, "5 točk"),
        (11, "11 točk"),
        (100, "100 točk"),
        (101, "101 točko"),
        (102, "102 točki"),
        (104.0, "104 točke"),
        (0.5, "0,5 točke"),
        (2.25, "2,25 točke"),
    ],
)
def test_slovenian_counts(book: rules.Rulebook, number: float, words: str) -> None:
    said = book.say(text("needed.niu_points", lacks=number, need=number))
    assert said == f"Potrebujete še {words} za nadaljnje izobraževanje in usposabljanje."


def test_english_counts_and_days(book: rules.Rulebook) -> None:
    said = book.say(text("needed.niu_points", lacks=1.5, need=2), "en")
    assert said == "You need 1.5 points more for further training."
    window = text("needed.self_filing_month", opens=date(2027, 2, 1), closes=date(2027, 2, 28))
    assert "1 February 2027 to 28 February 2027" in book.say(window, "en")
    assert "od 1. 2. 2027 do 28. 2. 2027" in book.say(window)


def test_forms_of_a_noun() -> None:
    form = Form("1", "2", "few", "many", "part")
    counts = (1, 2, 3, 4, 5, 0.1, 201)
    assert [form.of(count) for count in counts] == ["1", "2", "few", "few", "many", "part", "1"]


def test_lists_labels_and_nested_texts(book: rules.Rulebook) -> None:
    assert book.say(text("needed.attachments", names=("a",))) == "Priložite: a."
    assert book.say(text("needed.attachments", names=("a", "b"))) == "Priložite: a in b."
    assert book.say(text("needed.attachments", names=("a", "b", "c"))) == "Priložite: a, b in c."
    assert book.say(text("needed.attachments", names=())) == "Priložite: ."
    assert (
        book.say(text("needed.current_naziv", need=Naziv.VISJI_SVETNIK))
        == "Najprej pridobite naziv višji svetnik."
    )
    nested = text("needed.attachments", names=(text("attachment.mnenje"),))
    assert "mnenje pristojnega strokovnega organa" in book.say(nested)


def test_citations(book: rules.Rulebook) -> None:
    sl, en = book.wording("sl"), book.wording("en")
    whole = Provision("pravilnik_2023", "8", "1", None, "92/2023", Evidence.REPRINT)
    assert sl.cite(whole).endswith("v nazive (Uradni list RS, št. 92/2023), 8. člen, 1. odstavek")
    assert en.cite(whole).endswith("(Official Gazette of the RS, no. 92/2023), article 8, paragraph 1")
    assert sl.place(whole) == "8. člen, 1. odstavek"
    assert sl.place(whole._replace(paragraph=None)) == "8. člen"
    page = Provision("mvi", None, None, "Finančni učinek", None, Evidence.OFFICIAL)
    assert sl.cite(page).endswith("v naziv, poglavje »Finančni učinek«")
    assert sl.cite(page._replace(section=None)) == sl.label("act.mvi")


def test_an_unknown_language_is_refused(book: rules.Rulebook) -> None:
    with pytest.raises(rules.FactError) as refused:
        book.say(text("reason.remainder"), "de")
    assert refused.value.fact == "locale"
