"""The one way in which entries and tables are written as YAML, so that a change shows as that change alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from knowledge import strict_yaml
from knowledge.entry import Entry


class _Block(str):
    """A text written as a literal block."""


class _Quoted(str):
    """A text written in quotes."""


class _Flow(list[str]):
    """A list written on one line."""


class _FlowMapping(dict[str, Any]):
    """A mapping written on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def choose_scalar_style(self) -> str:
        style = str(super().choose_scalar_style())
        return '"' if style == "'" else style


_Dumper.add_representer(
    _Block, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|")
)
_Dumper.add_representer(
    _Quoted, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"')
)
_Dumper.add_representer(
    _Flow, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)
_Dumper.add_representer(
    _FlowMapping,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True),
)


def entry_text(entry: Entry) -> str:
    """The file of an entry; reading it back gives the same entry."""
    return _dump(_entry_data(entry))


def draft_text(data: Mapping[str, Any]) -> str:
    """The file of a draft: an entry as far as it is known."""
    versions = [_version_data(version) for version in data["versions"]]
    return _dump({**data, "versions": versions, "related": _Flow(data["related"])})


def sources_text(data: Mapping[str, Mapping[str, Any]], head: str = "") -> str:
    """The file sources.yaml: a block for each source."""
    return head + _dump({key: _source_data(value) for key, value in data.items()})


def topics_text(data: Mapping[str, Mapping[str, Any]], head: str = "") -> str:
    """The file topics.yaml: a line for each topic."""
    return head + _dump({key: _FlowMapping(value) for key, value in data.items()})


def terms_text(data: Mapping[str, Mapping[str, list[str]]], head: str = "") -> str:
    """The file terms.yaml: the patterns of a value on one line."""
    families = {
        family: {value: _Flow(map(_Quoted, patterns)) for value, patterns in values.items()}
        for family, values in data.items()
    }
    return head + _dump(families)


TABLES = {"sources": sources_text, "topics": topics_text, "terms": terms_text}


def plain_text(data: Mapping[str, Any]) -> str:
    """Any mapping of plain values."""
    return _dump(data)


def head_of(text: str) -> str:
    """The comment lines that a file begins with."""
    lines = text.splitlines(keepends=True)
    count = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[:count])


def _dump(data: Mapping[str, Any]) -> str:
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6)
    strict_yaml.parse(text)
    return text


def _source_data(data: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in data.items() if value is not None}
    return given | ({"dated": _FlowMapping(_quoted(given["dated"]))} if "dated" in given else {})


def _quoted(data: Mapping[str, str]) -> dict[str, str]:
    return {key: _Quoted(value) for key, value in data.items()}


def _entry_data(entry: Entry) -> dict[str, Any]:
    data = entry.model_dump(exclude={"topic"})
    about = {family: _Flow(values) for family, values in data.pop("about").items() if values}
    result = {"id": data["id"], "title": data["title"]}
    if about:
        result["about"] = about
    result["terms"] = list(data["terms"])
    result["versions"] = [_version_data(version) for version in data["versions"]]
    result["phrasings"] = {locale: list(lines) for locale, lines in data["phrasings"].items()}
    if data["related"]:
        result["related"] = _Flow(data["related"])
    return result | {name: data[name] for name in ("owner", "reviewed_on", "review_by")}


def _version_data(version: Mapping[str, Any]) -> dict[str, Any]:
    answer = {locale: _Block(text + "\n") for locale, text in version["answer"].items()}
    return {**version, "answer": answer, "sources": list(version["sources"])}
