"""The chat page of local mode."""

from bot.transport.local_chat.routes import add_routes

__all__ = ["add_routes"]
