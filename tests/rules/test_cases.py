"""The tables in `cases/`: each case names a condition and what is found on it.

A case starts from a base of facts, changes some (`facts`), leaves some out (`without`), and states the outcome of its
condition (`expect`: met | not_met | unknown | absent) or the fact that is refused (`error`). The rest is optional.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

import rules

TABLES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def _cases() -> list[Any]:
    found = []
    for path in TABLES:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        for condition, cases in table["cases"].items():
            for case in cases:
                facts = {**table["bases"][case.get("base", "main")], **case.get("facts", {})}
                case["facts"] = {k: v for k, v in facts.items() if k not in case.get("without", ())}
                case.setdefault("today", table["today"])
                case.setdefault("procedure", table["procedure"])
                found.append(pytest.param(condition, case, id=f"{path.stem}-{condition}-{case['id']}"))
    return found


@pytest.mark.parametrize("condition, case", _cases())
def test_case(book: rules.Rulebook, condition: str, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(rules.RulesError) as refused:
            _assess(book, case)
        assert refused.value.fact == case["error"]
        assert rules.error_sentence(book, refused.value, "sl") != rules.error_sentence(
            book, refused.value, "en"
        )
        return
    result = _assess(book, case)
    described = {locale: rules.describe(book, result, locale) for locale in rules.LOCALES}
    findings = {finding.condition: finding for finding in (*result.findings, *result.options)}
    finding = findings.get(condition)
    assert (finding.outcome if finding else "absent") == case["expect"]
    if finding is not None:
        _check_finding(book, finding, case)
    assert result.outcome == case.get("overall", result.outcome)
    assert result.regulation == case.get("regulation", result.regulation)
    if result.outcome is not rules.Outcome.MET:
        assert not result.award
    for name in ("award", "dates", "help"):
        for key, value in case.get(name, {}).items():
            assert described["sl"][name][key] == _plain(value)
    assert result.as_if is ("as_if" in case.get("notes", ()))
    assert (result.notes[0].key == "note.as_if") is result.as_if
    for note in case.get("notes", ()):
        assert f"note.{note}" in {text.key for text in result.notes}
    assumed = {text.key for text in result.assumptions}
    assert {f"assumption.{key}" for key in case.get("assumptions", ())} <= assumed
    assert not {f"assumption.{key}" for key in case.get("not_assumed", ())} & assumed


def _assess(book: rules.Rulebook, case: dict[str, Any]) -> rules.Assessment:
    return rules.assess(book, case["procedure"], case["facts"], case["today"], case.get("as_if"))


def _check_finding(book: rules.Rulebook, finding: rules.Finding, case: dict[str, Any]) -> None:
    _check_words(book, finding)
    if "missing" in case:
        assert list(finding.missing) == case["missing"]
    elif finding.outcome is not rules.Outcome.UNKNOWN:
        assert not finding.missing
    if "reason" in case:
        assert finding.reason.key.split(".", 1)[1] == case["reason"]
    if "article" in case:
        assert [provision.article for provision in finding.provisions] == case["article"]
    if "evidence" in case:
        assert finding.evidence == case["evidence"]
    for name in ("lacks", "need", "have", "met_on"):
        if name in case:
            assert finding.gap is not None
            assert getattr(finding.gap, name) == case[name]
    if finding.outcome is not rules.Outcome.MET and not finding.final:
        assert finding.needed is not None
    if "says" in case:
        assert case["says"] in book.say(finding.reason)
    if "needs" in case:
        assert finding.needed is not None
        assert case["needs"] in book.say(finding.needed)


def _check_words(book: rules.Rulebook, finding: rules.Finding) -> None:
    """The reason speaks of the outcome that was found."""
    tail = finding.reason.key.rpartition(".")[2]
    told = {"met": "met", "upgraded": "met", "not": "not_met", "too": "not_met"}.get(
        tail.partition("_")[0], "unknown"
    )
    assert told == finding.outcome
    if finding.outcome is rules.Outcome.MET:
        assert finding.gap is None
        assert finding.needed is None


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
