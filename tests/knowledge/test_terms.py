"""Domain terms: every case ending, both genders, with and without č š ž; and what only looks like one."""

import pytest

from knowledge.loader import DATA, load
from knowledge.terms import Terms, parse_terms
from knowledge.text import fold, tokens


@pytest.fixture(scope="module")
def terms() -> Terms:
    return load(DATA).terms


FORMS = {
    "mentor": "mentor mentorja mentorju mentorjem mentorji mentorjev mentorje mentorjih mentorjema "
    "mentorica mentorice mentorici mentorico mentoric mentoricam mentoricama mentoricami mentoricah",
    "svetovalec": "svetovalec svetovalca svetovalcu svetovalcem svetovalcema svetovalci svetovalcev "
    "svetovalce svetovalcih svetovalka svetovalke svetovalki svetovalko svetovalk "
    "svetovalkam svetovalkama svetovalkami svetovalkah",
    "svetnik": "svetnik svetnika svetniku svetnikom svetnikoma svetniki svetnikov svetnike svetnikih "
    "svetnica svetnice svetnici svetnico svetnic svetnicam svetnicama svetnicami svetnicah",
}
SENIOR = (
    "višji svetnik, višjega svetnika, višjemu svetniku, višjem svetniku, višjim svetnikom, višji svetniki, "
    "višjih svetnikov, višjim svetnikom, višjima svetnikoma, višje svetnike, višjih svetnikih, "
    "višja svetnica, višje svetnice, "
    "višji svetnici, višjo svetnico, višjih svetnic, višjim svetnicam, višjih svetnicah, višjima svetnicama"
)


def naziv(terms: Terms, text: str) -> tuple[str, ...]:
    return terms.find(tokens(text)).get("naziv", ())


@pytest.mark.parametrize(
    ("form", "value"), [(form, value) for value in FORMS for form in FORMS[value].split()]
)
def test_a_naziv_is_known_in_every_form(terms: Terms, form: str, value: str) -> None:
    for text in (form, form.upper(), f"Kaj rabim za {form}?", f"naziv {form}, prosim"):
        assert naziv(terms, text) == (value,), text


@pytest.mark.parametrize("form", SENIOR.split(", "))
def test_a_senior_councillor_is_never_a_councillor(terms: Terms, form: str) -> None:
    for text in (form, fold(form), form.title(), f"pogoji za {form} v šoli"):
        assert naziv(terms, text) == ("visji_svetnik",), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("svetovalni delavec v šoli", ()),
        ("šolska svetovalna delavka", ()),
        ("svetovalna služba", ()),
        ("svetovalci na ministrstvu", ()),
        ("mentorstvo pripravnikom", ()),
        ("mentor študentom na praksi", ()),
        ("mentorica dijakom", ()),
        ("mentor učencem na tekmovanju", ()),
        ("svet zavoda", ()),
        ("svetoval mi je", ()),
        ("posvet o svetništvu", ()),
        ("iz svetnika v višjega svetnika", ("svetnik", "visji_svetnik")),
        ("iz mentorice v svetovalko", ("mentor", "svetovalec")),
        ("višji svetnik ali svetnik", ("visji_svetnik", "svetnik")),
        ("svetovalka, svetovalka in še enkrat svetovalka", ("svetovalec",)),
        ("svetovalna delavka bi rada postala svetovalka", ("svetovalec",)),
    ],
)
def test_what_only_looks_like_a_naziv_is_none(terms: Terms, text: str, expected: tuple[str, ...]) -> None:
    assert naziv(terms, text) == expected
    assert naziv(terms, fold(text)) == expected


@pytest.mark.parametrize(
    ("text", "family", "expected"),
    [
        ("v vrtcu", "workplace", ("vrtec",)),
        ("pomočnica vzgojiteljice", "workplace", ("vrtec",)),
        ("na osnovni šoli", "workplace", ("sola",)),
        ("na gimnaziji", "workplace", ("sola",)),
        ("zaposlena v javnem zavodu", "workplace", ("javni_zavod",)),
        ("šola v naravi", "workplace", ()),
        ("izjemno napredovanje", "route", ("izjemno",)),
        ("po posebnih pogojih", "route", ("posebni_pogoji",)),
        ("ali lahko sama vložim predlog", "proposer", ("strokovni_delavec",)),
        ("predlog vloži ravnateljica", "proposer", ("ravnatelj",)),
        ("kaj pa svet zavoda", "proposer", ("svet_zavoda",)),
        ("na fakulteti v Mariboru", "institution", ("um",)),
        ("učiteljica na šoli", "institution", ("mvi",)),
    ],
)
def test_other_families(terms: Terms, text: str, family: str, expected: tuple[str, ...]) -> None:
    assert terms.find(tokens(text)).get(family, ()) == expected
    assert terms.find(tokens(fold(text))).get(family, ()) == expected


def test_the_longest_pattern_wins_and_uses_its_words_up() -> None:
    terms = parse_terms({"kdo": {"oba": ["ena dva"], "prvi": ["ena"], "_": ["ena * tri"]}})
    assert terms.find(["ena", "dva"]) == {"kdo": ("oba",)}
    assert terms.find(["ena", "kar", "tri"]) == {}
    assert terms.find(["ena", "kar", "stiri"]) == {"kdo": ("prvi",)}


def test_endings_are_exact_and_a_star_is_any() -> None:
    terms = parse_terms({"x": {"a": ["šol[|a|e]"], "b": ["vrt*"]}})
    assert terms.find(["sol"]) == terms.find(["sola"]) == {"x": ("a",)}
    assert terms.find(["solati"]) == {}
    assert terms.find(["vrtovi"]) == {"x": ("b",)}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"x": ["a"]}, "x: must be a mapping"),
        ({"x": {"a": "b"}}, "x.a: must be a list"),
        ({"x": {"a": [1]}}, "x.a: must be a list"),
        ({"x": {"a": ["a*b"]}}, "x.a: 'a\\*b': a star stands at the end"),
        ({"x": {"a": ["a*"]}}, "after at least two letters"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_named(data: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_terms(data)
