"""Personal data taken out of a text before it is kept: contacts, numbers of people and cases, addresses, names.

What is taken out becomes "…". Recall comes before beauty, but dates, points, years, articles and gazette numbers
stay: without them a question can't be understood. Rules and lists only: no model could run here for every message,
and each line of the result can be explained.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bot.dialogue.names import names

GAP = "…"
Span = tuple[int, int]

_CAPITAL = "[A-ZČŠŽĆĐ]"
_PLACE = rf"{_CAPITAL}[a-zčšžćđ]+(?: {_CAPITAL}[a-zčšžćđ]+)?"
_STREET = (
    r"(?:[Uu]lic(?:a|e|i|o)|[Cc]est(?:a|e|i|o)|[Tt]rg(?:a|u|om)?|[Pp]ot(?:i|jo)?|[Nn]abrežj(?:e|a|u|em)"
    r"|[Aa]lej(?:a|e|i|o)|[Nn]aselj(?:e|a|u|em)|[Dd]revored(?:a|u)?)"
)
_HOUSE = r"\d{1,3} ?[a-hA-H]?(?!\w|[.,/]\d|\.\s+[a-zčšž]|\s*%|\s+(?:točk|let|ur|dni|mesec))"
_POST = rf"[1-9]\d{{3}}\s+{_PLACE}"
_DATE = r"\d{1,2}\. ?\d{1,2}\. ?(?:\d{4}|\d{2}\b)?"

KEPT = re.compile(rf"{_DATE}|\b\d{{4}}[/-]\d{{2,4}}\b")
"""Dates and pairs of years: no part of a telephone or account."""

_ALWAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"<at[^>]{0,200}>[^<]{0,200}</at>",
        r"(?<![\w.+-])[\w.+-]+ ?(?:@|\(at\)|\[at\]) ?[\w-]+(?:\.[\w-]+)+",
        r"(?<!\w)@(?![Kk]a[žz]ipot)[^\W\d_][\w.]+",
        r"\b[A-Z]{2}\d{2}(?:[ -]?\d){11,26}\b",  # IBAN
        r"\b[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d){10,22}\b",
        r"\b[A-Z]{2} ?\d{7}\b",  # identity card, passport
        r"\bSI ?\d{8}\b",
        rf"\b{_CAPITAL}[\w'-]*(?: [\w'-]+)? {_STREET} {_HOUSE}(?:,? {_POST})?",
        rf"\b(?={_CAPITAL}){_STREET}(?: [\w'-]+){{1,4}} {_HOUSE}(?:,? {_POST})?",
        rf"\b{_CAPITAL}[\w-]*(?: [\w-]+){{0,2}} \d{{1,3}} ?[a-h]?, ?{_POST}",
        rf"\b(?!1[89]\d\d|20\d\d){_POST}",
    )
)
_UNLESS_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\w+])(?:\+|00)\d(?:[ ()/.-]{0,2}\d){7,13}(?!\d)",  # telephone with a country
        r"(?<![\w,.+])\(?0\d(?:[ ()/.-]{0,2}\d){7}(?!\d)",  # nine digits of a domestic one
        r"\b\d{7}[ -]?\d{3}[ -]?\d{3}\b",  # EMŠO
        r"\b\d{5}-?\d{10}\b",  # account
        r"\b\d{9,}\b",
    )
)
_AFTER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:roj(?:en|ena|ene|enega|eni|stva)?|born)\b\.?[^\d\n]{{0,15}}?({_DATE}|(?:19|20)\d\d\b)",
        rf"({_DATE}) rojen\w*",
        r"\b(?:stanuj\w*|živi\w*|prebiva\w*|naslov\w*|doma)\b\W{1,3}(?:(?:je|sem|na|v) ){0,2}"
        r"((?-i:[A-ZČŠŽĆĐ])[\w-]+(?: [\w-]+){0,2} \d{1,3} ?[a-h]?)\b(?!\.)",
        r"\b(?:tel|telefon\w*|gsm|mob|mobitel|mobi|faks|fax|phone|pokli[čc]i\w*|klic\w*)\b[^\d\n+(]{0,12}"
        r"([+(]?\d(?:[ ()/.-]{0,2}\d){5,})",
        r"\b(?:interna|int\.|ext\.?)[\s:.]{0,3}(\d{3,6})\b",
        r"\b(?:dav[čc]n\w*|dš|id za ddv|tax\w*|ddv)\b[^\d\n]{0,15}?((?:SI ?)?\d(?:[ .]?\d){7})(?!\d)",
        r"\b(?:emšo|emso)\b[^\d\n]{0,15}?(\d(?:[ .-]?\d){5,13})(?!\d)",
        r"\b(?:trr|iban|ra[čc]un\w*)\b[^\d\n]{0,15}?((?:[A-Z]{2})?\d(?:[ -]?\d){8,})",
        r"\b(?:odlo[čc]b|zadev|vlog|spis|dopis|sklep)\w*,?\s+(?:(?:št\.?|številka|z oznako)\s*)?:?\s*"
        r"(?!\d{4}-\d{4}\b)(\d+-[\d/-]*\d)",
        r"\b(?:kadrovsk|osebn|eviden[čc]n|mati[čc]n|personaln|delavsk)\w+ (?:številk|št\.|šifr)\w*\W{0,3}(\d{3,})",
        rf"\b(?:pošta|naslov)\W{{1,3}}({_POST})",
    )
)
_LINK = re.compile(r"\b(?:https?://|www\.)([^\s<>\"/]+)/?([^\s<>\"]*)", re.IGNORECASE)
_TELLING = re.compile(r"[\d_~@=?%]")
_EIGHT = re.compile(r"(?<![\w.,/-])\d{8}(?![\w/-]|[.,]\d)")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_THIRTEEN = re.compile(r"(?<!\d)\d(?:[ ./-]?\d){12}(?!\d)")
_GAPS = re.compile(rf"{GAP}(?:[ ,]*{GAP})+")
_WEIGHTS = (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def redacted(text: str) -> str:
    """The text without personal data; each piece taken out is one "…". The same for the same text."""
    text = unicodedata.normalize("NFC", text)
    found = list(_numbers(text))
    kept = _without(text, found)
    return _GAPS.sub(GAP, _without(kept, names(kept)))


def is_emso(digits: str) -> bool:
    """Whether thirteen digits carry the check digit of a Slovenian personal number (EMŠO)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return len(digits) == 13 and (11 - total % 11) % 11 == int(digits[12])


def _numbers(text: str) -> Iterator[Span]:
    dates = [match.span() for match in KEPT.finditer(text)]
    for pattern in _ALWAYS:
        yield from (match.span() for match in pattern.finditer(text))
    for pattern in _AFTER:
        yield from (match.span(1) for match in pattern.finditer(text))
    for pattern in _UNLESS_DATES:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in dates):
                yield match.span()
    for match in _THIRTEEN.finditer(text):
        if is_emso(re.sub(r"\D", "", match[0])):
            yield match.span()
    for match in _EIGHT.finditer(text):
        if not _DAY.fullmatch(match[0]):
            yield match.span()
    for match in _LINK.finditer(text):
        end = match.start(2) + len(match[2].rstrip(".,;:!?)"))
        if _TELLING.search(match[2]) or (match[2].lower().startswith("personal")):
            yield match.start(2), end


def _without(text: str, spans: Iterable[Span]) -> str:
    """The text with one gap for each span; spans with nothing but a space or comma between are one."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and not text[merged[-1][1] : start].strip(" ,"):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    for start, end in reversed(merged):
        text = text[:start] + GAP + text[end:]
    return text
