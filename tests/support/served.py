"""The bot as a process of its own, with a dialogue of a few lines: `python -m tests.support.served`.

The dialogue counts its turns in the state of the conversation, so that a turn that was lost or done twice is seen;
a reminder says one sentence and ends.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime

from bot.answering import Answering
from bot.app import Parts
from bot.dialogue.post import Post
from bot.dialogue.reminders.reminder import Reminder
from bot.process import serve
from bot.settings import read_settings
from cards.views import NoticeView
from tests.support.host import Script


def remind(reminder: Reminder, now: datetime) -> tuple[Post | None, Reminder | None]:
    """What is due is said once."""
    place = reminder.place
    return Post(f"reminder-{place.key}", place, NoticeView(text=f"reminder {place.key}")), None


def answering() -> Answering:
    """The dialogue that counts, with reminders."""
    return replace(Script().answering(), remind=remind)


if __name__ == "__main__":
    sys.exit(serve(read_settings(_env_file=None), Parts(answering=answering())))
