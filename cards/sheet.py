"""Cards with what people wrote to one another, and the inputs to go on; beside it the plain-text twin."""

from __future__ import annotations

import re

from cards.elements import Json, card, heading, lines, subtle, text
from cards.elements import plain as without_marks
from cards.views import Button, Field, Section, SheetView

_LIST = re.compile(r"^(\s*)(\d+(?=[.)])|(?=[-+]\s))", re.MULTILINE)
"""Where a line would be taken for an item of a list: a date at its beginning, too."""


def plain(words: str) -> str:
    """Words with every meaning that markdown would give them switched off."""
    return _LIST.sub(r"\1\2\\", without_marks(words))


def sheet_card(view: SheetView) -> Json:
    """Facts, what was written, the inputs, and a small line at the end."""
    body = [heading(plain(view.title))]
    if view.text:
        body.append(_words(view.text))
    if view.quote:
        framed: Json = {"type": "Container", "style": "emphasis", "items": [_words(view.quote)]}
        body.append(framed)
    if view.facts:
        rows = [{"title": plain(line.label), "value": plain(line.value)} for line in view.facts]
        body.append({"type": "FactSet", "facts": rows})
    for section in view.sections:
        body += _section(section)
    body += [_input(field) for field in view.fields]
    body += lines(view.choices)
    if view.note:
        body.append(subtle(plain(view.note), spacing="Medium"))
    return card(body, view.actions, speak=view.title)


def sheet_text(view: SheetView) -> str:
    """The same in plain text."""
    facts = "\n".join(f"- {line.label}: {line.value}" for line in view.facts)
    sections = ["\n".join([section.title, *section.lines]) for section in view.sections]
    fields = "\n".join(f"- {field.label}: {field.value}".rstrip() for field in view.fields)
    choices = "\n".join(f"- {button.title}" for button in view.choices)
    parts = [view.title, view.text, view.quote, facts, *sections, fields, choices, view.note]
    return "\n\n".join(part.strip() for part in [*parts, _buttons(view.actions)] if part.strip())


def _words(words: str, **style: object) -> Json:
    """What somebody wrote: a line of theirs is a line here."""
    return text(plain(words).replace("\n", "\n\n"), **style)


def _section(section: Section) -> list[Json]:
    head = [subtle(plain(section.title), weight="Bolder", spacing="Medium")] if section.title else []
    return [*head, *(_words(line, spacing="Small") for line in section.lines)]


def _input(field: Field) -> Json:
    element: Json = {"id": field.id, "spacing": "Medium"}
    if field.kind == "toggle":
        return element | {
            "type": "Input.Toggle",
            "title": field.label,
            "value": field.value or "false",
            "wrap": True,
        }
    element["label"] = field.label
    if field.kind == "choice":
        options = [{"title": label, "value": value} for value, label in field.options]
        element |= {"type": "Input.ChoiceSet", "style": "compact", "wrap": True, "choices": options}
    else:
        element |= {"type": "Input.Text", "isMultiline": True}
        element |= {"maxLength": int(field.highest)} if field.highest else {}
        element |= {"placeholder": field.hint} if field.hint else {}
    return element | ({"value": field.value} if field.value else {})


def _buttons(buttons: tuple[Button, ...]) -> str:
    return " ".join(f"[{button.title}]" for button in buttons)
