"""Cards of the eligibility check: a step with its question, a form, a result; each beside its plain-text twin."""

from __future__ import annotations

from collections.abc import Iterable

from cards.elements import Json, card, heading, lines, plain, subtle, text
from cards.views import Button, Condition, Field, FormView, Line, PrintView, ResultView, Section, StepView


def step_card(view: StepView) -> Json:
    """What was understood, what it means so far, the question, and the ways to answer."""
    body = [heading(view.title)] if view.title else []
    if view.lead:
        body.append(text(plain(view.lead)))
    body += _facts(view.facts_label, view.facts)
    if view.meaning:
        body += _section(view.meaning)
    body += [_condition(condition) for condition in view.conditions]
    if view.field:
        body.append({**_input(view.field, expanded=True), "spacing": "Medium", "separator": True})
    elif view.question:
        body.append(text(plain(view.question), weight="Bolder", spacing="Medium", separator=True))
    if view.hint:
        body.append(subtle(view.hint, spacing="Small"))
    submit = (view.submit,) if view.submit else ()
    return card(body, (*view.options, *submit, *view.actions), speak=view.question or view.title)


def step_text(view: StepView) -> str:
    """The same in plain text; the answers are numbered, so that a number can be typed."""
    answers = [button.title for button in view.options] or [label for _, label in _choices(view.field)]
    parts = [view.title, view.lead, _facts_text(view.facts_label, view.facts)]
    if view.meaning:
        parts.append(_section_text(view.meaning))
    parts += [_condition_text(condition) for condition in view.conditions]
    parts += [view.question, view.hint]
    parts.append("\n".join(f"{number}. {answer}" for number, answer in enumerate(answers, start=1)))
    parts.append(_buttons(view.actions))
    return _paragraphs(parts)


def form_card(view: FormView) -> Json:
    """All inputs at once."""
    body = [heading(view.title), text(plain(view.text))]
    body += [_input(field) for field in view.fields]
    return card(body, (view.submit, *view.actions), speak=view.title)


def form_text(view: FormView) -> str:
    """The same in plain text, with what is filled in already."""
    lines = [f"- {field.label}: {_filled(field)}".rstrip() for field in view.fields]
    return _paragraphs([view.title, view.text, "\n".join(lines), _buttons((view.submit, *view.actions))])


def result_card(view: ResultView) -> Json:
    """The outcome first, then every condition with its mark, then what surrounds it."""
    body = [heading(view.title)]
    if view.lead:
        body.append(text(plain(view.lead)))
    body += [text(view.outcome, weight="Bolder", spacing="Small"), subtle(view.subject, spacing="Small")]
    body.append(subtle(view.conditions_label, weight="Bolder", spacing="Medium"))
    body += [_condition(condition) for condition in view.conditions]
    body += _facts(view.facts_label, view.facts)
    for section in view.sections:
        body += _section(section)
    body += lines(view.offers)
    footer: list[Json] = [subtle(line, spacing="Small") for line in view.footer]
    body.append({"type": "Container", "separator": True, "spacing": "Medium", "items": footer})
    return card(body, view.actions, speak=view.outcome)


def result_text(view: ResultView) -> str:
    """The same in plain text."""
    return _paragraphs([*_kept(view), _buttons((*view.offers, *view.actions))])


def print_card(view: PrintView) -> Json:
    """The whole result as paragraphs, without marks of layout: easy to print or copy."""
    body = [heading(view.title), subtle(view.made)]
    body += [text(plain(part).replace("\n", "\n\n")) for part in _kept(view.result) if part]
    return card(body, view.actions, speak=view.title)


def print_text(view: PrintView) -> str:
    """The same in plain text."""
    return _paragraphs([view.title, view.made, *_kept(view.result), _buttons(view.actions)])


def _kept(view: ResultView) -> list[str]:
    """The paragraphs of a result, without buttons."""
    parts = [view.title, view.lead, view.outcome, view.subject, view.conditions_label]
    parts += [_condition_text(condition) for condition in view.conditions]
    parts.append(_facts_text(view.facts_label, view.facts))
    parts += [_section_text(section) for section in view.sections]
    return [*parts, *view.footer]


def _condition(condition: Condition) -> Json:
    """The mark is a sign and a word, never a colour alone."""
    items = [text(f"**{condition.mark} {condition.name}:** {condition.verdict}")]
    items.append(text(condition.reason, spacing="None"))
    if condition.needed:
        items.append(text(condition.needed, spacing="None"))
    if condition.provision:
        items.append(subtle(condition.provision, spacing="None"))
    return {"type": "Container", "spacing": "Small", "items": items}


def _condition_text(condition: Condition) -> str:
    lines = [f"{condition.mark} {condition.name}: {condition.verdict}", condition.reason, condition.needed]
    if condition.provision:
        lines.append(f"({condition.provision})")
    return "\n".join(line for line in lines if line)


def _facts(label: str, facts: tuple[Line, ...]) -> list[Json]:
    if not facts:
        return []
    rows = [{"title": plain(line.label), "value": plain(line.value)} for line in facts]
    return [subtle(label, weight="Bolder", spacing="Medium"), {"type": "FactSet", "facts": rows}]


def _facts_text(label: str, facts: tuple[Line, ...]) -> str:
    return "\n".join([label, *(f"- {line.label}: {line.value}" for line in facts)]) if facts else ""


def _section(section: Section) -> list[Json]:
    head = [subtle(section.title, weight="Bolder", spacing="Medium")] if section.title else []
    return [*head, *(text(line, spacing="Small") for line in section.lines)]


def _section_text(section: Section) -> str:
    return "\n".join([section.title, *section.lines])


def _input(field: Field, *, expanded: bool = False) -> Json:
    """An input with its label; `expanded` shows all choices at once."""
    element: Json = {"id": field.id, "label": field.label}
    if field.kind in {"choice", "choices"}:
        element |= {
            "type": "Input.ChoiceSet",
            "style": "expanded" if expanded or field.kind == "choices" else "compact",
            "isMultiSelect": field.kind == "choices",
            "wrap": True,
            "choices": [{"title": label, "value": value} for value, label in field.options],
        }
    elif field.kind == "number":
        element |= {"type": "Input.Number"}
        element |= {"min": field.lowest} if field.lowest is not None else {}
        element |= {"max": field.highest} if field.highest is not None else {}
    else:
        element |= {"type": "Input.Date" if field.kind == "date" else "Input.Text"}
    if field.value:
        element["value"] = float(field.value) if field.kind == "number" else field.value
    if field.hint and field.kind in {"text", "choice"}:
        element["placeholder"] = field.hint
    return element


def _filled(field: Field) -> str:
    labels = dict(field.options)
    if field.kind in {"choice", "choices"}:
        return ", ".join(labels.get(value, value) for value in field.value.split(",") if value)
    return field.value


def _choices(field: Field | None) -> Iterable[tuple[str, str]]:
    return field.options if field and field.kind == "choice" else ()


def _buttons(buttons: tuple[Button, ...]) -> str:
    return " ".join(f"[{button.title}]" for button in buttons)


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())
