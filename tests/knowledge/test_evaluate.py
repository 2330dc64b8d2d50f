"""Measuring: what counts as right, wrong, offered and declined; floors; plain methods; the page."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from knowledge import baselines, evaluate, floors, quality
from knowledge.__main__ import main
from knowledge.calibrate import Question
from knowledge.evaluate import IN_SCOPE, NEAR, OFF_TOPIC, PhrasingFigures, SetFigures, wilson
from knowledge.loader import DATA, Base, load
from knowledge.search import Engine, Found, Hit
from knowledge.tables import phrasings_text, set_text

FIXTURES = Path(__file__).parent / "fixtures"
TODAY = date(2026, 11, 21)


@dataclass
class Scripted:
    """An engine that finds what it is told."""

    base: Base
    found: Mapping[str, Found]

    def search(self, text: str) -> Found:
        return self.found[text]


def found(decision: str, *entries: str) -> Found:
    return Found(decision, tuple(Hit(entry, 0.9) for entry in entries), 0.9)  # type: ignore[arg-type]


def measured(tmp_path: Path, rows: list[tuple[str, str, Found]], on: date = TODAY) -> SetFigures:
    """Figures of a set of (expected, kind, what the engine finds)."""
    path = tmp_path / "set.tsv"
    lines = [f"q{number}\t{expected}\t{kind}" for number, (expected, kind, _) in enumerate(rows)]
    path.write_text("\n".join(["question\texpected\tkind", *lines]) + "\n")
    script = Scripted(load(FIXTURES / "base"), {f"q{number}": row[2] for number, row in enumerate(rows)})
    return evaluate.measure_set(cast(Engine, script), path, on)


ROK, ZNAKI, RAZRED = "rok-vloge", "posebni-znaki", "razred-trajanje"


@pytest.mark.parametrize(
    ("expected", "kind", "given", "on", "verdict"),
    [
        (ROK, "para", found("answer", ROK), TODAY, "right"),
        (f"{RAZRED}|{ROK}", "para", found("answer", ROK), TODAY, "right"),
        (ROK, "para", found("answer", ZNAKI, RAZRED, ZNAKI), TODAY, "wrong"),
        (ROK, "para", found("clarify", ZNAKI, RAZRED, ROK), TODAY, "offered_right"),
        (ROK, "para", found("clarify", ZNAKI, RAZRED, ZNAKI), TODAY, "offered_other"),
        (ROK, "para", found("none", ROK, RAZRED, ZNAKI), TODAY, "declined"),
        # In 2010 the sources do not tell the deadline: right where expected, declining elsewhere.
        (ROK, "para", found("answer", ROK), date(2010, 1, 1), "right"),
        (RAZRED, "para", found("answer", ROK, ZNAKI, ZNAKI), date(2010, 1, 1), "declined"),
        ("OOS", "near", found("answer", ROK), date(2010, 1, 1), "declined"),
        # In 2010 this entry had no version at all.
        ("OOS", "near", found("answer", ZNAKI), date(2010, 1, 1), "declined"),
        ("OOS", "near", found("answer", ROK), TODAY, "answered"),
        ("OOS", "oos", found("clarify", ROK, ZNAKI), TODAY, "offered_other"),
        (ROK, "near", found("clarify", ROK), TODAY, "offered_right"),
        (ROK, "near", found("answer", ROK), date(2010, 1, 1), "right"),
        (ZNAKI, "oos", found("answer", RAZRED, ROK, ZNAKI), TODAY, "answered"),
        ("OOS", "oos", found("none", ROK), TODAY, "declined"),
        ("OOS", "oos", Found("none", ()), TODAY, "declined"),
    ],
)
def test_a_verdict_is_what_the_user_sees(
    tmp_path: Path, expected: str, kind: str, given: Found, on: date, verdict: str
) -> None:
    assert [item.verdict for item in measured(tmp_path, [(expected, kind, given)], on).outcomes] == [verdict]


def test_counts_by_group_and_kind(tmp_path: Path) -> None:
    figures = measured(
        tmp_path,
        [
            (ROK, "para", found("answer", ROK)),
            (ROK, "para", found("clarify", ZNAKI, RAZRED, ROK)),
            (ROK, "kw", found("none", ZNAKI, RAZRED, ZNAKI)),
            (ROK, "kw", found("answer", ZNAKI, RAZRED, ZNAKI)),
            ("OOS", "near", found("clarify", ROK)),
            ("OOS", "oos", found("answer", ROK)),
            ("OOS", "oos", found("none")),
        ],
    )
    within = figures.tally(IN_SCOPE)
    assert (within.questions, within.first, within.in_three, within.one_click) == (4, 1, 2, 2)
    assert within.verdicts == {"right": 1, "offered_right": 1, "declined": 1, "wrong": 1}
    assert figures.kinds() == ["kw", "para"]
    assert figures.tally(IN_SCOPE, "para").one_click == 2
    assert figures.tally(NEAR).verdicts == {"offered_other": 1}
    assert figures.tally(OFF_TOPIC).verdicts == {"answered": 1, "declined": 1}
    assert not figures.fitted
    assert SetFigures("dev.tsv", ()).fitted
    text = set_text(figures)
    assert "| **all in scope** | 4 | 1 (25.0%) [4.6–69.9] | 2 (50.0%)" in text
    assert "| off topic | 2 | 1 (50.0%) [9.5–90.5] | 0 (0.0%) | 0 (0.0%) | 1 (50.0%) |" in text
    assert "only ever measured" in text


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (8, 10, 0.490, 0.943),
        (0, 10, 0.0, 0.278),
        (10, 10, 0.722, 1.0),
        (0, 0, 0.0, 1.0),
        (850, 1000, 0.827, 0.871),
    ],
)
def test_wilson(count: int, total: int, low: float, high: float) -> None:
    assert wilson(count, total) == pytest.approx((low, high), abs=0.0006)


def test_a_question_that_expects_no_entry_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_text(f"question\texpected\tkind\na\t{ROK}|ni-ga\tkw\nb\tOOS\tnear\nc\ttudi-ne\tkw\n")
    problems = evaluate.check_expected(load(FIXTURES / "base"), path)
    assert [str(problem).removeprefix(f"{path}:") for problem in problems] == [
        "2: expects 'ni-ga', which is no entry",
        "4: expects 'tudi-ne', which is no entry",
    ]


@pytest.fixture(scope="module")
def small() -> Engine:
    from knowledge.index import build
    from knowledge.ranking import load_calibration

    base = load(FIXTURES / "base")
    return Engine(base, build(base.entries.values()), load_calibration(DATA / "calibration.yaml"))


def test_phrasings_that_find_another_entry_are_lost(small: Engine) -> None:
    base = small.base
    texts = [line for entry in base.entries.values() for line in (*entry.phrasings.sl, *entry.phrasings.en)]
    script = {text: found("answer", ROK) for text in texts} | {"rok za oddajo vloge": found("none", ROK)}
    figures = evaluate.measure_phrasings(cast(Engine, Scripted(base, script)))
    assert figures.phrasings == len(texts) == 45
    assert len(figures.lost) == 31
    assert evaluate.Lost(ROK, "rok za oddajo vloge", "nothing") in figures.lost
    assert evaluate.Lost(RAZRED, "trajanje obdobja", ROK) in figures.lost


def test_held_out_phrasings_are_asked_of_a_base_without_them(
    small: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Engine] = []
    monkeypatch.setattr(
        Engine,
        "search",
        lambda engine, text: seen.append(engine) or found("answer", ROK),  # type: ignore[func-returns-value]
    )
    figures = evaluate.measure_held_out(small)
    assert figures.phrasings == len(seen) == 5
    kept = sum(len(entry.phrasings.sl) + len(entry.phrasings.en) for entry in seen[0].base.entries.values())
    assert kept == 40
    assert seen[0].index.rows == small.index.rows - 5


def test_floors_name_every_figure_that_got_worse() -> None:
    recorded = floors.Floors(
        TODAY, {"a.tsv": {"top1_at_least": 0.8, "wrong_at_most": 0.02}, "b.tsv": {"x_at_least": 1}}
    )
    good = {"a.tsv": {"top1_at_least": 0.8, "wrong_at_most": 0.02}, "b.tsv": {"x_at_least": 1.0}}
    assert floors.below(recorded, good) == []
    bad = {"a.tsv": {"top1_at_least": 0.799, "wrong_at_most": 0.021}}
    assert floors.below(recorded, bad) == [
        "a.tsv: top1_at_least 0.800, measured 0.799",
        "a.tsv: wrong_at_most 0.020, measured 0.021",
        "b.tsv: x_at_least 1.000 is recorded, but no such figure is measured",
    ]
    assert len(floors.below(recorded, bad, whole=False)) == 2


def test_recording_tightens_and_never_loosens(tmp_path: Path) -> None:
    recorded = floors.Floors(TODAY, {"a.tsv": {"top1_at_least": 0.9, "wrong_at_most": 0.01}})
    floors.record(
        tmp_path,
        recorded,
        {
            "a.tsv": {"top1_at_least": 0.8, "wrong_at_most": 0.05, "top3_at_least": 0.9504},
            "phrasings": {"own_entry_at_least": 0.99876},
        },
    )
    assert floors.read_floors(tmp_path) == floors.Floors(
        TODAY,
        {
            "a.tsv": {"top1_at_least": 0.9, "wrong_at_most": 0.01, "top3_at_least": 0.945},
            "phrasings": {"own_entry_at_least": 0.998},
        },
    )


def test_bm25_weighs_rare_words_and_short_rows() -> None:
    rows = ["rok", "rok rok postopek", "postopek postopek postopek", "vloga"]
    scores = baselines.bm25(["rok", "vloga"], rows)
    assert scores.shape == (2, 4)
    # Worked by hand: idf = ln(1 + 2.5/2.5), tf part = 2.2 / (1 + 1.2 * (0.25 + 0.75 * 1/2)).
    assert scores[0][0] == pytest.approx(0.693147 * 2.2 / 1.75, abs=1e-4)
    assert scores[0][2] == scores[0][3] == 0
    assert scores[1][3] > scores[0][0]


def test_tfidf_of_the_same_text_is_one() -> None:
    scores = baselines.char_tfidf(["Višji svetnik", "xyz"], ["visji svetnik", "svetnik", "mentor"])
    assert scores[0][0] == pytest.approx(1.0, abs=1e-5)
    assert scores[0][0] > scores[0][1] > scores[0][2]
    assert scores[1].max() == 0


@pytest.mark.parametrize("method", baselines.METHODS)
def test_every_plain_method_finds_a_phrasing_itself(method: str) -> None:
    base = load(FIXTURES / "base")
    questions = [
        Question("trajanje obdobja", frozenset({RAZRED}), "kw"),
        Question("krompir", frozenset(), "oos"),
    ]
    given = baselines.answers(base, questions, baselines.METHODS[method])
    assert given[0].three[0] == RAZRED
    assert given[0].first_right
    assert given[0].score > given[1].score
    assert len(set(given[0].three)) == 3


def test_a_threshold_keeps_wrong_answers_within_bounds() -> None:
    question = Question("q", frozenset({"a"}), "kw")
    given = [baselines.Answer(question, ("a",), 0.01 * number) for number in range(50, 98)]
    given += [baselines.Answer(question, ("b",), score) for score in (0.95, 0.6)]
    given += [baselines.Answer(Question("o", frozenset(), "near"), (name,), 0.9) for name in ("c", "unknown")]
    unknown = frozenset({"unknown"})
    above = baselines.threshold(given, unknown)
    assert above == 0.9
    assert baselines.outright(given, above, unknown) == baselines.Outright(0.9, 7, 1)
    assert baselines.threshold(given[:48], unknown) < 0


def test_a_section_is_renewed_and_the_rest_of_the_page_stays() -> None:
    page = quality.renew_section("# Page\n", "a", "one\n")
    page = quality.renew_section(page, "b", "two")
    assert (
        page == "# Page\n\n<!-- begin:a -->\none\n<!-- end:a -->\n\n<!-- begin:b -->\ntwo\n<!-- end:b -->\n"
    )
    again = quality.renew_section(page + "\nby hand\n", "a", "new \\1 text")
    assert again == page.replace("one", "new \\1 text") + "\nby hand\n"
    with pytest.raises(ValueError, match="has no"):
        quality.renew_section("<!-- begin:a -->", "a", "x")


def test_the_page_is_written(tmp_path: Path) -> None:
    path = quality.write_page("words", tmp_path / "docs" / "quality.md")
    first = path.read_text()
    assert first.startswith("# Quality: measured figures\n")
    assert "<!-- begin:knowledge -->\nwords\n<!-- end:knowledge -->\n" in first
    quality.write_page("words", path)
    assert path.read_text() == first


def test_shares_carry_counts() -> None:
    lost = tuple(evaluate.Lost("a", str(number), "b") for number in range(5))
    text = phrasings_text(PhrasingFigures(1000, lost), PhrasingFigures(100, lost))
    assert "find their own entry first: 995 of 1000; 5 do not" in text
    assert "95 (95.0%) [88.8–97.8]" in text


@pytest.fixture
def ready(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The invented base with weights and floors, and a cache of its own."""
    shutil.copy(DATA / "calibration.yaml", folder)
    (folder / "floors.yaml").write_text("judged_on: 2026-11-21\nbounds: {}\n")
    monkeypatch.setenv("KAZIPOT_CACHE", str(tmp_path / "cache"))
    return folder


