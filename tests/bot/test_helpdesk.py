"""The whole life of a question to a person, between a user, two advisers and their channel, on the real road."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from bot.app import STORAGE
from bot.storage.tables import drafts, events, outbox, tickets
from tests.support.adaptive import actions_of
from tests.support.channel import TENANT
from tests.support.helpdesk import ANA, BOR, DESK, EVA, IVO, NOW, QUESTION, Play, chat, words_of


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
    newest = [message for message in play.channel.messages if message["conversation"]["id"] == DESK["id"]][
        -2:
    ]
    for message in newest:
        shown = words_of(message["attachments"][0]["content"])
        assert "odgovorjeno · Eva Zupan" in shown
        assert "Podobna odprta vprašanja" not in shown


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
    changed = {"do": "check_answer", "procedure": "naziv", "fact": "delovna_doba_years", "value": 30}
    await play.press(ANA, changed)
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
