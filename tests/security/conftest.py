"""The bot between a channel and a login server on loopback, as in the host's own tests."""

from tests.bot.conftest import (
    authority,
    bare,
    bot,
    channel,
    local_bot,
    logging_as_before,
    login,
    naps,
    no_settings_from_outside,
    play,
    script,
    trust,
)

__all__ = [
    "authority",
    "bare",
    "bot",
    "channel",
    "local_bot",
    "logging_as_before",
    "login",
    "naps",
    "no_settings_from_outside",
    "play",
    "script",
    "trust",
]
