"""What `check` finds beyond the shape of the files, each problem on its line."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge import checks
from knowledge.__main__ import main
from knowledge.loader import DATA, load

ENTRY = "entries/rok/rok-vloge.yaml"
OTHER = "entries/razredi/razred-trajanje.yaml"


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return apply


def problems(folder: Path, sources: Path | None = None) -> list[str]:
    found = checks.check(load(folder), folder, sources)
    return [str(problem).removeprefix(f"{folder}/") for problem in found]


def test_the_invented_base_passes(folder: Path) -> None:
    assert problems(folder) == []


@pytest.mark.parametrize(
    ("apply", "expected"),
    [
        (
            change(ENTRY, "related: [posebni-znaki]", "related: [posebni-znaki, ni-takega]"),
            f"{ENTRY}:63: related: no other entry 'ni-takega'",
        ),
        (
            change(ENTRY, "related: [posebni-znaki]", "related: [rok-vloge]"),
            f"{ENTRY}:63: related: no other entry 'rok-vloge'",
        ),
        (
            change(ENTRY, "- source: uredba-2010", "- source: uredba-1999"),
            f"{ENTRY}:19: no source 'uredba-1999'",
        ),
        (change(ENTRY, "    - rok za oddajo vloge\n", ""), f"{ENTRY}:47: 9 phrasings in sl, at least 10"),
        (change(ENTRY, "    - application deadline\n", ""), f"{ENTRY}:58: 4 phrasings in en, at least 5"),
        (
            change(OTHER, "evidence: official", "evidence: secondary"),
            f"{OTHER}:8: an answer may not rest on secondary or unread sources alone",
        ),
        (
            change(OTHER, "valid_to: null", "valid_to: 2026-11-21"),
            f"{OTHER}:8: no version holds on the day of review",
        ),
    ],
)
def test_a_problem_stands_on_its_line(folder: Path, apply: Callable[[Path], None], expected: str) -> None:
    apply(folder)
    assert expected in problems(folder)


@pytest.mark.parametrize(
    "same",
    ["rok za oddajo vloge", "Rok za oddajo vloge?", "ROK  ZA ODDAJO VLOGE!", "rok, za oddajo vloge"],
)
def test_a_phrasing_shared_by_two_entries_is_found(folder: Path, same: str) -> None:
    change(OTHER, "    - trajanje obdobja\n", f"    - {same}\n")(folder)
    assert f"{ENTRY}:47: 'rok za oddajo vloge' is also a phrasing of razred-trajanje" in problems(folder)


def test_a_phrasing_twice_in_one_entry_is_found(folder: Path) -> None:
    change(ENTRY, "    - do kdaj oddam vlogo\n", "    - do kdaj oddam vlogo\n    - Do kdaj oddam vlogo?\n")(
        folder
    )
    assert f"{ENTRY}:49: 'Do kdaj oddam vlogo?' is also a phrasing of rok-vloge" in problems(folder)


@pytest.mark.parametrize(
    ("ours", "near"),
    [
        ("Do katerega datuma sprejemate vloge?", "Do katerega datuma sprejemate vlogo?"),
        ("kdaj najpozneje pošljem papirje", "kdaj najpozneje poslem papirje"),
    ],
)
def test_phrasings_that_differ_by_next_to_nothing_are_found(folder: Path, ours: str, near: str) -> None:
    change(OTHER, "    - trajanje obdobja\n", f"    - {near}\n")(folder)
    assert any("is nearly" in line for line in problems(folder)), ours


def test_phrasings_that_differ_by_a_number_are_not_the_same(folder: Path) -> None:
    change(OTHER, "    - trajanje obdobja\n", "    - Ali je 30. avgust zadnji dan?\n")(folder)
    assert problems(folder) == []


def test_a_sentence_copied_from_a_source_is_found(folder: Path, tmp_path: Path) -> None:
    sentence = " ".join(f"beseda{number}" for number in range(checks.COPIED_WORDS))
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "vir.txt").write_text(f"Uvod.\n\nTako pravi vir, da {sentence} razreda.\n")
    shorter = sentence.rsplit(" ", 1)[0]
    change(OTHER, "Tri leta.", f"Torej {shorter} nekaj drugega.")(folder)
    assert problems(folder, texts) == []
    change(OTHER, f"Torej {shorter} nekaj drugega.", f"Torej {sentence} ali pozneje.")(folder)
    assert [line for line in problems(folder, texts) if line.startswith(f"{OTHER}:12: copied from a source")]


def test_coverage_accounts_for_every_paragraph(folder: Path, tmp_path: Path) -> None:
    (folder / "coverage.yaml").write_text(
        "pravila-um:\n"
        "  text: pravila.txt\n"
        "  paragraphs:\n"
        "    - {n: 1, begins: Uvod, digest: aaaaaaaaaaaa, reason: naslov}\n"
        "    - {n: 3, begins: Obdobje, digest: bbbbbbbbbbbb, entries: [ni-vnosa]}\n"
        "    - {n: 3, begins: Drugo, digest: cccccccccccc}\n"
        "ni-vira:\n"
        "  text: x.txt\n"
        "  paragraphs: []\n"
    )
    found = problems(folder)
    assert "coverage.yaml:5: pravila-um: paragraph 2 is missing" in found
    assert "coverage.yaml:5: pravila-um 3: no entry 'ni-vnosa'" in found
    assert "coverage.yaml:6: pravila-um 3: needs entries or else a reason" in found
    assert "coverage.yaml:7: ni-vira: no such source" in found or any(
        "ni-vira: no such source" in x for x in found
    )
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "pravila.txt").write_text("Uvod\n\nObdobje traja.\n")
    found = problems(folder, texts)
    assert any("the text has 2 paragraphs, the account 3" in line for line in found)
    assert any("pravila-um 1: the text has changed" in line for line in found)
    assert any("x.txt: not in" in line for line in found)


def test_check_exits_with_1_and_prints_every_problem(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(folder), "check"]) == 0
    change(ENTRY, "related: [posebni-znaki]", "related: [ni-takega]")(folder)
    change(OTHER, "evidence: official", "evidence: secondary")(folder)
    assert main(["--data", str(folder), "check"]) == 1
    printed = capsys.readouterr().out
    assert f"{folder}/{ENTRY}:63: related: no other entry 'ni-takega'" in printed
    assert f"{folder}/{OTHER}:8: an answer may not rest" in printed
    assert "3 entries, 2 problems" in printed


def test_stale_lists_what_is_due(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = load(folder)
    assert checks.stale(base, date(2027, 8, 31)) == []
    assert [entry.id for entry in checks.stale(base, date(2027, 9, 1))] == sorted(base.entries)
    assert main(["--data", str(folder), "stale", "--on", "2027-09-01"]) == 0
    assert "3 entries due on 2027-09-01" in capsys.readouterr().out


def test_no_entry_of_the_real_base_is_reviewed_in_the_far_future() -> None:
    for entry in load(DATA).entries.values():
        assert entry.review_by - entry.reviewed_on <= timedelta(days=550), entry.id
