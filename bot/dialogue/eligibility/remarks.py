"""What kind of remark a message is: a question, a yes, an end, a wish to change something, "vse"."""

from __future__ import annotations

from bot.texts import commands
from knowledge.text import fold, tokens

CANCEL, _REMARK, _FEW, _SHORTEST = "check_cancel", 8, 4, 2


def is_question(text: str) -> bool:
    """Whether a message asks something, by its mark or its first words."""
    words = tokens(text)
    particle = len(words) > _SHORTEST and words[0] in commands().whether
    return "?" in text or particle or asks_about(text)


def asks_about(text: str) -> bool:
    """Whether a message begins as a question after a time, a manner, a thing: "kdaj", "kako", "kaj"."""
    words = " ".join(tokens(text)) + " "
    return any(words.startswith(f"{word} ") for word in commands().interrogative)


def is_yes_or_no(text: str) -> bool:
    """Whether the whole message is a yes or a no."""
    return " ".join(tokens(fold(text))) in commands().yes_no


def speaks_of_self(text: str) -> bool:
    """Whether a few words tell of the speaker: "obe imam"."""
    words = tokens(text)
    return len(words) <= _FEW and any(word in commands().first_person for word in words)


def wants_change(text: str) -> bool:
    """Whether a message asks to change something that was stated, without telling the new value."""
    return tokens(text)[:1] != [] and tokens(text)[0] in commands().change


def all_of_them(text: str) -> int | None:
    """How many a reply says are all there: 2 for "obe imam", 0 for "vse" however many; None when it says neither."""
    words = set(tokens(text))
    if words <= {*commands().all_of, *commands().both_of, *commands().beside_all}:
        return 2 if words & {*commands().both_of} else 0 if words & {*commands().all_of} else None
    return None


def gives_up(text: str) -> bool:
    """Whether a short remark has a word in it that ends the check: "ne da se mi več, nehaj"."""
    words = tokens(text)
    ends = any(commands().whole.get(word, ("", ""))[0] == CANCEL for word in words)
    return ends and len(words) <= _REMARK and not is_question(text)


def number_typed(text: str) -> int | None:
    """The number, from 1 on, that is the whole of a reply."""
    words = text.strip().rstrip(".)!")
    return int(words) if words.isascii() and words.isdigit() and len(words) <= 2 and int(words) else None
