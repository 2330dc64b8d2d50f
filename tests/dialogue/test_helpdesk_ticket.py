"""The life of a ticket as a table: from every status every move, by whoever has the ticket and by another adviser."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.helpdesk.ticket import (
    MOST_SAID,
    OF_USER,
    WITH_WORDS,
    Forbidden,
    Move,
    Person,
    Status,
    Ticket,
    allowed,
    moved,
)
from bot.dialogue.post import Place

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLACE = Place("p", "msteams", "https://smba.trafficmanager.net/emea/", "a:1", "t", "28:bot")
EVA, IVO, ANA = Person("eva", "Eva Zupan"), Person("ivo", "Ivo Hribar"), Person("ana")
NEW = Ticket(1, "ana", PLACE, "Ali mi štejejo leta v Avstriji?", NOW, NOW, group=1, card="ticket-1-card-1")

# Rows: the status and whose the ticket is. Columns: the move, by Eva for advisers' moves and by the user for the rest.
# A cell is the status that it leads to with whose it then is, or why it is forbidden.
TABLE = """
                     take        answer        ask_back              hand_over   close       reopen      reply                  solve        withdraw
open -               taken eva   answered eva  waiting_for_user eva  !not_taken  closed -    !not_closed open -                 closed -     closed -
taken eva            !held       answered eva  waiting_for_user eva  open -      closed eva  !not_closed taken eva              closed eva   closed eva
taken ivo            !held       !held         !held                 open -      !held       !not_closed taken ivo              closed ivo   closed ivo
waiting_for_user eva !held       answered eva  waiting_for_user eva  open -      closed eva  !not_closed taken eva              closed eva   closed eva
waiting_for_user ivo !held       !held         !held                 open -      !held       !not_closed taken ivo              closed ivo   closed ivo
answered eva         !held       answered eva  waiting_for_user eva  open -      closed eva  !not_closed taken eva              closed eva   closed eva
answered ivo         !held       !held         !held                 open -      !held       !not_closed taken ivo              closed ivo   closed ivo
closed -             !closed     !closed       !closed               !closed     !closed     taken eva   open -                 !closed      !closed
closed eva           !closed     !closed       !closed               !closed     !closed     taken eva   taken eva              !closed      !closed
closed ivo           !closed     !closed       !closed               !closed     !closed     taken eva   taken ivo              !closed      !closed
"""  # noqa: E501
PEOPLE = {"eva": EVA, "ivo": IVO, "-": None}


def cells() -> list[object]:
    head, *rows = TABLE.strip("\n").splitlines()
    moves = [Move(name) for name in head.split()]
    cases = []
    for row in rows:
        words = row.split()
        status, whose, rest = words[0], words[1], words[2:]
        for move in moves:
            first = rest.pop(0)
            wanted = first if first.startswith("!") else f"{first} {rest.pop(0)}"
            cases.append(pytest.param(status, whose, move, wanted, id=f"{status}-{whose}-{move}"))
    return cases


def ticket(status: str, whose: str) -> Ticket:
    ended = "close" if status == "closed" else ""
    return replace(NEW, status=Status(status), adviser=PEOPLE[whose], ended=ended)


def made(before: Ticket, move: Move, words: str = "besede") -> Ticket:
    return moved(before, move, ANA if move in OF_USER else EVA, NOW, words)


def test_the_table_has_every_status_and_move() -> None:
    assert len(cells()) == 10 * len(Move)


@pytest.mark.parametrize("status, whose, move, wanted", cells())
def test_move(status: str, whose: str, move: Move, wanted: str) -> None:
    before = ticket(status, whose)
    if wanted.startswith("!"):
        with pytest.raises(Forbidden) as refused:
            made(before, move)
        assert f"!{refused.value.reason}" == wanted
        return
    after = made(before, move)
    assert f"{after.status} {after.adviser.key if after.adviser else '-'}" == wanted
    assert after.version == before.version + 1
    assert after.card == "ticket-1-card-2"
    assert after.said[-1].move is move
    assert after.said[-1].name == ("" if move in OF_USER else "Eva Zupan")
    assert bool(after.ended) == (after.status is Status.CLOSED)


@pytest.mark.parametrize("status, whose, move, wanted", cells())
def test_the_card_offers_what_is_allowed(status: str, whose: str, move: Move, wanted: str) -> None:
    offered = move in allowed(ticket(status, whose), EVA)
    assert offered == (move not in OF_USER and not wanted.startswith("!"))


@pytest.mark.parametrize("move", sorted(WITH_WORDS))
def test_saying_nothing_is_no_move(move: Move) -> None:
    with pytest.raises(Forbidden) as refused:
        made(ticket("taken", "eva"), move, "  \n ")
    assert refused.value.reason == "no_words"


@pytest.mark.parametrize("move", Move)
def test_what_was_taken_back_stays_so(move: Move) -> None:
    gone = made(replace(ticket("taken", "eva"), check=("leta: 3",)), Move.WITHDRAW)
    assert (gone.question, gone.check, gone.said[-1].words) == ("", (), "")
    with pytest.raises(Forbidden) as refused:
        made(gone, move)
    assert refused.value.reason == "withdrawn"


def test_stored_and_read_is_the_same() -> None:
    full = made(replace(NEW, check=("a", "b"), entry="e", topic="t", form="f"), Move.ANSWER)
    assert Ticket.from_json(json.loads(json.dumps(full.to_json()))) == full


@pytest.mark.parametrize(
    "changes",
    [{"status": "x"}, {"place": {}}, {"opened_at": "x"}, {"said": [{}]}, {"more": 1}, {"adviser": {"x": 1}}],
)
def test_what_does_not_fit_is_no_ticket(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Ticket.from_json(NEW.to_json() | changes)


def test_an_exchange_has_an_end() -> None:
    going = ticket("taken", "eva")
    for number in range(MOST_SAID + 5):
        going = moved(going, Move.REPLY, ANA, NOW + timedelta(minutes=number), str(number))
    assert len(going.said) == MOST_SAID
    assert going.said[-1].words == str(MOST_SAID + 4)
