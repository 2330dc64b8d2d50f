"""Spans of turns for OpenTelemetry: an optional extra. Without it, or without an address, nothing happens.

A span has its stage's name and nothing else: no words, no people, no conversation.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

SERVICE = "kazipot"


@dataclass(frozen=True, slots=True)
class Tracing:
    """`span` marks a stage by its name; `close` sends what is left."""

    span: Callable[[str], AbstractContextManager[Any]] = nullcontext
    close: Callable[[], None] = lambda: None


def open_tracing(address: str) -> Tracing:
    """Traces to an OTLP collector by HTTP (`http://…:4318/v1/traces`); the start has checked for the extra."""
    if not address:
        return Tracing()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    tracer = provider.get_tracer(SERVICE)
    return Tracing(lambda name: tracer.start_as_current_span(name), provider.shutdown)
