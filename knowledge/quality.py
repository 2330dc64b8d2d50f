"""The measured figures as tables, on the console and in docs/quality.md.

That page is written by several tools, each its own section between `<!-- begin:NAME -->` and `<!-- end:NAME -->`
(`renew_section`); the rest of the page stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from knowledge.baselines import METHODS, WRONG_AT_MOST, Answer, Outright, answers, outright, threshold
from knowledge.evaluate import (
    CALIBRATION_SETS,
    IN_SCOPE,
    NEAR,
    OFF_TOPIC,
    PhrasingFigures,
    SetFigures,
    Tally,
    unknown_entries,
)
from knowledge.search import Engine
from knowledge.tables import phrasings_text, set_text, share

PAGE = Path("docs/quality.md")
SECTION = "knowledge"
HEAD = """# Quality: measured figures

Written by `make quality`; do not edit between the markers. Every section is renewed by the tool that measures it.
"""


def renew_section(page: str, name: str, body: str) -> str:
    """The page with the section `name` replaced, or added at the end."""
    begin, end = f"<!-- begin:{name} -->", f"<!-- end:{name} -->"
    section = f"{begin}\n{body.strip()}\n{end}"
    if begin not in page:
        return f"{page.rstrip()}\n\n{section}\n".lstrip()
    before, rest = page.split(begin, 1)
    if end not in rest:
        raise ValueError(f"{begin} has no {end}")
    return f"{before}{section}{rest.split(end, 1)[1]}"


def write_page(body: str, path: Path = PAGE) -> Path:
    """Renew the section of the knowledge base on the page at `path`."""
    page = path.read_text(encoding="utf-8") if path.exists() else HEAD
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(renew_section(page, SECTION, body), encoding="utf-8")
    return path


def section(
    engine: Engine,
    on: date,
    phrasings: PhrasingFigures,
    held_out: PhrasingFigures,
    sets: Sequence[SetFigures],
) -> str:
    """The whole section: what was asked, the tables, the baselines."""
    parts = [
        "## Finding the right entry",
        _method(engine, on),
        phrasings_text(phrasings, held_out),
        *(set_text(item) for item in sets),
        baselines_text(engine, on, sets),
    ]
    return "\n\n".join(parts)


def baselines_text(engine: Engine, on: date, sets: Sequence[SetFigures]) -> str:
    """The search beside plain methods on the same questions."""
    unknown = unknown_entries(engine.base, on)
    fitted, measured = ([item for item in sets if item.fitted is which] for which in (True, False))
    lines = [
        "### Beside plain methods",
        "",
        "All rank the titles and phrasings of the same base, in the same run. For each, the score above which at most "
        f"{WRONG_AT_MOST:.0%} of all questions (in scope, near misses, off topic) get a wrong answer was chosen on the "
        "sets for calibration and then applied to the others.",
        "",
        "| method | calibration top-1 / top-3 | measured top-1 | measured top-3 | measured: right, given outright | "
        "measured: wrong, of all questions |",
        "|---|---|---|---|---|---|",
    ]
    questions = [out.question for item in (*fitted, *measured) for out in item.outcomes]
    count = sum(len(item.outcomes) for item in fitted)
    for name, scorer in METHODS.items():
        given = answers(engine.base, questions, scorer)
        shown = outright(given[count:], threshold(given[:count], unknown), unknown)
        lines.append(_baseline_row(name, given[:count], given[count:], shown))
    return "\n".join([*lines, _own_row(fitted, measured)])


def _method(engine: Engine, on: date) -> str:
    count = sum(len(entry.phrasings.sl) + len(entry.phrasings.en) for entry in engine.base.entries.values())
    return (
        f"{len(engine.base.entries)} entries with {count} phrasings, as of {on.isoformat()}. "
        f"Weights and thresholds are fitted on {' and '.join(f'`{name}`' for name in CALIBRATION_SETS)}; "
        "figures on those sets are therefore flattering. "
        "All other sets are only ever measured: no phrasing, weight or threshold is chosen by them; their totals were "
        "in sight when the share of mistakes was set that calibration allows. `everyday.tsv` was written blind from "
        "titles and answers, vague and sideways on purpose, and names one entry alone where a neighbour may do.\n\n"
        "*Within one click*: answered right, or the right entry among the (up to three) candidates offered. An entry "
        "that says that the sources do not tell counts as declining, and as right only where it was expected. "
        "Shares carry counts; the main ones a 95 % interval (Wilson 1927)."
    )


def _baseline_row(name: str, fitted: Sequence[Answer], measured: Sequence[Answer], shown: Outright) -> str:
    within = [item for item in measured if item.in_scope]
    return (
        f"| {name} | {_top(fitted)} | {share(sum(item.first_right for item in within), len(within))} | "
        f"{share(sum(item.in_three for item in within), len(within))} | {share(shown.right, len(within))} | "
        f"{share(shown.wrong, len(measured))} |"
    )


def _top(given: Sequence[Answer]) -> str:
    within = [item for item in given if item.in_scope]
    first, three = sum(item.first_right for item in within), sum(item.in_three for item in within)
    return f"{first / len(within):.1%} / {three / len(within):.1%}" if within else "–"


def _own_row(fitted: Sequence[SetFigures], measured: Sequence[SetFigures]) -> str:
    of_fit, tally = _total(fitted, IN_SCOPE), _total(measured, IN_SCOPE)
    declining = [_total(measured, group) for group in (NEAR, OFF_TOPIC)]
    asked = tally.questions + sum(item.questions for item in declining)
    wrong = tally.verdicts["wrong"] + sum(item.verdicts["answered"] for item in declining)
    top = (
        f"{of_fit.first / of_fit.questions:.1%} / {of_fit.in_three / of_fit.questions:.1%}"
        if of_fit.questions
        else "–"
    )
    return (
        f"| **this search** | {top} | {share(tally.first, tally.questions)} | "
        f"{share(tally.in_three, tally.questions)} | {share(tally.verdicts['right'], tally.questions)} | "
        f"{share(wrong, asked)} |"
    )


def _total(sets: Sequence[SetFigures], group: str) -> Tally:
    joined = SetFigures("", tuple(item for part in sets for item in part.outcomes))
    return joined.tally(group)
