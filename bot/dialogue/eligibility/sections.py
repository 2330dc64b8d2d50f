"""What surrounds the conditions of a result: attachments, dates, assumptions, notes, sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.dialogue.eligibility import values
from bot.dialogue.eligibility.examine import Examination
from bot.dialogue.eligibility.memory import Check
from bot.dialogue.eligibility.wording import label, labels, value
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from cards.views import Section
from rules import Outcome, Procedure, Rulebook, RulesError, attachments_for, calendar_for
from rules.calendar import Effect
from rules.facts import Post, Proposer

ALONE = Proposer.STROKOVNI_DELAVEC.value


def may_file_alone(examination: Examination) -> bool:
    """Whether filing alone is a question at all: a council proposes heads."""
    facts = examination.facts
    return facts.get("post") != Post.RAVNATELJ.value and facts.get("proposer") != Proposer.SVET_ZAVODA.value


def closing_today(check: Check, examination: Examination, rulebook: Rulebook, on: date, texts: Texts) -> str:
    """That the window for filing alone closes today, where that matters."""
    facts = examination.facts
    if check.procedure is not Procedure.NAZIV or facts.get("proposer", ALONE) != ALONE or "filed_on" in facts:
        return ""
    try:
        window = calendar_for(rulebook, on).window
    except RulesError:
        return ""
    if window is None or window.closes_on != on:
        return ""
    return texts("check.date.window_today", closes=day_in_words(on, texts.locale))


def waits_for_window(check: Check, examination: Examination, rulebook: Rulebook, on: date) -> bool:
    """Whether somebody who files alone has to wait for the next window."""
    alone = examination.facts.get("proposer", ALONE) == ALONE and may_file_alone(examination)
    if check.procedure is not Procedure.NAZIV or check.what_if or not alone:
        return False
    try:
        return calendar_for(rulebook, on).window is None
    except RulesError:
        return False


def sections(
    check: Check, examination: Examination, rulebook: Rulebook, on: date, texts: Texts
) -> Iterator[Section]:
    """The sections of a result, in the order in which they are read."""
    assessment = examination.assessment
    words = rulebook.wording(texts.locale)
    if examination.asks:
        open_facts = texts("check.result.open", facts=labels(examination.asks, texts))
        yield Section("", (open_facts,))
    if assessment.options:
        lines = tuple(words.say(option.reason) for option in assessment.options)
        yield Section(texts("check.result.options"), lines)
    attachments = _attachments(examination, rulebook, texts)
    if attachments:
        yield Section(texts("check.result.attachments"), attachments)
    dates = tuple(_dates(examination, rulebook, on, texts))
    if dates:
        yield Section(texts("check.result.dates"), dates)
    yield Section(
        texts("check.result.assumptions"), tuple(f"- {words.say(said)}" for said in assessment.assumptions)
    )
    notes = (*_inexact(examination, rulebook, texts), *(words.say(said) for said in assessment.notes))
    if notes:
        yield Section(texts("check.result.notes"), tuple(f"- {note}" for note in notes))
    provisions = dict.fromkeys(words.cite(p) for f in assessment.findings for p in f.provisions)
    yield Section(texts("check.result.sources"), tuple(f"- {cite}" for cite in provisions))


def _attachments(examination: Examination, rulebook: Rulebook, texts: Texts) -> tuple[str, ...]:
    """The checklist of this very case; what the person has is ticked."""
    facts = examination.facts
    target, route, proposer = (facts.get(name) for name in ("target_naziv", "route", "proposer"))
    if not (target and route and proposer):
        return ()
    try:
        items = attachments_for(rulebook, target, route, proposer, examination.assessment.law_day)
    except RulesError as error:
        return (rulebook.say(error.text, texts.locale),)
    lines = []
    for item in items:
        name = rulebook.say(item.name, texts.locale)
        if not item.established:
            name = texts("check.result.attachment_uncertain", name=name)
        given = item.code.value in facts.get("attachments", ())
        lines.append(
            texts("check.result.attachment_given" if given else "check.result.attachment", name=name)
        )
    return tuple(lines)


def _dates(examination: Examination, rulebook: Rulebook, on: date, texts: Texts) -> Iterator[str]:
    assessment = examination.assessment

    def words(day: date) -> str:
        return day_in_words(day, texts.locale)

    dates = assessment.dates
    if assessment.procedure is not Procedure.NAZIV:
        if dates.get("pay_on"):
            yield texts("check.date.pay_on_um", day=words(dates["pay_on"] or on))
        return
    yield from _windows(examination, rulebook, on, texts)
    filed, earliest = dates.get("filed_on"), assessment.earliest_filing_on
    if filed is None:
        return
    waits = assessment.outcome is Outcome.NOT_MET
    if waits and earliest and earliest > filed:
        yield texts("check.date.earliest", day=words(earliest))
    day = earliest if waits else filed
    effect = _effect(rulebook, day) if day else None
    if day and effect:
        yield texts("check.date.naziv_on", day=words(day), naziv=words(effect.naziv_on))
        if effect.pay_on:
            yield texts("check.date.pay_on", day=words(effect.pay_on))


def _effect(rulebook: Rulebook, filed: date) -> Effect | None:
    """When a naziv filed on the day takes effect; None where no regulation covers it."""
    try:
        return calendar_for(rulebook, filed).if_filed_today
    except RulesError:
        return None


def _windows(examination: Examination, rulebook: Rulebook, on: date, texts: Texts) -> Iterator[str]:
    """When a worker may file alone."""
    if not may_file_alone(examination):
        return
    try:
        calendar = calendar_for(rulebook, on)
    except RulesError:
        return
    if calendar.window:
        key = "window_today" if calendar.window.closes_on == on else "window_now"
        yield texts(f"check.date.{key}", closes=day_in_words(calendar.window.closes_on, texts.locale))
    opens, closes = calendar.next_window.opens_on, calendar.next_window.closes_on
    yield texts(
        "check.date.window_next",
        opens=day_in_words(opens, texts.locale),
        closes=day_in_words(closes, texts.locale),
    )


def _inexact(examination: Examination, rulebook: Rulebook, texts: Texts) -> Iterator[str]:
    """The days known only by their year on which nothing depends."""
    procedure = examination.assessment.procedure
    for name, given in examination.facts.items():
        if values.partial(given) and name not in examination.inexact:
            shown = value(procedure, name, given, rulebook, texts)
            yield texts("check.result.inexact", fact=label(name, texts), value=shown)
