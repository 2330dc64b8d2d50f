"""Whether the bot may serve with the settings that it was given."""

from __future__ import annotations

from importlib.util import find_spec

from bot.settings import Settings, SettingsRefused, is_loopback


def check_start(settings: Settings) -> None:
    """Raise `SettingsRefused` unless the bot may serve with these settings."""
    if settings.otlp_address and find_spec("opentelemetry") is None:
        raise SettingsRefused("KAZIPOT_OTLP_ADDRESS needs the extra: pip install 'kazipot[otel]'.")
    if settings.managed_identity and settings.app_password.get_secret_value():
        raise SettingsRefused("A managed identity has no password: remove KAZIPOT_APP_PASSWORD.")
    missing = settings.missing_credentials
    if not missing:
        if settings.today:
            raise SettingsRefused("KAZIPOT_TODAY is for local mode only; remove it.")
        return
    if len(missing) < len(settings.needed_credentials):
        raise SettingsRefused(f"The bot's credentials are incomplete. Missing: {', '.join(missing)}.")
    if not settings.local:
        raise SettingsRefused(
            f"The bot has no credentials. Set {', '.join(missing)}, or KAZIPOT_LOCAL=1 to try it on this "
            "machine alone."
        )
    if not is_loopback(settings.host):
        raise SettingsRefused(
            f"Local mode answers anyone without a token, so KAZIPOT_HOST must be a loopback address such as "
            f"127.0.0.1, not {settings.host!r}. To serve others set {', '.join(missing)}."
        )
