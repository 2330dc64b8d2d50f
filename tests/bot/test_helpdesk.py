"""The whole life of a question to a person, between a user, two advisers and their channel, on the real road."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient
from sqlalchemy import select, update

from bot.app import STORAGE
from bot.storage.resilient import ResilientStorage
from bot.storage.sql import SqlStorage
from bot.storage.tables import drafts, events, outbox, tickets
from tests.support.adaptive import actions_of, check_card
from tests.support.channel import TENANT, FakeChannel
from tests.support.host import real_answering, running, settings

Client = TestClient[Any, Any]
ANA = {"id": "29:ana", "name": "Ana Novak", "aadObjectId": "0000-ana"}
BOR = {"id": "29:bor", "name": "Bor Kos", "aadObjectId": "0000-bor"}
EVA = {"id": "29:eva", "name": "Eva Zupan", "aadObjectId": "0000-eva"}
IVO = {"id": "29:ivo", "name": "Ivo Hribar", "aadObjectId": "0000-ivo"}
DESK = {"id": "19:desk@thread.tacv2", "conversationType": "channel", "tenantId": TENANT}
QUESTION = "Ali mi za naziv štejejo leta dela v Avstriji?"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Play:
    """A bot on loopback, and the people who use it."""

    bot: Client
    channel: FakeChannel
    now: datetime = NOW

    async def send(self, who: dict[str, str], place: dict[str, str], **changes: Any) -> None:
        activity = self.channel.activity("", conversation=place, **{"from": who}) | changes
        async with self.bot.post("/api/messages", json=activity) as response:
            assert response.status in (200, 202)

    async def says(self, who: dict[str, str], text: str, place: dict[str, str] | None = None) -> None:
        await self.send(who, place or chat(who), text=text)

    async def press(
        self, who: dict[str, str], data: dict[str, Any], place: dict[str, str] | None = None, **inputs: Any
    ) -> None:
        await self.send(who, place or chat(who), value={**data, **inputs})

    def card(self, place: dict[str, str]) -> dict[str, Any]:
        """The card that was sent or updated last in a place."""
        sent = [
            message
            for message in self.channel.messages
            if message["conversation"]["id"].partition(";")[0] == place["id"]
        ]
        card: dict[str, Any] = sent[-1]["attachments"][0]["content"]
        check_card(card)
        return card

    def data(self, place: dict[str, str], verb: str) -> dict[str, Any]:
        """The data of a button of that card."""
        found = [action["data"] for action in actions_of(self.card(place))]
        return next(data for data in found if data["do"] == verb)

    def words(self, place: dict[str, str]) -> str:
        return words_of(self.card(place))

    async def settled(self) -> None:
        """Until everything that was promised is sent."""
        storage = self.bot.app[STORAGE]  # type: ignore[union-attr]
        assert isinstance(storage, ResilientStorage)
        database = storage._database
        assert isinstance(database, SqlStorage)
        from bot.storage.outbox import SqlOutbox

        await self._until(SqlOutbox(database.database))

    async def _until(self, outbox: Any) -> None:
        import asyncio

        async with asyncio.timeout(20):
            while await outbox.waiting():
                await asyncio.sleep(0.02)

    async def rows(self, statement: Any) -> list[Any]:
        database = self.bot.app[STORAGE]._database.database  # type: ignore[union-attr]
        async with database.statement() as connection:
            return list((await connection.execute(statement)).all())

    async def write(self, statement: Any) -> None:
        database = self.bot.app[STORAGE]._database.database  # type: ignore[union-attr]
        async with database.statement() as connection:
            await connection.execute(statement)

    async def ask(self, who: dict[str, str] = ANA, question: str = QUESTION) -> None:
        """Send a question to the advisers from the private chat."""
        self.now += timedelta(minutes=1)
        await self.says(who, "vprašaj človeka")
        await self.press(who, self.data(chat(who), "ticket_send"), ticket_question=question)
        await self.settled()

    async def adviser(self, who: dict[str, str], verb: str, **inputs: Any) -> None:
        """An adviser presses a button of the newest card in their channel."""
        thread = DESK | {"id": f"{DESK['id']};messageid=1"}
        await self.press(who, self.data(DESK, verb), thread, **inputs)
        await self.settled()


def chat(who: dict[str, str]) -> dict[str, str]:
    return {"id": f"a:{who['id']}", "conversationType": "personal", "tenantId": TENANT}


def words_of(card: Any) -> str:
    """All words of a card."""
    if isinstance(card, list):
        return "\n".join(map(words_of, card))
    if isinstance(card, dict):
        own = [
            str(card[name]) for name in ("text", "title", "value", "label") if isinstance(card.get(name), str)
        ]
        inner = [
            words_of(card[name]) for name in ("body", "items", "facts", "actions", "columns") if name in card
        ]
        return "\n".join([*own, *inner])
    return ""


@pytest_asyncio.fixture
async def bare(tmp_path: Path, channel: FakeChannel) -> AsyncIterator[Play]:
    """No advisers' channel is set."""
    chosen = settings(
        tmp_path,
        advisers=("0000-eva", "0000-ivo"),
        helpdesk_hours="Mon-Fri 08:00-15:00",
        helpdesk_answer_hours=7,
    )
    play = Play(None, channel)  # type: ignore[arg-type]
    async with running(chosen, answering=real_answering(), clock=lambda: play.now) as client:
        play.bot = client
        yield play


