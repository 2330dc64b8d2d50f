"""The composition root: builds every part from the settings, opens and closes them in order."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from functools import partial
from typing import Any

import aiohttp
import structlog
from aiohttp import web

from bot.answering import Answering, load_answering, slow_down
from bot.clock import PLACE, Clock, system_clock, today
from bot.dialogue.helpdesk.hours import read_hours
from bot.dialogue.message import Message, Outcome
from bot.dialogue.operating import RELOAD
from bot.expiry import Expiry
from bot.feedback import Ratings
from bot.jobs.duties import DutyJob, Sources
from bot.jobs.helpdesk import HelpdeskJob
from bot.jobs.reminders import ReminderJob
from bot.keys import Keys
from bot.log import configure
from bot.metrics import Metrics
from bot.rendering import rendered
from bot.reports.rows import Rows
from bot.settings import Settings, given_names
from bot.shelf import Shelf
from bot.storage.boards import SqlBoards
from bot.storage.outbox import SqlOutbox
from bot.storage.ports import Commit, OutboxMessage, Storage, StorageError
from bot.storage.reading import read_rows
from bot.storage.reminders import SqlReminders
from bot.storage.resilient import ResilientStorage
from bot.storage.sql import SqlStorage
from bot.storage.tickets import SqlHelpdesk
from bot.texts import texts
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
PRUNE_EVERY = 3600.0
NOON = day_time(12)
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


async def _open(settings: Settings, given: Parts, app: web.Application, stack: AsyncExitStack) -> Host:
    """Open every part; what is opened last is closed first."""
    given = replace(given, clock=_clock(settings, given))
    metrics = Metrics()
    tracing = open_tracing(settings.otlp_address)
    stack.callback(tracing.close)
    answering = given.answering or _load(settings)
    shelf = app[SHELF] = Shelf(answering, partial(_load, settings))
    if answering.calendar:
        app[CALENDAR] = _dated(shelf.calendar, given.clock)
    database = SqlStorage(
        settings.database_url.get_secret_value(), settings.database_timeout, settings.database_pool
    )
    storage = given.storage or await _open_storage(database, metrics, stack)
    app[STORAGE] = storage
    session = await stack.enter_async_context(aiohttp.ClientSession())
    token = await _open_token(settings, metrics, stack)
    sender = Sender(session, token, metrics, settings.send_timeout, given.sleep)
    reminders = SqlReminders(database.database)
    postman = Postman(SqlOutbox(database.database), sender, metrics, given.clock, reminders.end)
    hours = read_hours(settings.helpdesk_hours)
    boards = SqlBoards(database.database, hours, settings.helpdesk_answer_hours)
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

    async def on_turn(message: Message, channel: Channel) -> Outcome | None:
        with structlog.contextvars.bound_contextvars(turn=(message.activity or "")[:12]):
            now = shelf.current  # a turn keeps to its end what it began with
            outcome = await run_turn(message, replace(turns, respond=now.respond, needs=now.needs), channel)
            if outcome and outcome.intent == RELOAD and not outcome.refused:
                _in_background(
                    _reload_for(message, outcome, shelf, storage, given.clock, postman.wake), stack
                )
            return outcome

    if given.storage is None:
        _in_background(turns.underway.watch(storage, given.clock), stack)
        _in_background(postman.run(), stack, patience=BACKGROUND_PATIENCE)
        stack.callback(postman.stop)
        if answering.remind:
            job = ReminderJob(reminders, shelf.remind, given.clock, postman.wake)
            _in_background(job.run(), stack)
        helpdesk = SqlHelpdesk(database.database)
        chores = HelpdeskJob(helpdesk, given.clock, settings.ticket_days, settings.drafts_dir)
        _in_background(chores.run(), stack)
        duties = _duties(settings, database, helpdesk, shelf, storage, given.clock, postman.wake)
        _in_background(duties.run(), stack)
    _in_background(_prune(settings, storage, given.clock), stack)
    authentication = await _open_authentication(settings, session, sender)
    ratings = Ratings(storage, given.clock, settings.today, metrics.rated)

    async def on_left(welcome: str, place: str) -> None:
        await storage.release(welcome)
        if given.storage is None:
            await reminders.end(place)

    handlers = Handlers(on_turn, ratings.rated, on_left, _limits(settings, metrics, given.monotonic))
    adapter = Adapter(authentication, handlers, settings.service_hosts, settings.tenants, sender)
    stack.push_async_callback(adapter.finish, settings.stop_timeout)
    expiry = Expiry(settings.app_password_expires_on, given.clock)
    metrics.password_expiry(expiry.timestamp())
    _in_background(expiry.watch(), stack)
    weak = weaknesses(settings, given_names())
    for what, problem in weak.items():
        log.warning("to be mended", part=what, problem=problem)
    return Host(
        adapter,
        _keys(settings),
        metrics,
        _health(storage, shelf),
        lambda: {**weak, **expiry.warnings()},
        Staff(*map(frozenset, _staff(settings))),
    )


def _staff(settings: Settings) -> tuple[tuple[str, ...], ...]:
    return settings.advisers, settings.curators, settings.adviser_teams, settings.adviser_channels


def _load(settings: Settings) -> Answering:
    keeps_gaps = settings.gap_days > 0
    return load_answering(settings.knowledge_dir, settings.site, settings.check_days, keeps_gaps)


async def _reload_for(
    message: Message,
    outcome: Outcome,
    shelf: Shelf,
    storage: Storage,
    clock: Clock,
    posted: Callable[[], None],
) -> None:
    """Read the knowledge anew and tell the curator, where they asked, how it went."""
    result = await shelf.reload()
    if message.place is None:
        return
    (part,) = rendered((result.view(texts(outcome.locale)),))
    key = f"reload-{message.activity or clock().isoformat()}"
    post = OutboxMessage(key, message.place, part.card, part.text)
    try:
        await storage.save(Commit("", 0, None, (), clock(), posts=(post,)))
    except StorageError as error:
        log.warning("curator not told", error=str(error))
    posted()


def _duties(
    settings: Settings,
    database: SqlStorage,
    helpdesk: SqlHelpdesk,
    shelf: Shelf,
    storage: Storage,
    clock: Clock,
    posted: Callable[[], None],
) -> DutyJob:
    async def rows(first: date, last: date) -> Rows:
        async with database.database.statement() as connection:
            return await read_rows(connection, first, last)

    sources = Sources(helpdesk.channel, rows, lambda: shelf.current.base)
    return DutyJob(
        sources, storage, clock, weekly=settings.weekly_report, kept=settings.retention_days, posted=posted
    )


def _clock(settings: Settings, given: Parts) -> Clock:
    """The system's clock; where a day is taken for today, one that begins at noon of that day and goes on."""
    if settings.today is None or given.clock is not system_clock:
        return given.clock
    noon = datetime.combine(settings.today, NOON, PLACE).astimezone(UTC)
    started = given.monotonic()
    return lambda: noon + timedelta(seconds=given.monotonic() - started)


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
    await storage.start()
    return storage


