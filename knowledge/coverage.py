"""Which entries carry which paragraph of a source, and why some paragraphs need none.

The sources are not ours to republish: coverage.yaml names a paragraph by its number, its first words and a
digest of its text, so that a changed source is noticed wherever the text is at hand.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from knowledge.loader import DATA, Base, Problem
from knowledge.strict_yaml import Document, YamlProblem, read

NAME = "coverage.yaml"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a source text: blocks between blank lines, white space folded."""
    blocks = (re.sub(r"\s+", " ", block).strip() for block in re.split(r"\n\s*\n", text))
    return [block for block in blocks if block]


def digest(paragraph: str) -> str:
    """A short fingerprint of a paragraph."""
    return hashlib.sha256(paragraph.encode()).hexdigest()[:12]


def check(base: Base, folder: Path = DATA, sources: Path | None = None) -> list[Problem]:
    """Gaps in the account: paragraphs without entries or reason, unknown entries, texts that differ."""
    path = folder / NAME
    try:
        document = read(path)
    except (OSError, YamlProblem) as error:
        return [Problem(str(path), getattr(error, "line", 1), str(error))]
    problems: list[Problem] = []
    for source, account in document.data.items():
        if source not in base.sources:
            problems.append(Problem(str(path), document.line_of((source,)), f"{source}: no such source"))
        problems += _rows(base, path, document, source, account)
        if sources is not None:
            problems += _against_text(path, document, source, account, sources)
    return problems


def _rows(base: Base, path: Path, document: Document, source: str, account: Any) -> list[Problem]:
    problems = []
    for place, row in enumerate(account["paragraphs"]):
        line = document.line_of((source, "paragraphs", place))
        entries, reason = row.get("entries") or [], row.get("reason")
        if row.get("n") != place + 1:
            problems.append(Problem(str(path), line, f"{source}: paragraph {place + 1} is missing"))
        if bool(entries) == bool(reason):
            problems.append(
                Problem(str(path), line, f"{source} {row.get('n')}: needs entries or else a reason")
            )
        problems += [
            Problem(str(path), line, f"{source} {row.get('n')}: no entry {entry!r}")
            for entry in entries
            if entry not in base.entries
        ]
    return problems


def _against_text(path: Path, document: Document, source: str, account: Any, sources: Path) -> list[Problem]:
    text = sources / str(account["text"])
    if not text.exists():
        return [Problem(str(path), document.line_of((source, "text")), f"{text.name}: not in {sources}")]
    read_now = paragraphs(text.read_text(encoding="utf-8"))
    rows = account["paragraphs"]
    problems = []
    if len(read_now) != len(rows):
        message = f"{source}: the text has {len(read_now)} paragraphs, the account {len(rows)}"
        problems.append(Problem(str(path), document.line_of((source,)), message))
    for place, (row, paragraph) in enumerate(zip(rows, read_now, strict=False)):
        if row.get("digest") != digest(paragraph):
            line = document.line_of((source, "paragraphs", place))
            problems.append(Problem(str(path), line, f"{source} {row.get('n')}: the text has changed"))
    return problems
