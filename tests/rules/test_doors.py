"""The doors as scripts use them: `python -m rules …` in a process of its own."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rules
from rules import __main__ as shell

from .samples import MENTOR

ROOT = Path(__file__).parents[2]
CHECK = {"id": "c", "procedure": "naziv", "on": "2026-11-21", "facts": MENTOR}


def _run(*arguments: str, lines: bytes = b"") -> tuple[int, list[Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "rules", *arguments],
        input=lines,
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def _lines(*requests: Any) -> bytes:
    return b"".join(json.dumps(request).encode() + b"\n" for request in requests)


def test_check_keeps_the_contract() -> None:
    code, (answer,), errors = _run("check", "--jsonl", lines=_lines(CHECK))
    assert (code, errors) == (0, "")
    fixed = ("outcome", "regulation", "missing", "attachments", "dates", "award", "provisional")
    assert {name: answer[name] for name in fixed} == {
        "outcome": "met",
        "regulation": "pravilnik_2023",
        "missing": [],
        "attachments": ["utemeljitev", "mnenje"],
        "dates": {"filed_on": "2026-11-21", "naziv_on": "2026-12-01", "pay_on": "2026-12-01"},
        "award": {"naziv": "mentor"},
        "provisional": True,
    }
    assert answer["id"] == "c"
    assert all(isinstance(sentence, str) for sentence in answer["assumptions"])
    for finding in answer["findings"]:
        assert set(finding) >= {"condition", "outcome", "provision", "reason", "missing", "needed"}
        assert finding["provision"]
        assert finding["reason"]


def test_a_bad_line_gets_an_error_and_the_batch_goes_on() -> None:
    bad: list[bytes] = [
        b"nonsense",
        b"[1, 2]",
        b'"x"',
        b'{"id": 1}',
        b'{"id": 2, "procedure": "naziv", "facts": {}}',
        b'{"id": 3, "procedure": "naziv", "on": "2026-11-21", "facts": {"niu_points": NaN}}',
        b'{"id": 4, "procedure": "naziv", "on": "2026-11-21", "facts": {"niu_points": 1e999}}',
        b'{"id": 5, "procedure": "naziv", "on": "2026-11-21", "facts": {"tocke": 4}}',
        b'{"id": 6, "procedure": "naziv", "on": "2026-11-21", "facts": [1]}',
        b'{"id": 7, "procedure": "naziv", "on": "2026-11-21", "facts": {}, "regulation": 5}',
        b'{"id": 8, "procedure": "naziv", "on": "2026-11-21", "facts": {}, "locale": "de"}',
        b'{"id": 9, "procedure": "naziv", "on": "2026-11-21", "facts": {}, "locale": 4}',
        b'{"id": 10, "procedure": "naziv", "on": "1999-11-21", "facts": {}}',
        b"[" * 100_000,
        b'{"id": ' + b"1" * 5000 + b"}",
        b'{"id": "\xff\xfe", "procedure": "x", "on": "2026-11-21"}',
        b'{"id": "\\ud800", "procedure": "naziv", "on": "2026-11-21", "facts": {"\\ud800": 1}}',
    ]
    code, answers, errors = _run("check", "--jsonl", lines=b"\n".join([*bad, b"", _lines(CHECK)]))
    assert (code, errors) == (0, "")
    assert len(answers) == len(bad) + 1
    assert all(set(answer) == {"id", "error"} for answer in answers[:-1])
    assert answers[-1]["outcome"] == "met"
    named = [
        "line",
        "line",
        "line",
        "procedure",
        "on",
        "niu_points",
        "niu_points",
        "tocke",
        "facts",
        "regulation",
    ]
    assert [answer["error"].partition(":")[0] for answer in answers[:10]] == named
    assert [answer["id"] for answer in answers[3:13]] == list(range(1, 11))


def test_facts_may_be_left_out_and_words_may_be_english() -> None:
    lines = b"\xef\xbb\xbf" + _lines(
        {"procedure": "naziv", "on": "2026-11-21"},
        {"procedure": "naziv", "on": "2026-11-21", "facts": None, "locale": "en"},
        {
            "procedure": "naziv",
            "on": "2026-11-21",
            "facts": {},
            "locale": "en",
            "regulation": "pravilnik_2002",
        },
    )
    _, answers, _ = _run("check", "--jsonl", lines=lines)
    assert [answer["outcome"] for answer in answers] == ["unknown"] * 3
    assert "vsak naziv" in answers[0]["findings"][-1]["reason"]
    assert "Each title" in answers[1]["findings"][-1]["reason"]
    assert [answer["as_if"] for answer in answers] == [False, False, True]
    english = {"id": 1, "procedure": "naziv", "on": "2026-11-21", "facts": {"niu_points": -1}, "locale": "en"}
    _, answers, _ = _run(
        "check", "--jsonl", lines=_lines(english, {**english, "locale": ["en"]}, {**english, "locale": ""})
    )
    assert answers[0]["error"] == "niu_points: -1 is not between 0 and 10000"
    assert [answer["error"].partition(":")[0] for answer in answers] == ["niu_points", "locale", "locale"]


def test_points() -> None:
    request = {
        "id": "p",
        "on": "2026-11-21",
        "workplace": "sola",
        "activities": [
            {"activity": "strokovni_clanek", "count": 1, "years": None, "hours": None, "share": 0.5},
            {"activity": "ocenjevanje_npz", "hours": 12},
        ],
    }
    code, answers, errors = _run("points", "--jsonl", lines=_lines(request, {"id": "q", "on": "2026-11-21"}))
    assert (code, errors) == (0, "")
    assert (answers[0]["id"], answers[0]["total"]) == ("p", 1)
    assert [line["points"] for line in answers[0]["lines"]] == [1, None]
    assert all(set(line) == {"activity", "points", "provision", "reason"} for line in answers[0]["lines"])
    assert answers[0]["digest"]
    assert answers[0]["provisional"] is True
    assert answers[1]["error"].startswith("activities: ")


def test_calendar_and_attachments() -> None:
    code, (calendar,), _ = _run("calendar", "--on", "2026-11-21")
    assert code == 0
    assert calendar["self_filing_months"] == [2, 4, 6, 9, 11]
    assert calendar["if_filed_today"]["naziv_on"] == "2026-12-01"
    arguments = ("--naziv", "mentor", "--route", "ordinary", "--proposer", "ravnatelj")
    code, (items,), _ = _run("attachments", *arguments, "--on", "2026-11-21", "--locale", "en")
    assert code == 0
    assert [item["code"] for item in items] == ["utemeljitev", "mnenje"]
    assert "justification" in items[0]["name"]


@pytest.mark.parametrize(
    "arguments, named",
    [
        (("calendar", "--on", "2005-01-01"), "on"),
        (("calendar", "--on", "danes"), "on"),
        (("attachments", "--naziv", "mentor", "--route", "exceptional", "--proposer", "ravnatelj"), "route"),
    ],
)
def test_a_refusal_names_the_fact_and_the_code(arguments: tuple[str, ...], named: str) -> None:
    code, (answer,), _ = _run(*arguments)
    assert code == 2
    assert answer["error"].startswith(f"{named}: ")


def test_the_shell_within_one_process(
    book: rules.Rulebook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(CHECK) + "\n\n"))
    assert shell.main(["check", "--jsonl"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO('{"on": "2026-11-21", "activities": []}'))
    assert shell.main(["points"]) == 0
    assert shell.main(["calendar", "--on", "2026-11-21"]) == 0
    assert shell.main(["calendar", "--on", "x", "--locale", "en"]) == 2
    arguments = ["--naziv", "mentor", "--route", "ordinary", "--proposer", "ravnatelj"]
    assert shell.main(["attachments", *arguments]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert answers[0]["outcome"] == "met"
    assert answers[1]["total"] == 0
    assert answers[3]["error"] == "on: 'x' is not a valid date of the form YYYY-MM-DD"
    assert len(answers) == 5
    with pytest.raises(SystemExit):
        shell.main([])


def test_streams_speak_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(CHECK).encode()), encoding="ascii")
    )
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert shell.main(["check", "--jsonl"]) == 0
    assert "točke".encode() in raw.getvalue()
