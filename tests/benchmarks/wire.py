"""A channel and its clients on loopback that do next to nothing, so that the measured process is the slow part."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.support.channel import FakeChannel, signer

TAKEN = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
IDLE = 65.0


class _Server(asyncio.Protocol):
    """Answers every request as soon as its body is there."""

    def __init__(self, channel: Wire) -> None:
        self._channel = channel
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            answer = self._channel.answer(head.split(b" ", 2)[1], body)
            self._transport.write(TAKEN % (len(answer), answer))


@dataclass
class Wire(FakeChannel):
    """The channel; counts the messages that it took."""

    taken: int = 0
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def answer(self, path: bytes, body: bytes) -> bytes:
        """The body of the answer to a request."""
        if path == b"/openid":
            return json.dumps({"issuer": "x", "jwks_uri": f"{self.url}/keys"}).encode()
        if path == b"/keys":
            return json.dumps({"keys": [each.jwk() for each in self.signers]}).encode()
        self.taken += b'"type": "typing"' not in body
        return b'{"id": "m%d"}' % next(self._ids)


@asynccontextmanager
async def wire() -> AsyncIterator[Wire]:
    """The channel, served."""
    channel = Wire(signers=[signer("first")])
    server = await asyncio.get_running_loop().create_server(lambda: _Server(channel), "127.0.0.1", 0)
    channel.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield channel


@dataclass
class Load:
    """Posts activities over a number of connections and notes the times."""

    channel: Wire
    url: str
    body: Callable[[int], Any]
    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    sent: int = 0
    _number: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self._address = (parts.hostname, parts.port)
        self._head = (
            f"POST /api/messages HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self.channel.token(exp=int(time.time()) + 7200)}\r\nContent-Length: "
        ).encode()

    async def run(self, connections: int, duration: float) -> float:
        """As many as are answered, each connection's next as soon as one is; gives requests a second."""
        began = time.perf_counter()
        before = len(self.seconds)
        await asyncio.gather(*(self._connection(None, began + duration) for _ in range(connections)))
        return (len(self.seconds) - before) / (time.perf_counter() - began)

    async def paced(self, rate: float, duration: float, connections: int = 64) -> float:
        """So many a second, whatever the answers take: times count from when a request was due."""
        began = time.perf_counter()
        before = len(self.seconds)
        due = (began + number / rate for number in itertools.count())
        await asyncio.gather(*(self._connection(due, began + duration) for _ in range(connections)))
        return (len(self.seconds) - before) / (time.perf_counter() - began)

    async def _connection(self, due: Iterator[float] | None, end: float) -> None:
        reader, writer = await asyncio.open_connection(*self._address)
        while (began := next(due) if due else time.perf_counter()) < end:
            if (early := began - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            body = json.dumps(self.body(next(self._number))).encode()
            self.sent += 1
            writer.write(self._head + b"%d\r\n\r\n" % len(body) + body)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE)
            if not head.startswith(b"HTTP/1.1 202"):
                self.failed += 1
                break
            self.seconds.append(time.perf_counter() - began)
        writer.close()
