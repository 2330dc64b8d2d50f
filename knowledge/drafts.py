"""Drafts of entries: unfinished, beside the entries and never served. A curator finishes one and moves it there."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from knowledge import canonical

FOLDER = "drafts"
REVIEW = timedelta(days=365)
HEAD = (
    "# Osnutek iz vprašanja št. {number}. Ni v uporabi: dopolnite ga (naslov, izrazi, viri, angleščina, vsaj 8\n"
    "# slovenskih in 3 angleške izraze vprašanja), preverite odgovor v virih in ga prestavite v entries/<tema>/.\n"
)


def draft(
    number: int, question: str, answer: str, on: date, *, topic: str = "", related: str = ""
) -> tuple[str, str]:
    """The name of a draft and its file, made from a question and the answer that a person gave."""
    name = f"osnutek-{number}"
    line = " ".join(question.split())
    data: dict[str, Any] = {
        "id": name,
        "title": {"sl": line[:400], "en": ""},
        "terms": [],
        "versions": [
            {
                "valid_from": on,
                "valid_to": None,
                "kind": "answer",
                "answer": {"sl": answer, "en": ""},
                "sources": [],
            }
        ],
        "phrasings": {"sl": [line[:400]], "en": []},
        "related": [related] if related else [],
        "owner": "vsebina-um" if topic.startswith("um-") else "vsebina-mvi",
        "reviewed_on": on,
        "review_by": on + REVIEW,
    }
    return name, HEAD.format(number=number) + canonical.draft_text(data)


def waiting(folder: Path) -> list[str]:
    """The names of the drafts in a knowledge base's folder."""
    return sorted(path.stem for path in (folder / FOLDER).glob("*.yaml"))
