"""Reminders in words: the message itself, the dates ahead, the link to the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot.clock import PLACE, local_time
from bot.dialogue.post import Post
from bot.dialogue.reminders.reminder import CLOSES, Reminder
from bot.dialogue.reminders.schedule import Event, step, windows
from bot.dialogue.when import day_in_words
from bot.texts import Texts, texts
from cards.views import Button, Link, NoticeView
from rules import Rulebook

CALENDAR = {"sl": "/koledar.ics", "en": "/calendar.ics"}
"""Where the bot serves the dates, by language."""
PREFIX = "reminder:"
"""How the keys of all posts of reminders begin."""


def tell(
    rulebook: Rulebook, reminder: Reminder, now: datetime, site: str = ""
) -> tuple[Post | None, Reminder | None]:
    """What to say to whom asked to be reminded, if anything, and the reminder after it, if any."""
    event, following = step(rulebook, reminder, now)
    if event is None:
        return None, following
    return message(event, reminder, following is None, rulebook, site), following


def message(event: Event, reminder: Reminder, last: bool, rulebook: Rulebook, site: str) -> Post:
    """The post that tells of an event; `last` when the reminder ends with it. One key for one event and place."""
    words = texts(reminder.locale)
    key = f"{PREFIX}{reminder.place.key}:{event.window.opens_on.isoformat()}:{event.kind}"
    said = [words(f"remind.{event.kind}.text", **_window(event, words))]
    buttons = [Button(words("check.button.start"), {"do": "check", "procedure": "naziv"})]
    if event.kind == CLOSES:
        said += [words("remind.after", **_next(event, rulebook, words)), source((event,), rulebook, words)]
    else:
        said.append(source((event,), rulebook, words))
    if last:
        said.append(words("remind.last"))
        buttons.append(Button(words("remind.button.next"), {"do": "remind"}))
    else:
        buttons.append(Button(words("remind.button.stop"), {"do": "remind_stop"}))
    view = NoticeView(
        "\n\n".join(said), words(f"remind.{event.kind}.title"), tuple(buttons), links(site, words)
    )
    closed = datetime.combine(event.window.closes_on + timedelta(days=1), time(), PLACE)
    return Post(key, reminder.place, view, until=closed)


def dates(planned: Iterable[Event], words: Texts) -> str:
    """The mornings ahead, one line each."""
    return "\n".join(
        words(
            f"remind.date.{event.kind}",
            day=day_in_words(local_time(event.at).date(), words.locale),
            **_window(event, words),
        )
        for event in planned
    )


def source(planned: Iterable[Event], rulebook: Rulebook, words: Texts) -> str:
    """The provisions that the dates rest on."""
    wording = rulebook.wording(words.locale)
    provisions = dict.fromkeys(provision for event in planned for provision in event.provisions)
    return words("remind.source", source="; ".join(wording.cite(provision) for provision in provisions))


def links(site: str, words: Texts) -> tuple[Link, ...]:
    """The dates as a calendar file, where the address of the bot is known."""
    return (Link(words("calendar.link"), site + CALENDAR[words.locale]),) if site else ()


def _window(event: Event, words: Texts) -> dict[str, str]:
    return {
        "opens": day_in_words(event.window.opens_on, words.locale),
        "closes": day_in_words(event.window.closes_on, words.locale),
    }


def _next(event: Event, rulebook: Rulebook, words: Texts) -> dict[str, str]:
    following = (window for window, _ in windows(rulebook, event.window.closes_on + timedelta(days=1)))
    window = next(following, event.window)
    return _window(Event(event.kind, window), words)
