"""The package is pure: standard library only, files only in `parameters`, no clock, environment or randomness."""

import ast
import sys
from pathlib import Path

import pytest

from rules.parameters import ROOT

MODULES = sorted(ROOT.rglob("*.py"))
FORBIDDEN = {"time", "random", "secrets", "os", "locale", "socket", "subprocess", "urllib", "logging", "uuid"}
FILES = {"tomllib", "pathlib", "hashlib"}
SHELL = {"sys", "argparse", "io"}


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {
        node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports(path: Path) -> None:
    tops = {name.partition(".")[0] for name in _imports(path)}
    assert tops <= {"rules", *sys.stdlib_module_names}
    assert not tops & FORBIDDEN
    if path.name != "parameters.py":
        assert not tops & FILES
    if path.name != "__main__.py":
        assert not tops & SHELL


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_clock_and_no_files(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in {"today", "now", "utcnow", "open", "getenv"}


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if p.name == "conditions.py" or p.parent.name in ("naziv", "placni_razred_um")],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_conditions_hold_no_numbers_and_no_sentences(path: Path) -> None:
    """Numbers live in the rows, sentences in the texts. 0 and 1 count and compare; a docstring explains."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            if isinstance(node.value, int | float) and not isinstance(node.value, bool):
                assert node.value in (0, 1, 6), f"{path.name}:{node.lineno}"  # 6: digits when rounding
            if isinstance(node.value, str):
                assert " " not in node.value, f"{path.name}:{node.lineno}"


def test_modules_stay_small() -> None:
    for path in MODULES:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 260, path
        tree = ast.parse("\n".join(lines))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 45, f"{path.name}:{node.name}"
