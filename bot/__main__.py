"""The bot's commands: serve (the default), ask, migrate, package, helpdesk, drafts, report, gaps."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Kažipot, the bot.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="answer the channel (the default)")
    commands.add_parser("migrate", help="bring the database to the newest version")
    ask = commands.add_parser("ask", help="answer on standard output, without network")
    ask.add_argument("--jsonl", action="store_true", help="read one JSON object per line")
    ask.add_argument("--knowledge", type=Path, help="folder of curated answers to use")
    ask.add_argument("text", nargs="*", help="a question, instead of --jsonl")
    package = commands.add_parser("package", help="build the zip for an organisation's app catalogue")
    package.add_argument("--out", type=Path, default=Path("kazipot-teams.zip"), help="file to write")
    package.add_argument(
        "--version", default="", help="version of the package, three numbers; a higher one upgrades"
    )
    desk = commands.add_parser("helpdesk", help="show, set or clear the advisers' channel")
    desk.add_argument("what", choices=("show", "set", "clear"))
    desk.add_argument("--conversation", default="", help="id of the channel, such as 19:…@thread.tacv2")
    desk.add_argument("--service-url", default="", help="service of the channel; Teams in Europe by default")
    desk.add_argument("--tenant", default="", help="tenant of the channel; the registration's own by default")
    drafts = commands.add_parser("drafts", help="list the drafts of entries that advisers suggested")
    drafts.add_argument("--out", type=Path, help="folder to write them to; the database then drops them")
    _add_figures(commands)
    given = parser.parse_args(arguments)
    if given.command == "helpdesk" and (given.what == "set") != bool(given.conversation):
        desk.error("--conversation goes with set")
    if given.command == "ask":
        if given.jsonl == bool(given.text):
            ask.error("give a question, or --jsonl to read from standard input")
        return _ask(" ".join(given.text), given.knowledge)
    if given.command == "package":
        return _package(given.out, given.version)
    if given.command in {"helpdesk", "drafts"}:
        return _desk(given)
    if given.command in {"report", "gaps"}:
        return _figures(given)
    return _host(given.command or "serve")


def _add_figures(commands: Any) -> None:
    report = commands.add_parser(
        "report", help="the figures of some days, counted without anybody's identity"
    )
    gaps = commands.add_parser("gaps", help="questions without an answer, grouped")
    today = date.today()
    for command in (report, gaps):
        command.add_argument(
            "--from", dest="first", type=date.fromisoformat, default=today - timedelta(days=30)
        )
        command.add_argument(
            "--to", dest="last", type=date.fromisoformat, default=today, help="the last day, included"
        )
        command.add_argument("--csv", type=Path, help="file to write the numbers to")
        command.add_argument("--locale", choices=("sl", "en"), default="sl", help="language of the words")
    report.add_argument("--html", type=Path, help="file to write the page to; needs the extra `report`")
    report.add_argument(
        "--calls-before", type=int, default=0, help="calls a month before, to estimate a saving"
    )


def _figures(given: argparse.Namespace) -> int:
    from bot import reporting
    from bot.log import configure
    from bot.settings import SettingsRefused, read_settings

    configure("WARNING")
    if given.first > given.last:
        print("--from is after --to.", file=sys.stderr)
        return REFUSED
    wanted = reporting.Wanted(given.first, given.last, given.locale, csv=given.csv)
    try:
        settings = read_settings()
    except SettingsRefused as reason:
        print(f"Kažipot cannot report. {reason}", file=sys.stderr)
        return REFUSED
    if given.command == "gaps":
        return reporting.gaps(settings, wanted)
    if given.calls_before < 0:
        print("--calls-before must not be below zero.", file=sys.stderr)
        return REFUSED
    return reporting.report(settings, replace(wanted, html=given.html, calls_before=given.calls_before))


def _ask(text: str, knowledge_dir: Path | None) -> int:
    """Imports only what answering needs: no web server, no SDK, no database."""
    from bot.answering import load_answering
    from bot.log import configure
    from bot.transport import console

    configure("WARNING")
    answering = load_answering(knowledge_dir)
    if answering.problems:
        print(f"Kažipot cannot answer: {', '.join(answering.problems)} not loaded.", file=sys.stderr)
        return 1
    try:
        if text:
            print(asyncio.run(console.ask_text(answering, text)), flush=True)
        else:
            asyncio.run(console.ask_lines(answering, *console.streams()))
    except BrokenPipeError:  # whoever reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _package(out: Path, version: str) -> int:
    from bot.settings import SettingsRefused, read_settings
    from bot.teams_app.package import build

    try:
        content = build(read_settings(), version)
    except SettingsRefused as reason:
        print(f"The package was not built. {reason}", file=sys.stderr)
        return REFUSED
    try:
        out.write_bytes(content)
    except OSError as error:
        print(f"The package could not be written to {out}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"The package is in {out}.")
    return 0


def _desk(given: argparse.Namespace) -> int:
    from bot import helpdesk
    from bot.log import configure
    from bot.settings import SettingsRefused, read_settings

    configure("WARNING")
    try:
        settings = read_settings()
    except SettingsRefused as reason:
        print(f"Nothing was done. {reason}", file=sys.stderr)
        return REFUSED
    if given.command == "drafts":
        return helpdesk.drafts(settings, given.out)
    if given.what == "set":
        service = given.service_url or helpdesk.SERVICE
        return helpdesk.set_channel(settings, given.conversation, service, given.tenant)
    return helpdesk.show(settings) if given.what == "show" else helpdesk.clear(settings)


def _host(command: str) -> int:
    gc.disable()  # nothing that is loaded at the start is garbage; serving enables it
    # numpy's threads wait busily, .06 s of each other core at a start, and make nothing here faster.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from bot.settings import SettingsRefused, read_settings
    from bot.start_checks import check_start

    try:
        settings = read_settings()
        if command == "serve":
            check_start(settings)
    except SettingsRefused as reason:
        print(f"Kažipot cannot start. {reason}", file=sys.stderr)
        return REFUSED
    from bot import process

    return process.serve(settings) if command == "serve" else process.migrate(settings)


if __name__ == "__main__":
    sys.exit(main())
