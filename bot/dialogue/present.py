"""Results into view models: words, sources, dates, buttons."""

from __future__ import annotations

from datetime import date, timedelta

from bot.dialogue.context import Context
from bot.dialogue.message import Choice, Cited
from bot.dialogue.when import day_in_words
from bot.texts import Texts
from cards.views import AnswerView, Button, ChoicesView, NoticeView, SourceLine
from knowledge.entry import Entry, Version
from knowledge.loader import Base

EXAMPLES = {
    "example.filing": "vlozitev-kdaj-sam",
    "example.attachments": "priloge-svetnik-visji",
    "example.article": "clanki-tocke",
    "example.um": "ped-mreza",
}
LONGEST_CARRIED = 500
"""So much of a question that was not answered goes with the way to a person; it is kept in the card alone."""
CHECKED = {"pogoji": "naziv", "um-placni-razredi": "placni_razred_um"}
"""The topics about conditions, and the procedure that checks them."""


def entry_button(entry: Entry, locale: str, on: date | None = None) -> Button:
    """A button that asks an entry's question; works in any conversation."""
    data: dict[str, object] = {"do": "entry", "entry": entry.id}
    if on is not None:
        data["on"] = on.isoformat()
    return Button(entry.title.of(locale), data)


def person_button(texts: Texts, question: str = "", entry: str = "") -> Button:
    """The way to a person, with the question and the entry that answered it, as far as they are known."""
    data: dict[str, object] = {"do": "person"}
    data |= {"text": question[:LONGEST_CARRIED]} if question else {}
    return Button(texts("person.button"), data | ({"entry": entry} if entry else {}))


def check_button(texts: Texts, entry: Entry | None = None) -> Button:
    """The way into the eligibility check; from an entry about conditions straight to its procedure and title."""
    data: dict[str, object] = {"do": "check"}
    if entry is not None:
        data["procedure"] = CHECKED[entry.topic]
        if len(entry.about.naziv) == 1:
            data["fact_target_naziv"] = entry.about.naziv[0]
    return Button(texts("check.button.start"), data)


def remind_button(texts: Texts) -> Button:
    """The way to a reminder of the windows for filing alone."""
    return Button(texts("remind.button"), {"do": "remind"})


def rating_buttons(texts: Texts, entry: Entry, version: str) -> tuple[Button, ...]:
    """Helpful or not."""
    data = {"do": "feedback", "entry": entry.id, "version": version}
    return tuple(
        Button(texts(f"feedback.{rating}"), {**data, "rating": rating}) for rating in ("like", "dislike")
    )


def answer(
    base: Base, entry: Entry, versions: tuple[Version, ...], texts: Texts, lead: str = ""
) -> AnswerView:
    """The view of one entry; more than one version when the asked period saw a change."""
    related = (base.entries[other] for other in entry.related if other in base.entries)
    checks = (check_button(texts, entry),) if entry.topic in CHECKED else ()
    return AnswerView(
        question=entry.title.of(texts.locale),
        answer=_words(versions, texts),
        sources_label=texts("answer.sources"),
        sources=tuple(_source(base, citation, texts) for citation in _citations(versions)),
        validity=_validity(versions, texts),
        lead=lead,
        related_label=texts("answer.related"),
        related=tuple(entry_button(other, texts.locale) for other in related),
        actions=(*checks, person_button(texts, entry=entry.id)),
        entry=entry.id,
        version=base.digest,
        ratings=rating_buttons(texts, entry, base.digest),
    )


def cited(base: Base, versions: tuple[Version, ...], locale: str) -> tuple[Cited, ...]:
    """The sources of an answer as plain data."""
    return tuple(
        Cited(base.sources[citation[0]].title.of(locale), citation[1]) for citation in _citations(versions)
    )


