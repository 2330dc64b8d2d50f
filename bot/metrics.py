"""What is counted, in Prometheus terms; one registry per application, nothing at import time."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30)


class Metrics:
    """The bot's counters; its methods are what the turn, the sender and the store report to."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._turns = Counter(
            "kazipot_turns_total", "Turns by status and scope", ["status", "scope"], registry=self.registry
        )
        self._seconds = Histogram(
            "kazipot_turn_seconds", "Time from claim to saved answer", buckets=SECONDS, registry=self.registry
        )
        self._duplicates = Counter(
            "kazipot_duplicates_total", "Activities delivered again", registry=self.registry
        )
        self._conflicts = Counter(
            "kazipot_conflicts_total", "Turns done again after a conflict", registry=self.registry
        )
        self._sends = Counter(
            "kazipot_sends_total", "Sends to the channel by result", ["result"], registry=self.registry
        )
        self._send_seconds = Histogram(
            "kazipot_send_seconds", "Time to send, retries included", buckets=SECONDS, registry=self.registry
        )
        self._storage = Counter(
            "kazipot_storage_failures_total", "Failed database work", ["work"], registry=self.registry
        )
        self._storage_up = Gauge("kazipot_storage_up", "1 while the database answers", registry=self.registry)
        self._ratings = Counter(
            "kazipot_ratings_total", "Answers rated, by rating", ["rating"], registry=self.registry
        )
        self._posts = Counter(
            "kazipot_posts_total", "Messages sent unasked, by result", ["result"], registry=self.registry
        )
        self._outbox = Gauge(
            "kazipot_outbox_waiting",
            "Messages in the outbox that are still to be sent",
            registry=self.registry,
        )
        self._refused = Counter(
            "kazipot_auth_refusals_total", "Requests refused, by reason", ["reason"], registry=self.registry
        )
        self._limited = Counter(
            "kazipot_limited_total",
            "Activities not answered because of a limit: person, search, tenant, queue or wait",
            ["limit"],
            registry=self.registry,
        )
        self._expiry = Gauge(
            "kazipot_credential_expiry_timestamp_seconds",
            "When the bot's own token expires (0: none yet)",
            registry=self.registry,
        )

        self._password = Gauge(
            "kazipot_app_password_expiry_timestamp_seconds",
            "Day on which the client secret ends, as set (0: not set)",
            registry=self.registry,
        )

    def turn(self, status: str, scope: str, seconds: float) -> None:
        """One turn was answered."""
        self._turns.labels(status, scope).inc()
        self._seconds.observe(seconds)

    def posted(self, result: str) -> None:
        """A message of the outbox was sent, postponed or given up."""
        self._posts.labels(result).inc()

    def outbox_waiting(self, number: int) -> None:
        """How many messages are still to be sent."""
        self._outbox.set(number)

    def duplicate(self) -> None:
        """An activity came that is being or was answered."""
        self._duplicates.inc()

    def conflict(self) -> None:
        """A turn is done again because another one was saved in between."""
        self._conflicts.inc()

    def rated(self, rating: str) -> None:
        """Somebody rated an answer."""
        self._ratings.labels(rating).inc()

    def send(self, result: str) -> None:
        """A send ended as "sent" or "failed", or is tried again ("retried")."""
        self._sends.labels(result).inc()

    def sent_in(self, seconds: float) -> None:
        """How long a send took in all."""
        self._send_seconds.observe(seconds)

    def storage_failure(self, work: str) -> None:
        """The database did not do what it was asked."""
        self._storage.labels(work).inc()

    def storage_up(self, up: bool) -> None:
        """Whether the database answered last time."""
        self._storage_up.set(1 if up else 0)

    def refused(self, reason: str) -> None:
        """A request was not let in."""
        self._refused.labels(reason).inc()

    def limited(self, limit: str) -> None:
        """An activity was not answered because of a limit."""
        self._limited.labels(limit).inc()

    def credential_expiry(self, timestamp: float) -> None:
        """When the token in use expires."""
        self._expiry.set(timestamp)

    def password_expiry(self, timestamp: float) -> None:
        """When the client secret ends."""
        self._password.set(timestamp)

    def page(self) -> bytes:
        """All of it in the Prometheus text format."""
        return generate_latest(self.registry)
