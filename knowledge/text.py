"""Slovenian and English text made comparable: folding, tokens, stems, character n-grams.

Folding takes č š ž (NFKD) and đ away on both sides, so that a question typed without them is the same
question. A suffix stemmer on folded text does as well as a lemmatiser here and knows every form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = frozenset(
    (
        "ovati ujem ujes ujejo ujete ujemo evati iranje iranja iranju anjem enjem anja anje anju "
        "enja enje enju ajoci ajoce ostjo osti ost ega emu imi ima imo ite ijo ili ila ilo ati iti "
        "eti ala alo ali ani ana ano ane ami ama ajo ate amo icami icama icam icah ica ice ici ico ic "
        "ev ov em om am ih im mi ah eh ka ki ke ko ku a e i o u"
    ).split()
)
_LONGEST = max(map(len, _ENDINGS))
_MIN_STEM = 3
_OUR_LETTERS = tuple(zip("čšžćđ", "cszcd", strict=True))


def fold(text: str) -> str:
    """Lower case without diacritics."""
    lowered = text.casefold()
    if not lowered.isascii():
        for letter, plain in _OUR_LETTERS:
            lowered = lowered.replace(letter, plain)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize(
        "NFKD", lowered
    ).casefold()  # a mathematical 𝑨 comes apart as a capital
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokens(text: str) -> list[str]:
    """Folded words and numbers, in order."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=65536)
def stem(token: str) -> str:
    """A folded token without its inflectional ending; short tokens and numbers stay."""
    if len(token) <= _MIN_STEM or token[0].isdigit():
        return token
    for size in range(min(_LONGEST, len(token) - _MIN_STEM), 0, -1):
        if token[-size:] in _ENDINGS:
            return token[:-size]
    return token


def char_ngrams(words: Iterable[str], low: int = 2, high: int = 4) -> Iterator[str]:
    """Character n-grams within each word, its borders marked with a space."""
    for word in words:
        marked = f" {word} "
        for size in range(low, high + 1):
            for start in range(len(marked) - size + 1):
                yield marked[start : start + size]
