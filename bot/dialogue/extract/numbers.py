"""Numbers in words, to a hundred, in Slovenian and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.extract.items import MINOR, Item

_TEN = 10


@dataclass(frozen=True, slots=True)
class NumberWords:
    """Every number word with its value.

    `weak` ones are also articles or pronouns; `links` join unit and ten; `heads` begin adjectives (*dvoletni*),
    `ordinals` name days, `times` say how often;
    `suffixes` make a number a duration (*triletni*) or a count (*trikrat*).
    """

    values: Mapping[str, int]
    weak: frozenset[str]
    links: frozenset[str]
    heads: Mapping[str, int]
    ordinals: Mapping[str, int]
    times: Mapping[str, int]
    suffixes: Mapping[str, str]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> NumberWords:
        """Build all forms: simple words, their cases, and units joined with tens."""
        values: dict[str, int] = {}
        for number, words in data["simple"].items():
            values.update(dict.fromkeys(words, int(number)))
        for number, word in {**data["declined"], **data["tens"]}.items():
            for ending in ("", *data["case_endings"]):
                values[word + ending] = int(number)
        for ten, word in data["tens"].items():
            for unit, forms in data["joined_units"].items():
                for form in forms:
                    for ending in ("", *data["case_endings"]):
                        values[form + word + ending] = int(ten) + int(unit)
        ordinals = {word + data["ordinal_ending"]: number for word, number in values.items()}
        ordinals.update({word: int(number) for word, number in data["ordinals"].items()})
        return cls(
            values,
            frozenset(data["weak"]),
            frozenset(data["links"]),
            data["heads"],
            ordinals,
            data["times"],
            data["suffixes"],
        )

    def counted(self) -> list[str]:
        """Number words with the suffixes that count (*trikrat*)."""
        return [
            word + suffix for word in self.values for suffix, kind in self.suffixes.items() if kind == "times"
        ]


def with_numbers(items: Sequence[Item], numbers: NumberWords) -> list[Item]:
    """Number words made number items; `dva in dvajset` and `twenty two` are one."""
    read: list[Item] = []
    place = 0
    while place < len(items):
        item = items[place]
        value = numbers.values.get(item.text) if item.kind == "word" else None
        if value is None:
            read.append(item)
            place += 1
            continue
        last, total = _joined(items, place, value, numbers)
        note = "weak" if last == place and item.text in numbers.weak else ""
        read.append(replace(item, kind="number", value=total, end=items[last].end, note=note))
        place = last + 1
    return read


def _joined(items: Sequence[Item], place: int, value: int, numbers: NumberWords) -> tuple[int, int]:
    """The last item and the value of a number of several words."""

    def at(offset: int) -> tuple[str, int]:
        index = place + offset
        if index >= len(items) or items[index].kind != "word" or items[index].sep > MINOR:
            return "", 0
        return items[index].text, numbers.values.get(items[index].text, 0)

    (link, unit), (_, ten) = at(1), at(2)
    if 0 < value < _TEN and link in numbers.links and ten >= 2 * _TEN and ten % _TEN == 0:
        return place + 2, value + ten
    if value >= 2 * _TEN and value % _TEN == 0 and 0 < unit < _TEN:
        return place + 1, value + unit
    return place, value
