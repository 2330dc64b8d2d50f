"""The bot's own token: one cached per process, fetched in a thread, renewed before it runs out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog
from requests import Session

from bot.settings import Settings

EARLY = 300.0
"""Seconds before expiry from which a new token is fetched while the old one still serves."""
SPARE = 30.0
"""Seconds before expiry from which a token is no longer used."""
TIMEOUT = 10

log = structlog.get_logger("kazipot.credentials")


class TokenUnavailable(Exception):
    """The login server gave no token; the message has its error code only."""


class BotToken:
    """Gives the bearer token for sending; callers never wait for a renewal that is not urgent."""

    def __init__(
        self,
        fetch: Callable[[], dict[str, Any]],
        now: Callable[[], float] = time.time,
        on_expiry: Callable[[float], None] = lambda timestamp: None,
    ) -> None:
        self._fetch = fetch
        self._now = now
        self._on_expiry = on_expiry
        self._token = ""
        self._expires = 0.0
        self._renewal: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """A token that is valid for at least a little while.

        All who need a new one wait for the same fetch; who gives up waiting does not end it.
        """
        left = self._expires - self._now()
        if left > EARLY:
            return self._token
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())
            self._renewal.add_done_callback(_log_failure)
        return self._token if left > SPARE else await asyncio.shield(self._renewal)

    def forget(self, token: str) -> None:
        """Fetch anew next time: the channel did not take this token."""
        if token == self._token:
            self._expires = 0.0

    async def warm(self) -> None:
        """Fetch ahead of the first reply; a failure is only logged."""
        try:
            await self.get()
        except TokenUnavailable as error:
            log.warning("no token yet", error=str(error))

    async def close(self) -> None:
        """Stop a renewal in the background."""
        if self._renewal and not self._renewal.done():
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    async def _renew(self) -> str:
        try:
            result = await asyncio.to_thread(self._fetch)
        except (OSError, ValueError) as error:  # the login library's network errors are OSErrors
            raise TokenUnavailable(type(error).__name__) from error
        if "access_token" not in result:
            raise TokenUnavailable(str(result.get("error", "unknown")))
        self._token = str(result["access_token"])
        self._expires = self._now() + float(result.get("expires_in", 0))
        self._on_expiry(self._expires)
        return self._token


def token_fetch(settings: Settings) -> Callable[[], dict[str, Any]]:
    """The blocking fetch for the kind of registration that the settings name."""
    return managed_identity_fetch(settings) if settings.managed_identity else msal_fetch(settings)


class _Patient(Session):
    """The machine's own token service is near: no proxy, and no waiting without end."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *args: Any, **options: Any) -> Any:
        return super().request(*args, **{"timeout": TIMEOUT, **options})


def managed_identity_fetch(settings: Settings) -> Callable[[], dict[str, Any]]:
    """A blocking fetch by the machine's user-assigned managed identity; nothing secret is configured for it."""

    def fetch() -> dict[str, Any]:
        from msal import ManagedIdentityClient, UserAssignedManagedIdentity

        identity = UserAssignedManagedIdentity(client_id=settings.app_id)
        with _Patient() as session:
            # A new client each time: the library's cache would hand the same token out again after `forget`.
            client = ManagedIdentityClient(identity, http_client=session)
            resource = settings.token_scope.removesuffix("/.default")
            result: dict[str, Any] = client.acquire_token_for_client(resource=resource)
            return result

    return fetch


def msal_fetch(settings: Settings) -> Callable[[], dict[str, Any]]:
    """A blocking fetch by client secret; its one client is built on first use, in the calling thread."""
    clients: list[Any] = []

    def fetch() -> dict[str, Any]:
        if not clients:
            from msal import ConfidentialClientApplication

            clients.append(
                ConfidentialClientApplication(
                    client_id=settings.app_id,
                    client_credential=settings.app_password.get_secret_value(),
                    authority=f"{settings.login_url.rstrip('/')}/{settings.app_tenant}",
                    timeout=TIMEOUT,
                )
            )
        # The library's own cache would hand the same token out again after `forget`.
        scope = settings.token_scope.removesuffix("/.default") + "/.default"
        clients[0].remove_tokens_for_client()
        result: dict[str, Any] = clients[0].acquire_token_for_client(scopes=[scope])
        if "access_token" not in result:
            clients.clear()  # the library would repeat a failure for a minute without asking again
        return result

    return fetch


def _log_failure(task: asyncio.Task[str]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.warning("token not renewed", error=str(error))
