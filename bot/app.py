"""The composition root: builds every part from the settings, opens and closes them in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import aiohttp
import structlog
from aiohttp import web

from bot.answering import Answering, load_answering, slow_down
from bot.background import duties, in_background, prune, reload_for
from bot.clock import Clock, clock_from_noon, system_clock
from bot.dialogue.helpdesk.hours import read_hours
from bot.dialogue.message import Message, Outcome
from bot.dialogue.operating import RELOAD
from bot.expiry import Expiry
from bot.feedback import Ratings
from bot.jobs.helpdesk import HelpdeskJob
from bot.jobs.reminders import ReminderJob
from bot.keys import Keys
from bot.metrics import Metrics
from bot.settings import Settings, given_names
from bot.shelf import Shelf
from bot.storage.boards import SqlBoards
from bot.storage.outbox import SqlOutbox
from bot.storage.ports import Storage, StorageError
from bot.storage.reminders import SqlReminders
from bot.storage.resilient import ResilientStorage
from bot.storage.sql import SqlStorage
from bot.storage.tickets import SqlHelpdesk
from bot.tracing import open_tracing
from bot.transport import calendar, local_chat, pages
from bot.transport.calendar import CALENDAR
from bot.transport.credentials import BotToken, token_fetch
from bot.transport.http import HOST, Host, add_routes
from bot.transport.limits import Gate, Limits, Rates
from bot.transport.outbox import Postman
from bot.transport.roles import Staff
from bot.transport.sender import Sender
from bot.transport.serving import Handlers
from bot.transport.signing_keys import SigningKeys
from bot.transport.teams import Adapter, Authentication
from bot.turn import Channel, Span, Turns, run_turn
from bot.weaknesses import weaknesses

BACKGROUND_PATIENCE = 2.0
STORAGE = web.AppKey("storage", Storage)
SHELF = web.AppKey("shelf", Shelf)

log = structlog.get_logger("kazipot.app")


@dataclass(frozen=True, slots=True)
class Parts:
    """What tests may put in the place of the real thing."""

    answering: Answering | None = None
    storage: Storage | None = None
    clock: Clock = system_clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    span: Span | None = None


def create_app(settings: Settings, parts: Parts | None = None) -> web.Application:
    """The application; nothing is opened before it starts."""
    given = parts or Parts()
    app = web.Application(client_max_size=settings.body_limit)

    async def lifetime(app: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app[HOST] = await _open(settings, given, app, stack)
            yield

    app.cleanup_ctx.append(lifetime)
    add_routes(app)
    pages.add_routes(app, settings)
    calendar.add_routes(app)
    if not settings.has_credentials:
        local_chat.add_routes(app)
    return app


@dataclass(frozen=True, slots=True)
class _Opened:
    """The parts that others are made of."""

    settings: Settings
    given: Parts
    metrics: Metrics
    shelf: Shelf
    database: SqlStorage
    storage: Storage
    sender: Sender
    reminders: SqlReminders
    postman: Postman
    turns: Turns

    @property
    def lasting(self) -> bool:
        """Whether the database itself is at hand, which tests may take away."""
        return self.given.storage is None


async def _open(settings: Settings, given: Parts, app: web.Application, stack: AsyncExitStack) -> Host:
    """Open every part; what is opened last is closed first."""
    given = replace(given, clock=_clock(settings, given))
    session = await stack.enter_async_context(aiohttp.ClientSession())
    opened = await _open_parts(settings, given, session, stack)
    app[SHELF], app[STORAGE] = opened.shelf, opened.storage
    if opened.shelf.current.calendar:
        app[CALENDAR] = _dated(opened.shelf.calendar, given.clock)
    _start_jobs(opened, stack)
    authentication = await _open_authentication(settings, session, opened.sender)
    adapter = Adapter(
        authentication, _handlers(opened, stack), settings.service_hosts, settings.tenants, opened.sender
    )
    stack.push_async_callback(adapter.finish, settings.stop_timeout)
    expiry = Expiry(settings.app_password_expires_on, given.clock)
    opened.metrics.password_expiry(expiry.timestamp())
    in_background(expiry.watch(), stack)
    weak = weaknesses(settings, given_names())
    for what, problem in weak.items():
        log.warning("to be mended", part=what, problem=problem)
    return Host(
        adapter,
        _keys(settings),
        opened.metrics,
        _health(opened.storage, opened.shelf),
        lambda: {**weak, **expiry.warnings()},
        Staff(*map(frozenset, _staff(settings))),
    )


async def _open_parts(
    settings: Settings, given: Parts, session: aiohttp.ClientSession, stack: AsyncExitStack
) -> _Opened:
    metrics = Metrics()
    tracing = open_tracing(settings.otlp_address)
    stack.callback(tracing.close)
    answering = given.answering or _load(settings)
    shelf = Shelf(answering, partial(_load, settings))
    database = SqlStorage(
        settings.database_url.get_secret_value(), settings.database_timeout, settings.database_pool
    )
    storage = given.storage or await _open_storage(database, metrics, stack)
    token = await _open_token(settings, metrics, stack)
    sender = Sender(session, token, metrics, settings.send_timeout, given.sleep)
    reminders = SqlReminders(database.database)
    postman = Postman(SqlOutbox(database.database), sender, metrics, given.clock, reminders.end)
    boards = SqlBoards(database.database, read_hours(settings.helpdesk_hours), settings.helpdesk_answer_hours)
    turns = Turns(
        storage,
        answering.respond,
        answering.apologise,
        given.clock,
        settings.today,
        observer=metrics,
        boards=boards if given.storage is None else None,
        needs=answering.needs,
        keep_gaps=settings.gap_days > 0,
        posted=postman.wake,
        span=given.span or tracing.span,
        sleep=given.sleep,
    )
    return _Opened(settings, given, metrics, shelf, database, storage, sender, reminders, postman, turns)


def _start_jobs(opened: _Opened, stack: AsyncExitStack) -> None:
    """What goes on beside the turns; most of it needs the database itself."""
    settings, clock, wake = opened.settings, opened.given.clock, opened.postman.wake
    if opened.lasting:
        in_background(opened.turns.underway.watch(opened.storage, clock), stack)
        in_background(opened.postman.run(), stack, patience=BACKGROUND_PATIENCE)
        stack.callback(opened.postman.stop)
        if opened.shelf.current.remind:
            in_background(ReminderJob(opened.reminders, opened.shelf.remind, clock, wake).run(), stack)
        helpdesk = SqlHelpdesk(opened.database.database)
        chores = HelpdeskJob(helpdesk, clock, settings.ticket_days, settings.drafts_dir)
        in_background(chores.run(), stack)
        due = duties(settings, opened.database, helpdesk, opened.shelf, opened.storage, clock, wake)
        in_background(due.run(), stack)
    in_background(prune(settings, opened.storage, clock), stack)


def _handlers(opened: _Opened, stack: AsyncExitStack) -> Handlers:
    """What is done with what comes in."""
    settings, given, shelf, storage = opened.settings, opened.given, opened.shelf, opened.storage

    async def on_turn(message: Message, channel: Channel) -> Outcome | None:
        with structlog.contextvars.bound_contextvars(turn=(message.activity or "")[:12]):
            now = shelf.current  # a turn keeps to its end what it began with
            turns = replace(opened.turns, respond=now.respond, needs=now.needs)
            outcome = await run_turn(message, turns, channel)
            if outcome and outcome.intent == RELOAD and not outcome.refused:
                told = reload_for(message, outcome, shelf, storage, given.clock, opened.postman.wake)
                in_background(told, stack)
            return outcome

    async def on_left(welcome: str, place: str) -> None:
        await storage.release(welcome)
        if opened.lasting:
            await opened.reminders.end(place)

    ratings = Ratings(storage, given.clock, settings.today, opened.metrics.rated)
    limits = _limits(settings, opened.metrics, given.monotonic)
    return Handlers(on_turn, ratings.rated, on_left, limits)


def _staff(settings: Settings) -> tuple[tuple[str, ...], ...]:
    return settings.advisers, settings.curators, settings.adviser_teams, settings.adviser_channels


def _load(settings: Settings) -> Answering:
    keeps_gaps = settings.gap_days > 0
    return load_answering(settings.knowledge_dir, settings.site, settings.check_days, keeps_gaps)


def _clock(settings: Settings, given: Parts) -> Clock:
    """The system's clock; where a day is taken for today, one that begins at noon of that day."""
    if settings.today is None or given.clock is not system_clock:
        return given.clock
    return clock_from_noon(settings.today, given.monotonic)