def choices(
    entries: tuple[Entry, ...], texts: Texts, question: str = ""
) -> tuple[ChoicesView, tuple[Choice, ...]]:
    """Candidates to choose from, as a view and as plain data."""
    buttons = tuple(entry_button(entry, texts.locale) for entry in entries)
    view = ChoicesView(
        text=texts("clarify.text"),
        choices=buttons,
        hint=texts("clarify.hint"),
        actions=(person_button(texts, question),),
    )
    return view, tuple(Choice(button.title, button.data) for button in buttons)


def examples(base: Base, texts: Texts) -> tuple[Button, ...]:
    """Questions to start with; each is an entry, so that each is answered."""
    return tuple(
        Button(texts(key), {"do": "entry", "entry": entry})
        for key, entry in EXAMPLES.items()
        if entry in base.entries
    )


def about(context: Context, texts: Texts) -> NoticeView:
    """What answers, in which version, reviewed when; and what is kept."""
    base = context.engine.base
    reviewed = max(entry.reviewed_on for entry in base.entries.values())
    return notice(
        texts,
        "about",
        (Button(texts("about.help"), {"do": "help"}), Button(texts("about.forget"), {"do": "forget"})),
        entries=len(base.entries),
        digest=base.digest,
        reviewed=day_in_words(reviewed, texts.locale),
        rules=context.rulebook.digest,
        day=day_in_words(context.on, texts.locale),
    )


def languages(texts: Texts) -> NoticeView:
    """The languages to choose from, each named in itself."""
    named = (("sl", "Slovenščina"), ("en", "English"))
    return notice(
        texts, "language", tuple(Button(name, {"do": "language", "to": code}) for code, name in named)
    )


def notice(texts: Texts, key: str, buttons: tuple[Button, ...] = (), **values: object) -> NoticeView:
    """A plain sentence from the texts."""
    title = f"{key}.title"
    return NoticeView(
        text=texts(f"{key}.text", **values),
        title=texts(title) if title in texts.sentences else "",
        buttons=buttons,
    )


def _words(versions: tuple[Version, ...], texts: Texts) -> str:
    if len(versions) == 1:
        return versions[0].answer.of(texts.locale)
    return "\n\n".join(
        f"{_period(version, texts)}\n\n{version.answer.of(texts.locale)}" for version in versions
    )


def _period(version: Version, texts: Texts) -> str:
    since = day_in_words(version.valid_from, texts.locale)
    if version.valid_to is None:
        return texts("answer.past_period_open", since=since)
    return texts("answer.past_period", since=since, until=_last_day(version.valid_to, texts))


def _validity(versions: tuple[Version, ...], texts: Texts) -> str:
    """For which days a single answer holds; what is not known has no such days."""
    version = versions[0]
    if len(versions) > 1 or version.kind == "unknown":
        return ""
    since = day_in_words(version.valid_from, texts.locale)
    if version.valid_to is None:
        return texts("answer.valid_from", since=since)
    return texts("answer.valid_between", since=since, until=_last_day(version.valid_to, texts))


def _last_day(valid_to: date, texts: Texts) -> str:
    return day_in_words(valid_to - timedelta(days=1), texts.locale)


def _citations(versions: tuple[Version, ...]) -> list[tuple[str, str, str]]:
    """Source, its provisions in one line, evidence; each source and evidence once."""
    provisions: dict[tuple[str, str], dict[str, None]] = {}
    for version in versions:
        for citation in version.sources:
            provisions.setdefault((citation.source, citation.evidence), {})[citation.provision] = None
    return [(source, "; ".join(named), evidence) for (source, evidence), named in provisions.items()]


def _source(base: Base, citation: tuple[str, str, str], texts: Texts) -> SourceLine:
    key, provision, evidence = citation
    source = base.sources[key]
    return SourceLine(
        title=source.title.of(texts.locale),
        provision=provision,
        dated=source.dated.of(texts.locale) if source.dated else "",
        note="" if evidence == "official" else texts(f"answer.{evidence}"),
        url=source.url,
    )