async def _open_token(settings: Settings, metrics: Metrics, stack: AsyncExitStack) -> BotToken | None:
    if not settings.has_credentials:
        return None
    token = BotToken(token_fetch(settings), on_expiry=metrics.credential_expiry)
    stack.push_async_callback(token.close)
    _in_background(token.warm(), stack, patience=BACKGROUND_PATIENCE)
    return token


async def _open_authentication(
    settings: Settings, session: aiohttp.ClientSession, sender: Sender
) -> Authentication | None:
    if not settings.has_credentials:
        return None
    keys = SigningKeys(settings.openid_url, session)
    await keys.warm()
    return Authentication(settings.app_id, settings.openid_url, keys, sender)


def _in_background(work: Coroutine[Any, Any, None], stack: AsyncExitStack, patience: float = 0) -> None:
    """Start something that no request should wait for; at the end it gets `patience` seconds to finish."""
    task = asyncio.create_task(work)

    async def end() -> None:
        await asyncio.wait({task}, timeout=patience)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)


async def _prune(settings: Settings, storage: Storage, clock: Clock) -> None:
    """Delete what is older than it may be kept, at the start and then every hour; any replica may do it."""
    while True:
        try:
            now = clock()
            gone = await storage.prune(
                now - timedelta(days=settings.retention_days),
                counts=today(now - timedelta(days=settings.count_days)),
                gaps=today(now - timedelta(days=settings.gap_days)),
            )
            log.info("old conversations deleted", number=gone)
        except StorageError as error:
            log.warning("old conversations not deleted", error=str(error))
        await asyncio.sleep(PRUNE_EVERY)


def _health(storage: Storage, shelf: Shelf) -> Callable[[], Awaitable[Mapping[str, str]]]:
    async def problems() -> Mapping[str, str]:
        found = dict(shelf.current.problems)
        try:
            await storage.ping()
        except StorageError:
            found["database"] = "not answering; turns go on from memory"
        return found

    return problems


def serve(settings: Settings, parts: Parts | None = None) -> int:
    """Serve until SIGINT or SIGTERM; running turns get time to finish."""
    configure(settings.log_level)
    try:
        asyncio.run(_serve(settings, parts))
    except OSError as error:
        print(f"Kažipot cannot listen on {settings.host}:{settings.port}: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


async def _serve(settings: Settings, parts: Parts | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    reloads: set[asyncio.Task[Any]] = set()

    def on_hangup() -> None:
        if SHELF in app:  # before that nothing is loaded yet
            task = asyncio.create_task(app[SHELF].reload())
            reloads.add(task)
            task.add_done_callback(reloads.discard)

    loop.add_signal_handler(signal.SIGHUP, on_hangup)
    app = create_app(settings, parts)
    runner = web.AppRunner(app, shutdown_timeout=settings.stop_timeout, access_log=None, handle_signals=False)
    await runner.setup()
    gc.freeze()  # what was loaded stays, so that the collector need not look through it again and again
    gc.enable()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        host, port = runner.addresses[0][:2]
        where = f"[{host}]" if ":" in host else host
        print(f"Kažipot: http://{where}:{port}/", flush=True)
        await stopped.wait()
        log.info("stopping")
    finally:
        await runner.cleanup()


def migrate(settings: Settings) -> int:
    """Bring the database to the newest version."""
    configure(settings.log_level)

    async def work() -> None:
        database = SqlStorage(settings.database_url.get_secret_value(), 60.0, 1)
        try:
            await database.open()
        finally:
            await database.close()

    try:
        asyncio.run(work())
    except StorageError as error:
        print(f"The database could not be migrated: {error}.", file=sys.stderr)
        return 1
    print("The database is up to date.")
    return 0
