"""One line of a batch: JSON in, a plain answer out. Whatever the line holds, the answer is a value, never a crash."""

import json
from collections.abc import Callable
from typing import Any

from rules.assess import assess
from rules.errors import FactError, RulesError
from rules.points import points_for
from rules.report import Plain, describe, describe_points, error_sentence
from rules.rulebook import Rulebook
from rules.wording import DEFAULT_LOCALE

Answer = Callable[[Rulebook, Plain, str], Plain]


def answer_line(rulebook: Rulebook, line: str, answer: Answer) -> Plain:
    """The answer with the id of the line, or the error that names what is wrong."""
    identity: Any = None
    locale = DEFAULT_LOCALE
    try:
        request = _parse(line)
        identity = request.get("id")
        locale = rulebook.locale(request.get("locale"))
        return {"id": identity, **answer(rulebook, request, locale)}
    except RulesError as error:
        return {"id": identity, "error": error_sentence(rulebook, error, locale)}


def _parse(line: str) -> Plain:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FactError("line", "not_json") from error
    if not isinstance(request, dict):
        raise FactError("line", "not_an_object")
    return request


def answer_check(rulebook: Rulebook, request: Plain, locale: str) -> Plain:
    result = assess(
        rulebook,
        _stated(request, "procedure"),
        {} if request.get("facts") is None else request["facts"],
        _stated(request, "on"),
        request.get("regulation"),
    )
    return describe(rulebook, result, locale)


def answer_points(rulebook: Rulebook, request: Plain, locale: str) -> Plain:
    result = points_for(
        rulebook, _stated(request, "activities"), _stated(request, "on"), request.get("workplace")
    )
    return describe_points(rulebook, result, locale)


def _stated(request: Plain, name: str) -> Any:
    if request.get(name) is None:
        raise FactError(name, "not_stated")
    return request[name]
