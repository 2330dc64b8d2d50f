"""All regulations with their data, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.errors import FactError
from rules.facts import Procedure
from rules.finding import Text
from rules.parameters import data_digest, read_parameters, read_toml
from rules.points import PointsTable, read_points
from rules.procedures.naziv.pravilnik_2002 import conditions as naziv_2002
from rules.procedures.naziv.pravilnik_2023 import conditions as naziv_2023
from rules.procedures.placni_razred_um.pravilnik_2008 import conditions as pay_2008
from rules.procedures.placni_razred_um.pravilnik_2017 import conditions as pay_2017
from rules.procedures.placni_razred_um.zstspjs_2025 import conditions as pay_2025
from rules.provision import Evidence
from rules.reading import shown
from rules.regulation import Condition, Regulation
from rules.wording import DEFAULT_LOCALE, Wording

LOCALES = ("sl", "en")
_FOLDERS: tuple[tuple[str, tuple[Condition, ...]], ...] = (
    ("naziv/pravilnik_2002", naziv_2002.CONDITIONS),
    ("naziv/pravilnik_2023", naziv_2023.CONDITIONS),
    ("placni_razred_um/pravilnik_2008", pay_2008.CONDITIONS),
    ("placni_razred_um/pravilnik_2017", pay_2017.CONDITIONS),
    ("placni_razred_um/zstspjs_2025", pay_2025.CONDITIONS),
)


@dataclass(frozen=True, slots=True)
class Rulebook:
    regulations: Mapping[Procedure, tuple[Regulation, ...]]
    points: PointsTable
    wordings: Mapping[str, Wording]
    digest: str
    """The version of the data: it changes with any change in any data file."""

    def say(self, said: Text, locale: str = DEFAULT_LOCALE) -> str:
        return self.wording(locale).say(said)

    def wording(self, locale: str) -> Wording:
        return self.wordings[self.locale(locale)]

    def locale(self, stated: object) -> str:
        """The language asked for, the usual one if none is; one that is not there is refused."""
        if stated is None:
            return DEFAULT_LOCALE
        if isinstance(stated, str) and stated in self.wordings:
            return stated
        raise FactError("locale", "not_a_choice", value=shown(stated), choices=tuple(self.wordings))


def load_rulebook() -> Rulebook:
    regulations: dict[Procedure, tuple[Regulation, ...]] = dict.fromkeys(Procedure, ())
    for folder, conditions in _FOLDERS:
        regulation = read_regulation(read_toml(f"procedures/{folder}/parameters.toml"), conditions)
        regulations[regulation.procedure] += (regulation,)
    return Rulebook(
        regulations,
        read_points(read_toml("procedures/naziv/pravilnik_2023/points.toml")),
        {locale: Wording(read_toml(f"texts/{locale}.toml")) for locale in LOCALES},
        data_digest(),
    )


def read_regulation(data: Mapping[str, Any], conditions: tuple[Condition, ...]) -> Regulation:
    parameters, table = read_parameters(data), data["regulation"]
    return Regulation(
        table["id"],
        Procedure(table["procedure"]),
        parameters.period,
        Evidence(table["evidence"]),
        parameters,
        conditions,
        tuple(table["notes"]),
    )
