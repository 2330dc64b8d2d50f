"""Where a rule is written, and how far that text can be trusted."""

from enum import StrEnum
from typing import NamedTuple


class Evidence(StrEnum):
    OFFICIAL = "official"
    """The act's own text or the ministry's own page."""
    REPRINT = "reprint"
    """An unofficial consolidated text, or a court quoting the act."""
    SECONDARY = "secondary"
    """A page about the rule: never decides."""
    MISSING = "missing"
    """The text was not read: never decides."""

    @property
    def decides(self) -> bool:
        return self in (Evidence.OFFICIAL, Evidence.REPRINT)


class Provision(NamedTuple):
    act: str
    """Key of the act; its name stands in the texts."""
    article: str | None
    paragraph: str | None
    section: str | None
    """Heading on a page that has no articles, in the page's own words."""
    gazette: str | None
    """Number of the official gazette, such as 92/2023."""
    evidence: Evidence
