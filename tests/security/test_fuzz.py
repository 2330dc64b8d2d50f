"""A short run of the coverage-guided fuzzing; the long one is recorded in docs/quality.md."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.security import fuzz

ROOT = Path(__file__).parents[2]
INPUTS = 400


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris for this machine")
def test_a_short_run_over_all_doors() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.security.fuzz",
        "--inputs",
        str(INPUTS),
        "--target",
        fuzz.TOGETHER,
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{fuzz.TOGETHER}: {INPUTS} inputs" in run.stdout


def watched(tmp_path: Path, run: fuzz.Callable[[bytes], None], times: int = 4) -> fuzz.Record:
    watch = fuzz.Watch("t", run, times, tmp_path / "record.json")
    for number in range(times):
        watch(bytes([number]))
    return watch.record


def test_what_the_runner_finds(tmp_path: Path) -> None:
    def fails(data: bytes) -> None:
        if data == b"\2":
            raise KeyError("x")

    assert watched(tmp_path, lambda data: None).well
    found = watched(tmp_path, fails)
    assert not found.well
    ((problem, example),) = found.problems.items()
    assert "KeyError at test_fuzz.py" in problem
    assert example == "02"


def test_what_is_slow_or_grows_is_not_well() -> None:
    assert not fuzz.Record("t", 10, slowest=fuzz.LONGEST + 0.1).well
    assert not fuzz.Record("t", fuzz.LONG_RUN, grown_mb=fuzz.GROWTH + 1).well
    assert fuzz.Record("t", fuzz.LONG_RUN, slowest=0.4, grown_mb=1.0).well


def test_every_target_has_its_share() -> None:
    shares = dict(fuzz._shares(None, 1_000_000))
    assert sum(shares.values()) >= 1_000_000
    assert min(shares.values()) >= 1000  # the slow doors have few; the record says how many
