"""The sources of an answer as Teams shows them: numbers in the text, and what each number stands for. Pure."""

from __future__ import annotations

from typing import Any

from cards.views import AnswerView, SourceLine

MOST = 20
LONGEST_NAME = 80
LONGEST_ABSTRACT = 160
MESSAGE = "https://schema.org/Message"


def citations(view: AnswerView) -> dict[str, Any]:
    """The text and the one root entity to send beside an answer's card; {} without sources.

    There is no mark of generated content in it: every word of an answer was written by a person.
    """
    sources = view.sources[:MOST]
    if not sources:
        return {}
    marks = " ".join(f"[{number}]" for number in range(1, len(sources) + 1))
    claims = [_claim(number, source) for number, source in enumerate(sources, start=1)]
    root = {
        "type": MESSAGE,
        "@type": "Message",
        "@context": "https://schema.org",
        "@id": "",
        "citation": claims,
    }
    return {"text": f"{view.sources_label}: {marks}", "textFormat": "markdown", "entities": [root]}


def _claim(number: int, source: SourceLine) -> dict[str, Any]:
    tail = "; ".join(part for part in (source.dated, source.note) if part)
    appearance = {
        "@type": "DigitalDocument",
        "name": shortened(source.title, LONGEST_NAME),
        "abstract": shortened(f"{source.provision} ({tail})" if tail else source.provision, LONGEST_ABSTRACT),
    }
    if source.url:
        appearance["url"] = source.url
    return {"@type": "Claim", "position": number, "appearance": appearance}


def shortened(text: str, longest: int) -> str:
    """At most so many characters, cut between words where that keeps most of them."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    kept = cut.rsplit(" ", 1)[0]
    return (kept if len(kept) > longest // 2 else cut).rstrip(" ,;:(") + "…"
