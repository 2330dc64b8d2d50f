"""The curators' workbook: nothing is lost on the way out and back, nothing changes when something is wrong."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from knowledge import workbook_read
from knowledge.__main__ import main
from knowledge.entry import Entry, Phrasings
from knowledge.loader import DATA, Base, KnowledgeError, load
from knowledge.workbook import export
from knowledge.workbook_entries import assemble
from knowledge.workbook_import import import_workbook
from knowledge.workbook_read import read_rows

FIXTURES = Path(__file__).parent / "fixtures"


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def exported(folder: Path, path: Path, edit: Callable[[Workbook], None] = lambda book: None) -> Path:
    export(load(folder), path)
    book = load_workbook(path)
    edit(book)
    book.save(path)
    return path


def refused(path: Path, folder: Path, **options: bool) -> str:
    """The problems of an import that must change nothing."""
    before = files(folder)
    with pytest.raises(KnowledgeError) as caught:
        import_workbook(path, folder, **options)
    assert files(folder) == before
    return str(caught.value)


def test_export_and_import_leave_every_file_as_it_was(folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    report = import_workbook(exported(folder, tmp_path / "k.xlsx"), folder)
    assert (report.new, report.changed, report.tables) == ((), (), ())
    assert files(folder) == before


def test_a_workbook_brings_lost_entries_back_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    before, path = files(folder), exported(folder, tmp_path / "k.xlsx")
    for lost in folder.glob("entries/rok/*.yaml"):
        lost.unlink()
    assert import_workbook(path, folder).new == ("posebni-znaki", "rok-vloge")
    assert files(folder) == before


def test_the_whole_real_base_survives_the_round_trip(tmp_path: Path) -> None:
    base, path = load(DATA), tmp_path / "k.xlsx"
    export(base, path)
    sent = assemble(read_rows(path))
    assert sent.problems == []
    assert sent.entries == dict(base.entries)
    assert sent.tables["sources"] == {key: item.model_dump() for key, item in base.sources.items()}
    assert sent.tables["topics"] == {key: item.model_dump() for key, item in base.topics.items()}


def test_a_file_saved_by_libreoffice_changes_nothing(folder: Path) -> None:
    before = files(folder)
    import_workbook(FIXTURES / "libreoffice-untouched.xlsx", folder)
    assert files(folder) == before


def test_edits_saved_by_libreoffice_are_taken_over(folder: Path) -> None:
    before = files(folder)
    report = import_workbook(FIXTURES / "libreoffice-edited.xlsx", folder)
    assert report.new == ("nov-vnos",)
    assert report.changed == ("razred-trajanje", "rok-vloge")
    assert report.tables == ("sources", "terms")
    after = load(folder)
    new = after.entries["nov-vnos"]
    assert [version.valid_from for version in new.versions] == [date(2025, 1, 1), date(2026, 1, 1)]
    assert [version.kind for version in new.versions] == ["answer", "unknown"]
    assert new.terms == ("2027",)
    assert new.reviewed_on == date(2026, 9, 1)
    assert after.entries["rok-vloge"].phrasings.sl[-1] == "=A1 ali je rok danes"
    assert after.entries["razred-trajanje"].versions[0].answer.sl == "Tri leta, včasih pet."
    assert after.sources["uredba-2010"].title.sl == "Uredba, stara in dopolnjena"
    assert after.terms.find(["svetnika"]) == {"naziv": ("svetnik",)}
    untouched = {"entries/rok/posebni-znaki.yaml", "topics.yaml", "coverage.yaml"}
    assert {name: before[name] for name in untouched} == {name: files(folder)[name] for name in untouched}
    assert files(folder)["terms.yaml"].startswith(b"# Two families of terms.\n")


def test_an_import_taken_twice_changes_nothing_more(folder: Path) -> None:
    import_workbook(FIXTURES / "libreoffice-edited.xlsx", folder)
    before = files(folder)
    import_workbook(FIXTURES / "libreoffice-edited.xlsx", folder)
    assert files(folder) == before


def test_no_cell_is_a_formula(folder: Path, tmp_path: Path) -> None:
    book = load_workbook(exported(folder, tmp_path / "k.xlsx"))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    risky = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert len(risky) >= 12
    assert {cell.data_type for cell in risky} == {"s"}
    assert all(cell.quotePrefix for cell in risky)
    assert not [cell for cell in cells if cell.data_type in ("f", "e")]


def test_the_workbook_is_made_for_people(folder: Path, tmp_path: Path) -> None:
    book = load_workbook(exported(folder, tmp_path / "k.xlsx"))
    assert book.sheetnames[:6] == ["Navodila", "Vnosi", "Različice", "Navedbe", "Vprašanja", "Izrazi"]
    assert book["Odtisi"].sheet_state == "hidden"
    versions = book["Različice"]
    assert versions.freeze_panes == "B2"
    assert versions["F2"].alignment.wrap_text
    assert versions.column_dimensions["F"].width == 80
    lists = {rule.formula1 for rule in versions.data_validations.dataValidation if rule.type == "list"}
    assert lists == {'"odgovor,neznano"', "Vnosi!$A$2:$A$20000"}


_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip())


@given(lines=st.lists(_TEXTS, min_size=8, max_size=12))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_any_text_survives(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    base = load(FIXTURES / "base")
    entry = base.entries["rok-vloge"]
    data = entry.model_dump() | {"phrasings": {"sl": lines, "en": lines[:4]}}
    changed = Entry.model_validate(data)
    path = tmp_path_factory.mktemp("any") / "k.xlsx"
    export(replace(base, entries={changed.id: changed}), path)
    sent = assemble(read_rows(path))
    assert sent.problems == []
    assert sent.entries == {changed.id: changed}


def test_a_character_that_no_cell_can_hold_is_named(tmp_path: Path) -> None:
    base = load(FIXTURES / "base")
    entry = base.entries["rok-vloge"]
    lines = ("zvonec \x07", *entry.phrasings.sl[1:])
    broken = entry.model_copy(update={"phrasings": Phrasings(sl=lines, en=entry.phrasings.en)})
    with pytest.raises(KnowledgeError, match="Vprašanja:2: vprašanje"):
        export(replace(base, entries={broken.id: broken}), tmp_path / "k.xlsx")


def edit(sheet: str, cell: str, value: object) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet][cell].value = value

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (edit("Vprašanja", "C5", "=1+1"), "[Vprašanja]:5: vprašanje: is a formula"),
        (edit("Vprašanja", "C6", True), "[Vprašanja]:6: vprašanje: True is no text"),
        (
            edit("Vprašanja", "C6", date(2026, 1, 1)),
            "[Vprašanja]:6: vprašanje: 2026-01-01 00:00:00 was taken for a date",
        ),
        (edit("Vprašanja", "C7", None), "[Vprašanja]:7: vprašanje: is empty"),
        (edit("Vprašanja", "A8", "ni-takega"), "[Vprašanja]:8: no entry 'ni-takega'"),
        (edit("Vprašanja", "B9", "de"), "[Vprašanja]:9: jezik: 'de' is not one of: sl, en"),
        (edit("Različice", "C2", "31. 2. 2026"), "[Različice]:2: velja od: '31. 2. 2026' is not a date"),
        (edit("Različice", "E2", "morda"), "[Različice]:2: vrsta: 'morda' is not one of: odgovor, neznano"),
        (edit("Različice", "B2", "prva"), "[Različice]:2: št. različice: 'prva' is not a number"),
        (edit("Različice", "B3", 1.5), "[Različice]:3: št. različice: 1.5 is not 1, 2, 3"),
        (
            edit("Različice", "G2", "x" * 2001),
            "[Različice]:2: versions.0.answer.en: String should have at most",
        ),
        (edit("Navedbe", "C2", "ni-vira"), "[Navedbe]:2: no source 'ni-vira'"),
        (edit("Navedbe", "B2", 9), "[Navedbe]:2: 'razred-trajanje' has no version 9"),
        (edit("Vnosi", "B2", "ni-teme"), "[Vnosi]:2: no topic 'ni-teme'"),
        (edit("Vnosi", "E2", "mentor, ravnatelj"), "[Vnosi]:2: about.naziv.1: Input should be 'mentor'"),
        (edit("Vnosi", "I2", "ni-vnosa"), "[Vnosi]:2: related: no other entry 'ni-vnosa'"),
        (edit("Vnosi", "A3", "razred-trajanje"), "[Vnosi]:3: the entry 'razred-trajanje' stands twice"),
        (edit("Vnosi", "A2", "../../izven"), "id: String should match pattern"),
        (edit("Vnosi", "A1", "oznaka"), "[Vnosi]:1: the column 'vnos' is missing"),
        (edit("Vnosi", "M1", "opombe"), "[Vnosi]:1: unknown column 'opombe'"),
        (edit("Viri", "A3", "uredba-2010"), "[Viri]:3: 'uredba-2010' stands twice"),
        (edit("Viri", "E2", "le slovensko"), "[Viri]:2: dated.en"),
        (edit("Prepoznavanje", "C2", "a*b*"), "[Prepoznavanje]:2: naziv.mentor"),
    ],
)
def test_a_problem_names_sheet_and_row_and_changes_nothing(
    folder: Path, tmp_path: Path, change: Callable[[Workbook], None], says: str
) -> None:
    assert says in refused(exported(folder, tmp_path / "k.xlsx", change), folder)


def test_all_problems_come_at_once(folder: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["Vprašanja"]["C5"].value = "=1+1"
        book["Navedbe"]["E2"].value = "na oko"
        book["Viri"]["B2"].value = None
        book["Različice"]["D4"].value = "1. 1. 1800"

    words = refused(exported(folder, tmp_path / "k.xlsx", change), folder)
    assert [line.split(":")[0] for line in words.splitlines()] == [
        "k.xlsx [Navedbe]",
        "k.xlsx [Različice]",
        "k.xlsx [Viri]",
        "k.xlsx [Vprašanja]",
    ]


def test_a_phrasing_that_another_entry_has_is_found(folder: Path, tmp_path: Path) -> None:
    change = edit("Vprašanja", "C2", "Rok za oddajo vloge?")
    assert "is also a phrasing of" in refused(exported(folder, tmp_path / "k.xlsx", change), folder)


def test_what_others_changed_meanwhile_is_kept(folder: Path, tmp_path: Path) -> None:
    path = exported(folder, tmp_path / "k.xlsx", edit("Vprašanja", "C2", "povsem druga dolžina obdobja"))
    other = folder / "entries" / "rok" / "rok-vloge.yaml"
    other.write_text(other.read_text().replace("Do 31. avgusta:", "Do 30. avgusta:"))
    before = other.read_bytes()
    assert import_workbook(path, folder).changed == ("razred-trajanje",)
    assert other.read_bytes() == before


def test_an_entry_changed_on_both_sides_stops_the_import(folder: Path, tmp_path: Path) -> None:
    path = exported(folder, tmp_path / "k.xlsx", edit("Vprašanja", "C2", "povsem druga dolžina obdobja"))
    same = folder / "entries" / "razredi" / "razred-trajanje.yaml"
    same.write_text(same.read_text().replace("Tri leta.", "Štiri leta."))
    assert "[Vnosi]:2: 'razred-trajanje' has changed in the base since the export" in refused(path, folder)


def without_entry(book: Workbook) -> None:
    for name in ("Vnosi", "Različice", "Navedbe", "Vprašanja", "Izrazi"):
        page = book[name]
        for row in range(page.max_row, 1, -1):
            if page.cell(row, 1).value == "razred-trajanje":
                page.delete_rows(row)


def test_a_removed_entry_is_deleted_only_when_asked(folder: Path, tmp_path: Path) -> None:
    path = exported(folder, tmp_path / "k.xlsx", without_entry)
    before = files(folder)
    assert import_workbook(path, folder).kept == ("razred-trajanje",)
    assert files(folder) == before
    assert import_workbook(path, folder, delete=True).deleted == ("razred-trajanje",)
    assert "razred-trajanje" not in load(folder).entries


def test_a_deletion_that_breaks_a_reference_is_refused(folder: Path, tmp_path: Path) -> None:
    other = folder / "entries" / "rok" / "rok-vloge.yaml"
    other.write_text(other.read_text().replace("related: [posebni-znaki]", "related: [razred-trajanje]"))
    path = exported(folder, tmp_path / "k.xlsx", without_entry)
    assert "related: no other entry 'razred-trajanje'" in refused(path, folder, delete=True)


def test_an_entry_moved_to_another_topic_leaves_no_old_file(folder: Path, tmp_path: Path) -> None:
    path = exported(folder, tmp_path / "k.xlsx", edit("Vnosi", "B2", "rok"))
    assert import_workbook(path, folder).changed == ("razred-trajanje",)
    assert [found.parent.name for found in folder.rglob("razred-trajanje.yaml")] == ["rok"]


def test_rows_in_any_order_and_columns_in_any_order(folder: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        page = book["Teme"]
        rows = [[cell.value for cell in row] for row in page.iter_rows()]
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(reversed(row), start=1):
                page.cell(number, place).value = value

    before = files(folder)
    import_workbook(exported(folder, tmp_path / "k.xlsx", change), folder)
    assert files(folder) == before


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_bytes(b"no zip at all"), "File is not a zip file"),
        (lambda path: path.write_bytes(b"\0" * (10 * 2**20 + 1)), "larger than 10 MB"),
        (lambda path: zipped(path, {"xl/sheet.xml": b"0" * (64 * 2**20 + 1)}), "unpacks to more than 64 MB"),
        (lambda path: zipped(path, {f"part{n}": b"" for n in range(201)}), "more than 200 parts"),
        (
            lambda path: zipped(path, {"a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
            "document type declaration",
        ),
        (lambda path: zipped(path, {"a.xml": b"<a/>"}), "cannot be read as a workbook"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(
    folder: Path, tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / "k.xlsx"
    make(path)
    assert says in refused(path, folder)


def test_a_huge_sheet_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = exported(folder, tmp_path / "k.xlsx")
    monkeypatch.setattr(workbook_read, "MAX_ROWS", 20)
    assert "Vprašanja: more than 20 rows" in refused(path, folder)


def test_a_workbook_of_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "k.xlsx")
    words = refused(tmp_path / "k.xlsx", folder)
    assert "the sheet 'Vnosi' is missing" in words
    assert "the sheet 'Odtisi' is missing" in words


def test_the_commands(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "k.xlsx"
    assert main(["--data", str(folder), "export", str(path)]) == 0
    assert main(["--data", str(folder), "import", str(path)]) == 0
    assert "changed: 0" in capsys.readouterr().out
    exported(folder, path, edit("Vprašanja", "C5", "=1+1"))
    assert main(["--data", str(folder), "import", str(path)]) == 1
    assert "k.xlsx [Vprašanja]:5: vprašanje: is a formula" in capsys.readouterr().err
    assert main(["--data", str(folder), "import", str(tmp_path / "none.xlsx")]) == 1


def test_format_writes_what_import_writes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, before = folder / "entries" / "rok" / "rok-vloge.yaml", files(folder)
    path.write_text(path.read_text().replace("owner: vsebina", "owner: 'vsebina'"))
    base: Base = load(folder)
    assert main(["--data", str(folder), "format"]) == 0
    assert capsys.readouterr().out == "1 entries rewritten\n"
    assert files(folder) == before
    assert load(folder).entries == base.entries
