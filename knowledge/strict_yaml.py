"""YAML as data only: no duplicate keys, no surprising types, and a line number for every value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Path_ = tuple[str | int, ...]


class YamlProblem(ValueError):
    """A file that is not the YAML we accept; `line` is 1-based."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Document:
    """The values of one file and where each of them stands."""

    data: Any
    lines: dict[Path_, int]

    def line_of(self, path: Path_) -> int:
        """Line of the value at `path`, or of its nearest parent that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Document:
    """Read one YAML file; raises `YamlProblem`."""
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Document:
    """Parse one YAML text; raises `YamlProblem` on syntax errors, duplicate keys and unknown types."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise YamlProblem(
            str(getattr(error, "problem", None) or error), mark.line + 1 if mark else 1
        ) from error
    lines: dict[Path_, int] = {}
    return Document(None if node is None else _value(node, (), lines), lines)


def _value(node: yaml.Node, path: Path_, lines: dict[Path_, int]) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key_node, yaml.ScalarNode) or key in result:
                raise YamlProblem(f"key {key!r} appears twice or is no text", key_node.start_mark.line + 1)
            result[key] = _value(value_node, (*path, key), lines)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    return _scalar(node, line)


def _scalar(node: yaml.Node, line: int) -> Any:
    tag, text = node.tag, str(node.value)
    if tag.endswith(":str"):
        return text
    if tag.endswith(":null"):
        return None
    if tag.endswith(":int"):
        return int(text)
    if tag.endswith(":bool"):
        return text.lower() == "true"
    if tag.endswith(":timestamp"):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise YamlProblem(f"{text!r} is not a date (YYYY-MM-DD)", line) from error
    if tag.endswith(":float"):
        return float(text)
    raise YamlProblem(f"type {tag} is not allowed", line)
