"""The documents say what is true: links, paths, commands, names, tables, columns and days."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.dialogue import counting
from bot.dialogue.eligibility import memory
from bot.dialogue.state import ConversationState
from bot.settings import Settings
from bot.storage import resilient
from bot.storage.ports import LEASE
from bot.storage.tables import metadata
from knowledge import checks, sheets
from knowledge.entry import About, Citation, Entry, Phrasings, Source, Topic, Version

ROOT = Path(__file__).parents[1]
OUTSIDE = {
    ".git",
    ".venv",
    "node_modules",
    "var",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "rules" / "README.md"])
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"python -m ([a-z_.]+)((?: [^\s`|#…)]+)*)")
MAKE = re.compile(r"(?:`|^)make ([a-z0-9-]+)", re.MULTILINE)
FILE = re.compile(r"[\w.-]+\.(?:py|toml|yaml|md|tsv|json|lock|npz|mjs|css|js|html)")


def every(pattern: re.Pattern[str], *, fenced: bool = True) -> list[Any]:
    """What a pattern finds on all pages, each once a page, as cases that name the page."""
    cases = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found = pattern.findall(text if fenced else FENCE.sub("", text))
        cases += [
            pytest.param(page, hit, id=f"{page.relative_to(ROOT)}: {''.join(hit)}")
            for hit in dict.fromkeys(found)
        ]
    return cases


def is_path(quoted: str) -> bool:
    """Whether quoted words name a file or folder of the project."""
    first, slash, _ = quoted.partition("/")
    if slash:
        return (
            bool(re.fullmatch(r"[\w./-]+", quoted))
            and bool(first)
            and (ROOT / first).is_dir()
            and first not in OUTSIDE
        )
    return bool(FILE.fullmatch(quoted))


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def names() -> frozenset[str]:
    """The names of all files and folders of the project."""
    return frozenset(
        path.name
        for path in ROOT.rglob("*")
        if not OUTSIDE & set(path.relative_to(ROOT).parts[:1]) and "__pycache__" not in path.parts
    )


@cache
def sources() -> str:
    """All code and data, to look names up in."""
    return "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("bot", "cards", "knowledge", "rules", "tests")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".toml", ".yaml"} and path != Path(__file__)
    )


# ---- links, paths, commands


@pytest.mark.parametrize("where, target", every(LINK, fenced=False))
def test_links_lead_somewhere(where: Path, target: str) -> None:
    if target.startswith(("https://", "http://", "mailto:")):
        return
    path, _, heading = target.partition("#")
    file = (where.parent / path).resolve() if path else where
    assert file.exists()
    assert file.is_relative_to(ROOT)
    if heading:
        assert heading in {
            slug(line) for line in re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
        }


def slug(heading: str) -> str:
    """The anchor that repository pages give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize(
    "where, quoted", [case for case in every(QUOTED, fenced=False) if is_path(case.values[1])]
)
def test_quoted_paths_exist(where: Path, quoted: str) -> None:
    if "/" in quoted:
        assert (ROOT / quoted).exists() or (where.parent / quoted).exists()
    else:
        assert quoted in names()


@pytest.mark.parametrize("where, command", every(COMMAND))
def test_commands_exist(where: Path, command: tuple[str, str]) -> None:
    module, rest = command
    if module not in {"bot", "rules", "knowledge"}:
        file = ROOT.joinpath(*module.split("."))
        assert module == "pytest" or file.with_suffix(".py").is_file()
        return
    words = rest.split()
    said = helped(module)
    commands = {word for group in re.findall(r"\{([\w,]+)\}", said) for word in group.split(",")}
    commands |= set(re.findall(r"^    ([a-z]+)", said, re.MULTILINE))
    given = next((word for word in words if re.fullmatch("[a-z]+", word) and word in commands), None)
    first = next((word for word in words if re.fullmatch("[a-z]+", word)), None)
    assert first is None or given is not None, f"no command {first!r}"
    options = said + (helped(module, given) if given else "")
    assert not [word for word in words if word.startswith("--") and word.rstrip("],.") not in options]


@cache
def helped(module: str, command: str | None = None) -> str:
    """What a command's own help says."""
    main = importlib.import_module(f"{module}.__main__").main
    with contextlib.redirect_stdout(io.StringIO()) as out, pytest.raises(SystemExit):
        main([command, "--help"] if command else ["--help"])
    return out.getvalue()


