"""Which questions are shown together: the table that the threshold was chosen on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.helpdesk.similar import group_of, similar, together
from bot.dialogue.helpdesk.ticket import Status
from knowledge.search import Engine
from tests.dialogue.test_helpdesk_ticket import NEW

SAME = [
    ("Kdaj lahko sam vložim predlog?", "kdaj lahko sama vlozim predlog"),
    ("Kdaj lahko sam vložim predlog?", "Prosim, zanima me, kdaj lahko predlog vložim sam"),
    ("Ali mi šteje delo v tujini za delovno dobo?", "Ali se delo v tujini šteje v delovno dobo za naziv?"),
    ("Ali mi mentorstvo študentu prinese točke?", "Koliko točk prinese mentorstvo študentu?"),
    (
        "Izgubila sem potrdilo o seminarju, kaj naj storim?",
        "Kaj naj naredim, ce sem izgubil potrdilo o seminarju?",
    ),
    ("Does work abroad count for my title?", "does work abroad count for a title"),
    ("priloge", "Priloge"),
]
DIFFERENT = [
    ("Kakšni so pogoji za svetnika?", "Kakšni so pogoji za višjega svetnika?"),
    ("Kakšni so pogoji za svetnika?", "Kakšni so pogoji za svetovalca?"),
    ("Katere priloge potrebujem za mentorja?", "Katere priloge potrebujem za svetnika?"),
    ("Ali je dovolj 17 let delovne dobe?", "Ali je dovolj 23 let delovne dobe?"),
    ("Kdaj dobim odločbo?", "Kdaj dobim višjo plačo?"),
    ("Kako se pritožim na odločbo?", "Kam pošljem vlogo za naziv?"),
    ("Izgubila sem potrdilo o seminarju, kaj naj storim?", "Ali mi seminar v tujini šteje za točke?"),
    ("Kdo izda potrdilo o objavi članka?", "Kdo izda potrdilo o vodenju aktiva?"),
    ("priloge", "priloge za svetnika"),
    ("", "Kdaj lahko sam vložim predlog?"),
]
# Known limits, in both directions: the adviser, who reads every question, decides.
TAKEN_FOR_SAME = [
    ("Ali se upošteva delo na porodniškem dopustu?", "Ali se upošteva delo na bolniškem dopustu?")
]
TAKEN_FOR_DIFFERENT = [
    (
        "Koliko časa čakam na odločbo, če sem vlogo oddala oktobra?",
        "Kdaj bom dobil odločbo, vlogo sem oddal v oktobru?",
    )
]


@pytest.mark.parametrize("one, other", SAME + TAKEN_FOR_SAME)
def test_shown_together(engine: Engine, one: str, other: str) -> None:
    assert similar(one, other, engine.base.terms)
    assert similar(other, one, engine.base.terms)


@pytest.mark.parametrize("one, other", DIFFERENT + TAKEN_FOR_DIFFERENT)
def test_not_shown_together(engine: Engine, one: str, other: str) -> None:
    assert not similar(one, other, engine.base.terms)
    assert not similar(other, one, engine.base.terms)


def test_groups(engine: Engine) -> None:
    first = replace(NEW, number=3, group=3, question="Ali mi mentorstvo študentu prinese točke?")
    second = replace(NEW, number=5, group=3, question="Koliko točk prinese mentorstvo študentu?")
    answered = replace(first, number=4, group=4, status=Status.ANSWERED)
    terms = engine.base.terms
    assert group_of(first.question, 9, (second, first, answered), terms) == 3
    assert group_of(first.question, 9, (answered,), terms) == 9
    assert together(first, (second, first, answered)) == (second,)
