"""The commands `export`, `import` and `format`: a workbook for curators, and the one way of writing entries."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from knowledge import canonical, checks
from knowledge.loader import KnowledgeError, load, read


def add_commands(commands: Any) -> None:
    """Add the three commands to the parser."""
    command = commands.add_parser("export", help="the base as a workbook to edit")
    command.add_argument("file", type=Path, metavar="FILE.xlsx")
    command.set_defaults(run=export)

    command = commands.add_parser("import", help="take over an edited workbook, or change nothing")
    command.add_argument("file", type=Path, metavar="FILE.xlsx")
    command.add_argument(
        "--delete", action="store_true", help="also delete entries removed from the workbook"
    )
    command.set_defaults(run=import_)

    command = commands.add_parser("format", help="write every entry in the form that import writes")
    command.set_defaults(run=format_)


def export(options: argparse.Namespace) -> int:
    """Write the workbook."""
    from knowledge import workbook

    base, problems = read(options.data)
    if base is None or problems:
        raise KnowledgeError(problems)
    workbook.export(base, options.file)
    print(f"{len(base.entries)} entries in {options.file}")
    return 0


def import_(options: argparse.Namespace) -> int:
    """Take the workbook over and say what changed."""
    from knowledge.workbook_import import import_workbook

    report = import_workbook(options.file, options.data, options.delete)
    for words in ("new", "changed", "deleted", "kept", "tables"):
        names = getattr(report, words)
        note = " (removed from the workbook; --delete deletes them)" if words == "kept" and names else ""
        print(f"{words}: {len(names)}{note} {', '.join(names)}".rstrip())
    return 0


def format_(options: argparse.Namespace) -> int:
    """Rewrite every entry that is written in another form."""
    changed = 0
    for entry in load(options.data).entries.values():
        path, text = checks.path_of(options.data, entry), canonical.entry_text(entry)
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed += 1
    print(f"{changed} entries rewritten")
    return 0
