"""The token service of a machine in a cloud, on loopback: what gives a managed identity its tokens."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request for a token."""

    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]


@dataclass
class FakeMachine:
    """Gives numbered tokens, or refuses with a status and a body."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    refusal: tuple[int, Any] | None = None

    def answer(self) -> tuple[int, Any]:
        given = {"access_token": f"machine-{len(self.asked)}", "expires_in": "86400", "token_type": "Bearer"}
        return self.refusal or (200, given)


@contextmanager
def fake_machine() -> Iterator[FakeMachine]:
    """The service, in a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            machine.asked.append(Asked(parts.path, parse_qs(parts.query), dict(self.headers)))
            status, body = machine.answer()
            content = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    machine = FakeMachine(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield machine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
