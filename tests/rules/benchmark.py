"""Checks a second in one process: `python tests/rules/benchmark.py [SECONDS]`. Prints one line a case."""

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import rules
from tests.rules import samples

MENTOR: dict[str, Any] = {**samples.MENTOR, "filed_on": "2026-11-21"}
RATED = {
    "salary_group_b": False,
    "period_started_on": "2013-01-01",
    "position_change": "none",
    "annual_ratings": ["nadpovprecno"] * 3,
    "student_survey_negative": False,
}
CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "mentor, all facts": ("naziv", MENTOR, "2026-11-21"),
    "svetnik, few facts": ("naziv", {"target_naziv": "svetnik", "route": "ordinary"}, "2026-11-21"),
    "svetnik, rules of 2002": (
        "naziv",
        {"target_naziv": "svetnik", "route": "ordinary", "dsd_points": 30},
        "2021-06-15",
    ),
    "pay grade, rules of 2008": ("placni_razred_um", RATED, "2016-09-01"),
    "pay grade, pay act": ("placni_razred_um", {"period_started_on": "2025-01-01"}, "2026-11-21"),
}


def rate(run: Any, seconds: float) -> float:
    """Runs a second of processor time, so that a busy machine does not blur the figure."""
    count, started = 0, time.process_time()
    while (spent := time.process_time() - started) < seconds:
        for _ in range(100):
            run()
        count += 100
    return count / spent


def main(seconds: float) -> None:
    book = rules.load_rulebook()
    print(f"{'case':<28}{'checks/s':>10}{'with sentences/s':>18}{'questions/s':>13}")
    for name, (procedure, facts, on) in CASES.items():
        checks = rate(lambda p=procedure, f=facts, o=on: rules.assess(book, p, f, o), seconds)
        described = rate(
            lambda p=procedure, f=facts, o=on: rules.describe(book, rules.assess(book, p, f, o)), seconds
        )
        asked = rate(lambda p=procedure, f=facts, o=on: rules.next_questions(book, p, f, o), seconds)
        print(f"{name:<28}{checks:>10,.0f}{described:>18,.0f}{asked:>13,.0f}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
