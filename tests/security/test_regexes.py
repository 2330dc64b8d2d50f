"""No regular expression can be made slow: those made from data by their shape, those in the code by measuring."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.extract.extraction import LONGEST
from bot.dialogue.understand import MAX_LENGTH

ROOT = Path(__file__).parents[2]
SCREENED, SHORT, LONG = 400, 1_000, 4_000
"""Pumped lengths; the longest message that is read has `LONG` characters."""
QUICK = 0.005
MOST_GROWTH = 9.0
"""Four times the length takes about four times the time; sixteen times would be quadratic."""
REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
MOST_LETTERS = 5
OF_OPERATORS = frozenset(
    {
        "package.py",
        "checks.py",
        "coverage.py",
        "distil.py",
        "workbook.py",
        "wordforms.py",
        "terms.py",
        "patterns.py",
    }
)
"""Read only what operators and curators write."""


@cache
def collected() -> tuple[dict[str, Any], ...]:
    """All of them, gathered in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.security.regexes"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(json.loads(line) for line in run.stdout.splitlines())


def parsed(pattern: str, flags: int = 0) -> Any:
    return re._parser.parse(pattern, flags)  # type: ignore[attr-defined]


def repeats(tree: Any, within: bool = False) -> Iterator[tuple[bool, bool]]:
    """For every repetition whether it has no end, and whether it stands in another one that has none."""
    for operation, value in tree:
        endless = False
        if str(operation) in REPEATS:
            endless = value[1] == re._constants.MAXREPEAT  # type: ignore[attr-defined]
            yield endless, within
        for child in children(value):
            yield from repeats(child, within or endless)


def endless_in_a_row(tree: Any) -> int:
    """How many repetitions without end one way through the expression passes."""
    number = 0
    for operation, value in tree:
        if str(operation) in REPEATS:
            number += value[1] == re._constants.MAXREPEAT  # type: ignore[attr-defined]
        ways = [endless_in_a_row(child) for child in children(value)]
        number += max(ways, default=0) if str(operation) == "BRANCH" else sum(ways)
    return number


def children(value: Any) -> Iterator[Any]:
    """The parts of a parsed expression that are expressions."""
    if isinstance(value, re._parser.SubPattern):  # type: ignore[attr-defined]
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from children(each)


def letters(tree: Any) -> Iterator[str]:
    """Characters that the expression looks for."""
    for operation, value in tree:
        match str(operation):
            case "LITERAL" | "NOT_LITERAL":
                yield chr(value)
            case "RANGE":
                yield chr(value[0])
            case "CATEGORY":
                yield {"DIGIT": "7", "SPACE": " ", "WORD": "a"}.get(str(value).rsplit("_", 1)[-1], "-")
            case "IN":
                yield from letters(value)
            case "ANY":
                yield "x"
        for child in children(value):
            yield from letters(child)


def pumped(pattern: str, flags: int) -> list[str]:
    """Short strings to repeat: the expression's own letters, alone, in pairs and all in a row."""
    found = list(dict.fromkeys(letters(parsed(pattern, flags))))
    few = [*found[:MOST_LETTERS], "a", " "]
    return [
        *few,
        *("".join(pair) for pair in product(few, few)),
        "".join(found),
        *(f"{x}{few[0]}7" for x in few),
    ]


def seconds(expression: re.Pattern[str], text: str, tries: int = 3, *, whole: bool = False) -> float:
    """The best of some tries, so that what else the machine does is not counted."""
    times = []
    for _ in range(tries):
        began = time.process_time()
        if not whole:
            for _ in expression.finditer(text):
                pass
        expression.fullmatch(text)
        times.append(time.process_time() - began)
    return min(times)


def filled(unit: str, length: int, end: str) -> str:
    return (unit * (length // len(unit) + 1))[:length] + end


def growth(expression: re.Pattern[str], units: list[str], *, whole: bool = False) -> tuple[float, float, str]:
    """Time for the long text, how much more than for the short one, and what was repeated; of the slowest."""
    first = [
        (seconds(expression, filled(unit, SCREENED, end), 1, whole=whole), unit, end)
        for unit in units
        for end in ("\0", "")
    ]
    worst = (0.0, 0.0, "")
    for _, unit, end in sorted(first, reverse=True)[:3]:
        long = seconds(expression, filled(unit, LONG, end), whole=whole)
        if long > worst[0]:
            short = seconds(expression, filled(unit, SHORT, end), whole=whole)
            worst = (long, long / max(short, 1e-6), unit)
    return worst


def test_the_collection_is_one() -> None:
    files = {each["file"] for each in collected()}
    assert {
        "reading.py",
        "redaction.py",
        "when.py",
        "patterns.py",
        "terms.py",
        "elements.py",
        "extension.py",
    } <= files
    assert len(collected()) > 1000


def test_expressions_from_data_hold_at_most_one_repetition_and_none_within_another() -> None:
    made = [each for each in collected() if each["data"]]
    assert len(made) > 1000
    for each in made:
        tree = parsed(each["pattern"], each["flags"])
        assert endless_in_a_row(tree) <= 1, each
        assert not any(within for _, within in repeats(tree)), each


@pytest.mark.parametrize(
    "each",
    [
        pytest.param(each, id=f"{each['file']}: {each['pattern'][:40]}")
        for each in collected()
        if not each["data"] and each["file"] not in OF_OPERATORS
    ],
)
def test_expressions_in_the_code_take_time_by_length_alone(each: dict[str, Any]) -> None:
    expression = re.compile(each["pattern"], each["flags"])
    took, times, unit = growth(expression, pumped(each["pattern"], each["flags"]), whole=each["whole"])
    assert took < QUICK or times < MOST_GROWTH, f"{unit!r} repeated: {took:.3f} s, {times:.0f} times more"


def test_the_measure_finds_a_slow_one() -> None:
    """Quadratic ones are found; so an exponential one would be, if it ever came to an end."""
    for slow in (r"\w+\d", r"\s+$"):
        took, times, _ = growth(re.compile(slow), pumped(slow, 0))
        assert took > QUICK
        assert times > MOST_GROWTH
    assert any(within and endless for endless, within in repeats(parsed(r"(?:a+)+b")))


def test_what_is_read_of_a_message_is_bounded() -> None:
    assert MAX_LENGTH == LONGEST == LONG
