"""The dated values of the law, read from TOML: the only place of the package that touches files."""

import hashlib
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from rules.period import Period
from rules.provision import Evidence, Provision

ROOT = Path(__file__).parent
Plain: TypeAlias = "int | float | str | bool | tuple[Plain, ...] | None"
_ROW_KEYS = frozenset(
    "name naziv route variant value valid_from act article paragraph section gazette evidence"
    " no_condition certain_below unread uncertain note".split()
)


class DataError(Exception):
    """A data file contradicts itself: a fault of ours, never of a caller."""


class Key(NamedTuple):
    name: str
    naziv: str | None = None
    route: str | None = None
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One value from one day on, until a later row of the same key or the end of the regulation."""

    key: Key
    value: Plain
    valid_from: date
    provision: Provision
    decides: bool
    """There is a value, and its text may be relied on."""
    no_condition: bool = False
    """The article was read and sets no such condition."""
    certain_below: float | None = None
    """Below this the condition fails whichever paragraph applies; between it and the value it is unknown."""
    unread: tuple[str, ...] = ()
    """Cases that the text read so far leaves open."""
    uncertain: tuple[str, ...] = ()
    """Parts of the value that rest on analogy and so cannot fail anyone."""

    @property
    def number(self) -> float:
        value = self.value
        if type(value) is int or type(value) is float:
            return value
        raise DataError(f"{self.key}: {value!r} is not a number")

    @property
    def items(self) -> tuple[Any, ...]:
        if not isinstance(self.value, tuple):
            raise DataError(f"{self.key}: {self.value!r} is not a list")
        return self.value

    @property
    def day(self) -> date:
        try:
            return date.fromisoformat(str(self.value))
        except ValueError as error:
            raise DataError(f"{self.key}: {self.value!r} is not a day") from error

    @property
    def whole(self) -> int:
        return int(self.number)


class View:
    """The rows in force on one day."""

    def __init__(self, rows: Mapping[Key, Row]) -> None:
        # A plain tuple finds a Key and is cheaper to make.
        self._rows: dict[tuple[str, str | None, str | None, str | None], Row] = {
            (key.name, key.naziv, key.route, key.variant): row for key, row in rows.items()
        }
        self._targets: dict[tuple[str, str, tuple[str, ...]], Mapping[str, tuple[Row, ...]]] = {}
        self._named: dict[str, list[Row]] = {}
        for row in rows.values():
            self._named.setdefault(row.key.name, []).append(row)

    def find(
        self, name: str, naziv: str | None = None, route: str | None = None, variant: str | None = None
    ) -> Row | None:
        """The row of this very target, else the one that holds for every target."""
        rows = self._rows
        return rows.get((name, naziv, route, variant)) or rows.get((name, None, None, variant))

    def of_target(self, naziv: str, route: str, variants: tuple[str, ...]) -> Mapping[str, tuple[Row, ...]]:
        """By name the rows that may apply to the target: one, or one for each variant that is possible."""
        target = (naziv, route, variants)
        if target not in self._targets:
            by_name = {name: self._applying(name, *target) for name in self._named}
            self._targets[target] = {name: rows for name, rows in by_name.items() if rows}
        return self._targets[target]

    def _applying(self, name: str, naziv: str, route: str, variants: tuple[str, ...]) -> tuple[Row, ...]:
        common = self.find(name, naziv, route)
        found = [common] if common else [self.find(name, naziv, route, variant) for variant in variants]
        return tuple(row for row in found if row is not None and not row.no_condition)

    def get(self, name: str, variant: str | None = None) -> Row:
        row = self.find(name, variant=variant)
        if row is None:
            raise DataError(f"no row {name!r} ({variant})")
        return row

    def named(self, name: str) -> list[Row]:
        return self._named.get(name, [])


class Parameters:
    """All rows of a regulation, cut into spans in which nothing changes."""

    def __init__(self, rows: list[Row], period: Period) -> None:
        self.rows = tuple(rows)
        self.period = period
        for row in rows:
            if not period.covers(row.valid_from):
                raise DataError(f"{row.key}: {row.valid_from} is outside the regulation")
        self._starts = sorted({period.start, *(row.valid_from for row in rows)})
        self._views = [View(self._in_force(day)) for day in self._starts]

    def _in_force(self, day: date) -> dict[Key, Row]:
        rows: dict[Key, Row] = {}
        for row in sorted(self.rows, key=lambda row: row.valid_from):
            if row.valid_from <= day:
                if row.key in rows and rows[row.key].valid_from == row.valid_from:
                    raise DataError(f"{row.key}: two rows from {row.valid_from}")
                rows[row.key] = row
        return rows

    def on(self, day: date) -> View:
        if not self.period.covers(day):
            raise DataError(f"{day} is outside the regulation")
        return self._views[bisect_right(self._starts, day) - 1]


def read_toml(relative: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / relative).read_text(encoding="utf-8"))


def data_digest() -> str:
    """The version of the data: any change in any data file changes it."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.rglob("*.toml")):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_text(encoding="utf-8").encode())
    return digest.hexdigest()[:12]


def read_period(table: Mapping[str, Any]) -> Period:
    return Period(table["valid_from"], table.get("valid_to"))


def read_parameters(data: Mapping[str, Any]) -> Parameters:
    """The rows of one `parameters.toml`; a row with lists of targets stands for one row each."""
    regulation = data["regulation"]
    period = read_period(regulation)
    rows = []
    for raw in data["row"]:
        if unknown := set(raw) - _ROW_KEYS:
            raise DataError(f"{raw.get('name')}: unknown keys {sorted(unknown)}")
        for naziv, route, variant in product(*(_each(raw.get(key)) for key in ("naziv", "route", "variant"))):
            rows.append(_row(Key(raw["name"], naziv, route, variant), raw, regulation["id"]))
    return Parameters(rows, period)


def _each(value: str | list[str] | None) -> list[str | None]:
    return list(value) if isinstance(value, list) else [value]


def _row(key: Key, raw: Mapping[str, Any], act: str) -> Row:
    evidence = Evidence(raw["evidence"])
    value, no_condition = _plain(raw.get("value")), bool(raw.get("no_condition", False))
    if evidence.decides != (value is not None or no_condition):
        raise DataError(f"{key}: a value needs evidence that decides, and the other way round")
    provision = Provision(
        raw.get("act", act),
        raw.get("article"),
        raw.get("paragraph"),
        raw.get("section"),
        raw.get("gazette"),
        evidence,
    )
    return Row(
        key,
        value,
        raw["valid_from"],
        provision,
        value is not None,
        no_condition,
        raw.get("certain_below"),
        tuple(raw.get("unread", ())),
        tuple(raw.get("uncertain", ())),
    )


def _plain(value: Any) -> Plain:
    if isinstance(value, list):
        return tuple(_plain(item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int | float | str | bool):
        return value
    raise DataError(f"{value!r} cannot be a value")
