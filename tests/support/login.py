"""A login server on loopback, over TLS because the login library talks to no other. The tenant is "adfs"."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeLogin:
    """Counts what it is asked for, and gives numbered tokens. `gate` holds answers back until it is set."""

    url: str
    asked: int = 0
    status: int = 200
    lifetime: int = 3600
    gate: threading.Event | None = None

    def configuration(self) -> dict[str, Any]:
        base = f"{self.url}/adfs"
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/oauth2/authorize",
            "token_endpoint": f"{base}/oauth2/token",
        }

    def token(self) -> dict[str, Any]:
        self.asked += 1
        if self.gate:
            self.gate.wait(10)
        if self.status != 200:
            return {"error": "invalid_client", "error_description": "secret detail"}
        return {
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "access_token": f"token-{self.asked}",
        }


@contextmanager
def fake_login(trust: ssl.SSLContext) -> Iterator[FakeLogin]:
    """The server runs in a thread of its own, as a slow one must not hold up the tests' loop."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, login.configuration())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer = login.token()
            self._answer(login.status, answer)

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = trust.wrap_socket(server.socket, server_side=True)
    login = FakeLogin(f"https://localhost:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield login
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
