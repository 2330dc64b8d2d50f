"""Cards: a view model in, Adaptive Card JSON and its plain-text twin out. Knows no other folder."""

from cards.answer import rated_card
from cards.elements import Json
from cards.render import as_text, render

__all__ = ["Json", "as_text", "rated_card", "render"]
