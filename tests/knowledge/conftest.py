"""The real base, indexed once, and a small invented one to break."""

import shutil
from pathlib import Path

import pytest

from knowledge.search import Engine, load_engine

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def engine() -> Engine:
    return load_engine()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the invented base that a test may change."""
    copy = tmp_path / "base"
    shutil.copytree(FIXTURES / "base", copy)
    return copy
