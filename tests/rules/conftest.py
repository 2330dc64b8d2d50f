"""One rulebook for all tests of the rules; it is immutable."""

import pytest

import rules


@pytest.fixture(scope="session")
def book() -> rules.Rulebook:
    return rules.load_rulebook()
