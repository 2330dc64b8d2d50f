"""Measured figures as Markdown tables, with counts beside shares."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.evaluate import (
    HELD_OUT_EVERY,
    IN_SCOPE,
    NEAR,
    OFF_TOPIC,
    PhrasingFigures,
    SetFigures,
    Tally,
    wilson,
)

NAMES = {NEAR: "near misses", OFF_TOPIC: "off topic"}


def share(count: int, total: int) -> str:
    """A count with its share."""
    return f"{count} ({count / total:.1%})" if total else "–"


def interval(count: int, total: int) -> str:
    """The 95 % interval of a share."""
    low, high = wilson(count, total)
    return f"[{low * 100:.1f}–{high * 100:.1f}]"


def phrasings_text(phrasings: PhrasingFigures, held_out: PhrasingFigures | None = None) -> str:
    """Phrasings and whether they find their own entry."""
    lost, total = len(phrasings.lost), phrasings.phrasings
    lines = ["### Phrasings of the base", ""]
    lines.append(f"- find their own entry first: {total - lost} of {total}; {lost} do not")
    if held_out is not None:
        found = held_out.phrasings - len(held_out.lost)
        lines.append(
            f"- every {HELD_OUT_EVERY}th phrasing, asked of a base without it: "
            f"{share(found, held_out.phrasings)} {interval(found, held_out.phrasings)}"
        )
    return "\n".join(lines)


def set_text(item: SetFigures) -> str:
    """The tables of one question set."""
    use = "weights and thresholds are fitted on this set" if item.fitted else "only ever measured"
    tables = ["\n".join(table) for table in (_in_scope_table(item), _declining_table(item))]
    return "\n\n".join([f"### {item.name}: {use}", *(table for table in tables if table)])


def _in_scope_table(item: SetFigures) -> Iterator[str]:
    if not item.tally(IN_SCOPE).questions:
        return
    yield (
        "| questions | count | top-1 | top-3 | answered right | answered wrong | offered with the right one | "
        "offered without | declined | within one click |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    yield _in_scope_row("**all in scope**", item.tally(IN_SCOPE), True)
    for kind in item.kinds():
        yield _in_scope_row(kind, item.tally(IN_SCOPE, kind), False)


def _in_scope_row(name: str, tally: Tally, main: bool) -> str:
    verdicts = tally.verdicts

    def cell(count: int, with_interval: bool = False) -> str:
        text = share(count, tally.questions)
        return f"{text} {interval(count, tally.questions)}" if main and with_interval else text

    cells = [
        cell(tally.first, True),
        cell(tally.in_three, True),
        cell(verdicts["right"], True),
        cell(verdicts["wrong"], True),
        cell(verdicts["offered_right"]),
        cell(verdicts["offered_other"]),
        cell(verdicts["declined"]),
        cell(tally.one_click, True),
    ]
    return f"| {name} | {tally.questions} | {' | '.join(cells)} |"


def _declining_table(item: SetFigures) -> Iterator[str]:
    groups = [group for group in (NEAR, OFF_TOPIC) if item.tally(group).questions]
    if not groups:
        return
    yield "| questions without an answer | count | answered | told what is not known | offered candidates | declined |"
    yield "|---|---|---|---|---|---|"
    for group in groups:
        tally = item.tally(group)
        answered, total = tally.verdicts["answered"], tally.questions
        offered = tally.verdicts["offered_right"] + tally.verdicts["offered_other"]
        yield (
            f"| {NAMES[group]} | {total} | {share(answered, total)} {interval(answered, total)} | "
            f"{share(tally.verdicts['right'], total)} | {share(offered, total)} | "
            f"{share(tally.verdicts['declined'], total)} |"
        )