@pytest.mark.parametrize("where, target", every(MAKE))
def test_make_targets_exist(where: Path, target: str) -> None:
    assert re.search(rf"^{target}:", page("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("where, name", every(re.compile(r"\bKAZIPOT_[A-Z_]+\b")))
def test_settings_named_are_read_somewhere(where: Path, name: str) -> None:
    assert name.removeprefix("KAZIPOT_").lower() in Settings.model_fields or f'"{name}"' in sources()


@pytest.mark.parametrize("where, name", every(re.compile(r"\bkazipot_[a-z_]+\b")))
def test_metrics_named_are_counted(where: Path, name: str) -> None:
    assert f'"{name}"' in page("bot/metrics.py")


# ---- names


def test_every_decision_is_in_the_index() -> None:
    listed = set(LINK.findall(page("docs/adr/README.md")))
    assert listed == {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}


def test_identifiers_of_the_glossary_are_used() -> None:
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|", page("docs/glossary.md"), re.MULTILINE)
    identifiers = {name for cell in rows for name in QUOTED.findall(cell)}
    assert len(identifiers) > 40
    assert not sorted(name for name in identifiers if not re.search(rf"\b{re.escape(name)}\b", sources()))


# ---- the page on security


def test_every_threat_names_a_test_that_exists() -> None:
    section = page("docs/security.md").partition("\n## Threats\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", row.strip("|").split("|")[-1])
        assert named, row
        for path, name in named:
            assert re.search(rf"^(?:async )?def {name}\(", page(path), re.MULTILINE), f"{path}::{name}"


# ---- the curator's guide


@pytest.mark.parametrize("model", [Entry, Version, Citation, About, Phrasings, Source, Topic])
def test_the_guide_explains_every_field(model: type[BaseModel]) -> None:
    assert not set(model.model_fields) - set(QUOTED.findall(page("docs/urednik.md")))


def test_the_guide_names_sheets_columns_and_limits() -> None:
    guide = page("docs/urednik.md")
    assert all(f"**{sheet.name}**" in guide for sheet in sheets.SHEETS if not sheet.hidden)
    for labels in (sheets.KINDS, sheets.EVIDENCE):
        assert all(f"»{label}«" in guide and f"`{value}`" in guide for label, value in labels.items())
    assert f"vsaj {checks.MIN_PHRASINGS['sl']} slovenskih" in guide
    assert f"vsaj {checks.MIN_PHRASINGS['en']} angleških" in guide


# ---- the page on privacy


def rows_of(heading: str) -> Iterator[list[str]]:
    """The cells of the table under a heading of the page."""
    section = re.split(r"^## ", page("docs/privacy.md"), flags=re.MULTILINE)
    (body,) = [part for part in section if part.startswith(heading)]
    rows = [line for line in body.splitlines() if line.startswith("|")]
    for line in rows[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_page_names_every_table_and_column() -> None:
    named = {QUOTED.findall(cells[0])[0]: QUOTED.findall(cells[1]) for cells in rows_of("Kaj se shranjuje")}
    assert named == {
        table.name: [column.name for column in table.columns] for table in metadata.tables.values()
    }


def test_the_page_names_everything_in_a_state() -> None:
    named = {QUOTED.findall(cells[0])[0] for cells in rows_of("Kaj je v stolpcu `state`")}
    check = {f"check.{field.name}" for field in fields(memory.Check)} | {"check.activities"}
    assert named == {field.name for field in fields(ConversationState)} - {"check"} | check


@pytest.mark.parametrize(
    "pattern, number",
    [
        (r"(\d+) (?:dni|days) \(`KAZIPOT_RETENTION_DAYS`\)", Settings.model_fields["retention_days"].default),
        (r"(\d+) (?:dni|days) \(`KAZIPOT_COUNT_DAYS`\)", Settings.model_fields["count_days"].default),
        (r"(\d+) (?:dni|days) \(`KAZIPOT_GAP_DAYS`[);]?", Settings.model_fields["gap_days"].default),
        (r"(\d+) (?:dni|days) \(`KAZIPOT_TICKET_DAYS`\)", Settings.model_fields["ticket_days"].default),
        (r"vprašanje, na katero .* \(največ (\d+) znakov\), dan", counting.LONGEST_GAP),
        (
            r"(\d+) dni \(`KAZIPOT_CHECK_DAYS`\) po začetku preverjanja",
            Settings.model_fields["check_days"].default,
        ),
        (
            r"(\d+) days \(`KAZIPOT_CHECK_DAYS`\) after the check began",
            Settings.model_fields["check_days"].default,
        ),
        (r"za (\d+) sekund", int(LEASE.total_seconds())),
        (r"največ (\d+) pogovorov", resilient.SPARE),
        (r"največ (\d+) dogodkov", resilient.BACKLOG),
        (r"največ (\d+) vrstic", memory.MOST_WORKS),
    ],
)
def test_numbers_of_the_page_are_those_of_the_code(pattern: str, number: int) -> None:
    found = re.findall(pattern, page("docs/privacy.md"))
    assert found
    assert {int(each) for each in found} == {number}