def _dated(calendar: Callable[[str, datetime], bytes], clock: Clock) -> Callable[[str], bytes]:
    return lambda locale: calendar(locale, clock())


def _limits(settings: Settings, metrics: Metrics, now: Callable[[], float]) -> Limits:
    """Rates guard a bot that others reach; on this machine alone there is one person."""
    rates = (settings.person_rate, settings.search_rate, settings.tenant_rate)
    chosen = rates if settings.has_credentials else (0, 0, 0)
    gate = Gate(settings.concurrency, settings.queue, metrics)
    return Limits(Rates(*chosen, metrics, now), gate, slow_down)


def _keys(settings: Settings) -> Keys:
    return Keys(settings.key_salt.get_secret_value() or settings.app_id)


async def _open_storage(database: SqlStorage, metrics: Metrics, stack: AsyncExitStack) -> Storage:
    stack.push_async_callback(database.close)
    storage = ResilientStorage(database, metrics)
    stack.push_async_callback(storage.close)
    await storage.start()
    return storage


async def _open_token(settings: Settings, metrics: Metrics, stack: AsyncExitStack) -> BotToken | None:
    if not settings.has_credentials:
        return None
    token = BotToken(token_fetch(settings), on_expiry=metrics.credential_expiry)
    stack.push_async_callback(token.close)
    in_background(token.warm(), stack, patience=BACKGROUND_PATIENCE)
    return token


async def _open_authentication(
    settings: Settings, session: aiohttp.ClientSession, sender: Sender
) -> Authentication | None:
    if not settings.has_credentials:
        return None
    keys = SigningKeys(settings.openid_url, session)
    await keys.warm()
    return Authentication(settings.app_id, settings.openid_url, keys, sender)


def _health(storage: Storage, shelf: Shelf) -> Callable[[], Awaitable[Mapping[str, str]]]:
    async def problems() -> Mapping[str, str]:
        found = dict(shelf.current.problems)
        try:
            await storage.ping()
        except StorageError:
            found["database"] = "not answering; turns go on from memory"
        return found

    return problems
