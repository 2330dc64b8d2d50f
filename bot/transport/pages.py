"""The privacy and terms pages: for anyone, in both languages, without a script and without a request to elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable
from html import escape

from aiohttp import web

from bot.settings import Settings
from bot.texts import LOCALES
from bot.texts.pages import Page, page

NAMES = ("privacy", "terms")
STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-bottom:0}p{margin-top:.25rem}"
    "section+section{border-top:1px solid #767676;margin-top:3rem}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def add_routes(app: web.Application, settings: Settings) -> None:
    """Made once: nothing in them changes while the bot runs."""
    for name in NAMES:
        app.router.add_get(f"/{name}", _handler(_html(name, settings)))


def _handler(html: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def show(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": POLICY}
        return web.Response(text=html, content_type="text/html", charset="utf-8", headers=headers)

    return show


def _html(name: str, settings: Settings) -> str:
    words = [
        page(
            name,
            locale,
            operator=settings.operator,
            support=settings.support,
            days=settings.retention_days,
            gaps=settings.gap_days,
            tickets=settings.ticket_days,
        )
        for locale in LOCALES
    ]
    bodies = "".join(_section(locale, one) for locale, one in zip(LOCALES, words, strict=True))
    return (
        f'<!doctype html><html lang="{LOCALES[0]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(words[0].title)}</title>'
        f"<style>{STYLE}</style></head><body><main>{bodies}</main></body></html>"
    )


def _section(locale: str, one: Page) -> str:
    sections = "".join(f"<h2>{escape(heading)}</h2><p>{escape(text)}</p>" for heading, text in one.sections)
    return f'<section lang="{locale}"><h1>{escape(one.title)}</h1>{sections}</section>'
