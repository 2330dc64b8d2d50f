"""The nouns of the knowledge base: entries with dated versions, their sources, topics.

Every field is checked by pydantic when a file is read; unknown fields are errors.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Evidence = Literal["official", "reprint", "secondary", "missing"]
Kind = Literal["answer", "unknown"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Both(_Frozen):
    """One line in Slovenian and English."""

    sl: Line
    en: Line

    def of(self, locale: str) -> str:
        """The text in `locale` ("en", anything else is Slovenian)."""
        return self.en if locale == "en" else self.sl


class BothWords(_Frozen):
    """A longer text in Slovenian and English."""

    sl: Words
    en: Words

    def of(self, locale: str) -> str:
        """The text in `locale` ("en", anything else is Slovenian)."""
        return self.en if locale == "en" else self.sl


class Citation(_Frozen):
    """A place in a source that carries the answer, and how far it can be trusted."""

    source: Id
    provision: Line
    evidence: Evidence


class Version(_Frozen):
    """What holds on the days of the half-open period [valid_from, valid_to)."""

    valid_from: date
    valid_to: date | None = None
    kind: Kind
    answer: BothWords
    sources: tuple[Citation, ...] = Field(min_length=1)

    def holds(self, on: date) -> bool:
        """Whether the version is the one of day `on`."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @model_validator(mode="after")
    def _period_in_order(self) -> Version:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be after valid_from")
        return self


class About(_Frozen):
    """Exact terms that an entry is restricted to: a question that names another value is not for it."""

    naziv: tuple[Literal["mentor", "svetovalec", "svetnik", "visji_svetnik"], ...] = ()
    route: tuple[Literal["redno", "izjemno", "posebni_pogoji"], ...] = ()
    proposer: tuple[Literal["ravnatelj", "strokovni_delavec", "svet_zavoda"], ...] = ()
    workplace: tuple[Literal["vrtec", "sola", "javni_zavod"], ...] = ()


class Phrasings(_Frozen):
    """How people really ask."""

    sl: tuple[Line, ...] = Field(min_length=8)
    en: tuple[Line, ...] = Field(min_length=3)


class Entry(_Frozen):
    """One curated question with its dated answers. `topic` is the folder that it lies in."""

    id: Id
    topic: Id
    title: Both
    about: About = About()
    terms: tuple[Line, ...] = Field(min_length=1)
    versions: tuple[Version, ...] = Field(min_length=1)
    phrasings: Phrasings
    related: tuple[Id, ...] = Field(default=(), max_length=3)
    owner: Line
    reviewed_on: date
    review_by: date

    def version_on(self, on: date) -> Version | None:
        """The version that holds on day `on`, or None when the base covers no such day."""
        return next((version for version in self.versions if version.holds(on)), None)

    @property
    def never_known(self) -> bool:
        """Whether every version only says that the sources do not tell: a known unknown."""
        return all(version.kind == "unknown" for version in self.versions)

    @model_validator(mode="after")
    def _in_order(self) -> Entry:
        for before, after in zip(self.versions, self.versions[1:], strict=False):
            if before.valid_to is None or before.valid_to > after.valid_from:
                raise ValueError(f"versions overlap or are out of order at {after.valid_from}")
        if self.review_by <= self.reviewed_on:
            raise ValueError("review_by must be after reviewed_on")
        return self


class Source(_Frozen):
    """A text that answers rest on."""

    title: Both
    url: str | None = None
    dated: Both | None = None


class Topic(_Frozen):
    """A folder of entries: its label, and which institution's staff it speaks to."""

    label: Both
    institution: Literal["mvi", "um"]
