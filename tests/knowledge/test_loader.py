"""The loader names everything that is wrong at once, by file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.loader import DATA, KnowledgeError, load, read

ENTRY = "entries/rok/rok-vloge.yaml"


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return apply


def problems(folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in read(folder)[1]]


def test_the_invented_base_has_no_problem(folder: Path) -> None:
    base = load(folder)
    assert sorted(base.entries) == ["posebni-znaki", "razred-trajanje", "rok-vloge"]
    assert base.entries["rok-vloge"].topic == "rok"
    assert base.institution(base.entries["razred-trajanje"]) == "um"


def test_the_real_base_loads() -> None:
    assert len(load(DATA).entries) > 100


@pytest.mark.parametrize(
    ("apply", "expected"),
    [
        (
            change(ENTRY, "owner: vsebina\n", "owner: vsebina\nowner: drugi\n"),
            f"{ENTRY}:65: key 'owner' appears twice",
        ),
        (
            change(ENTRY, "valid_to: 2020-01-01", "valid_to: 2020-02-30"),
            f"{ENTRY}:11: '2020-02-30' is not a date (YYYY-MM-DD)",
        ),
        (
            change(ENTRY, "valid_from: 1900-02-28", "valid_from: nekoč"),
            f"{ENTRY}:10: versions.0.valid_from: ",
        ),
        (
            change(ENTRY, "valid_to: 2020-01-01", "valid_to: 2021-01-01"),
            f"{ENTRY}:1: : Value error, versions overlap or are out of order at 2020-01-01",
        ),
        (
            change(ENTRY, "valid_to: 2020-01-01", "valid_to: null"),
            f"{ENTRY}:1: : Value error, versions overlap or are out of order at 2020-01-01",
        ),
        (
            change(ENTRY, "valid_to: 2020-01-01", "valid_to: 1900-02-28"),
            f"{ENTRY}:10: versions.0: Value error, valid_to must be after valid_from",
        ),
        (
            change(ENTRY, "kind: unknown", "kind: morda"),
            f"{ENTRY}:12: versions.0.kind: Input should be 'answer'",
        ),
        (
            change(ENTRY, "evidence: reprint", "evidence: govorice"),
            f"{ENTRY}:21: versions.0.sources.0.evidence: ",
        ),
        (change(ENTRY, "owner: vsebina\n", ""), f"{ENTRY}:1: owner: Field required"),
        (change(ENTRY, "owner: vsebina", "owner: vsebina\nopomba: ne"), f"{ENTRY}:65: opomba: Extra inputs"),
        (
            change(ENTRY, "review_by: 2027-09-01", "review_by: 2020-09-01"),
            f"{ENTRY}:1: : Value error, review_by must",
        ),
        (
            change(ENTRY, "id: rok-vloge", "id: drugo-ime"),
            f"{ENTRY}:1: id 'drugo-ime' differs from the file's name",
        ),
        (change(ENTRY, "id: rok-vloge", "id: Rok Vloge"), f"{ENTRY}:1: id: String should match pattern"),
        (change(ENTRY, "  sl: Do kdaj", "  sl: ["), f"{ENTRY}:4: did not find expected"),
        (change(ENTRY, "title:", "- title:"), f"{ENTRY}:2: "),
        (change("topics.yaml", "rok: ", "roki: "), f"{ENTRY}:1: folder 'rok' is not in topics.yaml"),
        (
            change("topics.yaml", "institution: um", "institution: fri"),
            "topics.yaml:2: razredi.institution: ",
        ),
        (
            change("sources.yaml", "    en: Decree, old", "    de: Erlass"),
            "sources.yaml:4: uredba-2010.title.en: ",
        ),
        (change("terms.yaml", "=mentor*", "m*nt*r*"), "terms.yaml:1: naziv.mentor: 'm*nt*r*': a star stands"),
    ],
)
def test_a_problem_is_named_by_file_and_line(
    folder: Path, apply: Callable[[Path], None], expected: str
) -> None:
    apply(folder)
    found = problems(folder)
    assert any(line.startswith(expected) for line in found), found


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / ENTRY).write_bytes(b"id: \xff\xfe")
    assert any(line.startswith(f"{ENTRY}:1: cannot be read") for line in problems(folder))


def test_a_list_is_no_entry(folder: Path) -> None:
    (folder / ENTRY).write_text("- ena\n- dve\n")
    assert f"{ENTRY}:1: an entry must be a mapping" in problems(folder)


def test_the_same_entry_in_two_folders_is_named(folder: Path) -> None:
    (folder / "entries/razredi/rok-vloge.yaml").write_text((folder / ENTRY).read_text())
    assert f"{ENTRY}:1: entry 'rok-vloge' exists twice" in problems(folder)


def test_all_problems_come_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(ENTRY, "kind: unknown", "kind: morda")(folder)
    change(ENTRY, "owner: vsebina\n", "")(folder)
    change("entries/razredi/razred-trajanje.yaml", "valid_from: 2008-12-22", "valid_from: davno")(folder)
    change("sources.yaml", "    sl: Pravila\n", "")(folder)
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert {(Path(problem.file).name, problem.line) for problem in caught.value.problems} == {
        ("razred-trajanje.yaml", 8),
        ("rok-vloge.yaml", 1),
        ("rok-vloge.yaml", 12),
        ("sources.yaml", 14),
    }
    assert main(["--data", str(folder), "check"]) == 1
    printed = capsys.readouterr().out
    for problem in caught.value.problems:
        assert str(problem) in printed


def test_the_digest_changes_with_any_file(folder: Path) -> None:
    before = load(folder).digest
    assert load(folder).digest == before
    change("sources.yaml", "Uredba, stara", "Uredba, starejša")(folder)
    assert load(folder).digest != before
