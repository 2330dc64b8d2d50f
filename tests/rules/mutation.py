"""Mutation testing of the rules: `python tests/rules/mutation.py [MODULE …]`. Prints the mutants that survive.

Each mutant changes one place in one function: a comparison, a connective, a negation, a number, a branch. The tests are
collected once; every mutant is a fork of that process with the code of the function replaced, which runs the tests
until the first failure. Tests that start processes of their own cannot see the mutant and are left out, as are
the slow random ones: what survives here survives the tables and the plain tests.
"""

import ast
import copy
import importlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).parents[2]
TESTS = [
    f"tests/rules/test_{name}.py" for name in ("cases", "time", "calendar", "points", "reading", "wording")
]
TESTS += [f"tests/rules/test_{name}.py" for name in ("questions", "doors", "one_row")]
BLIND = "not contract and not goes_on and not may_be and not test_points0 and not calendar_and and not names_the_fact"
SLOW = "and not always"
SECONDS, CHILDREN = 120, 2

SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
}


class Mutant(NamedTuple):
    module: str
    function: str
    line: int
    change: str
    code: CodeType


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The ways to change one node."""
    new: Any = copy.deepcopy(node)
    if isinstance(new, ast.Compare) and type(new.ops[0]) in SWAPS:
        new.ops[0] = SWAPS[type(new.ops[0])]()
        yield ast.unparse(new), new
    elif isinstance(new, ast.BoolOp | ast.BinOp) and type(new.op) in SWAPS:
        new.op = SWAPS[type(new.op)]()
        yield ast.unparse(new), new
    elif isinstance(new, ast.UnaryOp) and isinstance(new.op, ast.Not):
        yield ast.unparse(new.operand), new.operand
    elif isinstance(new, ast.Constant) and isinstance(new.value, bool):
        yield str(not new.value), ast.Constant(not new.value)
    elif isinstance(new, ast.Constant) and isinstance(new.value, int | float):
        yield str(new.value + 1), ast.Constant(new.value + 1)
    elif isinstance(new, ast.IfExp):
        new.body, new.orelse = new.orelse, new.body
        yield ast.unparse(new), new
    elif isinstance(new, ast.If | ast.While) and not isinstance(new.test, ast.Compare):
        new.test = ast.UnaryOp(ast.Not(), new.test)
        yield f"if {ast.unparse(new.test)}", new


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{f.name}", f) for f in node.body if isinstance(f, ast.FunctionDef))


def mutants(module: str, path: Path) -> Iterator[Mutant]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name, function in functions(tree):
        hints = {id(n) for part in (function.args, function.returns) if part for n in ast.walk(part)}
        for node in list(ast.walk(function)):
            if id(node) in hints:
                continue
            for change, new in changes(node):
                code = compile(_replaced(tree, node, new), str(path), "exec")
                yield Mutant(module, name, getattr(node, "lineno", 0), change, _code_of(code, name))


def _replaced(tree: ast.Module, old: ast.AST, new: ast.AST) -> ast.Module:
    """A copy of the tree with one node replaced."""
    memo: dict[int, Any] = {id(old): new}
    mutated = copy.deepcopy(tree, memo)
    ast.copy_location(new, old)
    return ast.fix_missing_locations(mutated)


def _code_of(code: CodeType, name: str) -> CodeType:
    for part in name.split("."):
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == part)
    return code


def apply(mutant: Mutant) -> None:
    found: Any = importlib.import_module(mutant.module)
    for part in mutant.function.split("."):
        found = vars(found)[part]
    found = getattr(found, "fget", found)
    found = getattr(found, "__wrapped__", found)
    assert isinstance(found, FunctionType), mutant
    found.__code__ = mutant.code


class Plugin:
    def __init__(self, modules: list[str]) -> None:
        self.modules = modules
        self.survivors: list[Mutant] = []
        self.count = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        running: dict[int, Mutant] = {}
        for module in self.modules:
            path = ROOT / (module.replace(".", "/") + ".py")
            for mutant in mutants(module, path):
                self.count += 1
                if len(running) == CHILDREN:
                    self._wait(running)
                running[self._start(session, mutant)] = mutant
        while running:
            self._wait(running)
        return True

    def _start(self, session: pytest.Session, mutant: Mutant) -> int:
        if child := os.fork():
            return child
        signal.alarm(SECONDS)
        status = 1
        try:
            apply(mutant)
            status = int(any(self._fails(item, after) for item, after in _pairs(session.items)))
        finally:
            os._exit(status)

    def _fails(self, item: pytest.Item, after: pytest.Item | None) -> bool:
        return any(report.failed for report in runtestprotocol(item, nextitem=after, log=False))

    def _wait(self, running: dict[int, Mutant]) -> None:
        child, status = os.wait()
        mutant = running.pop(child)
        if status == 0:
            self.survivors.append(mutant)
            line = f"survived: {mutant.module}:{mutant.line} {mutant.function}: {mutant.change}"
            os.write(2, (line + "\n").encode())


def _pairs(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


def main(modules: list[str]) -> int:
    names = sorted(
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in (ROOT / "rules").rglob("*.py")
        if path.name not in ("__init__.py", "__main__.py")
    )
    plugin = Plugin([name for name in names if not modules or any(name.endswith(m) for m in modules)])
    pytest.main([*TESTS, "-q", "-p", "no:cacheprovider", "-k", f"{BLIND} {SLOW}"], plugins=[plugin])
    survived = len(plugin.survivors)
    print(f"{plugin.count} mutants, {plugin.count - survived} killed, {survived} survived")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
