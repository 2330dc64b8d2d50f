"""The figures in words: labelled lines and tables, the same for the page, the card and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.reports.figures import Figures, Tally
from bot.reports.saving import Saving
from bot.texts import Texts

TOP = 10
SCOPES = ("personal", "channel", "groupChat")


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table: heads and rows of cells, ready to read."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """What entries and topics are called in one language."""

    entries: Mapping[str, str]
    topics: Mapping[str, str]


def day(on: date, texts: Texts) -> str:
    """A date as it is written."""
    return f"{on.day} {on:%B} {on.year}" if texts.locale == "en" else f"{on.day}. {on.month}. {on.year}"


def period(found: Figures, texts: Texts) -> str:
    """From which day to which."""
    return texts("report.period", first=day(found.first, texts), last=day(found.last, texts))


def outcomes(found: Figures, texts: Texts) -> tuple[tuple[str, int], ...]:
    """How the typed questions ended; the parts add up to all of them."""
    chosen = min(found.clarified, found.clarified_answered)
    numbers = {
        "answered": found.answered,
        "clarified_answered": chosen,
        "clarified": found.clarified - chosen,
        "unknown": found.unknown,
        "declined": found.declined,
    }
    return tuple((texts(f"report.{name}"), number) for name, number in numbers.items())


def lines(found: Figures, texts: Texts) -> tuple[tuple[str, str], ...]:
    """The main numbers, each with its share where one helps."""
    shares = ((label, _share(number, found.questions)) for label, number in outcomes(found, texts))
    return (
        (texts("report.questions"), str(found.questions)),
        *shares,
        (texts("report.again"), _share(found.again, found.questions)),
        (texts("report.person"), str(found.person)),
        (texts("report.tickets"), str(found.tickets)),
        (texts("report.likes"), str(found.likes)),
        (texts("report.dislikes"), str(found.dislikes)),
        (texts("report.median"), seconds(found.median, texts)),
        (texts("report.p95"), seconds(found.p95, texts)),
    )


def seconds(milliseconds: int, texts: Texts) -> str:
    """A time in seconds, with the comma or point of the language."""
    number = f"{milliseconds / 1000:.2f}"
    return texts("report.seconds", seconds=number if texts.locale == "en" else number.replace(".", ","))


def topics(found: Figures, titles: Titles, texts: Texts) -> tuple[Tally, ...]:
    """Questions by topic, the topics by their names."""
    return tuple(
        Tally(titles.topics.get(one.name, one.name) or texts("report.no_topic"), one.questions, one.answered)
        for one in found.by_topic
    )


def scopes(found: Figures, texts: Texts) -> tuple[Tally, ...]:
    """Questions by where they were asked."""
    named = {scope: texts(f"report.scope.{scope}") for scope in SCOPES}
    return tuple(Tally(named.get(one.name, one.name), one.questions, one.answered) for one in found.by_scope)


def tables(found: Figures, titles: Titles, texts: Texts) -> tuple[Table, ...]:
    """Everything that is a table, in order."""
    return (
        _tallies("by_topic", "topic", topics(found, titles, texts), texts),
        _tallies("by_scope", "scope", scopes(found, texts), texts),
        checks(found, texts),
        entries(found, titles, texts),
        disliked(found, titles, texts),
        gaps(found, titles, texts),
    )


def checks(found: Figures, texts: Texts) -> Table:
    """Checks by procedure and result."""
    names = ("procedure", "began", "met", "not_met", "not_known")
    rows = tuple(
        (
            texts.sentences.get(f"report.procedure.{one.procedure}", one.procedure),
            *map(str, (one.began, one.met, one.not_met, one.unknown)),
        )
        for one in found.checks
    )
    return Table(texts("report.checks"), _heads(names, texts), rows)


def entries(found: Figures, titles: Titles, texts: Texts) -> Table:
    """The entries that were shown most often."""
    rows = tuple(
        (titles.entries.get(one.entry, one.entry), str(one.shown), str(one.likes), str(one.dislikes))
        for one in found.entries[:TOP]
        if one.shown
    )
    return Table(texts("report.entries"), _heads(("entry", "shown", "likes", "dislikes"), texts), rows)


def disliked(found: Figures, titles: Titles, texts: Texts) -> Table:
    """The entries that were rated badly most often."""
    worst = sorted((one for one in found.entries if one.dislikes), key=lambda one: (-one.dislikes, one.entry))
    rows = tuple(
        (titles.entries.get(one.entry, one.entry), str(one.dislikes), str(one.shown)) for one in worst[:TOP]
    )
    return Table(texts("report.disliked"), _heads(("entry", "dislikes", "shown"), texts), rows)


def gaps(found: Figures, titles: Titles, texts: Texts) -> Table:
    """What the knowledge base lacks: groups of questions without an answer."""
    rows = tuple(
        (
            str(one.number),
            str(one.declined),
            " · ".join(one.examples),
            titles.entries.get(one.entry, one.entry),
        )
        for one in found.gaps[: 2 * TOP]
    )
    heads = tuple(texts(f"report.group.{name}") for name in ("number", "declined", "examples", "entry"))
    return Table(texts("report.gaps"), heads, rows)


def saved(found: Saving, texts: Texts) -> tuple[str, ...]:
    """The saving and what it rests on, in sentences."""
    return (
        texts(
            "report.saving.range",
            low=found.low,
            high=found.high,
            share_low=found.share_low,
            share_high=found.share_high,
            before=found.calls_before,
        ),
        texts("report.saving.settled", low=found.settled_low, high=found.settled_high),
        texts("report.saving.share"),
        texts("report.saving.month"),
    )


def _tallies(title: str, first: str, tallies: Sequence[Tally], texts: Texts) -> Table:
    rows = tuple((one.name, str(one.questions), str(one.answered)) for one in tallies)
    return Table(texts(f"report.{title}"), _heads((first, "questions", "answered"), texts), rows)


def _heads(names: Sequence[str], texts: Texts) -> tuple[str, ...]:
    return tuple(texts(f"report.{name}") for name in names)


def _share(number: int, of: int) -> str:
    return f"{number} ({round(100 * number / of)} %)" if of else str(number)
