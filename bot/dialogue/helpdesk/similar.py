"""Which open questions may ask the same, so that they are shown together. The adviser reads them and decides."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz

from bot.dialogue.helpdesk.ticket import ALL_BUT_CLOSED, Status, Ticket
from knowledge.terms import Terms
from knowledge.text import fold, tokens

SIMILAR = 80.0
"""From this token-set ratio (0 to 100, on folded words) two questions are shown together. Chosen on the table in
`tests/dialogue/test_helpdesk_similar.py`: lower, and different questions with the same frame fall together; higher,
and plain rewordings stay apart."""
FEWEST_LETTERS = 12
"""Shorter questions say too little to be compared: only the very same are shown together."""
EXACT = frozenset({"naziv", "route", "proposer", "workplace"})
"""What must be the same in both; whose staff is meant often goes without saying."""
UNANSWERED = ALL_BUT_CLOSED - {Status.ANSWERED}


def similar(one: str, other: str, terms: Terms) -> bool:
    """Whether two questions may ask the same: near in words, and of the same naziv, route, proposer and numbers."""
    first, second = fold(one), fold(other)
    if min(len(first), len(second)) < FEWEST_LETTERS:
        return first == second
    return _exact(one, terms) == _exact(other, terms) and fuzz.token_set_ratio(first, second) >= SIMILAR


def group_of(question: str, number: int, others: Iterable[Ticket], terms: Terms) -> int:
    """The group that a new question belongs to: that of the oldest open one like it, or one of its own."""
    groups = (
        ticket.group
        for ticket in others
        if ticket.status in UNANSWERED and similar(question, ticket.question, terms)
    )
    return min(groups, default=number)


def together(ticket: Ticket, others: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """The other unanswered tickets of its group, oldest first."""
    found = (
        other
        for other in others
        if other.group == ticket.group and other.number != ticket.number and other.status in UNANSWERED
    )
    return tuple(sorted(found, key=lambda other: other.number))


def _exact(question: str, terms: Terms) -> tuple[object, ...]:
    """What must agree to the letter: the terms that decide which rules hold, and numbers."""
    words = tokens(question)
    found = {family: values for family, values in terms.find(words).items() if family in EXACT}
    return found, sorted(word for word in words if word.isdigit())
