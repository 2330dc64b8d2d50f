"""What a message says about the person, read for a check that may be running."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.dialogue.eligibility import values
from bot.dialogue.eligibility.memory import MADE_OF_WORKS, Check, Option, Unclear
from bot.dialogue.eligibility.options import choices_of
from bot.dialogue.eligibility.remarks import is_question, is_yes_or_no, number_typed
from bot.dialogue.extract import Ambiguity, Correction, Extracted, extract
from bot.texts import LOCALES, commands
from bot.texts.facts import fact_words
from knowledge.text import fold, stem, tokens
from rules import FACTS, FactError, Kind, Procedure, Text
from rules.facts import Naziv

ACTIVITIES = "activities"
POINTS = "points"
OF_NAZIV = frozenset({"years_in_naziv", "current_naziv_acquired_on"})
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?")
_NOT_SO = re.compile(rf"\b(?:ne|not)\s({_NUMBER.pattern})", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_ALIKE = 5
"""So many first letters tell the names of attachments apart."""


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
    corrected = (
        _corrected(said, on, check) or _taken_back(text, said, on, check) or _exchanged(text, said, on, check)
    )
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
        facts |= _picked(text, check, asked)
    if check and not (facts or unclear or doubtful or refused or said.unknown or is_yes_or_no(text)):
        facts |= _labelled(text, check)
    return Heard(
        procedure=_procedure(said),
        facts=facts,
        unknown=tuple(name for name in said.unknown if name in known and name not in facts),
        unclear=unclear,
        doubtful=doubtful,
        refused=tuple(refused),
        activities=_activities(said) or _works(said, text, on, asked, facts),
        corrects=bool(said.corrections or corrected or (facts and _takes_back(text))),
        takes_back=bool(_takes_back(text)),
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


def _corrected(said: Extracted, on: date, check: Check | None) -> dict[str, Any]:
    """What a correction puts in the place of the fact that was stated last."""
    found: dict[str, Any] = {}
    for correction in said.corrections:
        fact = correction.fact or (check.last if check else "")
        if fact and fact not in said.facts:
            found |= _after(correction, fact, on)
    return found


def _taken_back(text: str, said: Extracted, on: date, check: Check | None) -> dict[str, Any]:
    """ "Narobe, 7 let" says nothing of the question that is asked, but of the fact that was stated last."""
    if check is None or not check.last or check.asked in {*said.facts, *said.unknown}:
        return {}
    rest = _takes_back(text)
    return _after(Correction(check.last, "", rest), check.last, on) if rest else {}


def _takes_back(text: str) -> str:
    """What follows "narobe", "pravzaprav" and the like at the beginning; nothing where nothing is taken back so."""
    words = list(_WORD.finditer(text))
    said = [fold(word[0]) for word in words]
    for phrase in commands().take_back:
        cue = phrase.split()
        if said[: len(cue)] == cue and len(said) > len(cue):
            return text[words[len(cue)].start() :]
    return ""


def _exchanged(text: str, said: Extracted, on: date, check: Check | None) -> dict[str, Any]:
    """ "36 let, ne 35" means the one fact that was stated as 35, whatever is asked."""
    gone = _NOT_SO.search(text)
    if check is None or gone is None:
        return {}
    before = float(gone[1].replace(",", "."))
    facts = [name for name, value in check.facts.items() if type(value) in (int, float) and value == before]
    instead = [number for number in _NUMBER.findall(text) if number != gone[1]]
    if len(facts) != 1 or len(instead) != 1 or facts[0] in said.facts:
        return {}
    return _after(Correction(facts[0], gone[1], instead[0]), facts[0], on)


def _after(correction: Correction, fact: str, on: date) -> dict[str, Any]:
    again = extract(correction.after, on, asked=fact)
    return {fact: again.facts[fact]} if fact in again.facts else {}


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


def _picked(text: str, check: Check, asked: str) -> dict[str, Any]:
    """A choice by its number or its own label, or a list as the hint shows it."""
    words = fold(text.strip().rstrip(".!"))
    choices = choices_of(check, asked)
    spec = FACTS[check.procedure][asked]
    if spec.kind in {Kind.CHOICE, Kind.BOOL}:
        number = number_typed(text)
        if number is not None and number <= len(choices):
            return {asked: choices[number - 1].value}
        named = [choice.value for choice in choices if fold(choice.label) == words]
        return {asked: named[0]} if named else {}
    if spec.kind is Kind.CHOICES and not is_question(text):
        return _listed(text, asked)
    if spec.kind in {Kind.SEQUENCE, Kind.NUMBERS, Kind.OPTIONAL_NUMBERS}:
        try:
            value = values.from_input(check.procedure, asked, text)
        except FactError:
            return {}
        return {asked: value} if value else {}
    return {}


def _labelled(text: str, check: Check) -> dict[str, Any]:
    """A choice of a fact that is not asked for now, by a label that no other fact has: "izjemno"."""
    words = fold(text.strip().rstrip(".!"))
    named = {
        (name, value)
        for name, spec in FACTS[check.procedure].items()
        if spec.kind is Kind.CHOICE
        for locale in LOCALES
        for value, label in fact_words(locale)[name].choices.items()
        if fold(label) == words
    }
    return dict(named) if len(named) == 1 else {}


def _listed(text: str, asked: str) -> dict[str, Any]:
    """Items of a set named by the first word of their labels, in either language."""
    said = tokens(text)
    named = [
        value
        for value in fact_words("sl")[asked].choices
        if any(
            word.startswith(tokens(fact_words(locale)[asked].choices[value])[0][:_ALIKE])
            for locale in LOCALES
            for word in said
        )
    ]
    return {asked: named} if named else {}
