"""Every sentence that the bot says, in Slovenian and English, and the short messages that it knows by heart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.strict_yaml import read

FOLDER = Path(__file__).parent
LOCALES = ("sl", "en")
LISTS = (
    "polite",
    "follow_up",
    "what_if",
    "what_if_within",
    "only_polite",
    "supposed_had",
    "supposed_get",
    "supposed_was",
    "take_back",
    "change",
    "yes_no",
    "check_my",
    "wishes",
    "whether",
    "all_of",
    "both_of",
    "beside_all",
    "first_person",
    "interrogative",
    "um_staff",
    "school_staff",
    "and_words",
    "remind_begins",
)


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language, by key."""

    locale: str
    sentences: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence `key` with its places filled; raises KeyError for a key that does not exist."""
        return self.sentences[key].format(**values)


@dataclass(frozen=True, slots=True)
class Commands:
    """Folded short messages by name, the polite words around a question, and other lists of words."""

    whole: Mapping[str, tuple[str, str]]
    polite: tuple[str, ...]
    follow_up: tuple[str, ...]
    what_if: tuple[str, ...]
    what_if_within: tuple[str, ...]
    only_polite: tuple[str, ...]
    supposed_had: tuple[str, ...]
    supposed_get: tuple[str, ...]
    supposed_was: tuple[str, ...]
    take_back: tuple[str, ...]
    change: tuple[str, ...]
    yes_no: tuple[str, ...]
    check_my: tuple[str, ...]
    wishes: tuple[str, ...]
    whether: tuple[str, ...]
    all_of: tuple[str, ...]
    both_of: tuple[str, ...]
    beside_all: tuple[str, ...]
    first_person: tuple[str, ...]
    interrogative: tuple[str, ...]
    um_staff: tuple[str, ...]
    school_staff: tuple[str, ...]
    and_words: tuple[str, ...]
    remind_begins: tuple[str, ...]


@lru_cache(maxsize=2)
def texts(locale: str) -> Texts:
    """The sentences of `locale`; anything but "en" is Slovenian."""
    name = "en" if locale == "en" else "sl"
    return Texts(name, dict(read(FOLDER / f"{name}.yaml").data))


@lru_cache(maxsize=1)
def commands() -> Commands:
    """The short messages of commands.yaml: message → (command, language)."""
    data = read(FOLDER / "commands.yaml").data
    whole = {
        str(message): (name, locale)
        for name, by_locale in data.items()
        if name not in LISTS
        for locale, messages in by_locale.items()
        for message in messages
    }

    def longest_first(name: str) -> tuple[str, ...]:
        items = [str(item) for locale in LOCALES for item in data[name][locale]]
        return tuple(sorted(items, key=lambda item: (-len(item), item)))

    return Commands(whole, **{name: longest_first(name) for name in LISTS})
