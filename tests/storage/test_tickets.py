"""Tickets, the advisers' channel and drafts in the database: nothing twice, nothing lost, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.dialogue.board import Change, Needs
from bot.dialogue.helpdesk.changes import DeskSet, DraftKept, TicketForgotten, TicketMoved, TicketOpened
from bot.dialogue.helpdesk.draft import Draft
from bot.dialogue.helpdesk.hours import read_hours
from bot.dialogue.helpdesk.ticket import Move, Person, Ticket, card_key, moved
from bot.jobs.helpdesk import HelpdeskJob, export
from bot.storage.boards import SqlBoards
from bot.storage.ports import Commit, OutboxMessage, StorageError, VersionConflict
from bot.storage.sql import SqlStorage
from bot.storage.tables import desk, outbox, tickets
from bot.storage.tickets import SqlHelpdesk
from tests.storage.test_outbox import MESSAGE, NOW, PLACE

EVA, IVO = Person("eva", "Eva"), Person("ivo", "Ivo")


@pytest_asyncio.fixture
async def store(url: str) -> AsyncIterator[SqlStorage]:
    made = SqlStorage(url)
    await made.open()
    await made.save(commit(DeskSet(PLACE)))
    yield made
    await made.close()


def commit(*changes: Change, posts: tuple[OutboxMessage, ...] = ()) -> Commit:
    return Commit("", 0, None, (), NOW, changes=changes, posts=posts)


def ticket(number: int = 1, asker: str = "ana") -> Ticket:
    return Ticket(number, asker, PLACE, "Vprašanje č 👩‍🏫", NOW, NOW, group=number, card=card_key(number, 1))


async def test_opened_is_found_in_every_way(store: SqlStorage) -> None:
    await store.save(commit(TicketOpened(ticket())))
    found = await SqlBoards(store.database, read_hours("Mon-Fri 08:00-15:00"), 7).board(
        Needs(desk=True, ticket=1, tickets_of="ana", unanswered=True), NOW
    )
    assert (found.ticket, found.mine, found.unanswered) == (ticket(), (ticket(),), (ticket(),))
    assert found.desk
    assert (found.desk.place, found.desk.last_number, found.desk.answer_hours) == (PLACE, 1, 7)


async def test_nothing_is_looked_up_unasked(store: SqlStorage) -> None:
    await store.save(commit(TicketOpened(ticket())))
    found = await SqlBoards(store.database).board(Needs(tickets_of="bor"), NOW)
    assert (found.desk, found.ticket, found.mine, found.unanswered) == (None, None, (), ())


async def test_of_many_opened_at_once_each_number_is_given_once(store: SqlStorage) -> None:
    results = await asyncio.gather(
        *(store.save(commit(TicketOpened(ticket(1, asker=str(n))))) for n in range(6)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType"] + ["VersionConflict"] * 5


@pytest.mark.parametrize("number", [2, 3, 0, -1])
async def test_only_the_next_number_can_be_opened(store: SqlStorage, number: int) -> None:
    with pytest.raises(VersionConflict):
        await store.save(commit(TicketOpened(ticket(number))))


async def test_without_a_channel_nothing_can_be_opened(url: str) -> None:
    bare = SqlStorage(url)
    await bare.open()
    try:
        with pytest.raises(VersionConflict):
            await bare.save(commit(TicketOpened(ticket())))
    finally:
        await bare.close()


async def test_two_moves_at_once_one_wins_and_the_other_writes_nothing(store: SqlStorage) -> None:
    await store.save(commit(TicketOpened(ticket())))
    taken = [moved(ticket(), Move.TAKE, who, NOW) for who in (EVA, IVO)]
    posts = [replace(MESSAGE, key=who) for who in ("eva", "ivo")]
    results = await asyncio.gather(
        *(store.save(commit(TicketMoved(t), posts=(p,))) for t, p in zip(taken, posts, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "VersionConflict"]
    found = await SqlBoards(store.database).board(Needs(ticket=1), NOW)
    assert found.ticket
    assert found.ticket.adviser
    async with store.database.statement() as connection:
        keys = (await connection.execute(select(outbox.c.key))).scalars().all()
    assert keys == [found.ticket.adviser.key]


async def test_a_new_channel_goes_on_counting(store: SqlStorage) -> None:
    await store.save(commit(TicketOpened(ticket())))
    await store.save(commit(DeskSet(replace(PLACE, key="other"))))
    found = await SqlBoards(store.database).board(Needs(desk=True), NOW)
    assert found.desk
    assert (found.desk.place.key, found.desk.last_number) == ("other", 1)


async def test_show_set_clear(store: SqlStorage) -> None:
    helpdesk = SqlHelpdesk(store.database)
    assert await helpdesk.channel() == PLACE
    await helpdesk.clear()
    assert await helpdesk.channel() is None
    await helpdesk.set(PLACE)
    assert await helpdesk.channel() == PLACE


async def test_forgotten_with_its_draft(store: SqlStorage) -> None:
    await store.save(commit(TicketOpened(ticket())))
    await store.save(commit(TicketOpened(ticket(2, "bor"))))
    await store.save(commit(*(DraftKept(Draft(f"osnutek-{n}", n, "id: x\n")) for n in (1, 2))))
    with pytest.raises(VersionConflict):
        await store.save(commit(TicketForgotten(1, 2)))
    await store.save(commit(TicketForgotten(1, 1)))
    found = await SqlBoards(store.database).board(Needs(unanswered=True), NOW)
    assert [each.number for each in found.unanswered] == [2]
    assert [draft.ticket for draft in await SqlHelpdesk(store.database).drafts()] == [2]


async def test_only_ended_ones_are_deleted_when_old(store: SqlStorage) -> None:
    moves = {1: None, 2: Move.TAKE, 3: Move.ANSWER, 4: Move.CLOSE, 5: Move.CLOSE}
    for number, move in moves.items():
        at = NOW + timedelta(days=20) if number == 5 else NOW
        await store.save(commit(TicketOpened(ticket(number))))
        if move:
            await store.save(commit(TicketMoved(moved(ticket(number), move, EVA, at, "besede"))))
    await HelpdeskJob(SqlHelpdesk(store.database), lambda: NOW + timedelta(days=100), days=90).round()
    async with store.database.statement() as connection:
        left = (await connection.execute(select(tickets.c.number).order_by(tickets.c.number))).scalars().all()
    assert left == [1, 2, 5]


async def test_the_message_that_shows_a_ticket_is_remembered_as_long_as_it(store: SqlStorage) -> None:
    card, other = replace(MESSAGE, key=card_key(1, 1)), replace(MESSAGE, key="other")
    await store.save(commit(TicketOpened(ticket()), posts=(card, other)))
    async with store.database.statement() as connection:
        await connection.execute(update(outbox).values(done_at=NOW, message="m"))
    await store.prune(NOW + timedelta(days=365))
    async with store.database.statement() as connection:
        keys = (await connection.execute(select(outbox.c.key))).scalars().all()
    assert keys == [card_key(1, 1)]


async def test_what_can_not_be_read_is_passed_over(store: SqlStorage) -> None:
    await store.save(commit(TicketOpened(ticket())))
    async with store.database.statement() as connection:
        await connection.execute(update(tickets).values(content='{"number": 1}'))
        await connection.execute(update(desk).values(address="{}"))
    found = await SqlBoards(store.database).board(
        Needs(desk=True, ticket=1, tickets_of="ana", unanswered=True), NOW
    )
    assert (found.desk, found.ticket, found.mine, found.unanswered) == (None, None, (), ())


async def test_while_the_database_is_away_contacts_can_still_be_shown() -> None:
    boards = SqlBoards(SqlStorage("postgresql+asyncpg://nobody@127.0.0.1:9/none").database)
    assert (await boards.board(Needs(desk=True), NOW)).desk is None
    with pytest.raises(StorageError):
        await boards.board(Needs(desk=True, tickets_of="ana"), NOW)


async def test_drafts_are_exported_once_and_never_over_another(store: SqlStorage, tmp_path: Path) -> None:
    helpdesk, folder = SqlHelpdesk(store.database), tmp_path / "new" / "drafts"
    for text in ("id: a\n", "id: b\n"):
        await store.save(commit(DraftKept(Draft("osnutek-1", 1, text))))
        assert len(await export(helpdesk, folder)) == 1
        assert await export(helpdesk, folder) == []
    files = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert files == {"osnutek-1.yaml": "id: a\n", "osnutek-1-2.yaml": "id: b\n"}


async def test_on_a_disk_that_can_not_be_written_drafts_stay(store: SqlStorage, tmp_path: Path) -> None:
    helpdesk, folder = SqlHelpdesk(store.database), tmp_path / "file" / "drafts"
    (tmp_path / "file").write_text("no folder")
    await store.save(commit(DraftKept(Draft("osnutek-1", 1, "id: a\n"))))
    with pytest.raises(OSError):
        await HelpdeskJob(helpdesk, lambda: datetime.now(UTC), 90, folder).round()
    assert len(await helpdesk.drafts()) == 1
