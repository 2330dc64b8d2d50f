"""Sending to the channel's connector: with a token, a time limit, and another try when that can help."""

from __future__ import annotations

import asyncio
import email.utils
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import structlog
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)
from yarl import URL

from bot.transport.credentials import BotToken, TokenUnavailable

AGAIN = frozenset({412, 429, 502, 503, 504})
ATTEMPTS = 6
PATIENCE = 60.0
"""Seconds after which no further try is begun."""
LONGEST_WAIT = 30.0
LONGEST_ANSWER = 65_536
"""Bytes read of an answer: all that is looked for is an id."""

log = structlog.get_logger("kazipot.sender")
_backoff = wait_random_exponential(multiplier=0.5, max=8)


class SendFailed(Exception):
    """The connector did not take the activity."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class Delivery(Protocol):
    """Whatever takes activities to a conversation: the connector, or the local page."""

    async def deliver(self, method: str, service_url: str, path: str, body: Mapping[str, Any]) -> str:
        """Deliver one activity; returns the id that it got."""


class SendObserver(Protocol):
    """What is counted of sending."""

    def send(self, result: str) -> None: ...

    def sent_in(self, seconds: float) -> None: ...


class _TryAgain(Exception):
    def __init__(self, reason: str, status: int, wait: float | None) -> None:
        super().__init__(reason)
        self.status = status
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Sender:
    """Delivers over HTTP. `token` is None in local mode, where the other side asks for none."""

    session: aiohttp.ClientSession
    token: BotToken | None
    observer: SendObserver
    timeout: float = 20.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def deliver(self, method: str, service_url: str, path: str, body: Mapping[str, Any]) -> str:
        """Send, and try again after a wait where the answer allows it; raises `SendFailed`."""
        url = f"{service_url.rstrip('/')}/{path}"
        attempts = 1 if body.get("type") == "typing" else ATTEMPTS
        began = time.perf_counter()
        retrying = AsyncRetrying(
            stop=stop_after_attempt(attempts) | stop_after_delay(PATIENCE),
            wait=_wait,
            retry=retry_if_exception_type(_TryAgain),
            before_sleep=self._count_retry,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            sent: str = await retrying(self._once, method, url, json.dumps(body).encode())
        except (_TryAgain, SendFailed) as error:
            self.observer.send("failed")
            log.warning("not sent", status=error.status, reason=str(error), kind=body.get("type"))
            raise SendFailed(str(error), error.status) from error
        self.observer.send("sent")
        self.observer.sent_in(time.perf_counter() - began)
        return sent

    async def _once(self, method: str, url: str, content: bytes) -> str:
        status, text, retry_after = await self._post(method, url, content)
        if status == 401 and self.token:
            status, text, retry_after = await self._post(method, url, content)  # with a new token
        if status in AGAIN:
            raise _TryAgain(f"status {status}", status, retry_after)
        if status >= 300:
            raise SendFailed(f"status {status}", status)
        return _activity_id(text)

    async def _post(self, method: str, url: str, content: bytes) -> tuple[int, str, float | None]:
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        token = ""
        try:
            if self.token:
                async with asyncio.timeout(self.timeout):  # others may be waiting for the same one
                    token = await self.token.get()
                headers["Authorization"] = f"Bearer {token}"
            async with self.session.request(
                method,
                URL(url, encoded=True),
                data=content,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.timeout),
            ) as response:
                text = (await response.content.read(LONGEST_ANSWER)).decode("utf-8", "replace")
                if response.status == 401 and self.token:
                    self.token.forget(token)
                return response.status, text, _retry_after(response.headers.get("Retry-After"))
        except TokenUnavailable as error:
            raise _TryAgain(f"no token: {error}", 0, None) from error
        except TimeoutError as error:
            if self.token and not token:  # nothing was sent, so trying again doubles nothing
                raise _TryAgain("no token in time", 0, None) from error
            raise SendFailed(type(error).__name__) from error
        except aiohttp.ClientConnectorError as error:  # nothing was sent, so trying again doubles nothing
            raise _TryAgain("no connection", 0, None) from error
        except (aiohttp.ClientError, OSError) as error:
            raise SendFailed(type(error).__name__) from error

    def _count_retry(self, state: RetryCallState) -> None:
        self.observer.send("retried")


def _wait(state: RetryCallState) -> float:
    """What the connector asked for, and a little more so that not all come back at once; else back-off."""
    error = state.outcome.exception() if state.outcome else None
    jitter = _backoff(state)
    if isinstance(error, _TryAgain) and error.wait is not None:
        return min(error.wait, LONGEST_WAIT) + min(jitter, 1.0)
    return jitter


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait, from a number or a date."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _activity_id(text: str) -> str:
    try:
        data = json.loads(text) if text else {}
    except ValueError:
        return ""
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""
