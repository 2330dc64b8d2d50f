"""The result of a check as a view, and the same as text to keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.dialogue.eligibility import actions
from bot.dialogue.eligibility.asking import Question
from bot.dialogue.eligibility.examine import Examination
from bot.dialogue.eligibility.memory import Check
from bot.dialogue.eligibility.sections import (
    ALONE,
    closing_today,
    may_file_alone,
    sections,
    waits_for_window,
)
from bot.dialogue.eligibility.wording import (
    act,
    conditions,
    fact_lines,
    is_old,
    labels,
    stated,
    subject,
)
from bot.dialogue.message import Cited
from bot.dialogue.present import remind_button
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from cards.views import Button, ResultView, Section, StepView
from rules import Outcome, Procedure, Rulebook


def step(
    check: Check,
    examination: Examination,
    question: Question,
    rulebook: Rulebook,
    on: date,
    texts: Texts,
    lead: str,
    *,
    full: bool,
) -> StepView:
    """One question; `full` repeats all that was understood and says what it means so far."""
    tried = _what_if(check, rulebook, texts, "check.trying")
    leads = (tried, lead, closing_today(check, examination, rulebook, on, texts))
    meaning, shown = None, conditions(examination, rulebook, texts, with_missing=False) if full else ()
    if full:
        meaning = Section(
            _meaning_title(examination, texts), tuple(_meaning(examination, rulebook, on, texts))
        )
    return StepView(
        title=texts("check.title", subject=subject(check.procedure, examination.facts, texts)),
        question=question.words,
        lead=" ".join(part for part in leads if part),
        facts_label=texts("check.understood"),
        facts=fact_lines(check, rulebook, texts, examination.assumed) if full else (),
        meaning=meaning,
        conditions=shown,
        hint=question.hint,
        options=question.options,
        field=question.field,
        submit=question.submit,
        actions=question.actions,
    )


def _meaning_title(examination: Examination, texts: Texts) -> str:
    naziv = examination.assessment.procedure is Procedure.NAZIV
    day = day_in_words(examination.assessment.law_day, texts.locale)
    return texts("check.meaning" if naziv else "check.meaning_um", day=day)


def _meaning(examination: Examination, rulebook: Rulebook, on: date, texts: Texts) -> Iterator[str]:
    old = is_old(examination, rulebook, on)
    yield texts("check.old_act" if old else "check.by_act", act=act(examination, rulebook, texts))
    if examination.facts.get("target_naziv") or examination.assessment.procedure is not Procedure.NAZIV:
        yield outcome_words(examination, texts)
    if examination.asks:
        yield texts("check.still_missing", facts=labels(examination.asks, texts))


def result(
    check: Check, examination: Examination, rulebook: Rulebook, on: date, texts: Texts, lead: str = ""
) -> ResultView:
    """The whole result."""
    assessment = examination.assessment
    day = day_in_words(assessment.law_day, texts.locale)
    old = is_old(examination, rulebook, on)
    rules = texts("check.result.rules", day=day, act=act(examination, rulebook, texts))
    if old:
        rules = texts("check.old_act", act=act(examination, rulebook, texts)) + f" ({day})"
    tried = _what_if(check, rulebook, texts, "check.result.what_if")
    leads = (tried, lead, closing_today(check, examination, rulebook, on, texts))
    provisional = "check.result.provisional"
    provisional += "" if assessment.procedure is Procedure.NAZIV else "_um"
    return ResultView(
        title=texts("check.result.title", subject=subject(check.procedure, examination.facts, texts)),
        outcome=outcome_words(examination, texts),
        subject=rules,
        lead=" ".join(part for part in leads if part),
        facts_label=texts("check.result.facts"),
        facts=fact_lines(check, rulebook, texts, examination.assumed),
        conditions_label=texts("check.result.conditions"),
        conditions=conditions(examination, rulebook, texts, with_missing=True),
        sections=tuple(sections(check, examination, rulebook, on, texts)),
        footer=(texts(provisional), texts("check.result.version", digest=assessment.digest)),
        actions=_actions(check, examination, texts),
        offers=(remind_button(texts),) if waits_for_window(check, examination, rulebook, on) else (),
    )


def outcome_words(examination: Examination, texts: Texts) -> str:
    """The outcome in one sentence; "not known" says whether facts or texts are missing."""
    outcome = examination.outcome
    facts_missing = examination.asks or any(
        finding.missing for finding in examination.assessment.findings if finding.outcome is Outcome.UNKNOWN
    )
    if outcome is Outcome.UNKNOWN and not facts_missing:
        return texts("check.outcome.unknown_text")
    return texts(f"check.outcome.{outcome.value}")


def cited(examination: Examination, rulebook: Rulebook, texts: Texts) -> tuple[Cited, ...]:
    """The sources of a result: every provision once."""
    words = rulebook.wording(texts.locale)
    provisions = dict.fromkeys(p for f in examination.assessment.findings for p in f.provisions)
    named = ((words.label(f"act.{p.act}"), words.place(p)) for p in provisions)
    return tuple(Cited(source, place) for source, place in dict.fromkeys(named))


def _what_if(check: Check, rulebook: Rulebook, texts: Texts, key: str) -> str:
    if not check.what_if:
        return ""
    return texts(key, facts=stated(check.procedure, check.what_if, rulebook, texts))


def _could_file_alone(check: Check, examination: Examination) -> bool:
    proposer = examination.facts.get("proposer")
    return check.procedure is Procedure.NAZIV and proposer != ALONE and may_file_alone(examination)


def _actions(check: Check, examination: Examination, texts: Texts) -> tuple[Button, ...]:
    def button(key: str, verb: str) -> Button:
        return Button(texts(f"check.button.{key}"), actions.about(verb, check.procedure))

    buttons = [button("change", actions.FORM)]
    if check.what_if:
        buttons.append(button("untry", actions.UNTRY))
    elif examination.asks:
        buttons.append(button("continue", actions.NEXT))
    elif _could_file_alone(check, examination):
        tried = {**actions.about(actions.TRY, check.procedure), f"{actions.INPUT}proposer": ALONE}
        buttons.append(Button(texts("check.button.self"), tried))
    buttons += [
        button("what_if", actions.WHAT_IF),
        button("print", actions.PRINT),
        Button(texts("person.button"), {"do": "person", "check": True}),
        button("end", actions.CANCEL),
    ]
    return tuple(buttons)
