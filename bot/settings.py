"""Every setting of the bot, typed and read once at the door; `docs/settings.md` lists the same ones."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

from bot.dialogue.helpdesk.hours import read_hours

PREFIX = "KAZIPOT_"
SERVICE_HOSTS = ("smba.trafficmanager.net", "*.botframework.com", "*.teams.microsoft.com")
CREDENTIALS = ("app_id", "app_password", "app_tenant")

Words = Annotated[tuple[str, ...], NoDecode]


class SettingsRefused(Exception):
    """The settings do not allow a start; the message says which and why."""


class Settings(BaseSettings):
    """What the operator decides. Names in the environment carry the prefix KAZIPOT_."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, populate_by_name=True
    )

    host: str = Field(
        "127.0.0.1",
        validation_alias=AliasChoices("KAZIPOT_HOST", "HOST"),
        description="Address to listen on. `HOST` is read too.",
    )
    port: int = Field(
        3978,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("KAZIPOT_PORT", "PORT"),
        description="Port to listen on; 0 takes a free one. `PORT` is read too.",
    )
    local: bool = Field(
        False,
        description="Local mode: the chat page on `/`, messages without a token. Only on a loopback "
        "address and without credentials.",
    )
    app_id: str = Field("", description="Application (client) id of the bot's registration.")
    app_password: SecretStr = Field(SecretStr(""), description="Client secret of the registration.")
    app_tenant: str = Field("", description="Directory (tenant) id of the registration.")
    app_type: Literal["SingleTenant", "UserAssignedMSI"] = Field(
        "SingleTenant",
        description="Kind of registration: `SingleTenant` with a client secret, or `UserAssignedMSI`, a user-assigned "
        "managed identity of the machine, without one.",
    )
    app_password_expires_on: date | None = Field(
        None,
        description="Day on which the client secret ends (YYYY-MM-DD); reported from thirty days before.",
    )
    public_url: str = Field(
        "",
        description="Address under which the bot is reached from outside, such as `https://kazipot.example.org`.",
    )
    operator: str = Field(
        "",
        max_length=32,
        description="Organisation that runs the bot, for the catalogue and the privacy page.",
    )
    support: str = Field(
        "", description="Where people get help with the bot: an e-mail address, a telephone number or a page."
    )
    allowed_tenants: Words = Field(
        (),
        description="Tenants whose people may ask, separated by commas. Empty: the registration's own tenant.",
    )
    service_hosts: Words = Field(
        SERVICE_HOSTS,
        description="Hosts that replies may be sent to, separated by commas; `*.` stands for any subdomain.",
    )
    openid_url: str = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Where the channel's signing keys are announced.",
    )
    login_url: str = Field(
        "https://login.microsoftonline.com", description="Login server that gives the bot its own tokens."
    )
    token_scope: str = Field("https://api.botframework.com", description="Scope of the bot's own tokens.")
    database_url: SecretStr = Field(
        SecretStr("sqlite+aiosqlite:///var/kazipot.sqlite3"),
        description="Where conversations are kept: SQLite for one process, "
        "`postgresql+asyncpg://…` for several.",
    )
    database_timeout: float = Field(
        2.0, gt=0, le=30, description="Seconds that one database operation may take."
    )
    database_pool: int = Field(10, ge=1, le=200, description="Connections to PostgreSQL per process.")
    key_salt: SecretStr = Field(
        SecretStr(""),
        description="Secret mixed into the stored keys of conversations and people. Give every replica the same; "
        "changing it forgets all conversations.",
    )
    retention_days: int = Field(
        30, ge=1, le=3650, description="Days after which an untouched conversation is deleted."
    )
    check_days: int = Field(
        30,
        ge=1,
        le=30,
        description="Days after its beginning when the facts stated in a check of conditions are dropped, finished or "
        "not; 30 at most.",
    )
    advisers: Words = Field(
        (),
        description="Entra object ids of the advisers, separated by commas: they work on people's questions.",
    )
    curators: Words = Field(
        (), description="Entra object ids of the curators, separated by commas: they keep the knowledge base."
    )
    adviser_teams: Words = Field(
        (),
        description="Teams whose members are advisers in the team's channels: ids or Entra group ids, separated by "
        "commas.",
    )
    adviser_channels: Words = Field(
        (), description="Channels whose members are advisers there: ids, separated by commas."
    )
    helpdesk_hours: str = Field(
        "",
        description="When advisers are there, on a clock in Slovenia and without public holidays, such as "
        "`Mon-Thu 08:00-15:00, Fri 08:00-13:00`. Empty: nothing is said about it.",
    )
    helpdesk_answer_hours: float = Field(
        0,
        ge=0,
        le=200,
        description="Open hours within which people are told to expect an answer; 0 promises nothing.",
    )
    ticket_days: int = Field(
        90, ge=1, le=3650, description="Days after which an answered or closed question is deleted."
    )
    drafts_dir: Path | None = Field(
        None,
        description="Folder that drafts from answers are written to, such as `drafts` beside the entries. Empty: they "
        "stay in the database.",
    )
    gap_days: int = Field(
        90,
        ge=0,
        le=3650,
        description="Days for which questions without an answer are kept, without personal data, so that curators see "
        "what is missing; 0 keeps none.",
    )
    count_days: int = Field(
        400,
        ge=1,
        le=3650,
        description="Days for which what is counted of turns, and bare ratings, are kept for reports.",
    )
    weekly_report: bool = Field(
        False, description="Whether the advisers' channel gets the figures of the week before on Mondays."
    )
    knowledge_dir: Path | None = Field(
        None, description="Folder of curated answers to use instead of the one in the package."
    )
    today: date | None = Field(
        None, description="Day to take for today (YYYY-MM-DD), for trying things out. Only in local mode."
    )
    body_limit: int = Field(
        1_048_576, ge=1024, le=16_777_216, description="Largest request body in bytes; more gets 413."
    )
    person_rate: int = Field(
        30,
        ge=0,
        description="Messages and pressed buttons of one person that are answered within a minute, by each process; "
        "0 for any number.",
    )
    search_rate: int = Field(
        120,
        ge=0,
        description="Searches of one person, as somebody types, that are answered within a minute, by each process; "
        "0 for any number.",
    )
    tenant_rate: int = Field(
        6000,
        ge=0,
        description="Messages, buttons and searches of one tenant that are answered within a minute, by each process; "
        "0 for any number.",
    )
    concurrency: int = Field(
        256, ge=1, le=10_000, description="Turns that are worked on at one time, by each process."
    )
    queue: int = Field(
        1024,
        ge=0,
        le=100_000,
        description="Turns that may wait for one of those places, at most five seconds; more get 503.",
    )
    send_timeout: float = Field(
        20.0, gt=0, le=120, description="Seconds that sending one reply may take, each attempt."
    )
    stop_timeout: float = Field(
        10.0, ge=0, le=120, description="Seconds that running turns get to finish when the bot is stopped."
    )
    otlp_address: str = Field(
        "",
        description="Where traces of turns are sent, such as `http://collector:4318/v1/traces`; needs the extra "
        "`otel`. Empty: no traces.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe log line that is written to standard error."
    )

    @field_validator("helpdesk_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        read_hours(value)
        return value

    @field_validator(
        "allowed_tenants",
        "service_hosts",
        "advisers",
        "curators",
        "adviser_teams",
        "adviser_channels",
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(word.strip().lower() for word in value.split(",") if word.strip())
        return value

    @field_validator("openid_url", "login_url")
    @classmethod
    def _secure(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ValueError("must be an https address")
        return value

    @field_validator("public_url")
    @classmethod
    def _base(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("must be an https address without a query")
        return value.rstrip("/")

    @property
    def managed_identity(self) -> bool:
        """Whether the machine's identity stands for the bot, instead of a client secret."""
        return self.app_type == "UserAssignedMSI"

    @property
    def needed_credentials(self) -> tuple[str, ...]:
        """The names of the settings with which the bot proves who it is; a managed identity has no secret."""
        return tuple(name for name in CREDENTIALS if name != "app_password" or not self.managed_identity)

    @property
    def missing_credentials(self) -> tuple[str, ...]:
        """The environment names of credentials that are not set."""
        secret = self.app_password.get_secret_value()
        values = {"app_id": self.app_id, "app_password": secret, "app_tenant": self.app_tenant}
        return tuple(PREFIX + name.upper() for name in self.needed_credentials if not values[name].strip())

    @property
    def has_credentials(self) -> bool:
        """Whether the bot can prove who it is to the channel."""
        return not self.missing_credentials

    @property
    def site(self) -> str:
        """The address of the bot's own pages: the public one, or on this machine its own; "" where it is not known."""
        if self.public_url or self.has_credentials or not self.port:
            return self.public_url
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def tenants(self) -> frozenset[str]:
        """Tenants whose people may ask."""
        return frozenset(self.allowed_tenants or ([self.app_tenant.lower()] if self.app_tenant else []))


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_settings(**overrides: Any) -> Settings:
    """Settings from the environment and `.env`; raises `SettingsRefused` with a plain sentence."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsRefused(" ".join(_problems(error.errors()))) from None


def given_names() -> frozenset[str]:
    """The names that are set in the environment and in `.env`, in capitals, whether or not they mean anything."""
    return frozenset(name.upper() for name in (*os.environ, *DotEnvSettingsSource(Settings).env_vars) if name)


def _problems(errors: Sequence[Any]) -> list[str]:
    """One sentence per wrong setting, without its value: it may be a secret."""
    sentences = []
    for problem in errors:
        name = str(problem["loc"][0]) if problem["loc"] else "?"
        name = name if name.isupper() else PREFIX + name.upper()
        sentences.append(f"Setting {name} is not valid: {problem['msg']}.")
    return sentences
