"""The next question as something to press or to fill in, and a whole form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.dialogue.eligibility import actions, values
from bot.dialogue.eligibility.actions import INPUT
from bot.dialogue.eligibility.examine import FILED, Examination
from bot.dialogue.eligibility.memory import Check
from bot.dialogue.eligibility.options import choices_of
from bot.dialogue.eligibility.wording import subject, value
from bot.dialogue.message import Choice
from bot.texts import Texts
from bot.texts.facts import fact_words
from cards.views import Button, Field, FormView
from rules import FACTS, FactSpec, Kind, Procedure, Rulebook

FEW = 3
NOT_KNOWN = values.NOT_KNOWN
_ALWAYS = {
    Procedure.NAZIV: ("target_naziv", "current_naziv", "route", "post", "proposer", FILED),
    Procedure.PLACNI_RAZRED_UM: ("period_started_on", "annual_ratings"),
}
TRIED = {
    Procedure.NAZIV: ("target_naziv", "route", "proposer", FILED),
    Procedure.PLACNI_RAZRED_UM: ("period_started_on", "annual_ratings"),
}
_KINDS = {
    Kind.CHOICE: "choice",
    Kind.BOOL: "choice",
    Kind.CHOICES: "choices",
    Kind.NUMBER: "number",
    Kind.WHOLE: "number",
    Kind.DATE: "date",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the words, the answers to press, or the field to fill in, and all other buttons."""

    words: str
    hint: str
    options: tuple[Button, ...]
    field: Field | None
    submit: Button | None
    actions: tuple[Button, ...]


def ask(check: Check, fact: str, texts: Texts) -> Question:
    """The question after one fact; "ne vem" is always an answer."""
    words = fact_words(texts.locale)[fact]
    choices = choices_of(check, fact, texts.locale)
    unknown = _button(texts, "unknown", actions.UNKNOWN, check, fact)
    form = _button(texts, "form", actions.FORM, check)
    if check.what_if:
        form = _button(texts, "untry", actions.NEXT, check)
    result = _button(texts, "result", actions.RESULT, check)
    cancel = _button(texts, "cancel", actions.CANCEL, check)
    if choices and len(choices) <= FEW:
        pressed = tuple(
            Button(choice.label, actions.answer(check.procedure, fact, choice.value)) for choice in choices
        )
        more = (unknown, form, result, cancel) if len(pressed) < FEW else (unknown, form, cancel)
        return Question(words.question, words.hint, pressed, None, None, more)
    field = _field(check, fact, texts, words.question, ask_again=True)
    submit = Button(texts("check.button.next"), actions.about(actions.ANSWER, check.procedure, fact))
    return Question(words.question, words.hint, (), field, submit, (unknown, form, result, cancel))


def ask_which(check: Check, rulebook: Rulebook, texts: Texts) -> Question:
    """The question back after words with more than one meaning."""
    unclear = check.unclear[0]
    names = fact_words(texts.locale)
    options = tuple(
        Button(
            texts(
                "check.ask.option",
                label=names[option.fact].label,
                value=value(check.procedure, option.fact, option.value, rulebook, texts),
            ),
            actions.answer(check.procedure, option.fact, option.value),
        )
        for option in unclear.options[:FEW]
    )
    words = texts("check.ask.which", words=unclear.words) if unclear.words else texts("check.ask.differs")
    unknown = _button(texts, "unknown", actions.UNKNOWN, check)
    cancel = _button(texts, "cancel", actions.CANCEL, check)
    return Question(words, "", options, None, None, (unknown, cancel))


def choices(check: Check, question: Question) -> tuple[Choice, ...]:
    """The answers that are offered, as plain data, whether by buttons or by a list."""
    pressed = tuple(Choice(button.title, button.data) for button in question.options)
    field = question.field
    if field is None or field.kind != "choice":
        return pressed
    fact = field.id.removeprefix(INPUT)
    return tuple(
        Choice(label, actions.answer(check.procedure, fact, value)) for value, label in field.options
    )


