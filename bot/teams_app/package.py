"""Builds the app package: the same settings always give the same bytes."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.settings import PREFIX, Settings, SettingsRefused

HERE = Path(__file__).parent
NEEDED = ("app_id", "public_url", "operator")
WORDS = ("sl.json", "en.json")
ICONS = ("color.png", "outline.png")
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that only a change of content changes it."""
_PLACE = re.compile(r"\{(\w+)\}")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def manifest(settings: Settings, number: str = "") -> dict[str, Any]:
    """The manifest for these settings; raises `SettingsRefused` naming what is missing."""
    missing = [PREFIX + name.upper() for name in NEEDED if not getattr(settings, name).strip()]
    if missing:
        raise SettingsRefused(f"The package needs {', '.join(missing)}.")
    try:
        app_id = str(uuid.UUID(settings.app_id))
    except ValueError:
        raise SettingsRefused("KAZIPOT_APP_ID must be the application's id, a GUID.") from None
    number = number or version("kazipot")
    if not _VERSION.fullmatch(number):
        raise SettingsRefused(f"The version must be three numbers such as 1.2.0, not {number!r}.")
    values = {
        "app_id": app_id,
        "public_url": settings.public_url,
        "operator": settings.operator.strip(),
        "version": number,
    }
    template = json.loads((HERE / "manifest.json").read_text("utf-8"))
    made: dict[str, Any] = _filled(template, values)
    return made


def build(settings: Settings, number: str = "") -> bytes:
    """The zip, with its files at the top level."""
    content = {"manifest.json": _json(manifest(settings, number))}
    content |= {name: (HERE / name).read_bytes() for name in (*WORDS, *ICONS)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            file = zipfile.ZipInfo(name, LONG_AGO)
            file.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(file, data)
    return out.getvalue()


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """The template with its places filled: only in whole strings, so no value can break the JSON."""
    if isinstance(value, dict):
        return {name: _filled(item, values) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    return _PLACE.sub(lambda match: values[match[1]], value) if isinstance(value, str) else value


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
