"""Facts, subjects and conditions in words, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.dialogue.eligibility import values
from bot.dialogue.eligibility.examine import TARGET, Examination
from bot.dialogue.eligibility.memory import Check
from bot.texts import Texts
from bot.texts.facts import fact_words
from cards.views import Condition, Line
from rules import FACTS, Finding, Outcome, Procedure, Rulebook
from rules.wording import Wording

NOT_READ = frozenset({"reason.text_missing", "reason.remainder"})
"""Why a condition stays open for lack of a text, not of a fact."""
ORDER = (Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.MET)
_INSTEAD = {"years_in_naziv": "current_naziv_acquired_on"}


def label(fact: str, texts: Texts) -> str:
    """How a fact is called."""
    return fact_words(texts.locale)[fact].label


def labels(facts: Iterable[str], texts: Texts) -> str:
    """Several facts, in one line."""
    return ", ".join(label(fact, texts) for fact in facts)


def value(procedure: Procedure, fact: str, stated: Any, rulebook: Rulebook, texts: Texts) -> str:
    """The value of a fact in words."""
    return values.shown(procedure, fact, stated, rulebook, texts)


def stated(procedure: Procedure, facts: Mapping[str, Any], rulebook: Rulebook, texts: Texts) -> str:
    """Some facts with their values, in one line."""
    return "; ".join(
        texts(
            "check.ask.option", label=label(name, texts), value=value(procedure, name, given, rulebook, texts)
        )
        for name, given in facts.items()
    )


def fact_lines(
    check: Check, rulebook: Rulebook, texts: Texts, assumed: Mapping[str, Any] | None = None
) -> tuple[Line, ...]:
    """All that was stated, in the order of the catalogue, then what is taken for granted, then what is not known."""
    facts = {**check.facts, **check.what_if}
    lines = []
    for name in (name for name in FACTS[check.procedure] if name in facts):
        words = value(check.procedure, name, facts[name], rulebook, texts)
        shown = texts("check.supposed", value=words) if name in check.what_if else words
        lines.append(Line(label(name, texts), shown))
    for name, given in (assumed or {}).items():
        words = value(check.procedure, name, given, rulebook, texts)
        key = "check.assumed_target" if name == TARGET else "check.assumed"
        lines.append(Line(label(name, texts), texts(key, value=words)))
    lines += [
        Line(label(name, texts), texts("check.dont_know")) for name in check.unknown if name not in facts
    ]
    return tuple(lines)


def subject(procedure: Procedure, facts: Mapping[str, Any], texts: Texts) -> str:
    """What is checked: the naziv and the route, or the pay grade."""
    target, route = facts.get("target_naziv"), facts.get("route")
    if procedure is Procedure.NAZIV and target:
        words = fact_words(texts.locale)
        named = words["target_naziv"].choices[target]
        if not route:
            return named
        return texts("check.subject.naziv_target", target=named, route=words["route"].choices[route])
    return texts(f"check.subject.{procedure.value}")


def act(examination: Examination, rulebook: Rulebook, texts: Texts) -> str:
    """The name of the regulation that applies."""
    return rulebook.wording(texts.locale).label(f"act.{examination.assessment.regulation}")


def is_old(examination: Examination, rulebook: Rulebook, on: date) -> bool:
    """Whether the filing day is under rules that no longer hold today."""
    assessment = examination.assessment
    regulations = rulebook.regulations[assessment.procedure]
    today = [regulation.id for regulation in regulations if regulation.period.covers(on)]
    return bool(today) and assessment.regulation not in today


def conditions(
    examination: Examination, rulebook: Rulebook, texts: Texts, *, with_missing: bool
) -> tuple[Condition, ...]:
    """Every condition with its mark, what fails first; those whose text was not read come together."""
    words = rulebook.wording(texts.locale)
    shown: list[Condition] = []
    for outcome in ORDER:
        for finding in examination.assessment.findings:
            if _verdict(examination, finding) is not outcome or finding.reason.key in NOT_READ:
                continue
            if with_missing or not finding.missing or finding.condition in examination.wavering:
                shown.append(_condition(examination, finding, words, texts))
        if outcome is Outcome.UNKNOWN:
            shown += _not_in_base(examination, rulebook, texts)
    return tuple(shown)


def _verdict(examination: Examination, finding: Finding) -> Outcome:
    return Outcome.UNKNOWN if finding.condition in examination.wavering else finding.outcome


def _condition(examination: Examination, finding: Finding, words: Wording, texts: Texts) -> Condition:
    verdict = _verdict(examination, finding)
    reason = words.say(finding.reason)
    needed = words.say(finding.needed) if finding.needed else ""
    if finding.condition in examination.wavering:
        days = [name for name, given in examination.facts.items() if values.partial(given)]
        reason, needed = texts("check.wavering", fact=labels(days, texts)), ""
    elif finding.condition in examination.counted:
        reason = texts("check.counted_from", reason=reason)
    return Condition(
        mark=texts(f"check.mark.{verdict.value}"),
        verdict=texts(f"check.verdict.{verdict.value}"),
        name=words.label(f"label.condition.{finding.condition}"),
        reason=reason,
        needed=needed,
        provision="; ".join(dict.fromkeys(words.place(p) or words.cite(p) for p in finding.provisions)),
    )


def _not_in_base(examination: Examination, rulebook: Rulebook, texts: Texts) -> list[Condition]:
    """The conditions that no text read decides, as one, with what was stated about them and where to look."""
    words = rulebook.wording(texts.locale)
    findings = [f for f in examination.assessment.findings if f.reason.key in NOT_READ]
    if not findings:
        return []
    names = [f"- {_with_stated(examination, finding, rulebook, texts)}" for finding in findings]
    cited = dict.fromkeys(words.cite(p) for finding in findings for p in finding.provisions)
    return [
        Condition(
            mark=texts("check.mark.unknown"),
            verdict=texts("check.not_in_base"),
            name=texts("check.not_in_base_name"),
            reason="\n".join(names),
            needed=texts("check.not_in_base_reason", provisions="; ".join(cited)),
        )
    ]


def _with_stated(examination: Examination, finding: Finding, rulebook: Rulebook, texts: Texts) -> str:
    name = rulebook.wording(texts.locale).label(f"label.condition.{finding.condition}")
    facts, procedure = examination.facts, examination.assessment.procedure
    own, instead = finding.condition, _INSTEAD.get(finding.condition, "")
    if own in facts:
        words = value(procedure, own, facts[own], rulebook, texts)
        return texts("check.not_in_base_stated", name=name, value=words)
    if instead in facts:
        words = value(procedure, instead, facts[instead], rulebook, texts)
        return texts("check.not_in_base_since", name=name, fact=label(instead, texts), value=words)
    return name
