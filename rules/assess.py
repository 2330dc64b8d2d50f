"""The examination itself: facts in, a provisional assessment with every condition out. It decides nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.errors import FactError
from rules.facts import Procedure
from rules.finding import Finding, Gap, Outcome, Text, overall, text
from rules.procedures.naziv import case as naziv_case
from rules.procedures.naziv import procedure as naziv
from rules.procedures.placni_razred_um import case as pay_case
from rules.procedures.placni_razred_um import procedure as pay
from rules.reading import read_choice, read_day, read_naziv, read_pay_grade, shown
from rules.regulation import Regulation, in_force, named
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Assessment:
    procedure: Procedure
    on: date
    law_day: date
    """The day that chose the law: the filing day, as far as it is known."""
    regulation: str
    as_if: bool
    """Judged by a regulation that the caller named and that does not cover the day."""
    outcome: Outcome
    findings: tuple[Finding, ...]
    options: tuple[Finding, ...]
    """What more is possible; no condition of the outcome."""
    missing: tuple[str, ...]
    attachments: tuple[str, ...]
    dates: Mapping[str, date | None]
    award: Mapping[str, str | int]
    assumptions: tuple[Text, ...]
    notes: tuple[Text, ...]
    earliest_filing_on: date | None
    digest: str
    provisional: bool = field(default=True, init=False)

    @property
    def gaps(self) -> tuple[tuple[str, Gap], ...]:
        """What would help: by condition, how much is missing and from when time meets it."""
        return tuple((finding.condition, finding.gap) for finding in self.findings if finding.gap)


def assess(
    rulebook: Rulebook,
    procedure: str,
    facts: Mapping[str, Any],
    on: date | str,
    regulation: str | None = None,
) -> Assessment:
    """Examine every condition; raises RulesError, naming the fact, for what cannot be examined."""
    which = read_choice("procedure", Procedure, procedure)
    return _ASSESSORS[which](rulebook, facts, read_day("on", on), regulation)


def choose(
    rulebook: Rulebook, procedure: Procedure, day: date, fact: str, name: object
) -> tuple[Regulation, date, bool]:
    """The regulation, the day for which its values are read, and whether it is one that the day does not have."""
    regulations = rulebook.regulations[procedure]
    if name is None:
        return in_force(regulations, day, fact), day, False
    if not isinstance(name, str):
        raise FactError("regulation", "not_a_name", value=shown(name))
    regulation = named(regulations, name)
    return regulation, regulation.period.nearest(day), not regulation.period.covers(day)


def _assess_naziv(rulebook: Rulebook, raw: object, on: date, name: object) -> Assessment:
    facts = read_naziv(raw)
    filing = naziv_case.filing_day(facts, on)
    day, fact = filing.day, "on" if filing.assumed else "filed_on"
    regulation, value_day, as_if = choose(rulebook, Procedure.NAZIV, day, fact, name)
    case = naziv_case.build_case(facts, filing, regulation.parameters.on(value_day))
    findings = _findings(regulation, case)
    outcome = overall(findings)
    return Assessment(
        Procedure.NAZIV,
        on,
        day,
        regulation.id,
        as_if,
        outcome,
        findings,
        (),
        _missing(findings),
        naziv.attachments(case),
        naziv.dates(case),
        naziv.award(case, outcome),
        tuple(naziv.assumptions(case)),
        _notes(regulation, as_if, day),
        naziv.earliest_filing(case, findings),
        rulebook.digest,
    )


def _assess_pay_grade(rulebook: Rulebook, raw: object, on: date, name: object) -> Assessment:
    facts = read_pay_grade(raw)
    regulation, value_day, as_if = choose(rulebook, Procedure.PLACNI_RAZRED_UM, on, "on", name)
    case = pay_case.build_case(facts, on, regulation.parameters.on(value_day))
    findings = _findings(regulation, case)
    outcome = overall(findings)
    return Assessment(
        Procedure.PLACNI_RAZRED_UM,
        on,
        on,
        regulation.id,
        as_if,
        outcome,
        findings,
        pay.options(case),
        _missing(findings),
        (),
        pay.dates(case),
        pay.award(case, outcome),
        tuple(pay.assumptions(case)),
        _notes(regulation, as_if, on),
        None,
        rulebook.digest,
    )


_ASSESSORS: Mapping[Procedure, Callable[[Rulebook, object, date, object], Assessment]] = {
    Procedure.NAZIV: _assess_naziv,
    Procedure.PLACNI_RAZRED_UM: _assess_pay_grade,
}


def _findings(regulation: Regulation, case: object) -> tuple[Finding, ...]:
    found = (condition(case) for condition in regulation.conditions)
    return tuple(finding for finding in found if finding is not None)


def _missing(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for finding in findings for name in finding.missing))


def _notes(regulation: Regulation, as_if: bool, day: date) -> tuple[Text, ...]:
    notes = [text(f"note.{key}") for key in regulation.notes]
    if as_if:
        notes.insert(0, text("note.as_if", regulation=text(f"act.{regulation.id}"), day=day))
    return tuple(notes)
