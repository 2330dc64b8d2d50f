"""The report as one HTML page, fit to be printed: words, tables and drawings, nothing loaded from elsewhere."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path

from bot.reports import plots, words
from bot.reports.figures import Figures
from bot.reports.saving import Saving
from bot.reports.words import Table, Titles
from bot.texts import Texts

STYLE = Path(__file__).parent / "page.css"
SHOWN_UNUSED = 24


def html(found: Figures, titles: Titles, texts: Texts, calls: Saving | None = None) -> str:
    """The whole page."""
    title = f"{texts('report.title')}: {words.period(found, texts)}"
    body = [f"<h1>{escape(texts('report.title'))}</h1><p>{escape(words.period(found, texts))}</p>"]
    body.append(_numbers(found, texts) if found.questions else f"<p>{escape(texts('report.none'))}</p>")
    if found.questions:
        body += _drawings(found, titles, texts)
    if calls:
        body.append(_section(texts("report.saving"), *words.saved(calls, texts)))
    body += [_table(table, texts) for table in words.tables(found, titles, texts)[2:]]
    body.append(_never(found, titles, texts))
    how = (texts(f"report.how.{part}") for part in ("questions", "again", "checks", "nobody"))
    body.append(f'<div class="how">{_section(texts("report.how"), *how)}</div>')
    return (
        f'<!doctype html><html lang="{texts.locale}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head><body><main>{''.join(body)}</main></body></html>"
    )


def _numbers(found: Figures, texts: Texts) -> str:
    cells = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
        for label, value in words.lines(found, texts)
    )
    return f"<dl>{cells}</dl>"


def _drawings(found: Figures, titles: Titles, texts: Texts) -> list[str]:
    parts = (texts("report.answered"), texts("report.other"))
    days = [f"{on.day}. {on.month}." for on in (date.fromisoformat(one.name) for one in found.by_day)]
    every = max(1, len(days) // 8)
    hours = [one.name for one in found.by_hour]
    return [
        _drawn(texts("report.outcomes"), plots.ended(words.outcomes(found, texts))),
        _drawn(texts("report.by_topic"), plots.rows(words.topics(found, titles, texts), parts)),
        _drawn(
            texts("report.by_day"), plots.columns(found.by_day, days, (texts("report.day"), *parts), every)
        ),
        _drawn(
            texts("report.by_hour"), plots.columns(found.by_hour, hours, (texts("report.hour"), *parts), 2)
        ),
        _drawn(texts("report.by_scope"), plots.rows(words.scopes(found, texts), parts)),
    ]


def _drawn(title: str, svg: str) -> str:
    return f"<section><h2>{escape(title)}</h2><figure role='img' aria-label='{escape(title)}'>{svg}</figure></section>"


def _section(title: str, *paragraphs: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{''.join(f'<p>{escape(words)}</p>' for words in paragraphs)}</section>"


def _table(table: Table, texts: Texts) -> str:
    if not table.rows:
        empty = texts("report.gaps_none") if table.title == texts("report.gaps") else "–"
        return _section(table.title, empty)
    numeric = [all(row[place].isdigit() for row in table.rows) for place in range(len(table.heads))]
    heads = "".join(_cell("th", head, number) for head, number in zip(table.heads, numeric, strict=True))
    rows = "".join(
        f"<tr>{''.join(_cell('td', cell, number) for cell, number in zip(row, numeric, strict=True))}</tr>"
        for row in table.rows
    )
    return (
        f"<h2>{escape(table.title)}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _cell(tag: str, text: str, number: bool) -> str:
    return f"<{tag}{' class=n' if number else ''}>{escape(text)}</{tag}>"


def _never(found: Figures, titles: Titles, texts: Texts) -> str:
    number = texts("report.never_number", number=len(found.never_used), all=len(titles.entries))
    names = [titles.entries.get(entry, entry) for entry in found.never_used[:SHOWN_UNUSED]]
    more = ["…"] if len(found.never_used) > SHOWN_UNUSED else []
    items = "".join(f"<li>{escape(name)}</li>" for name in (*names, *more))
    return f'{_section(texts("report.never"), f"{number}.")}<ul class="never">{items}</ul>'
