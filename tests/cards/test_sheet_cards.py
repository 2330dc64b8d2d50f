"""Sheets: what people wrote to one another is shown as it is, whole in plain text, with every kind of input."""

from __future__ import annotations

from typing import Any

import pytest

import cards
from cards.sheet import plain
from cards.views import Button, Field, Line, Section, SheetView
from tests.support.adaptive import check_card

VIEW = SheetView(
    title="Vprašanje št. 1 · čaka",
    text="Besedilo",
    facts=(Line("Poslano", "22. 11. 2026 ob 9.05"),),
    quote="Ali **to** [velja](https://evil.example)?\n- da\n2. ne",
    sections=(Section("Potek", ("22. 11. 2026 · prevzeto\n# Eva",)), Section("", ("brez naslova",))),
    fields=(
        Field("a", "Odgovor", "long", "napisano", hint="npr.", highest=100),
        Field("b", "Tema", "choice", "x", options=(("x", "X"), ("y", "Y"))),
        Field("c", "Priloži", "toggle", "true"),
        Field("d", "Še", "toggle"),
    ),
    choices=(Button("Št. 2 · odgovorjeno: *zakaj*", {"do": "ticket_show", "ticket": 2}),),
    note="Opomba",
    actions=(Button("Odgovori", {"do": "ticket_answer"}),),
)


def inputs() -> dict[str, Any]:
    return {part["id"]: part for part in cards.render(VIEW)["body"] if "id" in part}


def test_is_a_card() -> None:
    check_card(cards.render(VIEW))
    check_card(cards.render(SheetView("Naslov")))


def test_inputs() -> None:
    found = inputs()
    assert (found["a"]["isMultiline"], found["a"]["maxLength"], found["a"]["value"]) == (
        True,
        100,
        "napisano",
    )
    assert found["b"]["value"] == "x"
    assert (found["c"]["value"], found["d"]["value"]) == ("true", "false")
    assert all(part.get("label") or part.get("title") for part in found.values())


def test_plain_text_says_everything() -> None:
    text = cards.as_text(VIEW)
    for words in (
        VIEW.title,
        VIEW.text,
        VIEW.quote,
        "22. 11. 2026 ob 9.05",
        "# Eva",
        "brez naslova",
        "Opomba",
    ):
        assert words in text
    for words in ("Odgovor: napisano", "Tema: x", "Št. 2", "[Odgovori]"):
        assert words in text


@pytest.mark.parametrize(
    "words, shown",
    [
        ("22. 11. 2026", "22\\. 11. 2026"),
        ("a\n1) b", "a\n1\\) b"),
        ("- a\n+ b", "\\- a\n\\+ b"),
        ("-5 stopinj, leta 2026. in 3-4", "-5 stopinj, leta 2026. in 3-4"),
        ("**a** [b](c) <at>d</at>", "\\*\\*a\\*\\* \\[b\\](c) \\<at\\>d\\</at\\>"),
    ],
)
def test_nothing_is_markup(words: str, shown: str) -> None:
    assert plain(words) == shown
