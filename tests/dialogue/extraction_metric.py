"""Precision and recall of extracted facts on a set of sentences: `python -m tests.dialogue.extraction_metric [SET …]`.

A fact counts as right when its name and its value are the expected ones. Precision is right facts over facts taken,
recall right facts over facts expected; `unknown` and `ambiguous` names are counted beside them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.extract import Activity, Extracted, extract
from knowledge.quality import PAGE, renew_section

SETS = Path(__file__).parent / "extraction"
HEAD = (
    "## Facts taken from free text\n\nWritten by `python -m tests.dialogue.extraction_metric --write`. The set "
    "`measured` was written by somebody who had not seen the extraction. One sentence of it (m271) was seen once in "
    "a failing test; a family of wordings mended after that accounts for four of its right facts. Otherwise nothing "
    "was chosen by it; its totals, and by name alone which facts were wrong, were in sight, which led to looking "
    "through the wordings of who may vote (one wrong fact fewer, one right one fewer). The development "
    "sets 10 to 12 were blind, too, when they were first measured: 10 and 11, more than half traps, precision 93.7% "
    "(237/253) and 90.6% (202/223), recall 88.1% (237/269) and 87.1% (202/232); 12, an ordinary mixture, 98.2% "
    "(160/163) and 94.1% (160/170).\n"
)
_UNORDERED = frozenset({"attachments", "activities"})


@dataclass(slots=True)
class Figures:
    """Counts over one set."""

    sentences: int = 0
    perfect: int = 0
    expected: int = 0
    taken: int = 0
    right: int = 0
    unknown_expected: int = 0
    unknown_taken: int = 0
    unknown_right: int = 0
    ambiguous_expected: int = 0
    ambiguous_right: int = 0
    procedures: int = 0
    procedures_right: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the taken facts that are right."""
        return self.right / self.taken if self.taken else 1.0

    @property
    def recall(self) -> float:
        """Share of the expected facts that were taken rightly."""
        return self.right / self.expected if self.expected else 1.0

    def line(self, name: str) -> str:
        """The figures in one line."""
        return (
            f"extraction {name}: {self.sentences} sentences, {self.perfect} with every fact right; "
            f"precision {self.precision:.1%} ({self.right}/{self.taken}), recall {self.recall:.1%} "
            f"({self.right}/{self.expected}); unknown {self.unknown_right}/{self.unknown_expected} "
            f"(of {self.unknown_taken}), ambiguous named {self.ambiguous_right}/{self.ambiguous_expected}, "
            f"procedure {self.procedures_right}/{self.procedures}"
        )


def load(name: str) -> list[dict[str, Any]]:
    """The sentences of a set."""
    return list(yaml.safe_load((SETS / f"{name}.yaml").read_text(encoding="utf-8")))


def measure(cases: Iterable[Mapping[str, Any]]) -> Figures:
    """Extract every sentence and compare."""
    figures = Figures()
    for case in cases:
        found = extract(case["text"], _day(case["on"]), case.get("asked"), case.get("running"))
        _compare(case, found, figures)
    return figures


def _compare(case: Mapping[str, Any], found: Extracted, figures: Figures) -> None:
    expected = {fact: plain(fact, value) for fact, value in case["facts"].items()}
    taken = {fact: plain(fact, value) for fact, value in found.facts.items()}
    right = {fact for fact in expected if fact in taken and taken[fact] == expected[fact]}
    named = {fact for doubt in found.ambiguous for fact in doubt.facts}
    figures.sentences += 1
    figures.perfect += expected == taken
    figures.expected += len(expected)
    figures.taken += len(taken)
    figures.right += len(right)
    figures.unknown_expected += len(case["unknown"])
    figures.unknown_taken += len(found.unknown)
    figures.unknown_right += len(set(case["unknown"]) & set(found.unknown))
    figures.ambiguous_expected += len(case["ambiguous"])
    figures.ambiguous_right += len(set(case["ambiguous"]) & named)
    if case.get("procedure"):
        figures.procedures += 1
        figures.procedures_right += case["procedure"] == found.procedure
    wrong = {fact: taken[fact] for fact in taken if fact not in right}
    missing = {fact: expected[fact] for fact in expected if fact not in right}
    if wrong or missing:
        figures.misses.append(f"{case['id']}: {case['text']!r}\n    wrong {wrong} missing {missing}")


def plain(fact: str, value: Any) -> Any:
    """A value as plain data that can be compared: days as text, activities with the contract's defaults."""
    if isinstance(value, list | tuple):
        listed = [_element(fact, each) for each in value]
        return sorted(listed, key=repr) if fact in _UNORDERED else listed
    if isinstance(value, bool) or value is None:
        return value
    return float(value) if isinstance(value, int | float) else str(value)


def _element(fact: str, value: Any) -> Any:
    if fact == "activities":
        data = value.to_data() if isinstance(value, Activity) else {**Activity("").to_data(), **value}
        return {key: plain("", each) for key, each in data.items()}
    return plain("", value)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def main(names: list[str]) -> int:
    """Print the figures of the named sets (all by default), and the misses with `-v`, which never shows `measured`.

    `--write` renews their section of docs/quality.md.
    """
    if "--write" in names:
        return write()
    verbose = "-v" in names
    for name in [name for name in names if name != "-v"] or ["development", "measured"]:
        figures = measure(load(name))
        print(figures.line(name))
        if verbose and name != "measured":
            print("\n".join(figures.misses))
    return 0


def write(page: Path = PAGE) -> int:
    """Renew the section on extraction in docs/quality.md."""
    lines = [f"- {measure(load(path.stem)).line(path.stem)}" for path in sorted(SETS.glob("*.yaml"))]
    body = "\n".join((HEAD, *lines))
    page.write_text(renew_section(page.read_text(encoding="utf-8"), "extraction", body), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
