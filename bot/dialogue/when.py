"""Days in words: dates shown to people, and the past that a question asks about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.text import fold

_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_YEAR = re.compile(
    r"\b(?:v letu|v letih|leta|letu|l|in the year|year|(?<!\d )in)\.? (?P<year>(?:19|20)\d\d)\b"
)
_NOT_WHEN_ASKED = re.compile(r"\b(?:od|do|pred|po|since|until|before|after|from|by)(?: konca| zacetka)? $")
_OF_A_THING = re.compile(r"\b(?!(?:pravilnik|zakon|uredb|predpis|noveljen|novel))[a-z]+ iz $")
_CLAUSE = re.compile(r"[.,;:!?](?!\d)\s*|\n+")
_OWN = re.compile(r"\b(?:sem|smo|sva)\b|\bi \w+ed\b|\bi (?:was|had|led|got|took|wrote|held|ran)\b")
_ASKS = re.compile(
    r"^a\b|\b(?:ali|kdaj|kako|kaj|kdo|koliko|kolk|kje|kam|zakaj|kater\w+|kaksn\w+|kaksen|kere|kva|"
    r"when|how|what|who|where|why|which|did|could)\b"
)
_THEN = re.compile(r"\b(?:takrat|tedaj|tedanj\w+|then)\b")
_BEFORE = re.compile(
    r"\b(?:pred|before)(?: letom)? (?:(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?)?(?P<year>20\d\d)\b"
)
_OLD_RULES = re.compile(
    r"\b(?:po starem|po starih|prej veljal\w*|stari pravilnik|starem pravilniku|prejsnj\w+ pravilnik\w*|vcasih|"
    r"old rules|previous rules|used to be)\b"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The period that a question asks about, first and last day, and how to name it."""

    first: date
    last: date
    year: int | None = None


def asked_period(text: str, today: date) -> Asked | None:
    """The past or future period that a question names ("kako je bilo leta 2021"), or None for today.

    A year that only dates something in the story ("svetnica od leta 1999") is not one that is asked about.
    """
    folded = fold(text)
    before = _BEFORE.search(folded)
    if before and not _told(folded, before):
        try:
            end = date(int(before["year"]), int(before["month"] or 1), int(before["day"] or 1))
        except ValueError:
            return None
        last = end - timedelta(days=1)
        return Asked(last, last)
    for match in _years(folded):
        year = int(match["year"])
        if year != today.year:
            return Asked(date(year, 1, 1), date(year, 12, 31), year)
    return None


def without_period(text: str) -> str:
    """A question without the year that it asks about, so that the year does not draw it to other questions."""
    folded = fold(text)
    match = next(_years(folded), None)
    if match is None or len(folded) != len(text):
        return text
    return f"{text[: match.start()]} {text[match.end() :]}"


def _years(folded: str) -> Iterator[re.Match[str]]:
    """Years that are asked about, not those that only date something in the story."""
    return (
        match
        for match in _YEAR.finditer(folded)
        if not _NOT_WHEN_ASKED.search(folded[: match.start()])
        and not _OF_A_THING.search(folded[: match.start()])
        and not _told(folded, match)
    )


def _told(folded: str, match: re.Match[str]) -> bool:
    """Whether the year stands in what people tell of themselves: "leta 2022 sem bila v odboru, se to šteje"."""
    ends = [end.end() for end in _CLAUSE.finditer(folded, 0, match.start())]
    following = _CLAUSE.search(folded, match.end())
    first, last = ends[-1] if ends else 0, following.start() if following else len(folded)
    own = _OWN.search(folded, first, last)
    if own is None or _THEN.search(folded, first):
        return False
    return not _ASKS.search(folded[first : max(own.end(), match.end())])


def asks_for_old_rules(text: str) -> bool:
    """Whether a question asks for the rules that held before today's ("kako je bilo po starem")."""
    return bool(_OLD_RULES.search(fold(text)))


def day_in_words(day: date, locale: str) -> str:
    """ "1. 9. 2023" in Slovenian, "1 September 2023" in English."""
    if locale == "en":
        return f"{day.day} {_MONTHS['en'][day.month - 1]} {day.year}"
    return f"{day.day}. {day.month}. {day.year}"
