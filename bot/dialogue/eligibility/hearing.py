"""What a message says about the person, read for a check that may be running."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.dialogue.eligibility import values
from bot.dialogue.eligibility.corrected import put_right, takes_back
from bot.dialogue.eligibility.memory import MADE_OF_WORKS, Check, Option, Unclear
from bot.dialogue.eligibility.picked import labelled, picked
from bot.dialogue.eligibility.remarks import is_question, is_yes_or_no
from bot.dialogue.extract import Ambiguity, Extracted, extract
from bot.texts import LOCALES
from bot.texts.facts import fact_words
from knowledge.text import stem, tokens
from rules import FACTS, FactError, Kind, Procedure, Text
from rules.facts import Naziv

ACTIVITIES = "activities"
POINTS = "points"
OF_NAZIV = frozenset({"years_in_naziv", "current_naziv_acquired_on"})


@dataclass(frozen=True, slots=True)
class Refused:
    """A stated value that cannot be."""

    fact: str
    text: Text


@dataclass(frozen=True, slots=True)
class Heard:
    """The message in terms of the check.

    `doubtful` are facts whose value was not clear, with the words, unless these told another fact; `corrects` says
    that a fact was taken back, `takes_back` that the message begins so.
    """

    procedure: Procedure | None
    facts: Mapping[str, Any]
    unknown: tuple[str, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()
    refused: tuple[Refused, ...] = ()
    activities: tuple[Mapping[str, Any], ...] = ()
    corrects: bool = False
    takes_back: bool = False
    wants_check: bool = False
    points: bool = False

    @property
    def says_something(self) -> bool:
        """Whether the message stated anything about the person."""
        return bool(
            self.facts or self.unknown or self.unclear or self.doubtful or self.refused or self.activities
        )


def hear(text: str, on: date, check: Check | None = None) -> Heard:
    """Read a message; a reply to the question that was asked last is read as one."""
    asked = check.asked if check else None
    procedure = check.procedure if check else None
    said = extract(text, on, asked=asked, procedure=procedure.value if procedure else None)
    if asked in MADE_OF_WORKS and _works(said, text, on, asked, {}):
        said = Extracted(names_works=True)
    if asked and check and _said_of_another(said, asked, check.procedure):
        said = replace(said, facts={name: value for name, value in said.facts.items() if name != asked})
    which = procedure or _procedure(said)
    known = FACTS[which] if which else {}
    facts: dict[str, Any] = {}
    refused: list[Refused] = []
    corrected = put_right(text, said, on, check)
    stated = dict(said.facts) | corrected
    for name, value in stated.items():
        if which is None or name not in known:
            continue
        try:
            facts[name] = values.read(which, name, values.plain(value))
        except FactError as error:
            refused.append(Refused(name, error.text))
    ambiguous = tuple(one for one in said.ambiguous if not corrected.keys() & set(one.facts))
    held = {**(check.facts if check else {}), **facts}.get("current_naziv")
    if which and held == Naziv.NONE.value:
        left = _left_over(ambiguous, on, which, facts)
        facts |= left
        ambiguous = tuple(one for one in ambiguous if not left.keys() & set(one.facts))
    unclear, doubtful = _unclear(ambiguous, on, which, facts)
    taken = {span.words for span in said.spans}
    doubtful = tuple((name, "" if words in taken else words) for name, words in doubtful)
    if check and asked and asked not in facts:
        facts |= picked(text, check, asked)
    if check and not (facts or unclear or doubtful or refused or said.unknown or is_yes_or_no(text)):
        facts |= labelled(text, check)
    back = bool(takes_back(text))
    return Heard(
        procedure=_procedure(said),
        facts=facts,
        unknown=tuple(name for name in said.unknown if name in known and name not in facts),
        unclear=unclear,
        doubtful=doubtful,
        refused=tuple(refused),
        activities=_activities(said) or _works(said, text, on, asked, facts),
        corrects=bool(said.corrections or corrected or (facts and back)),
        takes_back=back,
        wants_check=said.wants_check,
        points=said.procedure == POINTS,
    )


def facts_named(text: str, check: Check) -> list[str]:
    """The stated facts, or those answered by "ne vem", that some words name by their labels."""
    said = {stem(word) for word in tokens(text)[1:]}
    known = [name for name in FACTS[check.procedure] if name in check.facts or name in check.unknown]
    return [
        name
        for name in known
        if any(said & {stem(word) for word in tokens(fact_words(locale)[name].label)} for locale in LOCALES)
    ]


def _said_of_another(said: Extracted, asked: str, procedure: Procedure) -> bool:
    """Whether a yes or no to the question was only a verb of something else: "ravnateljica ni vložila"."""
    own = next((span for span in said.spans if span.fact == asked), None)
    if own is None or FACTS[procedure][asked].kind is not Kind.BOOL or is_yes_or_no(own.words):
        return False
    others = (span for span in said.spans if span.fact != asked)
    return any(
        (span.start <= own.start and own.end <= span.end) or span.start == own.end + 1 for span in others
    )


def _procedure(said: Extracted) -> Procedure | None:
    if said.procedure in {procedure.value for procedure in Procedure}:
        return Procedure(said.procedure)
    for procedure in Procedure:
        if any(name in FACTS[procedure] for name in said.facts):
            return procedure
    return None


def _works(
    said: Extracted, text: str, on: date, asked: str | None, facts: Mapping[str, Any]
) -> tuple[Mapping[str, Any], ...]:
    """Works told without asking for their points: "tri članke in vodenje aktiva štiri leta"."""
    if facts or not said.names_works or is_question(text):
        return ()
    works = _activities(extract(text, on, procedure=POINTS))
    told = len(works) > 1 or any(w["years"] or w["hours"] or w["count"] > 1 for w in works)
    return works if told or asked in MADE_OF_WORKS else ()


def _activities(said: Extracted) -> tuple[Mapping[str, Any], ...]:
    listed = said.facts.get(ACTIVITIES, ())
    return tuple(values.plain(item) for item in listed) if isinstance(listed, tuple) else ()


def _unclear(
    ambiguous: tuple[Ambiguity, ...], on: date, procedure: Procedure | None, facts: Mapping[str, Any]
) -> tuple[tuple[Unclear, ...], tuple[tuple[str, str], ...]]:
    """Words that may be one fact or another, and facts whose value is not clear."""
    unclear, doubtful = [], []
    for ambiguity in ambiguous:
        names = [
            name for name in ambiguity.facts if procedure and name in FACTS[procedure] and name not in facts
        ]
        options = _options(ambiguity.words, names, on, procedure) if len(names) > 1 and procedure else ()
        if len(options) > 1:
            unclear.append(Unclear(ambiguity.words, options))
        elif names:
            doubtful.append((names[0], ambiguity.words))
    return tuple(unclear), tuple(doubtful)


def _left_over(
    ambiguous: tuple[Ambiguity, ...], on: date, procedure: Procedure, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What ambiguous words say of somebody without a naziv: its years and its day cannot be meant."""
    found: dict[str, Any] = {}
    for ambiguity in ambiguous:
        left = [name for name in ambiguity.facts if name not in OF_NAZIV]
        if len(left) == 1 < len(ambiguity.facts) and left[0] not in facts:
            found |= {one.fact: one.value for one in _options(ambiguity.words, left, on, procedure)}
    return found


def _options(words: str, names: list[str], on: date, procedure: Procedure) -> tuple[Option, ...]:
    """What the words would say as a reply to each of the facts."""
    found = []
    for name in names:
        value = extract(words, on, asked=name).facts.get(name)
        if value is not None:
            found.append(Option(name, values.read(procedure, name, values.plain(value))))
    return tuple(found)
