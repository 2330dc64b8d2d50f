"""What the dialogue tests share: the real knowledge and the real rules, loaded once."""

from __future__ import annotations

import pytest

from knowledge.search import Engine, load_engine
from rules import Rulebook, load_rulebook


@pytest.fixture(scope="session")
def engine() -> Engine:
    return load_engine()


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()
