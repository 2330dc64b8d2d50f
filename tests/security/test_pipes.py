"""Commands in a pipe: whoever reads may stop reading, and no trace of it is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = b'{"procedure": "naziv", "on": "2026-11-21", "facts": {}}\n'


@pytest.mark.parametrize(
    "arguments, line",
    [
        (["bot", "ask", "--jsonl"], b'{"text": "pomoc"}\n'),
        (["bot", "ask", "pomoc"], b""),
        (["rules", "check", "--jsonl"], CHECK),
        (["rules", "calendar", "--on", "2026-11-21"], b""),
        (["knowledge", "stale"], b""),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_a_reader_that_goes_away_is_no_error(arguments: list[str], line: bytes) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.close()  # before a word is written, so that the first write already fails
    _, errors = process.communicate(line * 3, timeout=120)
    assert errors == b""
    assert process.returncode == 0
