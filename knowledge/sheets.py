"""The sheets of the curators' workbook: their columns, and what a cell may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FAMILIES = ("naziv", "route", "proposer", "workplace")
TABLES = ("sources", "topics", "terms")
SHEET_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, and what its cells hold. `choices` are labels with the values they stand for."""

    header: str
    width: int = 16
    kind: Literal["text", "date", "number"] = "text"
    required: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    listed_in: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its columns."""

    name: str
    columns: tuple[Column, ...]
    hidden: bool = False


KINDS = {"odgovor": "answer", "neznano": "unknown"}
EVIDENCE = {
    "uradno": "official",
    "neuradno prečiščeno": "reprint",
    "posredno": "secondary",
    "besedilo ni prebrano": "missing",
}
LOCALES = {"sl": "sl", "en": "en"}
INSTITUTIONS = {"MVI": "mvi", "UM": "um"}
_SEVERAL = "Več vrednosti ločite z vejico. Prazno pomeni: za vse."
_ENTRY = Column("vnos", 28, listed_in="Vnosi")
_NUMBER = Column(
    "št. različice", 12, kind="number", hint="Zaporedna številka različice istega vnosa: 1, 2, 3 …"
)

ENTRIES = Sheet(
    "Vnosi",
    (
        Column("vnos", 28, hint="Oznaka: male črke brez šumnikov, številke in vezaji."),
        Column("tema", 20, listed_in="Teme"),
        Column("naslov (sl)", 55),
        Column("naslov (en)", 55),
        Column("naziv", 18, required=False, hint=f"mentor, svetovalec, svetnik, visji_svetnik. {_SEVERAL}"),
        Column("pot", 16, required=False, hint=f"redno, izjemno, posebni_pogoji. {_SEVERAL}"),
        Column(
            "predlagatelj", 18, required=False, hint=f"ravnatelj, strokovni_delavec, svet_zavoda. {_SEVERAL}"
        ),
        Column("zavod", 16, required=False, hint=f"vrtec, sola, javni_zavod. {_SEVERAL}"),
        Column("sorodni vnosi", 40, required=False, hint="Do tri oznake vnosov, ločene z vejico."),
        Column("skrbnik", 16),
        Column("pregledano", 12, kind="date"),
        Column("naslednji pregled", 12, kind="date"),
    ),
)
VERSIONS = Sheet(
    "Različice",
    (
        _ENTRY,
        _NUMBER,
        Column("velja od", 12, kind="date"),
        Column(
            "velja do", 12, kind="date", required=False, hint="Prvi dan, ko ne velja več. Prazno: še velja."
        ),
        Column("vrsta", 12, choices=KINDS),
        Column("odgovor (sl)", 80),
        Column("odgovor (en)", 80),
    ),
)
CITATIONS = Sheet(
    "Navedbe",
    (
        _ENTRY,
        _NUMBER,
        Column("vir", 26, listed_in="Viri"),
        Column("mesto v viru", 50),
        Column("zanesljivost", 20, choices=EVIDENCE),
    ),
)
PHRASINGS = Sheet("Vprašanja", (_ENTRY, Column("jezik", 8, choices=LOCALES), Column("vprašanje", 100)))
TERMS = Sheet("Izrazi", (_ENTRY, Column("izraz", 50)))
SOURCES = Sheet(
    "Viri",
    (
        Column("vir", 26),
        Column("naslov (sl)", 70),
        Column("naslov (en)", 70),
        Column("spletni naslov", 50, required=False),
        Column("stanje (sl)", 30, required=False),
        Column("stanje (en)", 30, required=False),
    ),
)
TOPICS = Sheet(
    "Teme",
    (
        Column("tema", 20),
        Column("ime (sl)", 35),
        Column("ime (en)", 35),
        Column("ustanova", 12, choices=INSTITUTIONS),
    ),
)
PATTERNS = Sheet("Prepoznavanje", (Column("družina", 16), Column("vrednost", 20), Column("vzorec", 70)))
PRINTS = Sheet("Odtisi", (Column("kaj", 40), Column("odtis", 20)), hidden=True)
SHEETS = (ENTRIES, VERSIONS, CITATIONS, PHRASINGS, TERMS, SOURCES, TOPICS, PATTERNS, PRINTS)
GUIDE = (
    "Kažipot: zbirka odgovorov",
    "Vsak vnos ima eno vrstico na listu Vnosi, vsaj eno različico odgovora (Različice) z navedbo vira (Navedbe), "
    "vprašanja (Vprašanja: vsaj 10 slovenskih in 5 angleških) in izraze (Izrazi).",
    "Različice istega vnosa so po vrsti in se ne prekrivajo: »velja do« je prvi dan, ko različica ne velja več.",
    "Nov vnos: dodajte vrstice na vseh petih listih z isto oznako v stolpcu »vnos«. Glav stolpcev ne spreminjajte.",
    "Uvoz najprej preveri vse. Če najde napako, ne spremeni ničesar in napiše list in vrstico.",
    "Vnos, ki ga izbrišete s teh listov, ostane v zbirki, dokler izbrisa posebej ne potrdi, kdor uvaža.",
)
