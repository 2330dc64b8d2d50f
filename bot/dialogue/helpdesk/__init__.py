"""Asking a person: tickets, what the user sees of them, and what the advisers do with them."""
