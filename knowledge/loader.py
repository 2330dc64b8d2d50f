"""Read the whole knowledge base from its folder, gathering every problem with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge import strict_yaml
from knowledge.entry import Entry, Source, Topic
from knowledge.terms import Terms, parse_terms
from knowledge.text import tokens

DATA = Path(__file__).parent / "data"
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in the data: where, and what."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class KnowledgeError(ValueError):
    """The base is broken as a whole; `problems` says where."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Base:
    """A loaded knowledge base: entries by id, sources, topics, terms, and the digest of all of it."""

    entries: Mapping[str, Entry]
    sources: Mapping[str, Source]
    topics: Mapping[str, Topic]
    terms: Terms
    background: Mapping[str, tuple[str, ...]]
    slips: Mapping[str, str]
    digest: str
    files: Mapping[str, strict_yaml.Document] = field(default_factory=dict, compare=False, repr=False)

    def institution(self, entry: Entry) -> str:
        """ "mvi" or "um": whose staff the entry speaks to."""
        return self.topics[entry.topic].institution


@dataclass(frozen=True, slots=True)
class Known:
    """What was read and checked before and has not changed since, so that its files need not be read again."""

    entries: Mapping[str, Entry]
    background: Mapping[str, tuple[str, ...]]
    slips: Mapping[str, str]


def load(folder: Path = DATA, known: Known | None = None) -> Base:
    """Read a base, but for what is known; raises `KnowledgeError` naming every problem at once."""
    base, problems = read(folder, known)
    if base is None or problems:
        raise KnowledgeError(problems)
    return base


def read(folder: Path = DATA, known: Known | None = None) -> tuple[Base | None, list[Problem]]:
    """Read a base as far as it goes, with the problems met on the way."""
    reader = _Reader(folder)
    sources = reader.table("sources.yaml", Source)
    topics = reader.table("topics.yaml", Topic)
    terms = reader.terms()
    if known is None:
        known = Known(reader.entries(topics), reader.background(), reader.slips())
    digest = digest_of(folder)
    base = Base(known.entries, sources, topics, terms, known.background, known.slips, digest, reader.files)
    return base, reader.problems


def digest_of(folder: Path) -> str:
    """Version of the data: a digest over all files that answers are made of."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")) + sorted((folder / "entries").glob("*/*.yaml")):
        total.update(f"{path.parent.name}/{path.name}".encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.files: dict[str, strict_yaml.Document] = {}

    def problem(self, path: Path, line: int, message: str) -> None:
        self.problems.append(Problem(str(path), line, message))

    def document(self, path: Path) -> Any:
        """The data of one file, or None after a problem."""
        try:
            text = path.read_text(encoding="utf-8")
            document = strict_yaml.parse(text)
        except (OSError, UnicodeDecodeError) as error:
            self.problem(path, 1, f"cannot be read: {error}")
            return None
        except strict_yaml.YamlProblem as error:
            self.problem(path, error.line, str(error))
            return None
        self.files[str(path)] = document
        return document.data

    def model(self, path: Path, kind: type[Model], data: Any, at: tuple[str | int, ...] = ()) -> Model | None:
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            document = self.files[str(path)]
            for item in error.errors():
                where = (*at, *item["loc"])
                self.problem(path, document.line_of(where), f"{'.'.join(map(str, where))}: {item['msg']}")
            return None

    def table(self, name: str, kind: type[Model]) -> dict[str, Model]:
        path = self.folder / name
        data = self.document(path)
        if data is None:
            return {}
        if not isinstance(data, dict):
            self.problem(path, 1, "must be a mapping of names to values")
            return {}
        models = {key: self.model(path, kind, value, (key,)) for key, value in data.items()}
        return {key: model for key, model in models.items() if model is not None}

    def terms(self) -> Terms:
        path = self.folder / "terms.yaml"
        data = self.document(path)
        try:
            return parse_terms(data or {})
        except ValueError as error:
            self.problem(path, 1, str(error))
            return parse_terms({})

    def background(self) -> dict[str, tuple[str, ...]]:
        """Groups of utterances that are not for us, so that search learns to know them."""
        path = self.folder / "background.yaml"
        data = self.document(path) if path.exists() else {}
        if not isinstance(data, dict) or not all(isinstance(group, list) for group in data.values()):
            self.problem(path, 1, "must be a mapping of groups to lists of utterances")
            return {}
        return {str(name): tuple(map(str, group)) for name, group in data.items()}

    def slips(self) -> dict[str, str]:
        """Folded words that phrasings misspell, each with the word that is meant."""
        path = self.folder / "slips.yaml"
        data = self.document(path) if path.exists() else {}
        if not isinstance(data, dict) or any(
            tokens(str(word)) != [word] for pair in data.items() for word in pair
        ):
            self.problem(path, 1, "must be a mapping of folded words to folded words")
            return {}
        for slip, meant in data.items():
            if meant in data:
                self.problem(path, self.files[str(path)].line_of((slip,)), f"{meant!r} is a slip itself")
        return data

    def entries(self, topics: Collection[str]) -> dict[str, Entry]:
        """The entries of known topics by id."""
        entries: dict[str, Entry] = {}
        for path in sorted((self.folder / "entries").glob("*/*.yaml")):
            entry = self.entry(path)
            if entry is None:
                continue
            if entry.id in entries:
                self.problem(path, 1, f"entry {entry.id!r} exists twice")
            if entry.topic not in topics:
                self.problem(path, 1, f"folder {entry.topic!r} is not in topics.yaml")
                continue
            entries[entry.id] = entry
        return entries

    def entry(self, path: Path) -> Entry | None:
        data = self.document(path)
        if data is None:
            return None
        if not isinstance(data, dict):
            self.problem(path, 1, "an entry must be a mapping")
            return None
        entry = self.model(path, Entry, {**data, "topic": path.parent.name})
        if entry is not None and entry.id != path.stem:
            self.problem(path, 1, f"id {entry.id!r} differs from the file's name")
        return entry
