"""YAML as data only, with a line for every value."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.strict_yaml import YamlProblem, parse

TEXT = """\
id: vnos
title:
  sl: Naslov
  en: Title
versions:
  - valid_from: 2026-01-01
    valid_to: null
    answer: |
      Prva vrstica
      druga
  - valid_from: 2027-01-01
related: [ena, dve]
count: 3
share: 0.5
on: true
quoted: "true"
"""


def test_values_have_the_types_they_look_like() -> None:
    data = parse(TEXT).data
    assert data["versions"][0] == {
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
        "answer": "Prva vrstica\ndruga\n",
    }
    assert data["related"] == ["ena", "dve"]
    assert (data["count"], data["share"], data["on"], data["quoted"]) == (3, 0.5, True, "true")


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("id",), 1),
        (("title", "en"), 4),
        (("versions", 0), 6),
        (("versions", 0, "answer"), 8),
        (("versions", 1, "valid_from"), 11),
        (("related", 1), 12),
        (("quoted",), 16),
        (("versions", 1, "answer", "sl"), 11),
        (("nowhere", "at", "all"), 1),
    ],
)
def test_every_value_has_a_line_and_a_missing_one_that_of_its_parent(
    where: tuple[str | int, ...], line: int
) -> None:
    assert parse(TEXT).line_of(where) == line


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "key 'a' appears twice"),
        ("x:\n  a: 1\n  a: 2\n", 3, "key 'a' appears twice"),
        ("a:\n  b: 1\n c: 2\n", 3, ""),
        ("a: [1, 2\nb: 3\n", 2, ""),
        ("a: 'open\n", 2, "unexpected end of stream"),
        ("a: 1\n\tb: 2\n", 2, "found a tab character"),
        ("a: 2026-13-01\n", 1, "'2026-13-01' is not a date"),
        ("a: 2026-01-01 10:00:00\n", 1, "is not a date"),
        ("a: !!binary aGk=\n", 1, "is not allowed"),
        ("? [a, b]\n: 1\n", 1, "is no text"),
        ("a: *nowhere\n", 1, "undefined alias"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
    ],
)
def test_anything_else_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(YamlProblem) as caught:
        parse(text)
    assert caught.value.line == line
    assert says in str(caught.value)


def test_a_tag_runs_nothing() -> None:
    assert parse("a: !!python/object/apply:os.getcwd []\n").data == {"a": []}


def test_an_empty_file_is_no_data() -> None:
    assert parse("").data is None
    assert parse("# only words\n").line_of(("id",)) == 1


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        line = parse(text).line_of(())
    except YamlProblem as problem:
        line = problem.line
    assert line >= 1
