"""Results as the doors give them out: plain values and sentences in the asked language."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from rules.assess import Assessment
from rules.attachments import AttachmentItem
from rules.calendar import Calendar, Window
from rules.errors import RulesError
from rules.finding import Finding, Gap
from rules.points import PointsResult
from rules.provision import Provision
from rules.rulebook import Rulebook
from rules.wording import DEFAULT_LOCALE, Wording

Plain = dict[str, Any]


def error_sentence(rulebook: Rulebook, error: RulesError, locale: str = DEFAULT_LOCALE) -> str:
    """The refusal, naming the fact."""
    return f"{error.fact}: {rulebook.say(error.text, locale)}"


def describe(rulebook: Rulebook, assessment: Assessment, locale: str = DEFAULT_LOCALE) -> Plain:
    words = rulebook.wording(locale)
    return {
        "outcome": assessment.outcome.value,
        "regulation": assessment.regulation,
        "as_if": assessment.as_if,
        "findings": [_finding(words, finding) for finding in assessment.findings],
        "options": [_finding(words, finding) for finding in assessment.options],
        "missing": list(assessment.missing),
        "attachments": list(assessment.attachments),
        "dates": {name: _day(day) for name, day in assessment.dates.items()},
        "award": dict(assessment.award),
        "assumptions": [words.say(said) for said in assessment.assumptions],
        "notes": [words.say(said) for said in assessment.notes],
        "help": {
            "gaps": [_gap(condition, gap) for condition, gap in assessment.gaps],
            "earliest_filing_on": _day(assessment.earliest_filing_on),
        },
        "provisions": _cited(words, (p for finding in assessment.findings for p in finding.provisions)),
        "digest": assessment.digest,
        "provisional": assessment.provisional,
    }


def describe_points(rulebook: Rulebook, result: PointsResult, locale: str = DEFAULT_LOCALE) -> Plain:
    words = rulebook.wording(locale)
    assumptions = [words.say(said) for said in result.assumptions]
    return {
        "total": result.total,
        "complete": result.complete,
        "note": None if result.complete else words.label("points.incomplete"),
        "lines": [
            {
                "activity": line.activity,
                "points": line.points,
                "provision": "; ".join(_cited(words, line.provisions)),
                "reason": words.say(line.reason),
            }
            for line in result.lines
        ],
        "regulation": result.regulation,
        "assumptions": assumptions,
        "digest": rulebook.digest,
        "provisional": True,
    }


def describe_calendar(rulebook: Rulebook, calendar: Calendar, locale: str = DEFAULT_LOCALE) -> Plain:
    words = rulebook.wording(locale)
    effect = calendar.if_filed_today
    return {
        "on": calendar.on.isoformat(),
        "self_filing_months": list(calendar.self_filing_months),
        "self_filing_open": calendar.self_filing_open,
        "window": _window(calendar.window),
        "next_window": _window(calendar.next_window),
        "if_filed_today": {
            "naziv_on": _day(effect.naziv_on),
            "pay_on": _day(effect.pay_on),
            "provisions": _cited(words, effect.provisions),
        },
        "regulation": calendar.regulation,
        "provisions": _cited(words, calendar.provisions),
        "digest": calendar.digest,
        "provisional": True,
    }


def describe_attachments(
    rulebook: Rulebook, items: Iterable[AttachmentItem], locale: str = DEFAULT_LOCALE
) -> list[Plain]:
    words = rulebook.wording(locale)
    return [
        {
            "code": item.code.value,
            "name": words.say(item.name),
            "provision": words.cite(item.provision),
            "established": item.established,
        }
        for item in items
    ]


def _finding(words: Wording, finding: Finding) -> Plain:
    return {
        "condition": finding.condition,
        "name": words.label(f"label.condition.{finding.condition}"),
        "outcome": finding.outcome.value,
        "provision": "; ".join(_cited(words, finding.provisions)),
        "evidence": finding.evidence.value,
        "reason": words.say(finding.reason),
        "missing": list(finding.missing),
        "needed": words.say(finding.needed) if finding.needed else "",
    }


def _gap(condition: str, gap: Gap) -> Plain:
    return {
        "condition": condition,
        "fact": gap.fact,
        "have": gap.have,
        "need": gap.need,
        "lacks": gap.lacks,
        "met_on": _day(gap.met_on),
    }


def _window(window: Window | None) -> Plain | None:
    if window is None:
        return None
    return {"opens_on": window.opens_on.isoformat(), "closes_on": window.closes_on.isoformat()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _cited(words: Wording, provisions: Iterable[Provision]) -> list[str]:
    return [words.cite(provision) for provision in dict.fromkeys(provisions)]
