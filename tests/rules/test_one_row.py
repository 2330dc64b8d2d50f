"""Whoever has the act in hand completes a missing threshold by editing one row, in the very file."""

from pathlib import Path

import pytest

import rules
from rules import parameters
from rules.rulebook import load_rulebook

FILE = Path("procedures/naziv/pravilnik_2023/parameters.toml")
FACTS = {
    "target_naziv": "svetnik",
    "route": "ordinary",
    "dsd_points": 30,
    "niu_points": 5,
    "years_in_naziv": 5,
    "current_naziv": "svetovalec",
}
WAITING = """[[row]]
name = "{name}"
naziv = "svetnik"
route = "ordinary"
valid_from = 2023-09-01
article = "11"
gazette = "92/2023"
evidence = "missing"
"""


def _edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: str
) -> dict[str, rules.Finding]:
    for path in parameters.ROOT.rglob("*.toml"):
        copy = tmp_path / path.relative_to(parameters.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    data = (tmp_path / FILE).read_text(encoding="utf-8")
    row = WAITING.format(name=name)
    assert data.count(row) == 1
    done = row.replace('evidence = "missing"', f'{line}\nevidence = "official"')
    (tmp_path / FILE).write_text(data.replace(row, done), encoding="utf-8")
    monkeypatch.setattr(parameters, "ROOT", tmp_path)
    result = rules.assess(load_rulebook(), "naziv", FACTS, "2026-11-21")
    return {finding.condition: finding for finding in result.findings}


@pytest.mark.parametrize(
    "name, value, outcome",
    [
        ("dsd_points", "30", "met"),
        ("dsd_points", "31", "not_met"),
        ("niu_points", "5", "met"),
        ("niu_points", "5.5", "not_met"),
        ("years_in_naziv", "5", "met"),
        ("years_in_naziv", "6", "not_met"),
        ("current_naziv", '"svetovalec"', "met"),
        ("dsd_points_from_works_2plus", "10", "unknown"),
    ],
)
def test_one_row_makes_the_condition_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, outcome: str
) -> None:
    finding = _edited(tmp_path, monkeypatch, name, f"value = {value}")[name]
    assert finding.outcome == outcome
    assert finding.evidence == "official"
    assert "text_missing" not in finding.reason.key


@pytest.mark.parametrize("name", ["dsd_points_from_works_3plus", "remainder", "current_naziv"])
def test_one_row_can_say_that_there_is_no_such_condition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert name not in _edited(tmp_path, monkeypatch, name, "no_condition = true")


def test_any_edit_changes_the_digest(
    book: rules.Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _edited(tmp_path, monkeypatch, "dsd_points", "value = 30")
    assert load_rulebook().digest != book.digest


def test_the_digest_is_stable(book: rules.Rulebook) -> None:
    assert load_rulebook().digest == book.digest
    assert len(book.digest) == 12


def test_all_rows_filled_and_all_facts_stated_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pay act decides once its two gaps are closed."""
    for path in parameters.ROOT.rglob("*.toml"):
        copy = tmp_path / path.relative_to(parameters.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        words = path.read_text(encoding="utf-8")
        if path.parent.name == "zstspjs_2025" and path.name == "parameters.toml":
            head, *rows = words.split("[[row]]\n")
            rows = [
                row.replace('evidence = "missing"', 'no_condition = true\nevidence = "official"')
                if 'name = "remainder"' in row
                else row
                for row in rows
            ]
            words = "[[row]]\n".join([head, *rows])
        copy.write_text(words, encoding="utf-8")
    monkeypatch.setattr(parameters, "ROOT", tmp_path)
    facts = {"period_started_on": "2025-01-01"}
    result = rules.assess(load_rulebook(), "placni_razred_um", facts, "2029-01-01")
    assert result.outcome == "met"
    assert result.award == {"grades": 1}
