"""How fast the search answers, and how that grows with the base: `python -m tests.benchmarks.answering [--write]`.

Bases of 100, 1,000 and 10,000 invented entries (`tests.benchmarks.synthetic`) and the real one, each in processes of
its own: one builds the index and keeps it, another reads it as the bot does at its start, answers, and asks
rapidfuzz the same questions over the same phrasings in the same run. Times of answering are CPU time of one thread,
so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.quality import PAGE, renew_section

SIZES = (100, 1_000, 10_000)
REAL = 0
QUESTIONS, BESIDE = 300, 20
ROOT = Path(__file__).parents[2]
PLOT = Path("docs/answering.svg")
SECTION = "answering"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one base. Times in seconds, memory in megabytes."""

    size: int
    rows: int
    build: float
    build_peak: float
    kept: float
    start: float
    memory: float
    p50: float
    p99: float
    extract_one: float
    first_three: float


def measure(size: int) -> Figures:
    """Build in one process, answer in another."""
    with tempfile.TemporaryDirectory() as folder:
        parts: dict[str, Any] = {}
        for step in ("build", "answer"):
            run = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.answering", "--step", step, str(size), folder],
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                check=True,
                stdout=subprocess.PIPE,
            )
            parts |= json.loads(run.stdout)
    return Figures(size, **parts)


def build_step(size: int, folder: Path) -> dict[str, float]:
    """Index a base and keep it in `folder`."""
    from knowledge import cache, vectors
    from knowledge.index import build
    from knowledge.loader import DATA, Known, load
    from tests.benchmarks.synthetic import synthetic

    base = load(DATA)
    if size != REAL:
        base = synthetic(base, size)
    table = vectors.load(DATA)
    before = time.process_time()
    index = build(base.entries.values(), base.background, table)
    spent = time.process_time() - before
    cache.write(folder, "kept", cache.Kept(Known({}, {}, {}), index))
    (folder / "entries").write_bytes(pickle.dumps(dict(base.entries)))
    kept = cache.file_of(folder, "kept").stat().st_size / 1e6
    return {"rows": index.rows, "build": spent, "build_peak": _memory("VmHWM"), "kept": kept}


def answer_step(size: int, folder: Path) -> dict[str, float]:
    """Read what was kept, answer questions, and ask rapidfuzz the same."""
    before = time.process_time()
    from knowledge import cache
    from knowledge.loader import DATA, load
    from knowledge.ranking import load_calibration
    from knowledge.search import Engine
    from tests.benchmarks.synthetic import questions

    kept = cache.read(folder, "kept")
    assert kept is not None
    base = replace(load(DATA, kept.known), entries=pickle.loads((folder / "entries").read_bytes()))
    engine = Engine(base, kept.index, load_calibration())
    start = time.process_time() - before
    asked = questions(base, QUESTIONS)
    for text, _ in asked[:10]:
        engine.search(text)
    times = sorted(_timed(lambda text=text: engine.search(text)) for text, _ in asked)
    found = [engine.search(text).hits for text, _ in asked]
    right = sum(
        any(hit.entry == entry for hit in hits) for hits, (_, entry) in zip(found, asked, strict=True)
    )
    memory = _memory("VmRSS")
    return {
        "start": start,
        "memory": memory,
        "p50": times[len(times) // 2],
        "p99": times[len(times) * 99 // 100],
        "extract_one": _extract_one(base, [text for text, _ in asked[:BESIDE]]),
        "first_three": right / len(asked),
    }


def _extract_one(base: Any, asked: list[str]) -> float:
    from rapidfuzz import fuzz, process

    rows = [
        line
        for entry in base.entries.values()
        for line in (entry.title.sl, entry.title.en, *entry.phrasings.sl, *entry.phrasings.en)
    ]
    times = sorted(
        _timed(lambda text=text: process.extractOne(text, rows, scorer=fuzz.WRatio)) for text in asked
    )
    return times[len(times) // 2]


def _timed(act: Callable[[], object]) -> float:
    before = time.thread_time()
    act()
    return time.thread_time() - before


def _memory(name: str) -> float:
    """A figure of this process from the kernel, in megabytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def section(measured: list[Figures]) -> str:
    """The section of docs/quality.md."""
    lines = [
        "## How fast it answers",
        "",
        "Written by `python -m tests.benchmarks.answering --write`: CPU time of one thread, every base in processes of "
        "its own. Invented bases have 3 Slovenian phrasings and 1 English an entry, in the words of the real one; "
        f"{QUESTIONS} questions are phrasings with a word less, a quarter of them with slips of the keyboard. "
        "*Phrasings* counts all that is compared: titles and terms too. `extractOne` is "
        "`rapidfuzz.process.extractOne` (WRatio) over the same phrasings in the same run. *Memory* is the whole "
        "process that answers, interpreter and libraries included.",
        "",
        "| base | phrasings | answer p50 | p99 | `extractOne` p50 | times faster | memory | index on disk | build | "
        "peak while building | start with a kept index | own entry shown |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
        *(_row(figures) for figures in measured),
        "",
        f"![Time of an answer against the number of entries]({PLOT.name})",
    ]
    return "\n".join(lines)


def _row(one: Figures) -> str:
    name = "the real one" if one.size == REAL else f"{one.size:,} invented entries"
    return (
        f"| {name} | {one.rows:,} | {one.p50 * 1e3:.1f} ms | {one.p99 * 1e3:.1f} ms | {one.extract_one * 1e3:.1f} ms | "
        f"{one.extract_one / one.p50:.0f} | {one.memory:.0f} MB | {one.kept:.0f} MB | {one.build:.1f} s | "
        f"{one.build_peak:.0f} MB | {one.start:.1f} s | {one.first_three:.0%} |"
    )


def plot(measured: list[Figures], path: Path) -> None:
    """Draw how the time of an answer, of extractOne and of the build grow with the entries."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    invented = [one for one in measured if one.size != REAL]
    sizes = [one.size for one in invented]
    with pyplot.rc_context({"svg.hashsalt": SECTION}):
        figure, axes = pyplot.subplots(figsize=(7, 4))
        for label, values in (
            ("answer, p50 (ms)", [one.p50 * 1e3 for one in invented]),
            ("extractOne, p50 (ms)", [one.extract_one * 1e3 for one in invented]),
            ("build (s)", [one.build for one in invented]),
        ):
            axes.plot(sizes, values, marker="o", label=label)
        axes.set(xscale="log", yscale="log", xlabel="entries", ylabel="CPU time")
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend()
        figure.tight_layout()
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)


def main() -> int:
    """Print the section; with `--write` renew it in docs/quality.md and draw the growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="renew the section of docs/quality.md")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[REAL, *SIZES], help="entries (0: the real base)"
    )
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        name, size, folder = options.step
        step = build_step if name == "build" else answer_step
        print(json.dumps(step(int(size), Path(folder))))
        return 0
    measured = [measure(size) for size in options.sizes]
    body = section(measured)
    print(body)
    if options.write:
        plot(measured, PLOT)
        PAGE.write_text(renew_section(PAGE.read_text(encoding="utf-8"), SECTION, body), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
