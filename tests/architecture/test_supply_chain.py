"""What is installed: pinned with hashes, under licences that allow it, and no more of the SDK than is needed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ALLOWED = {
    "0BSD",
    "Apache Software License",
    "Apache-2.0",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "Dual License",
    "MIT",
    "MIT License",
    "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0",
    "Python Software Foundation License",
    "Zlib",
}
NOT_NEEDED = (
    "botbuilder.dialogs",
    "botbuilder.ai",
    "botframework.streaming",
    "msrestazure",
)
"""Parts of the SDK's world that the serving process never loads; decision 0001 says why the rest is there."""


def pinned(lock: str) -> dict[str, str]:
    """Names and versions of a lock file."""
    text = (ROOT / lock).read_text("utf-8")
    return {
        name.lower().replace("_", "-"): version
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=[\w.-]+==)", (ROOT / lock).read_text("utf-8"), flags=re.M)[1:]
    assert len(entries) > 20
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_both_locks_agree() -> None:
    serving, developing = (pinned(lock) for lock in LOCKS)
    assert serving.items() <= developing.items()


def test_licences_are_listed_and_allowed() -> None:
    rows = re.findall(
        r"^\| (\S+) +\| (\S+) +\| (.+?) +\|$", (ROOT / "docs/licences.md").read_text("utf-8"), re.M
    )[1:]
    listed = {name.lower().replace("_", "-"): version for name, version, _ in rows}
    assert listed == pinned("requirements.lock"), "run `make licences`"
    named = {each for *_, licence in rows for each in re.split(r" AND | OR |; ", licence)}
    assert named <= ALLOWED


def test_bill_of_materials_has_what_is_pinned(tmp_path: Path) -> None:
    bill = tmp_path / "sbom.json"
    tool = Path(sys.executable).with_name("cyclonedx-py")
    command = [
        str(tool),
        "requirements",
        str(ROOT / "requirements.lock"),
        "--output-reproducible",
        "-o",
        str(bill),
    ]
    subprocess.run(command, check=True, capture_output=True)
    components = json.loads(bill.read_text("utf-8"))["components"]
    assert {each["name"].lower().replace("_", "-"): each["version"] for each in components} == pinned(
        "requirements.lock"
    )


def test_serving_loads_no_more_of_the_sdk_than_it_needs() -> None:
    program = f"import sys, bot.app; print([m for m in {NOT_NEEDED!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
