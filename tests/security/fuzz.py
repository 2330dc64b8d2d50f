"""Coverage-guided fuzzing of every door: `python -m tests.security.fuzz --inputs 1000000 [--target T] [--write]`.

Each target runs in a process of its own, with atheris (libFuzzer) choosing the inputs. Counted are inputs, unexpected
exceptions by place, the slowest input in seconds of processor time, and what the second half of the run added to the
memory: resident bytes (libFuzzer's own corpus among them) and blocks held by Python.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import structlog

ROOT = Path(__file__).parents[2]
LONGEST = 1.0
"""Seconds of processor time that one input may take."""
GROWTH = 64.0
"""MB that the second half of a run of some length may add."""
LONG_RUN = 20_000
MAX_BYTES = 4096
HANG = 60
TOGETHER = "together"
COVERED = ("bot", "cards", "knowledge", "rules")


@dataclass
class Record:
    """What a run of one target found."""

    target: str
    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_input: str = ""
    resident_mb: float = 0.0
    grown_mb: float = 0.0
    grown_blocks: int = 0
    problems: dict[str, str] = field(default_factory=dict)
    hits: dict[str, int] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """No unexpected exception, nothing slow, nothing that grows."""
        grown = self.inputs >= LONG_RUN and self.grown_mb > GROWTH
        return not self.problems and self.slowest <= LONGEST and not grown

    def line(self) -> str:
        """The figures in one line."""
        return (
            f"{self.target}: {self.inputs} inputs in {self.seconds:.0f} s, {len(self.problems)} problems, "
            f"slowest {self.slowest * 1000:.0f} ms, second half grew by {self.grown_mb:.1f} MB "
            f"and {self.grown_blocks} blocks of {self.resident_mb:.0f} MB"
        )


class Watch:
    """Runs a target on one input after another and keeps the record."""

    def __init__(self, target: str, run: Callable[[bytes], None], inputs: int, out: Path) -> None:
        self.record = Record(target)
        self._run, self._inputs, self._out = run, inputs, out
        self._began = time.perf_counter()
        self._half = (0.0, 0)

    def __call__(self, data: bytes) -> None:
        """One input; libFuzzer ends the process after the last."""
        record = self.record
        if record.inputs == self._inputs // 2:
            self._half = memory()
        began = time.process_time()
        try:
            self._run(data)
        except Exception as error:  # noqa: BLE001  any exception is a finding
            self._note(error, data)
        took = time.process_time() - began
        if took > record.slowest:
            record.slowest, record.slowest_input = took, data.hex()
        record.inputs += 1
        if record.inputs == self._inputs:
            self.finish()

    def finish(self) -> None:
        """Write the record."""
        resident, blocks = memory()
        record = self.record
        record.seconds = time.perf_counter() - self._began
        record.resident_mb = resident
        record.grown_mb, record.grown_blocks = resident - self._half[0], blocks - self._half[1]
        self._out.write_text(json.dumps(asdict(record)), "utf-8")

    def _note(self, error: Exception, data: bytes) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = next((f for f in reversed(frames) if ".venv" not in f.filename), frames[-1])
        name = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {str(error)[:120]}"
        self.record.hits[name] = self.record.hits.get(name, 0) + 1
        self.record.problems.setdefault(name, data.hex())


def memory() -> tuple[float, int]:
    """Resident MB, and the blocks that Python holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20, sys.getallocatedblocks()


def child(target: str, inputs: int, seed: int, out: Path) -> None:
    """One target in this process, watched by libFuzzer, which ends the process."""
    import atheris

    with atheris.instrument_imports(include=list(COVERED)):
        from tests.security import inputs as made
        from tests.security import targets
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    names = list(targets.TARGETS) if target == TOGETHER else [target]
    runs = [targets.TARGETS[name].run for name in names]

    def run(data: bytes) -> None:
        runs[data[0] % len(runs) if data and len(runs) > 1 else 0](data[len(runs) > 1 :])

    made.sentences()
    for first in range(len(runs)):
        run(bytes([first, *range(1, 40)]))  # whatever is loaded on first use is not the first input's time
    options = [
        f"-runs={inputs}",
        f"-max_len={MAX_BYTES}",
        f"-seed={seed}",
        f"-timeout={HANG}",
        "-verbosity=0",
    ]
    options += ["-len_control=20", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *options], Watch(target, run, inputs, out))
    atheris.Fuzz()


def fuzzed(target: str, inputs: int, seed: int) -> Record:
    """A target's record, from a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "record.json"
        command = [sys.executable, "-m", "tests.security.fuzz", "--child", str(out), "--target", target]
        command += ["--inputs", str(inputs), "--seed", str(seed)]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
        )
        if not out.exists():
            return Record(target, problems={f"died with {done.returncode}": done.stderr[-3000:]})
        return Record(**json.loads(out.read_text("utf-8")))


def section(records: Sequence[Record], command: str) -> str:
    """The figures as a section of the page on quality."""
    lines = [
        "## Hostile input",
        "",
        f"Written by `{command}`. Coverage-guided (atheris); each target in a process of its own. An exception that "
        "leaves a door is a problem; the HTTP door counts every status but 200, 202, 400, 401, 413 and 415. "
        "Times are processor time of one input with the instrumentation on; growth is what the second half of a run "
        "added, libFuzzer's own corpus included.",
        "",
        "| target | inputs | problems | slowest input | resident | second half grew by | Python blocks |",
        "|---|---|---|---|---|---|---|",
    ]
    for each in records:
        lines.append(
            f"| {each.target} | {each.inputs} | {len(each.problems)} | {each.slowest * 1000:.0f} ms | "
            f"{each.resident_mb:.0f} MB | {each.grown_mb:.1f} MB | {each.grown_blocks:+d} |"
        )
    inputs, problems = sum(each.inputs for each in records), sum(len(each.problems) for each in records)
    slowest = max(each.slowest for each in records)
    lines.append(f"| **all** | **{inputs}** | **{problems}** | **{slowest * 1000:.0f} ms** | | | |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, print the figures; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.fuzz", description=__doc__)
    parser.add_argument(
        "--inputs", type=int, default=20_000, help="inputs in all, shared out over the targets"
    )
    parser.add_argument("--target", help=f"one target, or {TOGETHER!r}: all in one process")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--write", action="store_true", help="renew the section in docs/quality.md")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        child(given.target, given.inputs, given.seed, given.child)
    records = []
    for name, inputs in _shares(given.target, given.inputs):
        records.append(fuzzed(name, inputs, given.seed))
        print(records[-1].line(), flush=True)
        for problem, data in records[-1].problems.items():
            print(f"  {records[-1].hits.get(problem, 1)} x {problem}\n    {data}", flush=True)
    if given.write:
        from knowledge.quality import PAGE, renew_section

        page = PAGE.read_text("utf-8")
        PAGE.write_text(renew_section(page, "fuzzing", section(records, _command(given))), "utf-8")
    return 0 if all(record.well for record in records) else 1


def _command(given: argparse.Namespace) -> str:
    return f"python -m tests.security.fuzz --inputs {given.inputs} --seed {given.seed} --write"


def _shares(target: str | None, inputs: int) -> list[tuple[str, int]]:
    if target:
        return [(target, inputs)]
    from tests.security.targets import TARGETS

    whole = sum(each.share for each in TARGETS.values())
    return [(name, max(1, -(-inputs * each.share // whole))) for name, each in TARGETS.items()]


if __name__ == "__main__":
    sys.exit(main())
