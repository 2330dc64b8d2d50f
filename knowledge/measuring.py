"""The commands `test` and `quality`: measure the search, compare with the recorded floors, write the page."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from knowledge import evaluate, floors, quality
from knowledge.evaluate import CALIBRATION_SETS, SetFigures
from knowledge.loader import Problem
from knowledge.search import Engine, load_engine
from knowledge.tables import phrasings_text, set_text

QUESTIONS = Path("tests/knowledge/questions")


def add_commands(commands: Any) -> None:
    """Add both commands to the parser."""
    for name, run, words in (
        ("test", test, "every phrasing and question set; exit 1 below the recorded floors"),
        ("quality", write_quality, "the figures and plain methods beside them, into docs/quality.md"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("--questions", type=Path, default=QUESTIONS, help="folder of question sets")
        command.add_argument("--on", type=date.fromisoformat, help="day to judge on (default: of the floors)")
        command.set_defaults(run=run)
        if name == "test":
            command.add_argument("--record", action="store_true", help="tighten the floors to these figures")
            command.add_argument(
                "--held-out", action="store_true", help="ask phrasings of a base without them"
            )
        else:
            command.add_argument("--page", type=Path, default=quality.PAGE)


def test(options: argparse.Namespace) -> int:
    """Print all figures; 1 when a floor or an expected entry is missed."""
    engine, recorded = load_engine(options.data), floors.read_floors(options.data)
    on = options.on or recorded.on
    phrasings = evaluate.measure_phrasings(engine)
    held_out = evaluate.measure_held_out(engine) if options.held_out else None
    for lost in phrasings.lost:
        print(f"{lost.entry}: {lost.phrasing!r} finds {lost.found}")
    print(phrasings_text(phrasings, held_out))
    sets, problems = _sets(engine, options.questions, on)
    for item in sets:
        print(f"\n{set_text(item)}")
    measured = floors.figures(phrasings, sets)
    if options.record:
        print(f"\nrecorded in {floors.record(options.data, recorded, measured)}")
        recorded = floors.read_floors(options.data)
    return _verdict(problems, floors.below(recorded, measured, whole=options.questions == QUESTIONS))


def write_quality(options: argparse.Namespace) -> int:
    """Renew the section of docs/quality.md; 1 when a set expects an entry that does not exist."""
    engine = load_engine(options.data)
    on = options.on or floors.read_floors(options.data).on
    sets, problems = _sets(engine, options.questions, on)
    phrasings, held_out = evaluate.measure_phrasings(engine), evaluate.measure_held_out(engine)
    body = quality.section(engine, on, phrasings, held_out, sets)
    print(f"{body}\n\nwritten to {quality.write_page(body, options.page)}")
    return _verdict(problems, [])


def _sets(engine: Engine, folder: Path, on: date) -> tuple[list[SetFigures], list[Problem]]:
    """Every set of a folder, those for calibration first, with the problems in them."""
    paths = sorted(folder.glob("*.tsv"), key=lambda path: (path.name not in CALIBRATION_SETS, path.name))
    problems = [problem for path in paths for problem in evaluate.check_expected(engine.base, path)]
    if not paths:
        problems.append(Problem(str(folder), 1, "no question sets (*.tsv)"))
    return [evaluate.measure_set(engine, path, on) for path in paths], problems


def _verdict(problems: Sequence[Problem], failed: Sequence[str]) -> int:
    for problem in problems:
        print(problem)
    for sentence in failed:
        print(f"below the floor: {sentence}")
    if problems or failed:
        print(f"\n{len(problems)} problems, {len(failed)} floors missed")
    return 1 if problems or failed else 0
