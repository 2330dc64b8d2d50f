"""The ledger names every article with a status and a reason, and agrees with the rows."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import rules
from rules.parameters import ROOT, Row
from rules.provision import Evidence
from rules.regulation import Regulation

STATUSES = {"modelled", "informative", "left_out", "text_missing"}
FOLDERS = sorted(path.parent for path in ROOT.glob("procedures/*/*/parameters.toml"))
SOURCES = {"pravilnik_2008": 12, "pravilnik_2023": 29}


def _ledger(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "articles.toml").read_text(encoding="utf-8"))


def _span(article: str, last: int) -> range:
    first, _, end = article.partition("-")
    return range(int(first), int(end or (last if article.endswith("-") else first)) + 1)


def _regulation(book: rules.Rulebook, folder: Path) -> Regulation:
    return next(r for group in book.regulations.values() for r in group if r.id == folder.name)


def _articles(row: Row) -> set[int]:
    named = row.provision.article or ""
    if match := re.fullmatch(r"(\d+)\.–(\d+)(?:\. in (\d+))?", named):
        first, last, more = match.groups()
        return {*range(int(first), int(last) + 1), *({int(more)} if more else ())}
    return {int(named)} if named else set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_article_has_a_status_and_a_reason(folder: Path) -> None:
    ledger = _ledger(folder)
    last = ledger["last"]
    assert last == SOURCES.get(folder.name, last)
    covered = [number for entry in ledger["article"] for number in _span(entry["article"], last)]
    assert sorted(number for number in covered if number <= last) == list(range(1, last + 1))
    for entry in (*ledger["article"], *ledger.get("annex", ()), *ledger.get("section", ())):
        assert entry["status"] in STATUSES
        assert len(entry["why"]) > 5


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_rows_and_ledger_agree(book: rules.Rulebook, folder: Path) -> None:
    ledger, regulation = _ledger(folder), _regulation(book, folder)
    status = {
        n: entry["status"] for entry in ledger["article"] for n in _span(entry["article"], ledger["last"])
    }
    decided: set[int] = set()
    for row in regulation.parameters.rows:
        if row.provision.act != regulation.id or row.key.name in ("target", "any_target"):
            continue
        for article in _articles(row):
            assert status[article] != "left_out", row.key
            if row.decides and len(_articles(row)) == 1:
                decided.add(article)
                assert status[article] in ("modelled",), row.key
    for article, what in status.items():
        if what == "text_missing":
            assert article not in decided


def test_sections_cited_stand_in_the_ledger(book: rules.Rulebook) -> None:
    folder = next(folder for folder in FOLDERS if folder.name == "pravilnik_2023")
    ledger = {entry["title"]: entry["status"] for entry in _ledger(folder)["section"]}
    cited = {row.provision.section for row in _regulation(book, folder).parameters.rows}
    cited |= {activity.section for activity in book.points.activities.values() if activity.points}
    for section in cited - {None}:
        assert ledger[section or ""] == "modelled"


def test_every_row_says_where_it_stands(book: rules.Rulebook) -> None:
    for group in book.regulations.values():
        for regulation in group:
            for row in regulation.parameters.rows:
                place = row.provision.article or row.provision.section
                assert place or row.provision.evidence is Evidence.MISSING, row.key
                on_page = row.provision.act == "mvi" or regulation.id == "pravilnik_2008"
                assert on_page or row.provision.gazette, row.key


def test_only_official_and_reprint_decide(book: rules.Rulebook) -> None:
    for group in book.regulations.values():
        for regulation in group:
            for row in regulation.parameters.rows:
                assert row.decides == (row.value is not None)
                if row.decides:
                    assert row.provision.evidence in (Evidence.OFFICIAL, Evidence.REPRINT)


def test_thresholds_that_wait_for_the_text(book: rules.Rulebook) -> None:
    """Svetovalec, svetnik, višji svetnik and every exceptional promotion wait in rows of their own."""
    regulation = next(r for r in book.regulations[rules.Procedure.NAZIV] if r.id == "pravilnik_2023")
    waiting = {
        (row.key.naziv, row.key.route)
        for row in regulation.parameters.rows
        if row.key.naziv and not row.decides
    }
    assert waiting == {
        ("svetovalec", "ordinary"),
        ("svetovalec", "exceptional"),
        ("svetnik", "ordinary"),
        ("svetnik", "exceptional"),
        ("visji_svetnik", "ordinary"),
        ("visji_svetnik", "exceptional"),
        ("visji_svetnik", "special_conditions"),
    }