def test_the_test_command(ready: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sets = tmp_path / "sets"
    sets.mkdir()
    command = ["--data", str(ready), "test", "--questions", str(sets)]
    assert main(command) == 1
    assert "no question sets" in capsys.readouterr().out
    (sets / "mine.tsv").write_text(
        f"question\texpected\tkind\ntrajanje obdobja\t{RAZRED}\tkw\nkrompir\tOOS\toos\n"
    )
    assert main(command) == 0
    assert "### mine.tsv: only ever measured" in capsys.readouterr().out
    assert main([*command, "--record"]) == 0
    recorded = floors.read_floors(ready).bounds
    assert recorded["mine.tsv"]["top1_at_least"] == 0.995
    (ready / "floors.yaml").write_text("judged_on: 2026-11-21\nbounds: {mine.tsv: {top1_at_least: 1.01}}\n")
    assert main(command) == 1
    assert "below the floor: mine.tsv: top1_at_least 1.010, measured 1.000" in capsys.readouterr().out
    (ready / "floors.yaml").write_text("judged_on: 2026-11-21\nbounds: {}\n")
    (sets / "mine.tsv").write_text("question\texpected\tkind\nkrompir\tni-ga\tkw\n")
    assert main(command) == 1
    assert "mine.tsv:2: expects 'ni-ga', which is no entry" in capsys.readouterr().out


def test_the_quality_command(ready: Path, tmp_path: Path) -> None:
    sets, page = tmp_path / "sets", tmp_path / "quality.md"
    sets.mkdir()
    for name in ("calibration.tsv", "mine.tsv"):
        (sets / name).write_text(
            f"question\texpected\tkind\ntrajanje obdobja\t{RAZRED}\tkw\nrok vloge\t{ROK}\tkw\nkrompir\tOOS\toos\n"
        )
    command = ["--data", str(ready), "quality", "--questions", str(sets), "--page", str(page)]
    assert main(command) == 0
    text = page.read_text()
    for words in (
        "3 entries with 45 phrasings, as of 2026-11-21",
        "### calibration.tsv: weights and thresholds are fitted on this set",
        "### mine.tsv: only ever measured",
        "every 10th phrasing, asked of a base without it",
        *(f"| {method} |" for method in baselines.METHODS),
        "| **this search** |",
    ):
        assert words in text
    assert main(command) == 0
    assert page.read_text() == text


def test_the_recorded_floors_fit_the_sets_at_hand() -> None:
    recorded = floors.read_floors(DATA)
    names = {path.name for path in (Path(__file__).parent / "questions").glob("*.tsv")}
    assert recorded.bounds.keys() == {floors.PHRASINGS, *names}
