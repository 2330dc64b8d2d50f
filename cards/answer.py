"""Cards for answers, choices and notices, each beside its plain-text twin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cards.elements import Json, card, heading, lines, open_links, plain, row, subtle, text
from cards.views import AnswerView, Button, ChoicesView, Link, NoticeView, SourceLine


def answer_card(view: AnswerView) -> Json:
    """Matched question, answer, sources with dates, related questions as lines to press."""
    body: list[Json] = []
    if view.lead:
        body.append(subtle(plain(view.lead)))
    body += [heading(view.question), text(view.answer), *open_links(view.links)]
    cited: list[Json] = [subtle(view.sources_label, weight="Bolder")]
    cited += [subtle(_source(source, link=True), spacing="Small") for source in view.sources]
    if view.validity:
        cited.append(subtle(view.validity, spacing="Small"))
    body.append({"type": "Container", "separator": True, "spacing": "Medium", "items": cited})
    return card(body + _related(view), view.actions, speak=view.question)


def rated_card(shown: Mapping[str, Any], view: AnswerView) -> Json:
    """An answer's card with the small buttons that rate it, for hosts that have none of their own."""
    body = list(shown["body"])
    if view.ratings:  # above what is related
        body.insert(len(body) - len(_related(view)), row(view.ratings))
    return {**shown, "body": body}


def _related(view: AnswerView) -> list[Json]:
    if not view.related:
        return []
    return [subtle(view.related_label, weight="Bolder", spacing="Medium"), *lines(view.related)]


def answer_text(view: AnswerView) -> str:
    """The same in plain text."""
    parts = [view.lead, view.question, view.answer, _links(view.links)]
    sources = "\n".join(f"- {_source(source, link=False)}" for source in view.sources)
    parts.append(f"{view.sources_label}\n{sources}")
    parts.append(view.validity)
    if view.related:
        parts.append(view.related_label + "\n" + _bullets(view.related))
    parts.append(_options(view.actions))
    return _paragraphs(parts)


def choices_card(view: ChoicesView) -> Json:
    """The candidates as numbered lines to press, then the way out."""
    body = [text(view.text), *lines(view.choices, numbered=True)]
    if view.hint:
        body.append(subtle(view.hint))
    return card(body, view.actions, speak=view.text)


def choices_text(view: ChoicesView) -> str:
    """The same in plain text."""
    numbered = "\n".join(f"{number}. {choice.title}" for number, choice in enumerate(view.choices, start=1))
    return _paragraphs([view.text, numbered, view.hint, _options(view.actions)])


def notice_card(view: NoticeView) -> Json:
    """Words and buttons."""
    body = [heading(view.title)] if view.title else []
    body += [text(view.text), *open_links(view.links)]
    return card(body, view.buttons, speak=view.title or view.text[:200])


def notice_text(view: NoticeView) -> str:
    """The same in plain text."""
    return _paragraphs([view.title, view.text, _links(view.links), _options(view.buttons)])


def _source(source: SourceLine, *, link: bool) -> str:
    title = f"[{source.title}]({source.url})" if link and source.url else source.title
    tail = "; ".join(part for part in (source.dated, source.note) if part)
    return f"{title}, {source.provision}" + (f" ({tail})" if tail else "")


def _links(links: tuple[Link, ...]) -> str:
    return "\n".join(f"{link.title}: {link.url}" for link in links)


def _bullets(buttons: tuple[Button, ...]) -> str:
    return "\n".join(f"- {button.title}" for button in buttons)


def _options(buttons: tuple[Button, ...]) -> str:
    return " ".join(f"[{button.title}]" for button in buttons)


def _paragraphs(parts: list[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())