@pytest_asyncio.fixture
async def play(bare: Play) -> Play:
    await bare.says(EVA, "tukaj so svetovalci", DESK | {"id": f"{DESK['id']};messageid=7"})
    assert "prihajala v ta kanal" in bare.words(DESK)
    return bare


async def test_without_a_channel_the_contacts_are_shown(bare: Play) -> None:
    await bare.says(ANA, "vprašaj človeka")
    assert "Kdo vam lahko pomaga" in bare.words(chat(ANA))
    await bare.press(ANA, {"do": "person", "text": "Koliko dni dopusta imam?"})
    assert "Kdo vam lahko pomaga" in bare.words(chat(ANA))
    assert await bare.rows(select(tickets)) == []


async def test_the_whole_life(play: Play) -> None:
    await play.says(ANA, "koliko dni dopusta imam")
    await play.press(ANA, play.data(chat(ANA), "person"))
    form = play.card(chat(ANA))
    question = next(part for part in form["body"] if part.get("id") == "ticket_question")
    assert question["value"] == "koliko dni dopusta imam"
    assert "natanko to" in play.words(chat(ANA))
    await play.press(
        ANA, play.data(chat(ANA), "ticket_send"), ticket_question=QUESTION, ticket_topic="pogoji"
    )
    await play.settled()
    assert "Vprašanje št. 1 je poslano" in play.words(chat(ANA))
    assert "24. 11. 2026 ob 10.00" in play.words(chat(ANA))
    shown = play.words(DESK)
    assert QUESTION in shown
    assert "Pogoji za naziv" in shown
    assert "Ana" not in shown
    await play.adviser(EVA, "ticket_take")
    assert "v obravnavi · Eva Zupan" in play.words(DESK)
    play.now += timedelta(days=4)
    await play.adviser(EVA, "ticket_ask_back", ticket_words="V katerem poklicu ste delali?")
    assert "V katerem poklicu ste delali?" in play.words(chat(ANA))
    await play.press(
        ANA, play.data(chat(ANA), "ticket_reply"), ticket_words="Kot učiteljica na osnovni šoli."
    )
    await play.settled()
    assert "Kot učiteljica na osnovni šoli." in play.words(DESK)
    await play.adviser(EVA, "ticket_answer", ticket_words="Da, s potrdilom delodajalca.")
    assert "Da, s potrdilom delodajalca." in play.words(chat(ANA))
    await play.press(ANA, play.data(chat(ANA), "ticket_solve"))
    await play.settled()
    assert "rešeno" in play.words(DESK)
    await play.adviser(IVO, "ticket_reopen")
    await play.adviser(IVO, "ticket_hand_over", ticket_words="Za Evo.")
    assert "Za Evo." in play.words(DESK)
    assert "Za Evo." not in play.words(chat(ANA))
    await play.adviser(EVA, "ticket_close", ticket_words="")
    assert "zaključeno" in play.words(DESK)
    updates = [sent for sent in play.channel.sent if sent.method == "PUT"]
    assert len({sent.path for sent in updates}) == 1, "the card is updated in its place"
    cards = [
        sent for sent in play.channel.sent if sent.method == "POST" and sent.path.endswith("tacv2/activities")
    ]
    assert len(cards) == 1, "one card, and no other message"


