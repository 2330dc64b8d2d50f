"""A check as a reply: the next question, the result, a form; and what is remembered of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.dialogue.context import Context
from bot.dialogue.eligibility import actions, asking, results
from bot.dialogue.eligibility.examine import TARGET, Examination, Problem, Settled, settle
from bot.dialogue.eligibility.memory import Check, Unclear
from bot.dialogue.eligibility.wording import label, stated, value
from bot.dialogue.message import Choice, Outcome
from bot.dialogue.state import ConversationState
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from cards.views import Button, NoticeView, PrintView, View
from rules import FACTS, Rulebook, Text

INTENT = "check"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every reply of the check is made from."""

    state: ConversationState
    context: Context
    texts: Texts

    @property
    def rulebook(self) -> Rulebook:
        return self.context.rulebook

    @property
    def on(self) -> date:
        return self.context.on


def reply(
    check: Check,
    desk: Desk,
    lead: str = "",
    *,
    noted: Mapping[str, Any] | None = None,
    first: Iterable[str] = (),
    full: bool = False,
    show: bool = False,
) -> Outcome:
    """The next question, or the result when nothing that can be asked changes it (or `show` asks for it).

    `noted` are facts that were just stated, to be said back; `first` are facts to ask for before all others; `full`
    repeats everything that was understood.
    """
    settled = settle(desk.rulebook, check, desk.on)
    tried = bool(check.what_if) and not settled.check.what_if
    check, examination = settled.check, settled.examination
    said, follows = _noted(noted or {}, settled, desk)
    lead = _joined(said, lead, *problem_sentences(settled.problems, desk, tried=tried), follows)
    if examination is None:
        return _not_covered(settled, desk)
    check, only = _worth_asking(check, examination)
    asked = None if show or check.unclear else _next(check, examination, [*only, *first, *_again(settled)])
    check = replace(check, asked=asked, last_on=desk.on)
    if (check.unclear and not show) or asked:
        question = _question(check, desk)
        if asked in examination.inexact:
            lead = _joined(lead, _exact_day(check, asked or "", desk))
        view: View = results.step(
            check, examination, question, desk.rulebook, desk.on, desk.texts, lead, full=full
        )
        choices = asking.choices(check, question)
        return _outcome(check, examination, desk, (view,), asking_for=_asked(check), choices=choices)
    shown = results.result(check, examination, desk.rulebook, desk.on, desk.texts, lead)
    return _outcome(check, examination, desk, (shown,))


def form(check: Check, desk: Desk, lead: str = "", *, trying: bool = False) -> Outcome:
    """All facts that matter, to be filled in; or what can be tried out."""
    settled = settle(desk.rulebook, check, desk.on)
    build = asking.what_if if trying else asking.form
    view = build(settled.check, settled.examination, desk.rulebook, desk.texts)
    if lead:
        view = replace(view, text=f"{lead}\n\n{view.text}")
    check = replace(settled.check, last_on=desk.on, asked=None, mode="one_by_one" if trying else "form")
    asks = tuple(field.id.removeprefix("fact_") for field in view.fields)
    return _outcome(check, settled.examination, desk, (view,), asking_for=asks)


def to_print(check: Check, desk: Desk) -> Outcome:
    """The result as text to keep."""
    settled = settle(desk.rulebook, check, desk.on)
    if settled.examination is None:
        return _not_covered(settled, desk)
    shown = results.result(settled.check, settled.examination, desk.rulebook, desk.on, desk.texts)
    made = desk.texts("check.print.made", day=day_in_words(desk.on, desk.texts.locale))
    view = PrintView(desk.texts("check.print.title"), made, shown)
    return _outcome(settled.check, settled.examination, desk, (view,))


def pending(check: Check, desk: Desk) -> tuple[View, Mapping[str, Any]] | None:
    """The question that is open, to be repeated after an aside; None when none is."""
    settled = settle(desk.rulebook, check, desk.on)
    if settled.examination is None or not (check.asked or check.unclear) or settled.problems:
        return None
    view = results.step(
        check,
        settled.examination,
        _question(check, desk),
        desk.rulebook,
        desk.on,
        desk.texts,
        desk.texts("check.back"),
        full=False,
    )
    return view, described(check, None, dict.fromkeys((*_asked(check), *settled.examination.asks)))


def described(check: Check, outcome: str | None, asks: Iterable[str]) -> dict[str, Any]:
    """The check as plain data, for whoever reads the outcome."""
    return {
        "procedure": check.procedure.value,
        "facts": dict(check.facts),
        "outcome": outcome,
        "asks": list(asks),
    }


def notice(desk: Desk, key: str, buttons: tuple[Button, ...] = (), **values: object) -> Outcome:
    """A plain sentence; the state as it is."""
    view = NoticeView(desk.texts(key, **values), buttons=buttons)
    return Outcome("notice", (view,), desk.state, intent=INTENT)


