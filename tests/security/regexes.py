"""Every regular expression of the project as JSON lines: pattern, flags, whether it was made from data.

Run as `python -m tests.security.regexes`: it watches `re` while all modules, words and terms are loaded, and adds the
constants that stand in the code but were not needed for that.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "cards", "knowledge", "rules")
USES = frozenset({"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"})
FROM_DATA = ("patterns.py", "terms.py", "wordforms.py")


def watched() -> dict[tuple[str, int], str]:
    """Pattern and flags of everything compiled by the project's own lines, with the file."""
    found: dict[tuple[str, int], str] = {}
    real = re._compile  # type: ignore[attr-defined]

    def spy(pattern: Any, flags: Any) -> Any:
        caller = Path(sys._getframe(2).f_code.co_filename)
        if (
            isinstance(pattern, str)
            and caller.is_relative_to(ROOT)
            and caller.relative_to(ROOT).parts[0] in FOLDERS
        ):
            found.setdefault((pattern, int(flags)), caller.name)
        return real(pattern, flags)

    re._compile = spy  # type: ignore[attr-defined]
    for name in FOLDERS:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith((".__main__", ".env", ".calibrate", ".distil")):
                importlib.import_module(module.name)
    from bot.dialogue.extract.lexicon import lexicon
    from knowledge.loader import load

    lexicon()
    load()
    re._compile = real  # type: ignore[attr-defined]
    return found


def written() -> dict[tuple[str, int], str]:
    """The constants that are given to `re` anywhere in the code."""
    found = {}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in USES
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "re"
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                    and isinstance(node.args[0].value, str)
                ):
                    found[node.args[0].value, 0] = path.name
    return found


def uses() -> dict[str, set[str]]:
    """By pattern, the ways in which the name that holds it is used in its file."""
    found: dict[str, set[str]] = {}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            names = {
                target.id: str(node.value.args[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and node.value.args
                and isinstance(node.value.args[0], ast.Constant)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(tree):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id in names
                ):
                    found.setdefault(names[node.value.id], set()).add(node.attr)
    return found


if __name__ == "__main__":
    constants, used = written(), uses()
    for (pattern, flags), where in ({**constants, **watched()}).items():
        data = where in FROM_DATA and (pattern, 0) not in constants
        whole = used.get(pattern) == {"fullmatch"}
        print(json.dumps({"pattern": pattern, "flags": flags, "file": where, "data": data, "whole": whole}))
