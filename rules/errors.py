"""What is refused, always by the name of the fact and with the reason."""

from rules.finding import Text, Value, text


class RulesError(Exception):
    """The request cannot be answered; `fact` names what is wrong with it."""

    def __init__(self, fact: str, key: str, /, **values: Value) -> None:
        self.fact = fact
        self.text: Text = text(f"error.{key}", **values)
        super().__init__(fact, key, values)


class FactError(RulesError):
    """A fact has an impossible value, an unknown name, or contradicts another."""


class NotCovered(RulesError):
    """No regulation covers the day, the procedure, or the pair of naziv and route."""
