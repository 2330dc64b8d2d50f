"""Structured logs on standard error: one JSON object a line, with the turn's id and no personal text.

An exception is logged by its type and the places that it went through: its message may repeat what somebody wrote.
For the same reason lines of libraries keep their fixed words only.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from traceback import walk_tb
from types import TracebackType
from typing import Any

import structlog

# These log request details of their own, some with names or addresses in them.
QUIET = ("aiohttp.access", "botbuilder", "botframework", "msrest", "msal", "urllib3", "aiosqlite", "alembic")
LONGEST_FOREIGN = 200
MOST_FRAMES = 30
# A client that breaks off or packs its body wrongly has got its 400; the server's own word on it says no more.
_OF_CLIENTS = frozenset({"RequestPayloadError"})


def configure(level: str) -> None:
    """Send everything, also the libraries' own lines, through one JSON formatter."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_fixed_words, *shared],
            use_get_message=False,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=True),
            ],
        )
    )
    handler.addFilter(_not_of_a_client)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _not_of_a_client(record: logging.LogRecord) -> bool:
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or kind.__name__ not in _OF_CLIENTS


def _fixed_words(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The first line of a library's message before anything is put into it."""
    event["event"] = str(event["event"]).partition("\n")[0][:LONGEST_FOREIGN]
    return event


def _without_messages(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its types, from the one caught to its first cause, and the places of each."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else None
    if error is None and given:
        error = sys.exc_info()[1]
    if error is not None:
        event["exception"] = [
            {"type": type(each).__qualname__, "at": _places(each.__traceback__)} for each in _chain(error)
        ]
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        yield following
        seen.add(id(following))
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _places(trace: TracebackType | None) -> list[str]:
    """File, line and function of every call, the last one last."""
    frames = [f"{f.f_code.co_filename}:{line} {f.f_code.co_name}" for f, line in walk_tb(trace)]
    return frames[-MOST_FRAMES:]