async def test_two_take_at_once(play: Play) -> None:
    import asyncio

    await play.ask()
    data = play.data(DESK, "ticket_take")
    await asyncio.gather(play.press(EVA, data, DESK), play.press(IVO, data, DESK))
    await play.settled()
    ((row),) = await play.rows(select(tickets))
    assert row.status == "taken"
    assert row.version == 2
    everything = [
        words_of(message["attachments"][0]["content"])
        for message in play.channel.messages
        if message["conversation"]["id"] == DESK["id"]
    ]
    assert sum("se je medtem spremenilo" in words for words in everything) == 1


async def test_similar_questions_are_answered_at_once(play: Play) -> None:
    await play.ask(ANA, "Ali mi za naziv štejejo leta dela v Avstriji?")
    await play.ask(BOR, "Ali se mi leta dela v Avstriji štejejo za naziv?")
    assert "Št. 1: Ali mi za naziv" in play.words(DESK)
    await play.adviser(EVA, "ticket_answer", ticket_words="Da, s potrdilom.", ticket_together="true")
    for who, number in ((ANA, 1), (BOR, 2)):
        assert f"na vprašanje št. {number}" in play.words(chat(who))
        assert "Da, s potrdilom." in play.words(chat(who))
    assert {row.status for row in await play.rows(select(tickets))} == {"answered"}


async def test_without_the_toggle_only_one_is_answered(play: Play) -> None:
    await play.ask(ANA)
    await play.ask(BOR)
    await play.adviser(EVA, "ticket_answer", ticket_words="Da.")
    assert sorted(row.status for row in await play.rows(select(tickets))) == ["answered", "open"]


async def test_taken_back(play: Play) -> None:
    await play.ask()
    await play.press(ANA, play.data(chat(ANA), "ticket_withdraw"))
    await play.settled()
    assert "umaknjeno" in play.words(DESK)
    assert QUESTION not in play.words(DESK)
    assert actions_of(play.card(DESK)) == []
    (row,) = await play.rows(select(tickets))
    assert "Avstriji" not in row.content


async def test_forgotten(play: Play) -> None:
    await play.ask()
    await play.adviser(EVA, "ticket_answer", ticket_words="Da.")
    await play.adviser(EVA, "ticket_draft")
    await play.ask(ANA, "Kam pošljem vlogo za naziv?")
    await play.ask(BOR, "Kdo podpiše utemeljitev?")
    await play.says(ANA, "pozabi moje podatke")
    await play.settled()
    (row,) = await play.rows(select(tickets))
    assert row.number == 3
    assert await play.rows(select(drafts)) == []
    erased = [
        words_of(sent.activity["attachments"][0]["content"])
        for sent in play.channel.sent
        if sent.method == "PUT" and DESK["id"] in sent.activity["conversation"]["id"]
    ][-2:]
    assert all("umaknjeno in njegovo besedilo izbrisano" in words for words in erased)
    await play.says(ANA, "moja vprašanja")
    assert "niste poslali" in play.words(chat(ANA))


async def test_own_questions_are_listed_and_opened(play: Play) -> None:
    await play.ask()
    await play.adviser(EVA, "ticket_answer", ticket_words="Da.")
    await play.says(ANA, "moja vprašanja")
    assert "Št. 1 · odgovorjeno: Ali mi za naziv" in play.words(chat(ANA))
    await play.press(ANA, {"do": "ticket_show", "ticket": 1})
    assert "Da." in play.words(chat(ANA))
    await play.says(ANA, "moja vprašanja", DESK)
    assert "v zasebnem pogovoru" in play.words(DESK)


async def test_one_form_is_one_question(play: Play) -> None:
    await play.says(ANA, "vprašaj človeka")
    data = play.data(chat(ANA), "ticket_send")
    for _ in range(2):
        await play.press(ANA, data, ticket_question=QUESTION)
    assert "že poslano kot št. 1" in play.words(chat(ANA))
    assert len(await play.rows(select(tickets))) == 1


