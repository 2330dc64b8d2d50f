"""The bot as a process: serves until it is told to stop, reads its knowledge anew on a signal, migrates."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from typing import Any

import structlog
from aiohttp import web

from bot.app import SHELF, Parts, create_app
from bot.log import configure
from bot.settings import Settings
from bot.storage.ports import StorageError
from bot.storage.sql import SqlStorage

IDLE = 75.0
"""Seconds until a connection is closed on which no request's head has come, whole, since it was made or last answered.
Longer than proxies keep theirs (a minute, mostly), so that none sends a request into one that is just being closed."""

log = structlog.get_logger("kazipot.app")


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
    runner = runner_of(app, settings.stop_timeout)
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


def runner_of(app: web.Application, stop_timeout: float, idle: float = IDLE) -> web.AppRunner:
    """What serves an application, patient with slow clients only for so long."""
    return web.AppRunner(
        app, shutdown_timeout=stop_timeout, keepalive_timeout=idle, access_log=None, handle_signals=False
    )


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
