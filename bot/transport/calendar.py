"""The calendar to download: for anyone, as the rules stand on the day."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

PATHS = {"/koledar.ics": "sl", "/calendar.ics": "en"}
CALENDAR: web.AppKey[Callable[[str], bytes]] = web.AppKey("calendar")
"""language -> the calendar file; absent where the rules could not be loaded."""
FRESH = "max-age=86400"


def add_routes(app: web.Application) -> None:
    """One address for each language."""
    for path, locale in PATHS.items():
        app.router.add_get(path, _handler(path.strip("/"), locale))


def _handler(name: str, locale: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def show(request: web.Request) -> web.Response:
        make = request.app.get(CALENDAR)
        if make is None:
            raise web.HTTPServiceUnavailable
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": FRESH}
        return web.Response(body=make(locale), content_type="text/calendar", charset="utf-8", headers=headers)

    return show
