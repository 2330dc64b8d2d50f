"""What the measurements share: processes to measure, a database of their own, the section of the page."""

from __future__ import annotations

import os
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import trustme

from knowledge.quality import PAGE, renew_section
from tests.benchmarks.wire import Wire, wire
from tests.support.login import FakeLogin, fake_login
from tests.support.postgres import SERVER
from tests.support.processes import Replica, environment, replica

QUESTIONS = Path("tests/knowledge/questions/dev.tsv")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Place:
    """A channel, a login server, a folder and a PostgreSQL server to measure with."""

    channel: Wire
    login: FakeLogin
    folder: Path
    stack: AsyncExitStack

    def sqlite(self) -> str:
        """The address of a new database."""
        return f"sqlite+aiosqlite:///{self.folder}/{uuid.uuid4().hex}.sqlite3"

    async def postgres(self) -> str:
        """The address of a new database, dropped at the end."""
        server = await asyncpg.connect(SERVER, timeout=5)
        name = f"kazipot_bench_{uuid.uuid4().hex}"
        await server.execute(f"CREATE DATABASE {name}")

        async def drop() -> None:
            await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await server.close()

        self.stack.push_async_callback(drop)
        return SERVER.replace("postgresql://", "postgresql+asyncpg://").rsplit("/", 1)[0] + f"/{name}"

    async def serve(self, kind: str, url: str, *more: str) -> Replica:
        """A process to measure."""
        settings = environment(self.channel, self.login, url) | {"KAZIPOT_DATABASE_TIMEOUT": "10"}
        command = ("-m", "tests.benchmarks.served", kind, *more)
        return await self.stack.enter_async_context(replica(self.folder, settings, command))


@asynccontextmanager
async def place() -> AsyncIterator[Place]:
    """Everything on loopback."""
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as folder, _trusted(authority, Path(folder)) as context:
        async with AsyncExitStack() as stack:
            login = stack.enter_context(fake_login(context))
            channel = await stack.enter_async_context(wire())
            yield Place(channel, login, Path(folder), stack)


@contextmanager
def _trusted(authority: trustme.CA, folder: Path) -> Iterator[Any]:
    import ssl

    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    os.environ["REQUESTS_CA_BUNDLE"] = str(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    yield context


def questions() -> list[str]:
    """What people ask, from the set that the search is developed with."""
    rows = QUESTIONS.read_text(encoding="utf-8").splitlines()[1:]
    return [row.split("\t")[0] for row in rows if row]


def cpu(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid: int) -> float:
    """Megabytes that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def write(section: str, body: str, page: Path = PAGE) -> None:
    """Renew a section of the page on quality."""
    page.write_text(renew_section(page.read_text(encoding="utf-8"), section, body), encoding="utf-8")
    print(f"written to {page}, section {section}", file=sys.stderr)