def form(check: Check, examination: Examination | None, rulebook: Rulebook, texts: Texts) -> FormView:
    """Every fact that matters for the procedure and the target, with what is known filled in."""
    wanted = {*_ALWAYS[check.procedure], *check.facts, *check.unknown}
    facts: dict[str, Any] = dict(check.facts)
    if examination:
        wanted |= {*examination.assessment.missing, *examination.asks}
        facts = {**facts, **examination.assumed}
    names = [name for name in FACTS[check.procedure] if name in wanted]
    return FormView(
        title=texts("check.form.title", subject=subject(check.procedure, facts, texts)),
        text=texts("check.form.text"),
        fields=_fields(check, names, rulebook, texts),
        submit=_button(texts, "submit", actions.SUBMIT, check),
        actions=(_button(texts, "cancel", actions.CANCEL, check),),
    )


def what_if(check: Check, examination: Examination | None, rulebook: Rulebook, texts: Texts) -> FormView:
    """What can be tried out without changing what was stated."""
    facts = {**check.facts, **(examination.assumed if examination else {})}
    return FormView(
        title=texts("check.button.what_if"),
        text=texts("check.form.text_what_if"),
        fields=_fields(check, TRIED[check.procedure], rulebook, texts, facts),
        submit=_button(texts, "try", actions.TRY, check),
        actions=(_button(texts, "untry", actions.UNTRY, check),),
    )


def _fields(
    check: Check, names: Iterable[str], rulebook: Rulebook, texts: Texts, facts: Any = None
) -> tuple[Field, ...]:
    known = check.facts if facts is None else facts
    words = fact_words(texts.locale)
    fields = []
    for name in names:
        label = words[name].label
        if values.partial(known.get(name)):
            shown = value(check.procedure, name, known[name], rulebook, texts)
            label = texts("check.form.partial", label=label, value=shown)
        fields.append(_field(check, name, texts, label, known.get(name)))
    return tuple(fields)


def _field(
    check: Check, name: str, texts: Texts, label: str, known: Any = None, *, ask_again: bool = False
) -> Field:
    spec = FACTS[check.procedure][name]
    options = _options(check, spec, texts)
    if options and spec.kind is not Kind.CHOICES and not ask_again:
        options = ((NOT_KNOWN, texts("check.dont_know")), *options)
    numeric = spec.kind in {Kind.NUMBER, Kind.WHOLE}
    return Field(
        id=f"{INPUT}{name}",
        label=label,
        kind=_KINDS.get(spec.kind, "text"),
        value=_filled(spec, name, known, texts),
        hint=fact_words(texts.locale)[name].hint if spec.kind not in _KINDS else "",
        options=options,
        lowest=spec.lowest if numeric else None,
        highest=spec.highest if numeric else None,
    )


def _options(check: Check, spec: FactSpec, texts: Texts) -> tuple[tuple[str, str], ...]:
    if spec.kind is Kind.CHOICES:
        labels = fact_words(texts.locale)[spec.name].choices
        none = (values.NONE_OF_THEM, texts("check.none_of_them"))
        return (*((choice.value, labels[choice.value]) for choice in spec.choices), none)
    return tuple(
        (str(choice.value).lower() if spec.kind is Kind.BOOL else choice.value, choice.label)
        for choice in choices_of(check, spec.name, texts.locale)
    )


def _filled(spec: FactSpec, name: str, known: Any, texts: Texts) -> str:
    """The value as the input takes it."""
    if known is None or values.partial(known):
        return ""
    if isinstance(known, bool):
        return str(known).lower()
    if spec.kind is Kind.CHOICES:
        return ",".join(known) or values.NONE_OF_THEM
    if spec.kind is Kind.SEQUENCE:
        labels = fact_words(texts.locale)[name].choices
        return ", ".join(labels[item] for item in known)
    if isinstance(known, list):
        return ", ".join("-" if item is None else f"{item:g}" for item in known)
    return str(known)


def _button(texts: Texts, key: str, verb: str, check: Check, fact: str | None = None) -> Button:
    return Button(texts(f"check.button.{key}"), actions.about(verb, check.procedure, fact))
