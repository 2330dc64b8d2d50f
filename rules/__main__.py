"""python -m rules check | points | calendar | attachments: the doors for scripts and other systems."""

import argparse
import io
import json
import sys
from collections.abc import Sequence
from typing import Any

from rules.attachments import attachments_for
from rules.calendar import calendar_for
from rules.doors import Answer, answer_check, answer_line, answer_points
from rules.errors import RulesError
from rules.report import describe_attachments, describe_calendar, error_sentence
from rules.rulebook import LOCALES, Rulebook, load_rulebook
from rules.wording import DEFAULT_LOCALE

REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    _speak_utf8()
    rulebook = load_rulebook()
    try:
        if options.door == "check":
            return _batch(rulebook, answer_check)
        if options.door == "points":
            return _batch(rulebook, answer_points)
        return _single(rulebook, options)
    except BrokenPipeError:  # whoever reads has read enough; nothing may be flushed at the end either
        sys.stdout = io.StringIO()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rules", description=__doc__)
    doors = parser.add_subparsers(dest="door", required=True)
    for name, purpose in (
        ("check", "examine conditions, one JSON object per line of standard input"),
        ("points", "value additional professional work, one JSON object per line of standard input"),
    ):
        door = doors.add_parser(name, help=purpose, description=purpose)
        door.add_argument("--jsonl", action="store_true", help="one JSON object per line (the only format)")
    calendar = doors.add_parser("calendar", help="filing months, the day a naziv and its pay take effect")
    calendar.add_argument("--on", required=True, metavar="DATE")
    attachments = doors.add_parser("attachments", help="the checklist for a naziv, a route and a proposer")
    for name in ("--naziv", "--route", "--proposer"):
        attachments.add_argument(name, required=True)
    attachments.add_argument(
        "--on", metavar="DATE", help="filing day; without it the newest regulation applies"
    )
    for door in (calendar, attachments):
        door.add_argument("--locale", choices=LOCALES, default=DEFAULT_LOCALE)
    return parser


def _speak_utf8() -> None:
    """UTF-8 whatever the terminal; a stray surrogate leaves as the JSON escape that it is."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _batch(rulebook: Rulebook, answer: Answer) -> int:
    for line in sys.stdin:
        if stated := line.strip().removeprefix("\ufeff"):
            _print(answer_line(rulebook, stated, answer))
    return 0


def _single(rulebook: Rulebook, options: argparse.Namespace) -> int:
    try:
        if options.door == "calendar":
            _print(describe_calendar(rulebook, calendar_for(rulebook, options.on), options.locale))
        else:
            items = attachments_for(rulebook, options.naziv, options.route, options.proposer, options.on)
            _print(describe_attachments(rulebook, items, options.locale))
    except RulesError as error:
        _print({"error": error_sentence(rulebook, error, options.locale)})
        return REFUSED
    return 0


def _print(answer: Any) -> None:
    print(json.dumps(answer, ensure_ascii=False), flush=True)


if __name__ == "__main__":  # pragma: no cover
    sys.exit(main())
