"""The dashboard and the alerts name metrics that exist; traces carry the stages of a turn and nothing else."""

from __future__ import annotations

import json
import re
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot import start_checks
from bot.dialogue.message import Message
from bot.metrics import Metrics
from bot.settings import Settings, SettingsRefused
from bot.start_checks import check_start
from bot.storage.memory import MemoryStorage
from bot.tracing import open_tracing
from bot.turn import Turns, run_turn
from tests.bot.test_turn import Log, Script, apologise

DOCS = Path(__file__).parents[2] / "docs" / "watching"


def expressions() -> list[str]:
    board = json.loads((DOCS / "dashboard.json").read_text("utf-8"))
    alerts = yaml.safe_load((DOCS / "alerts.yaml").read_text("utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    return shown + [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]


def test_every_metric_named_exists() -> None:
    page = Metrics().page().decode()
    known = set(re.findall(r"^# TYPE (\S+)", page, re.M))
    named = {name for each in expressions() for name in re.findall(r"\b(?:kazipot|process)_\w+", each)}
    assert len(named) > 10
    assert {re.sub(r"_bucket$", "", name) for name in named} <= known


def test_panels_do_not_overlap() -> None:
    board = json.loads((DOCS / "dashboard.json").read_text("utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + i, at["y"] + j) for i in range(at["w"]) for j in range(at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells


async def test_stages_of_a_turn_are_traced_without_words() -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracer = provider.get_tracer("kazipot")

    def span(name: str) -> AbstractContextManager[Any]:
        return tracer.start_as_current_span(name)

    storage = MemoryStorage()
    turns = Turns(storage, Script().respond, apologise, span=span)
    await run_turn(Message("Ana Novak", "c", activity="a"), turns, Log(storage))
    spans = kept.get_finished_spans()
    assert [each.name for each in spans] == ["claim", "load", "respond", "render", "save", "reply"]
    assert "Novak" not in "".join(each.to_json() for each in spans)


def test_no_address_no_traces() -> None:
    with open_tracing("").span("load"):
        pass


def test_an_address_without_the_extra_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_checks, "find_spec", lambda name: None)
    given = Settings(local=True, otlp_address="http://127.0.0.1:4318/v1/traces")
    with pytest.raises(SettingsRefused, match="otel"):
        check_start(given)


def test_traces_go_to_the_address() -> None:
    taken: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            return None

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.handle_request)
    thread.start()
    opened = open_tracing(f"http://127.0.0.1:{server.server_port}/v1/traces")
    with opened.span("load"):
        pass
    opened.close()
    thread.join(timeout=10)
    server.server_close()
    assert len(taken) == 1
