"""Facts from what people write: `extract` and the values it gives."""

from bot.dialogue.extract.extraction import extract
from bot.dialogue.extract.model import (
    Activity,
    Ambiguity,
    Correction,
    Extracted,
    PartialDate,
    Procedure,
    Span,
    Value,
)

__all__ = [
    "Activity",
    "Ambiguity",
    "Correction",
    "Extracted",
    "PartialDate",
    "Procedure",
    "Span",
    "Value",
    "extract",
]
