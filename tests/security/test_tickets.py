"""Forged ticket actions: by whoever may not, from elsewhere, about nothing, too late. Nothing changes but words."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
import structlog
from sqlalchemy import select

from bot.storage.tables import desk, drafts, tickets
from tests.support.helpdesk import ANA, BOR, DESK, EVA, IVO, QUESTION, ULA, Play, chat

OTHER_TENANT = "bbbbbbbb-0000-0000-0000-000000000002"
ADVISERS = ["take", "answer", "ask_back", "hand_over", "close", "reopen", "draft", "card"]
USERS = ["reply", "solve", "withdraw", "show"]
ELSEWHERE = DESK | {"id": "19:another@thread.tacv2"}
GROUP = {"id": "19:desk@thread.tacv2", "conversationType": "groupChat", "tenantId": OTHER_TENANT}


@pytest_asyncio.fixture
async def asked(play: Play) -> Play:
    """Ana has asked; Eva and Ivo are advisers."""
    await play.ask()
    return play


async def state(play: Play) -> list[Any]:
    """All that could have changed."""
    return [[tuple(row) for row in await play.rows(select(table))] for table in (tickets, drafts, desk)]


def about(verb: str, number: Any = 1, version: Any = 1) -> dict[str, Any]:
    return {
        "do": f"ticket_{verb}",
        "ticket": number,
        "version": version,
        "ticket_words": "besede",
        "ticket_question": "vprašanje",
    }


async def refused(
    play: Play, who: dict[str, str], place: dict[str, str], data: dict[str, Any], said: str, **more: Any
) -> None:
    """The action changes nothing and is answered with words."""
    before, sent = await state(play), len(play.channel.messages)
    await play.send(who, place, value=data, **more)
    await play.settled()
    assert await state(play) == before
    answer = play.channel.messages[sent:]
    assert len(answer) == 1, "one reply, and nothing to anybody else"
    assert said in str(answer[0]["attachments"][0]["content"])


@pytest.mark.parametrize("verb", ADVISERS)
async def test_no_adviser(asked: Play, verb: str) -> None:
    await refused(asked, BOR, DESK, about(verb), "samo svetovalci")


@pytest.mark.parametrize("verb", [verb for verb in ADVISERS if verb not in ("draft", "card")])
async def test_a_curator_is_no_adviser(asked: Play, verb: str) -> None:
    await refused(asked, ULA, DESK, about(verb), "samo svetovalci")


async def test_a_curator_may_suggest_for_the_knowledge_base(asked: Play) -> None:
    await asked.adviser(EVA, "ticket_answer", ticket_words="Da.")
    await asked.press(ULA, about("draft", version=2), DESK)
    assert len(await asked.rows(select(drafts))) == 1


@pytest.mark.parametrize("verb", ADVISERS)
async def test_whoever_asked_is_no_adviser(asked: Play, verb: str) -> None:
    await refused(asked, ANA, chat(ANA), about(verb), "samo svetovalci")


@pytest.mark.parametrize("place", [ELSEWHERE, chat(EVA), GROUP], ids=["another channel", "private", "group"])
async def test_an_adviser_elsewhere(asked: Play, place: dict[str, str]) -> None:
    data = {"tenant": {"id": place["tenantId"]}}
    await refused(asked, EVA, place, about("take"), "samo v kanalu svetovalcev", channelData=data)


async def test_an_adviser_of_another_tenant(asked: Play) -> None:
    place = DESK | {"tenantId": OTHER_TENANT}
    await refused(
        asked,
        EVA,
        place,
        about("take"),
        "samo v kanalu svetovalcev",
        channelData={"tenant": {"id": OTHER_TENANT}},
    )


@pytest.mark.parametrize("verb", USERS)
async def test_another_user(asked: Play, verb: str) -> None:
    await refused(asked, BOR, chat(BOR), about(verb), "ni vaše")


@pytest.mark.parametrize("verb", USERS)
async def test_an_adviser_is_not_the_user(asked: Play, verb: str) -> None:
    await refused(asked, EVA, DESK, about(verb), "ni vaše")


@pytest.mark.parametrize("verb", USERS)
async def test_the_user_of_another_tenant(asked: Play, verb: str) -> None:
    place = chat(ANA) | {"tenantId": OTHER_TENANT}
    await refused(asked, ANA, place, about(verb), "ni vaše", channelData={"tenant": {"id": OTHER_TENANT}})


@pytest.mark.parametrize("verb", USERS)
async def test_the_user_in_another_conversation(asked: Play, verb: str) -> None:
    place = DESK | {"id": "19:colleagues@thread.tacv2;messageid=4"}
    await refused(asked, ANA, place, about(verb), "iz drugega pogovora")


async def test_no_such_number(asked: Play) -> None:
    for number in (2, 0, -1, 10**12, "1", None, True, [1], {"a": 1}, 1.0):
        await refused(asked, EVA, DESK, about("take", number), "ni več ali ni vaše")
        await refused(asked, ANA, chat(ANA), about("withdraw", number), "ni več ali ni vaše")


@pytest.mark.parametrize("verb", ["take", "answer", "close", "draft"])
async def test_a_card_of_another_version(asked: Play, verb: str) -> None:
    for version in (0, 2, -1, "1", None, True, 10**12):
        await refused(asked, EVA, DESK, about(verb, version=version), "medtem spremenilo")


@pytest.mark.parametrize(
    "verb, said",
    [("reopen", "ni zaključeno"), ("hand_over", "še nihče ni prevzel"), ("draft", "še ni odgovora")],
)
async def test_a_move_that_can_not_be_made(asked: Play, verb: str, said: str) -> None:
    await refused(asked, EVA, DESK, about(verb), said)


@pytest.mark.parametrize("verb", ["take", "answer", "ask_back", "close"])
async def test_what_another_adviser_has(asked: Play, verb: str) -> None:
    await asked.adviser(EVA, "ticket_take")
    await refused(asked, IVO, DESK, about(verb, version=2), "v obravnavi: Eva Zupan")


async def test_no_words(asked: Play) -> None:
    for words in ("", "   ", None, 5, ["x"], {"a": "b"}):
        await refused(asked, EVA, DESK, {**about("answer"), "ticket_words": words}, "Besedilo je prazno")


@pytest.mark.parametrize("together", [[1, 2, 99], "all", ["2", None, {"a": 1}]])
async def test_together_reaches_only_what_was_shown(asked: Play, together: Any) -> None:
    await asked.ask(BOR, "Kam pošljem vlogo za naziv?")
    data = {**about("answer"), "ticket_together": "true", "together": together}
    await asked.send(EVA, DESK, value=data)
    await asked.settled()
    status = {row.number: row.status for row in await asked.rows(select(tickets))}
    assert status == {1: "answered", 2: "open"}


@pytest.mark.parametrize("who", [ANA, BOR])
async def test_whoever_may_not_does_not_move_the_channel(asked: Play, who: dict[str, str]) -> None:
    before = await state(asked)
    await asked.says(who, "tukaj so svetovalci", ELSEWHERE)
    assert "samo svetovalci" in asked.words(ELSEWHERE)
    await asked.says(EVA, "tukaj so svetovalci", chat(EVA))
    assert "v kanalu, v katerem delajo" in asked.words(chat(EVA))
    assert await state(asked) == before


async def test_roles_in_card_data_mean_nothing(asked: Play) -> None:
    forged = {**about("take"), "roles": ["adviser"], "role": "adviser", "user": "0000-eva", "who": "Eva"}
    await refused(asked, BOR, DESK, forged, "samo svetovalci", roles=["adviser"])


async def test_words_are_no_markup_and_have_an_end(asked: Play) -> None:
    long = "[x](https://evil.example) **b** <at>all</at> \x00\x1b " + "č" * 10_000
    await asked.adviser(EVA, "ticket_answer", ticket_words=long)
    text = asked.words(chat(ANA))
    assert "[x](" not in text
    assert "\x1b" not in text
    assert len(text) < 4_500


async def test_a_question_of_emoji_fits_on_a_card(play: Play) -> None:
    await play.ask(ANA, "👩‍🏫" * 5_000)
    for number in range(8):
        await play.adviser(EVA, "ticket_answer", ticket_words="🧑‍🏫" * 3_000 + str(number))


async def test_who_was_refused_is_logged_without_names_ids_and_words(asked: Play) -> None:
    with structlog.testing.capture_logs() as lines:
        await asked.send(BOR, DESK, value=about("take"))
    (line,) = [line for line in lines if line["event"] == "refused"]
    assert line["reason"] == "not_staff"
    everything = str(lines)
    for secret in ("bor", "Bor", "Kos", DESK["id"], "besede", QUESTION, "0000-"):
        assert secret not in everything, secret


async def test_nothing_of_a_question_is_logged(play: Play) -> None:
    with structlog.testing.capture_logs() as lines:
        await play.ask()
        await play.adviser(EVA, "ticket_answer", ticket_words="skrivni odgovor")
    for secret in ("Avstriji", "skrivni", "Eva", "Ana", "0000-", "19:desk"):
        assert secret not in str(lines), secret
