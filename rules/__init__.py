"""Promotion to a naziv and to a pay grade as dated, cited, three-valued law.

Pure, typed, standard library only. Decides nothing: it says, provisionally, which conditions are met, not met or
unknown, why, under which provision, and what is missing. See `rules/README.md`.

    book = load_rulebook()
    result = assess(book, "naziv", {"target_naziv": "mentor", "niu_points": 4}, on="2026-11-21")
    describe(book, result, locale="en")
"""

from rules.assess import Assessment, assess
from rules.attachments import AttachmentItem, attachments_for
from rules.calendar import Calendar, Window, calendar_for
from rules.errors import FactError, NotCovered, RulesError
from rules.facts import FACTS, FactSpec, Kind, Procedure
from rules.finding import Finding, Gap, Outcome, Text
from rules.points import PointsResult, points_for
from rules.provision import Evidence, Provision
from rules.questions import next_questions
from rules.report import (
    describe,
    describe_attachments,
    describe_calendar,
    describe_points,
    error_sentence,
)
from rules.rulebook import LOCALES, Rulebook, load_rulebook

__all__ = [
    "FACTS",
    "LOCALES",
    "Assessment",
    "AttachmentItem",
    "Calendar",
    "Evidence",
    "FactError",
    "FactSpec",
    "Finding",
    "Gap",
    "Kind",
    "NotCovered",
    "Outcome",
    "PointsResult",
    "Procedure",
    "Provision",
    "Rulebook",
    "RulesError",
    "Text",
    "Window",
    "assess",
    "attachments_for",
    "calendar_for",
    "describe",
    "describe_attachments",
    "describe_calendar",
    "describe_points",
    "error_sentence",
    "load_rulebook",
    "next_questions",
    "points_for",
]
