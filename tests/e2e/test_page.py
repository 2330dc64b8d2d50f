"""The local chat page in a real browser, against the real bot."""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.browser import BrowserError, js
from tests.e2e.chat import BUTTONS, DARK, PHONE, REPLIES, Chat
from tests.e2e.conftest import LOCAL, OpenChat
from tests.e2e.processes import ROOT, ask, bot_running

ANSWERED = ("kdaj lahko sam vložim predlog", "priloge za svetnika", "a se clanek v tuji reviji tocuje")
DECLINED = "koliko dni dopusta imam"
CASE = (
    "sm svetovalka od 2016 dd 22 let seminari 6 tock a lah grem za svetnco",
    "jst",
    "nea",
    "uspešna",
    "tajno, 16/30",
    "ne vem",
)
"""A case told in a hurry, and the answers to what is asked, to the result."""


@lru_cache
def told(*questions: str) -> tuple[dict[str, Any], ...]:
    """What the same questions, asked one after the other, get on the command line."""
    return tuple(ask(*({"text": question, "conversation": "same"} for question in questions)))


def expected(*questions: str) -> dict[str, Any]:
    """What the last of some questions gets on the command line."""
    return told(*questions)[-1]


def heading(answer: dict[str, Any]) -> str:
    """The first line of a reply: the question at the top of an answer's card."""
    return str(answer["text"]).split("\n", 1)[0]


def test_loads(open_page: OpenChat) -> None:
    chat = open_page()
    assert chat.page.title() == "Kažipot"
    assert "Kažipot" in chat.replies()[0]
    assert len(chat.buttons()) >= 3
    assert chat.page.run("() => document.activeElement.id") == "text"


@pytest.mark.parametrize("question", ANSWERED)
def test_answer_with_its_source(chat: Chat, question: str) -> None:
    answer = expected(question)
    assert answer["status"] == "answer"
    shown = chat.ask(question)
    assert chat.mine() == [question]
    assert shown.startswith(heading(answer))
    for cited in answer["sources"]:
        assert cited["provision"] in shown
    links = chat.page.run(
        "(replies) => [...document.querySelectorAll(`${replies}:last-child a`)].map((a) => [a.href, a.target, a.rel])",
        REPLIES,
    )
    assert all(href.startswith("https://") for href, _, _ in links)
    assert all((target, rel) == ("_blank", "noopener noreferrer") for _, target, rel in links)


def test_first_greeting_button_is_answered(chat: Chat) -> None:
    before = chat.replies()[0]
    after = chat.press(chat.buttons()[0])
    assert after != before
    assert "Viri" in after


def test_decline(chat: Chat) -> None:
    answer = expected(DECLINED)
    assert answer["status"] == "no_answer"
    assert chat.ask(DECLINED).startswith(heading(answer))
    assert chat.buttons(), "a dead end: nothing to press"


def test_related_question(chat: Chat) -> None:
    answer = expected(ANSWERED[0])
    chat.ask(ANSWERED[0])
    related = chat.buttons()[0]
    assert related in answer["text"]
    assert chat.press(related).startswith(related)
    assert chat.mine()[-1] == related


def test_choice_pressed(chat: Chat, vague: str) -> None:
    titles = [choice["title"] for choice in expected(vague)["choices"]]
    chat.ask(vague)
    assert chat.buttons()[: len(titles)] == titles
    assert chat.press(titles[-1]).startswith(titles[-1])


def test_choice_by_number(chat: Chat, vague: str) -> None:
    titles = [choice["title"] for choice in expected(vague)["choices"]]
    chat.ask(vague)
    assert chat.ask("2").startswith(titles[1])


def test_way_to_a_person(chat: Chat) -> None:
    chat.ask(DECLINED)
    assert len(chat.press(chat.buttons()[-1])) > 40


def test_several_questions_at_once_are_answered_in_order(chat: Chat) -> None:
    for question in ANSWERED:
        chat.page.fill("#text", question)
        chat.page.press("#text", "Enter")
    chat.wait_for(len(ANSWERED))
    assert chat.mine() == list(ANSWERED)
    headings = [heading(answer) for answer in told(*ANSWERED)]
    assert [reply.split("\n", 1)[0] for reply in chat.replies()[1:]] == headings


def test_pressed_twice_in_a_row(chat: Chat) -> None:
    chat.ask(ANSWERED[0])
    before = len(chat.replies())
    chat.page.dblclick(f"{BUTTONS} >> nth=0")
    chat.wait_for(before)
    assert len(chat.replies()) <= before + 2
    assert "svetnik" in chat.ask(ANSWERED[1])


def test_rating(chat: Chat) -> None:
    """Thanked for without anything else happening to the answer; what was wrong may be said."""
    shown = chat.ask(ANSWERED[0])
    rate = f"{REPLIES} >> nth=1 >> [role=button]:not(.ac-pushButton)"
    chat.page.click(f"{rate} >> nth=0")
    assert "Hvala" in chat.wait_for(2)
    chat.page.click(f"{rate} >> nth=1")
    chat.wait_for(3)
    chat.page.fill(f"{REPLIES}:last-child input, {REPLIES}:last-child textarea", "Premalo natančno")
    assert "Hvala" in chat.press(chat.buttons()[-1])
    assert chat.replies()[1] == shown


