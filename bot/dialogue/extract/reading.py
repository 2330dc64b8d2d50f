"""Text into items: words folded and spelled, numbers, written days; phones and file numbers kept out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from bot.dialogue.extract.items import COMMA, MINOR, NONE, SENTENCE, DayOfYear, Item, Quantity
from bot.dialogue.extract.lexicon import Lexicon
from bot.dialogue.extract.model import PartialDate
from knowledge.text import fold

# Every repetition is bounded or over one class of characters, so that no text can make this slow.
_TOKEN = re.compile(
    r"(?P<file>\d{1,6}-\d{1,6}/\d{2,4}(?!\d))"
    r"|(?P<month>(?<![\d.,/])\d{1,2} ?[/.] ?(?:19|20)\d{2}(?!\d))"
    r"|(?P<phone>(?<![\w.,])(?:\+\d{1,3}|0\d{1,2})[ /-]?\d{2,4}(?:[ -]?\d{2,4}){1,3}(?!\w))"
    r"|(?P<school>(?<![\d.,/])(?:19|20)\d{2}/(?:\d{4}|\d{2})(?![\d/]))"
    r"|(?P<iso>(?<!\d)\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d))"
    r"|(?P<day>(?<![\d.,])\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:\d{4}|\d{2})(?!\d|[.,]\d))"
    r"|(?P<short>(?<![\d.,])\d{1,2}\. ?\d{1,2}\.(?!\d))"
    r"|(?P<listed>(?<![\w(.,/])\d{1,2}\)(?= ))"
    r"|(?P<number>\d+(?:[.,]\d+)?)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)"
    r"|(?P<line>\n)"
    r"|(?P<mark>[^\w\s])"
)
_NEXT_WORD = re.compile(r" ?([^\W\d_]{1,30})")
_NEXT_ORDINAL = re.compile(r" ?\d{1,3}\.")
_DIGITS = re.compile(r"\d+")
_NOT_PLAIN = re.compile(r"[^a-z0-9]")
_BREAKS = {",": COMMA, "…": COMMA, ".": SENTENCE, "!": SENTENCE, "?": SENTENCE, ";": SENTENCE, "%": NONE}
_LONGEST_NUMBER, _CENTURY_TURN = 5, 50
_HALF = "½"
_DASHES = frozenset("-–—")


def read(text: str, lexicon: Lexicon, longest: int) -> list[Item]:
    """The items of the first `longest` characters, in order."""
    text = text[:longest]
    items: list[Item] = []
    sep = NONE
    for token in _TOKEN.finditer(text):
        kind = str(token.lastgroup)
        if kind == "line":
            sep = max(sep, SENTENCE)
        elif kind == "mark" and token.group() not in {"%", _HALF} and token.group() not in lexicon.signs:
            sep = max(sep, _break(token, text, items, lexicon))
            if items and token.group() == "." and sep == NONE:
                items[-1] = _ordinal(items[-1], text, token.end())
        else:
            items.append(_item(kind, token, lexicon, sep))
            sep = NONE
    return items


def _item(kind: str, token: re.Match[str], lexicon: Lexicon, sep: int) -> Item:
    start, end = token.span()
    words = token.group()
    if kind == "word":
        return Item("word", lexicon.spelled(_NOT_PLAIN.sub("", fold(words))), start, end, sep)
    if words in lexicon.signs:
        return Item("word", lexicon.signs[words], start, end, sep)
    if kind == "mark":
        return (
            Item("word", "%", start, end, sep) if words == "%" else Item("number", "", start, end, sep, 0.5)
        )
    if kind == "school" and _school_year(words):
        return Item("range", "", start, end, sep, note="date")
    value = _READERS[kind](words)
    if kind == "number":
        return Item("blocked" if value is None else "number", words, start, end, sep, value)
    return Item("blocked" if value is None else "date", "", start, end, sep, value)


def _break(token: re.Match[str], text: str, items: list[Item], lexicon: Lexicon) -> int:
    """How strongly a punctuation mark parts what stands around it."""
    mark = token.group()
    if (
        mark in _DASHES
        and text[token.start() - 1 : token.start()].isspace()
        and text[token.end() : token.end() + 1].isspace()
    ):
        return COMMA
    if mark != ".":
        return _BREAKS.get(mark, MINOR)
    if text[token.end() : token.end() + 1] == "." or text[: token.start()].endswith(".."):
        return COMMA
    if items and items[-1].end == token.start():
        last = items[-1]
        if last.kind == "number" and _goes_on(text, token.end(), lexicon):
            return NONE
        if last.kind == "word" and last.text in lexicon.abbreviations:
            ends = last.text not in lexicon.before_names and _capital_follows(text, token.end())
            return SENTENCE if ends else NONE
    return SENTENCE


def _capital_follows(text: str, end: int) -> bool:
    return text[end : end + 2].lstrip()[:1].isupper()


def _goes_on(text: str, end: int, lexicon: Lexicon) -> bool:
    """Whether a number with a full stop is an ordinal: a month follows, or what is counted so."""
    after = _NEXT_WORD.match(text, end)
    if after is None:
        return False
    word = lexicon.spelled(fold(after.group(1)))
    listed = lexicon.is_a(word, "link") and _NEXT_ORDINAL.match(text, after.end()) is not None
    return listed or word in lexicon.months or lexicon.is_a(word, "ordinal_noun")


def _ordinal(item: Item, text: str, end: int) -> Item:
    return replace(item, kind="ordinal") if item.kind == "number" else item


def _number(words: str) -> float | None:
    whole, _, part = words.replace(",", ".").partition(".")
    if len(whole) > _LONGEST_NUMBER:
        return None
    if "." in words and len(part) == 3:
        return float(whole + part)
    value = float(f"{whole}.{part or 0}")
    return int(value) if value.is_integer() else value


def _day(words: str) -> Quantity:
    day, month, year = (int(part) for part in _DIGITS.findall(words))
    return _date(year, month, day)


def _school_year(words: str) -> bool:
    """Whether `2018/19` is a school year, whose two halves lie in two years."""
    first, second = (int(part) for part in _DIGITS.findall(words))
    return (second - first) % 100 == 1


def _iso(words: str) -> Quantity:
    year, month, day = (int(part) for part in _DIGITS.findall(words))
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    if year < 100:
        year += 2000 if year < _CENTURY_TURN else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(words: str) -> Quantity:
    month, year = (int(part) for part in _DIGITS.findall(words))
    return PartialDate(year, month) if 1 <= month <= 12 else None


def _short(words: str) -> Quantity:
    day, month = (int(part) for part in _DIGITS.findall(words))
    return DayOfYear(month, day) if _date(2000, month, day) else None


_READERS: dict[str, Callable[[str], Quantity]] = {
    "school": lambda words: None,
    "file": lambda words: None,
    "phone": lambda words: None,
    "listed": lambda words: None,
    "iso": _iso,
    "day": _day,
    "month": _month,
    "short": _short,
    "number": _number,
}


def sentences(items: list[Item]) -> Iterator[tuple[int, int]]:
    """First and last item of each sentence."""
    first = 0
    for place in range(1, len(items) + 1):
        if place == len(items) or items[place].sep >= SENTENCE:
            yield first, place - 1
            first = place
