"""The tables. Keys are opaque digests; what a person typed is kept in the state and as the reason of a rating."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

from bot.keys import LENGTH

# Names that migrations can refer to on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("key", String(LENGTH), primary_key=True),
    # JSON as text: a row that can't be read is dropped with a word to the user, never a failed query.
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index(None, "updated_at"),
)

activities = Table(
    "activities",
    metadata,
    Column("key", String(LENGTH), primary_key=True),
    Column("leased_until", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    # What was answered, as JSON, while it is not yet sent.
    Column("reply", Text),
    Index(None, "leased_until"),
    # Of rows with a reply alone, which r0007 says: said here, both databases' dialects would be imported, .02 s.
    Index("ix_activities_unsent", "leased_until"),
)

events = Table(
    "events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("hour", SmallInteger, nullable=False),
    Column("intent", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("entry", String(120), nullable=False),
    Column("score", Float, nullable=False),
    Column("scope", String(20), nullable=False),
    Column("locale", String(10), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    # A version of the bot that does not know these writes rows without them.
    Column("after", String(20), nullable=False, server_default=""),
    Column("step", String(20), nullable=False, server_default=""),
    Column("procedure", String(40), nullable=False, server_default=""),
    Column("outcome", String(20), nullable=False, server_default=""),
    Index(None, "day"),
)

answers = Table(
    "answers",
    metadata,
    Column("key", String(LENGTH), primary_key=True),
    Column("entry", String(120), nullable=False),
    Column("version", String(64), nullable=False),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    Index(None, "sent_at"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("entry", String(120), nullable=False),
    Column("version", String(64), nullable=False),
    Column("rating", String(10), nullable=False),
    Column("reason", String(500), nullable=False),
    Index(None, "day"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("question", String(300), nullable=False),
    Column("entry", String(120), nullable=False),
    Column("locale", String(10), nullable=False),
    Index(None, "day"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("place", String(LENGTH), nullable=False),
    # Where to and what, as JSON; both are emptied once the message is sent or given up.
    Column("address", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("replaces", String(120), nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("done_at", DateTime(timezone=True)),
    Column("message", Text, nullable=False),
    Column("failure", String(60), nullable=False),
    Index(None, "done_at", "due_at"),
    Index(None, "place"),
)

reminders = Table(
    "reminders",
    metadata,
    Column("key", String(LENGTH), primary_key=True),
    # Where to write, as JSON: kept with the person's consent, until the last message.
    Column("address", Text, nullable=False),
    Column("locale", String(10), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("agreed_at", DateTime(timezone=True), nullable=False),
    Index(None, "due_at"),
)

desk = Table(
    "desk",
    metadata,
    # One row: where the advisers work, as JSON, "" while that is not set, and the number given last.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("address", Text, nullable=False),
    Column("last_number", Integer, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("asker", String(LENGTH), nullable=False),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    # The key of the newest message that shows it, so that the outbox keeps where that message is.
    Column("card", String(120), nullable=False),
    Column("content", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index(None, "asker"),
    Index(None, "card"),
    Index(None, "status", "changed_at"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("ticket", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
)
