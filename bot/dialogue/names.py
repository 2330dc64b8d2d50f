"""Names of people in Slovenian and English text, in any grammatical form; lists and cues are data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.dialogue.name_lists import is_form, lists
from knowledge.text import fold, tokens

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PATRONYMIC = re.compile(r"\w{2,}i[čć](?:a|u|em|i|ev|eva|eve|evi|evo|eva)?", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[A-ZČŠŽĆĐ]\w{2,}(?:ov|ev)(?:[aeiou]|ega|emu|ih|im)", re.UNICODE)
_MONTHS = frozenset(
    form for name in ("maj", "avgust", "julij", "junij") for form in (name, name + "a", name + "u")
)
_OF_MONTHS = frozenset("v do od konec konca zacetek meseca sredi".split())
MOST = 4
"""Words that a name has at most."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    folded: str
    start: int
    end: int
    capital: bool
    first: bool
    """Whether it begins a sentence, where everything has a capital."""


def names(text: str) -> list[tuple[int, int]]:
    """Where the names are: pairs of start and end, in order."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lists = lists()
        self._words = _words(text)
        self._taken: set[int] = set()
        self._english = is_english(text)

    def read(self) -> list[tuple[int, int]]:
        for place in range(len(self._words)):
            if place not in self._taken:
                self._cues(place)
        for place in range(len(self._words)):
            if place not in self._taken:
                self._known(place)
        return [self._span(place) for place in sorted(self._taken)]

    def _span(self, place: int) -> tuple[int, int]:
        word = self._words[place]
        initial = len(word.text) == 1 and self._text[word.end : word.end + 1] == "."
        return word.start, word.end + initial

    # ---- cues

    def _cues(self, place: int) -> None:
        after = self._phrase(place, self._lists.introduction)
        if after is not None:
            self._introduced(after)
            return
        after = self._phrase(place, self._lists.self)
        if after is not None and self._next(after) and self._is_given(after, lower=True):
            self._take_name(after)
            return
        after = self._phrase(place, self._lists.closing)
        if after is not None and self._signed(after):
            return
        if self._is_address(place):
            self._addressed(place + 1)

    def _introduced(self, place: int) -> None:
        while self._next(place) and self._is_address(place):
            place += 1
        if not self._next(place) or self._protected(self._words[place]):
            return
        self._take_name(place)
        following = place + 1
        if self._next(following) and following not in self._taken and self._ends_there(following):
            self._taken.add(following)

    def _ends_there(self, place: int) -> bool:
        """Whether a word is the last before a pause or a small word: "ime mi je zlatica kumar in …"."""
        if self._protected(self._words[place]):
            return False
        last = place + 1 == len(self._words) or not self._next(place + 1)
        return last or self._words[place + 1].folded in self._lists.slovenian

    def _addressed(self, place: int) -> None:
        while self._next(place, dots=True) and (
            self._words[place].folded in self._lists.between or self._is_address(place)
        ):
            place += 1
        if not self._next(place, dots=True) or len(self._words[place].text) == 1:
            return
        if self._may_be_name(place, after_address=True) or self._is_given(place, lower=True):
            self._take_name(place)

    def _signed(self, place: int) -> bool:
        """A name after the closing words, up to the end of its line."""
        places: list[int] = []
        while place < len(self._words) and len(places) < MOST:
            between = self._text[self._words[place - 1].end : self._words[place].start]
            if between.strip(" ,\n\r:!-") or (places and "\n" in between):
                break
            if not (self._may_be_name(place) or self._is_given(place, lower=True)):
                return False
            places.append(place)
            place += 1
        if not places:
            return False
        rest = self._text[self._words[places[-1]].end :].split("\n", 1)[0].strip()
        if rest and not rest.startswith((",", ".")):
            return False
        self._taken.update(places)
        return True

    # ---- known names

    def _known(self, place: int) -> None:
        word = self._words[place]
        if self._is_given(place):
            self._take_name(place)
        elif word.capital and self._is_surname(word) and not self._protected(word):
            self._taken.add(place)
            self._take_before(place)
        elif (
            word.capital
            and self._doubtful_given(word)
            and self._next(place + 1)
            and (self._may_be_name(place + 1) and not self._words[place + 1].first)
        ):
            self._take_name(place)
        elif (
            not word.first
            and len(word.text) > 2
            and self._may_be_name(place)
            and self._like_a_name(place + 1)
        ):
            self._take_name(place)  # two capitals within a sentence that are nothing known
        elif not word.capital and is_form(word.folded, self._lists.given) and not self._ordinary(word):
            self._take_name(place)
        elif self._is_possessive(place):
            self._taken.add(place)

    def _take_name(self, place: int) -> None:
        """The name that begins here: this word and those after it that can belong to it."""
        self._taken.add(place)
        written = self._words[place].capital
        for following in range(place + 1, place + MOST):
            if not self._next(following):
                return
            word = self._words[following]
            surname = is_form(word.folded, self._lists.surnames, self._lists.surnames_doubtful)
            if not (self._may_be_name(following) if written else surname):
                return
            self._taken.add(following)

    def _take_before(self, place: int) -> None:
        if place and self._next(place) and self._may_be_name(place - 1) and not self._words[place - 1].first:
            self._taken.add(place - 1)

    # ---- what a word may be

    def _is_given(self, place: int, *, lower: bool = False) -> bool:
        word = self._words[place]
        if self._protected(word) and not self._doubtful_given(word):
            return False
        if any(part in self._lists.given for part in word.folded.split("-")):
            return word.capital or lower
        if not (self._doubtful_given(word) and word.capital) or (word.first and not lower):
            return False
        return not (word.folded in _MONTHS and self._is_month(place))

    def _is_month(self, place: int) -> bool:
        before = self._text[: self._words[place].start].rstrip()
        after = self._text[self._words[place].end :].lstrip()
        of = place > 0 and self._words[place - 1].folded in _OF_MONTHS
        return of or before[-2:].strip(".").isdigit() or after[:1].isdigit()

    def _is_possessive(self, place: int) -> bool:
        """ "Kumarjeva": what somebody has, or a woman by her surname."""
        word = self._words[place]
        if self._english or not _POSSESSIVE.fullmatch(word.text) or not self._may_be_name(place):
            return False
        return not word.first or bool(_PATRONYMIC.fullmatch(word.text))

    def _doubtful_given(self, word: _Word) -> bool:
        return word.folded in self._lists.given_doubtful

    def _is_surname(self, word: _Word) -> bool:
        known = any(part in self._lists.surnames for part in word.folded.split("-"))
        return known or (not word.first and bool(_PATRONYMIC.fullmatch(word.text)))

    def _may_be_name(self, place: int, *, after_address: bool = False) -> bool:
        word = self._words[place]
        if len(word.text) == 1:
            return word.capital and self._text[word.end : word.end + 1] == "."
        if after_address and word.capital and word.folded in self._lists.surnames_doubtful:
            return True
        return word.capital and not self._protected(word) and not self._is_address(place)

    def _ordinary(self, word: _Word) -> bool:
        """Whether a word without a capital is a word of the language as well."""
        return word.folded in self._lists.ordinary or self._protected(word)

    def _like_a_name(self, place: int) -> bool:
        return self._next(place) and self._may_be_name(place) and len(self._words[place].text) > 2

    def _protected(self, word: _Word) -> bool:
        if len(word.text) > 1 and word.text.isupper():
            return True
        if word.folded in self._lists.protected_short:
            return True
        if is_form(word.folded, self._lists.given, self._lists.surnames):
            return False
        return word.folded.startswith(self._lists.protected)

    def _is_address(self, place: int) -> bool:
        folded = self._words[place].folded
        if folded in self._lists.address:
            return True
        return folded.startswith(self._lists.address_beginnings) and not is_form(folded, self._lists.given)

    # ---- where a word stands

    def _next(self, place: int, *, dots: bool = False) -> bool:
        """Whether there is such a word and nothing but space parts it from the one before."""
        if not 0 < place < len(self._words):
            return place == 0 and bool(self._words)
        between = self._text[self._words[place - 1].end : self._words[place].start]
        before = self._words[place - 1]
        if len(before.text) == 1 or (dots and before.folded in self._lists.abbreviations):
            between = between.replace(".", "", 1)
        return not between.strip(" ")

    def _phrase(self, place: int, phrases: Iterable[Sequence[str]]) -> int | None:
        """The place after the longest of the phrases that begins here."""
        for phrase in phrases:
            words = self._words[place : place + len(phrase)]
            if tuple(word.folded for word in words) == tuple(phrase):
                return place + len(phrase)
        return None


def is_english(text: str) -> bool:
    """Whether more of the small words are English than Slovenian."""
    small = tokens(text)
    english = sum(word in lists().english for word in small)
    return english > 0 and english >= sum(word in lists().slovenian for word in small)


def _words(text: str) -> list[_Word]:
    letters = [character for character in text if character.isalpha()]
    shouted = len(letters) > 10 and sum(character.isupper() for character in letters) > 0.8 * len(letters)
    found = []
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip(" \"'»«„“(")
        word = match[0]
        first = not before or before[-1] in ".!?\n:;" or before.endswith(("- ", "\n"))
        shown = word.lower() if shouted else word
        found.append(_Word(shown, fold(word), match.start(), match.end(), shown[0].isupper(), first))
    return found