async def test_an_empty_question_is_not_sent(play: Play) -> None:
    await play.says(ANA, "vprašaj človeka")
    await play.press(ANA, play.data(chat(ANA), "ticket_send"), ticket_question="  ")
    assert "Napišite vprašanje" in play.words(chat(ANA))
    assert await play.rows(select(tickets)) == []


async def test_from_a_channel_only_the_question_and_the_answer_in_its_thread(play: Play) -> None:
    place = {"id": "19:team@thread.tacv2;messageid=5", "conversationType": "channel", "tenantId": TENANT}
    root = place | {"id": "19:team@thread.tacv2"}
    await play.says(ANA, "koliko dni dopusta imam", place)
    await play.press(ANA, play.data(root, "person"), place)
    inputs = [part["id"] for part in play.card(root)["body"] if "id" in part]
    assert inputs == ["ticket_question"]
    await play.press(
        ANA,
        play.data(root, "ticket_send"),
        place,
        ticket_question=QUESTION,
        ticket_topic="pogoji",
        ticket_agrees="true",
    )
    await play.settled()
    (row,) = await play.rows(select(tickets))
    assert '"check": []' in row.content
    await play.adviser(EVA, "ticket_answer", ticket_words="Da.")
    answer = [message for message in play.channel.messages if message["conversation"]["id"] == place["id"]][
        -1
    ]
    card = answer["attachments"][0]["content"]
    assert "Da." in words_of(card)
    assert not actions_of(card)


async def test_the_check_goes_along_only_where_the_user_agrees(play: Play) -> None:
    await play.says(ANA, "Sem svetovalka 17 let, delovne dobe imam 42 let, ali lahko grem za svetnico?")
    for agrees in ("false", "true"):
        play.now += timedelta(minutes=1)
        await play.press(ANA, {"do": "person", "check": True})
        assert "42" in play.words(chat(ANA)), "shown in full beforehand"
        data = play.data(chat(ANA), "ticket_send")
        await play.press(ANA, data, ticket_question=f"Vprašanje {agrees}", ticket_agrees=agrees)
        await play.settled()
        assert ("42" in play.words(DESK)) == (agrees == "true")
    play.now += timedelta(minutes=1)
    await play.press(ANA, {"do": "person", "check": True})
    stale = play.data(chat(ANA), "ticket_send")
    await play.says(ANA, "popravek, delovne dobe imam 30 let")
    await play.press(ANA, stale, ticket_question="Še eno", ticket_agrees="true")
    assert "medtem spremenil" in play.words(chat(ANA))
    assert len(await play.rows(select(tickets))) == 2


async def test_a_draft_for_the_curators(play: Play) -> None:
    await play.ask(ANA, "Sem Ana Novak, ana.novak@sola.si. Ali mi štejejo leta dela v Avstriji?")
    await play.adviser(EVA, "ticket_answer", ticket_words="Da, s potrdilom delodajalca.")
    await play.adviser(EVA, "ticket_draft")
    assert "čaka na urednika" in play.words(DESK)
    (row,) = await play.rows(select(drafts))
    assert (row.name, row.ticket) == ("osnutek-1", 1)
    assert "Da, s potrdilom delodajalca." in row.text
    assert "ana.novak@" not in row.text
    assert "Novak" not in row.text


async def test_nothing_of_it_is_counted_beside_what_was_done(play: Play) -> None:
    await play.ask()
    await play.adviser(EVA, "ticket_take")
    rows = await play.rows(select(events.c.intent, events.c.entry))
    assert ("ticket_sent", "") in rows
    assert ("ticket_take", "") in rows


async def test_a_number_is_never_given_twice(play: Play) -> None:
    await play.ask()
    await play.says(ANA, "pozabi moje podatke")
    await play.ask(ANA, "Kam pošljem vlogo?")
    (row,) = await play.rows(select(tickets))
    assert row.number == 2


async def test_the_card_is_found_however_old_it_is(play: Play) -> None:
    await play.ask()
    await play.write(update(outbox).values(done_at=datetime(2020, 1, 1, tzinfo=UTC)))
    storage = play.bot.app[STORAGE]  # type: ignore[union-attr]
    await storage.prune(NOW)
    await play.adviser(EVA, "ticket_take")
    assert [sent.method for sent in play.channel.sent if DESK["id"] == sent.activity["conversation"]["id"]][
        -1
    ] == "PUT"