def test_check_to_its_result(chat: Chat) -> None:
    """What was understood is shown at once; every answer leads on; the result is that of the command line."""
    told_at_once = chat.ask(CASE[0])
    for understood in ("svetnik oziroma svetnica", "2016", "22", "6"):
        assert understood in told_at_once
    mine = next(title for title in chat.buttons() if title.startswith("jaz"))
    assert mine in chat.press(mine)
    for answer in CASE[2:]:
        shown = chat.ask(answer)
    result = expected(*CASE)
    assert result["check"]["outcome"] == "unknown"
    assert result["check"]["facts"]["opinion_votes_for"] == 16
    assert shown.startswith(heading(result))
    assert "16" in shown
    assert "30" in shown
    assert "Poglejte" in shown, "no word on where the text that is missing can be found"


def test_keyboard_only(chat: Chat) -> None:
    page = chat.page
    page.call("keyboard.type", ANSWERED[0])
    page.key("Enter")
    chat.wait_for(1)
    for _ in range(30):
        page.key("Shift+Tab")
        focused = page.run(
            "(buttons) => [...document.querySelectorAll(buttons)].indexOf(document.activeElement)", BUTTONS
        )
        if focused >= 0:
            break
    else:
        pytest.fail("no button of the answer can be reached with Shift+Tab")
    outline = page.run("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "the focused button does not show that it is"
    title = chat.buttons()[focused]
    page.key("Enter")
    chat.wait_for(2)
    assert chat.mine()[-1] == title
    assert page.run("() => document.activeElement !== document.body"), "the focus was lost"


def test_skip_link(chat: Chat) -> None:
    page = chat.page
    for _ in range(30):
        page.key("Shift+Tab")
        if page.run("() => document.activeElement.hash") == "#text":
            break
    else:
        pytest.fail("the link to the field can't be reached")
    assert page.run("() => document.activeElement.getBoundingClientRect().left") >= 0, "not to be seen"
    page.key("Enter")
    page.call("keyboard.type", "pomoč")
    page.key("Enter")
    assert chat.wait_for(1)


def test_new_line_and_empty_text(chat: Chat) -> None:
    page = chat.page
    page.key("Enter", "Space", "Enter")
    page.call("keyboard.type", "priloge")
    page.key("Shift+Enter")
    page.call("keyboard.type", "za svetnika")
    page.key("Enter")
    chat.wait_for(1)
    assert chat.mine() == ["priloge\nza svetnika"]


BAD = {
    "blank": " \n\t ",
    "dots": "... ?!",
    "emoji": "😀🏳️‍🌈👩‍👩‍👧‍👦" * 20,
    "right to left": "\u202eevil\u202c שלום مرحبا \u2066x",
    "control characters": "kdaj\x00\x07\x1b[31m vložim?",
    "long word": "x" * 5000,
    "100 kB": "predlog " * 12_500,
    "markup": "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>",
    "markdown": "[klik](javascript:alert(1)) **krepko** `koda` | a | b |\n# naslov",
    "template": "${7*7} {{7*7}} %s %n '; DROP TABLE conversations; --",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_bad_input_never_breaks_the_page(chat: Chat, text: str) -> None:
    if text.strip():
        assert chat.ask(text).strip()
    else:
        chat.page.fill("#text", text)
        chat.page.press("#text", "Enter")
        assert chat.mine() == []
    fits(chat)
    assert chat.page.title() == "Kažipot"
    said = [text, ANSWERED[1]] if text.strip() else [ANSWERED[1]]
    assert chat.ask(ANSWERED[1]).startswith(heading(expected(*said)))


def test_markup_is_shown_as_text(chat: Chat) -> None:
    chat.ask(BAD["markup"])
    assert chat.mine() == [BAD["markup"]]
    assert chat.page.run("() => document.querySelectorAll('#talk img, #talk script').length") == 0
    assert chat.page.title() == "Kažipot"


@pytest.mark.complaint("413")
def test_more_than_the_bot_takes(chat: Chat) -> None:
    """Over a megabyte: the bot says no, the page says so, and goes on."""
    assert "ni bilo mogoče sprejeti" in chat.ask("x" * 1_100_000)
    assert chat.ask(ANSWERED[1]).startswith(heading(expected(ANSWERED[1])))


def test_reload(chat: Chat, vague: str) -> None:
    chat.ask(vague)
    chat.page.reload()
    chat.wait_for(0)
    assert chat.mine() == []
    assert chat.ask(ANSWERED[1]).startswith(heading(expected(ANSWERED[1])))


def test_two_tabs(chat: Chat, vague: str) -> None:
    """Each has a conversation of its own: a choice typed in one is not taken for the other's."""
    other = Chat(chat.page.another(), chat.url)
    titles = [choice["title"] for choice in expected(vague)["choices"]]
    chat.ask(vague)
    assert other.ask(ANSWERED[1]).startswith(heading(expected(ANSWERED[1])))
    assert chat.ask("1").startswith(titles[0])
    assert not other.ask("1").startswith(titles[0])
    assert other.page.seen()["problems"] == []


WIDTHS: dict[str, dict[str, Any]] = {
    "desktop": {},
    "phone": PHONE,
    "small": {"viewport": {"width": 320, "height": 568}},
}


def fits(chat: Chat) -> None:
    """Nothing reaches over the side of the window, and no button cuts its words off."""
    wide = chat.page.run("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"the page is {wide} px wider than the window"
    cut = chat.page.run(
        """() => [...document.querySelectorAll("#talk article, .ac-pushButton, .ac-pushButton *, form > *, header")]
            .filter((item) => item.scrollWidth > item.clientWidth + 1 && item.clientWidth
              && getComputedStyle(item).overflowX !== "visible"
              || item.getBoundingClientRect().right > innerWidth + 1)
            .map((item) => `${item.tagName}.${item.className}: ${item.textContent.slice(0, 60)}`)"""
    )
    assert cut == []


@pytest.mark.parametrize("width", WIDTHS)
def test_everything_fits(open_page: OpenChat, vague: str, width: str) -> None:
    chat = open_page(**WIDTHS[width])
    for question in (*ANSWERED, DECLINED, vague, "pomoč"):
        chat.ask(question)
        fits(chat)
    low = chat.page.run(
        "() => [...document.querySelectorAll('#talk [role=button], .ac-pushButton, form button')]"
        ".filter((item) => item.getBoundingClientRect().height < 44).map((item) => item.textContent)"
    )
    assert low == [], "too low for a finger"
    box = chat.page.run("() => document.getElementById('text').getBoundingClientRect().bottom <= innerHeight")
    assert box, "the field is out of sight"


def test_the_start_of_a_long_answer_is_in_sight(open_page: OpenChat) -> None:
    chat = open_page(**PHONE)
    chat.ask(ANSWERED[0])
    chat.page.wait_until(
        """(replies) => {
            const talk = document.getElementById("talk").getBoundingClientRect();
            const reply = [...document.querySelectorAll(replies)].at(-1).getBoundingClientRect();
            return reply.top >= talk.top && reply.top < talk.top + talk.height / 2;
        }""",
        REPLIES,
    )


AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_accessible(open_page: OpenChat, vague: str, width: str, colours: str) -> None:
    chat = open_page(**WIDTHS[width], colorScheme=colours, reducedMotion="reduce")
    for question in (ANSWERED[0], DECLINED, vague):
        chat.ask(question)
    chat.page.evaluate(AXE.read_text("utf-8"))
    found = chat.page.run("() => axe.run(document, {resultTypes: ['violations']})")
    bad = [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n  {node['html'][:200]}\n  {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
        if rule["impact"] in ("serious", "critical")
    ]
    assert not bad, "\n".join(bad)
    assert len(found["passes"]) > 10


def test_dark_is_dark(open_page: OpenChat) -> None:
    def brightness(chat: Chat) -> int:
        return int(
            chat.page.run("() => Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
        )

    assert brightness(open_page(**DARK)) < 60 < 200 < brightness(open_page())


@pytest.fixture(scope="module")
def bare_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as it is where npm never ran: without node_modules."""
    folder = tmp_path_factory.mktemp("bare")
    for name in ("bot", "cards", "knowledge", "rules"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.complaint("ERR_CONNECTION_REFUSED")
def test_without_the_card_library_and_without_the_bot(
    open_page: OpenChat, bare_source: Path, tmp_path: Path
) -> None:
    """Plain-text twins instead of cards; and once the bot is gone the page says so, and stays."""
    answer = expected(ANSWERED[1])
    with bot_running(tmp_path, LOCAL, bare_source) as bare:
        chat = open_page(bare.url)
        assert chat.page.run("() => typeof AdaptiveCards") == "undefined"
        shown = chat.ask(ANSWERED[1])
        assert [line for line in shown.split("\n") if line] == [
            line for line in answer["text"].split("\n") if line
        ]
        assert bare.failures() == []
    assert "ne odziva" in chat.ask(ANSWERED[0])


def test_what_the_tests_rely_on(chat: Chat) -> None:
    """A failure in the page reaches the test: neither the bridge nor the watch on the console is deaf."""
    with pytest.raises(BrowserError, match="kaboom"):
        chat.page.call("evaluate", js("() => { throw new Error('kaboom') }"))
    page = chat.page.another()
    page.goto(chat.url)
    page.run("() => { console.error('heard'); setTimeout(() => { throw new Error('thrown') }) }")
    page.run("() => fetch('http://127.0.0.1:9/').catch(() => 0)")
    seen = page.seen()
    assert any("heard" in problem for problem in seen["problems"])
    assert any("thrown" in problem for problem in seen["problems"])
