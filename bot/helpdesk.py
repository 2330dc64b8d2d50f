"""An operator's commands for the advisers' channel and for drafts: `python -m bot helpdesk`, `python -m bot drafts`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.dialogue.post import Place
from bot.jobs.helpdesk import export
from bot.keys import Keys
from bot.settings import Settings
from bot.storage.ports import StorageError
from bot.storage.sql import SqlStorage
from bot.storage.tickets import SqlHelpdesk
from bot.transport.admission import Refused, check_service_url

CHANNEL = "msteams"
SERVICE = "https://smba.trafficmanager.net/emea/"
Work = Callable[[SqlHelpdesk], Awaitable[int]]


def show(settings: Settings) -> int:
    """Say which channel is the advisers'."""

    async def work(helpdesk: SqlHelpdesk) -> int:
        place = await helpdesk.channel()
        if place is None:
            print("No advisers' channel is set; people who want to ask a person are told where to turn.")
            return 0
        print(f"conversation: {place.conversation}\nservice: {place.service_url}\ntenant: {place.tenant}")
        return 0

    return _with(settings, work)


def set_channel(settings: Settings, conversation: str, service_url: str, tenant: str) -> int:
    """Name the advisers' channel."""
    try:
        check_service_url(service_url, settings.service_hosts, local=not settings.has_credentials)
    except Refused:
        print("That service is not among KAZIPOT_SERVICE_HOSTS.", file=sys.stderr)
        return 2
    whose = (tenant or settings.app_tenant).lower()
    keys = Keys(settings.key_salt.get_secret_value() or settings.app_id)
    whole = conversation.partition(";messageid=")[0]
    key = keys.conversation(whose, CHANNEL, whole)
    place = Place(key, CHANNEL, service_url, whole, whose, f"28:{settings.app_id}", "channel")

    async def work(helpdesk: SqlHelpdesk) -> int:
        await helpdesk.set(place)
        print("The advisers' channel is set.")
        return 0

    return _with(settings, work)


def clear(settings: Settings) -> int:
    """No advisers' channel any more; questions already asked stay."""

    async def work(helpdesk: SqlHelpdesk) -> int:
        await helpdesk.clear()
        print("No advisers' channel is set now.")
        return 0

    return _with(settings, work)


def drafts(settings: Settings, out: Path | None) -> int:
    """List the drafts in the database, or write them to a folder and take them out of it."""

    async def work(helpdesk: SqlHelpdesk) -> int:
        if out is None:
            found = await helpdesk.drafts()
            print("\n".join([*(draft.name for draft in found), f"{len(found)} drafts in the database"]))
            return 0
        written = await export(helpdesk, out)
        print("\n".join([*map(str, written), f"{len(written)} drafts written"]))
        return 0

    return _with(settings, work)


def _with(settings: Settings, work: Work) -> int:
    """Run one piece of work on the database; the exit code says how it went."""

    async def run() -> int:
        storage = SqlStorage(settings.database_url.get_secret_value(), 60.0, 1)
        try:
            await storage.open()
            return await work(SqlHelpdesk(storage.database))
        finally:
            await storage.close()

    try:
        return asyncio.run(run())
    except StorageError as error:
        print(f"The database could not be used: {error}.", file=sys.stderr)
    except OSError as error:
        print(f"The drafts could not be written: {error.strerror}.", file=sys.stderr)
    return 1