def refused_sentence(fact: str, text: Text, desk: Desk) -> str:
    """Why a value cannot be taken, in words."""
    reason = desk.rulebook.say(text, desk.texts.locale)
    if any(fact in facts for facts in FACTS.values()):
        return desk.texts("check.refused", label=label(fact, desk.texts), reason=reason)
    return desk.texts("check.refused_plain", reason=reason)


def problem_sentences(problems: Sequence[Problem], desk: Desk, *, tried: bool) -> list[str]:
    """Why facts were taken back; where something was `tried` out, the first problem is that it can't be."""
    said = [refused_sentence(problem.fact, problem.text, desk) for problem in problems]
    if tried:
        reason = desk.rulebook.say(problems[0].text, desk.texts.locale)
        said[0] = desk.texts("check.result.what_if_refused", reason=reason)
    return said


def _noted(noted: Mapping[str, Any], settled: Settled, desk: Desk) -> tuple[str, str]:
    """What was noted, without what was taken back at once; and the wanted naziv where it follows of itself."""
    check, texts = settled.check, desk.texts
    kept = {name: given for name, given in noted.items() if check.facts.get(name) == given}
    said = texts("check.noted", facts=stated(check.procedure, kept, desk.rulebook, texts)) if kept else ""
    assumed = settled.examination.assumed if settled.examination else {}
    if TARGET not in assumed or not {"route", "current_naziv"} & set(kept):
        return said, ""
    only = value(check.procedure, TARGET, assumed[TARGET], desk.rulebook, texts)
    return said, texts("check.only_target", value=only)


def _again(settled: Settled) -> list[str]:
    """The facts that were taken back and are to be asked for again."""
    assumed = settled.examination.assumed if settled.examination else {}
    return [
        problem.fact
        for problem in settled.problems
        if problem.fact in FACTS[settled.check.procedure] and problem.fact not in assumed
    ]


def _worth_asking(check: Check, examination: Examination) -> tuple[Check, list[str]]:
    """Without words of which one meaning alone can matter; that fact is to be asked for instead."""
    unclear: list[Unclear] = []
    only: list[str] = []
    for each in check.unclear:
        facts = {one.fact for one in each.options}
        matter = facts & {*examination.asks}
        if len(facts) > 1 and len(matter) == 1:
            only += matter
        else:
            unclear.append(each)
    return replace(check, unclear=tuple(unclear)), only


def _next(check: Check, examination: Examination, first: Iterable[str]) -> str | None:
    known = {**check.facts, **check.what_if}
    wanted = [fact for fact in first if fact in FACTS[check.procedure] and fact not in known]
    return next(iter((*wanted, *examination.asks)), None)


def _question(check: Check, desk: Desk) -> asking.Question:
    if check.unclear:
        return asking.ask_which(check, desk.rulebook, desk.texts)
    return asking.ask(check, check.asked or "", desk.texts)


def _asked(check: Check) -> tuple[str, ...]:
    if check.unclear:
        return tuple(dict.fromkeys(option.fact for option in check.unclear[0].options))
    return (check.asked,) if check.asked else ()


def _exact_day(check: Check, fact: str, desk: Desk) -> str:
    stated = check.facts.get(fact)
    if stated is None:
        return ""
    shown = value(check.procedure, fact, stated, desk.rulebook, desk.texts)
    return desk.texts("check.ask.exact_day", value=shown)


def _not_covered(settled: Settled, desk: Desk) -> Outcome:
    reasons = dict.fromkeys(
        desk.rulebook.say(problem.text, desk.texts.locale) for problem in settled.problems
    )
    change = Button(desk.texts("check.button.change"), actions.about(actions.FORM, settled.check.procedure))
    view = NoticeView(desk.texts("check.day_not_covered", reason="; ".join(reasons)), buttons=(change,))
    return _outcome(settled.check, None, desk, (view,), asking_for=())


def _outcome(
    check: Check,
    examination: Examination | None,
    desk: Desk,
    views: tuple[View, ...],
    asking_for: tuple[str, ...] | None = None,
    choices: tuple[Choice, ...] = (),
) -> Outcome:
    """`asking_for` None: the result is shown."""
    if asking_for is None and examination is not None:
        data = described(check, examination.outcome.value, examination.asks)
        sources = results.cited(examination, desk.rulebook, desk.texts)
    else:
        asks = dict.fromkeys((*(asking_for or ()), *(examination.asks if examination else ())))
        data, sources = described(check, None, asks), ()
    kept = replace(check, locale=desk.texts.locale)
    state = replace(desk.state, check=kept.to_state(), offered=())
    return Outcome(
        "check",
        views,
        state,
        sources=sources,
        choices=choices,
        check=data,
        intent=INTENT,
        locale=desk.texts.locale,
    )


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
