"""The answer of `dedup tune` as a table, a plot and two lines to paste; on a terminal in colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dedup.counts import count, percent

if TYPE_CHECKING:
    from dedup.tuning import Point, Tuning

ROWS = 10
CELLS = 7
"""Columns of the plot for each threshold."""
FOUND, LOST, BOTH = "o", "x", "*"
_HEAD = (
    ("", "", "", "", "rest"),
    ("", "copies", "reworded", "changed facts", "that"),
    ("setting", "found", "found", "lost", "goes"),
)
"""In three lines, so that the table fits a terminal of 80 columns."""


def print_tuning(tuning: Tuning) -> None:
    """Print to standard output."""
    terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    if not terminal:
        print("\n".join(lines(tuning)))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in lines(tuning):
        console.print(_coloured(Text(line), tuning))


def lines(tuning: Tuning) -> Iterator[str]:
    """What is shown, line by line."""
    yield (
        f"{tuning.copies:,} copies planted into a sample of {count(tuning.articles, 'article')} "
        f"({count(tuning.words, 'word')}) from {tuning.bytes / 1e6:,.1f} MB; seed {tuning.seed}"
    )
    yield ""
    yield from table(tuning.points)
    for mode, points in groupby(tuning.points, lambda point: point.remove):
        if mode != "exact":
            yield ""
            yield from plot(mode, list(points))
    yield ""
    yield _careful(tuning.careful)
    yield from _advice(tuning.careful)
    if tuning.thorough != tuning.careful:
        yield "To remove all that is alike, facts or not:"
        yield from _advice(tuning.thorough)


def _careful(point: Point) -> str:
    if not point.changed:
        return (
            "To lose no fact, by its rule: what is lost was not measured, no figure, name or negation could be changed:"
        )
    return "To lose next to no fact:" if point.lost else "To lose no fact:"


def _advice(point: Point) -> Iterator[str]:
    yield f"  dedup clean {point.options}"
    found = f"  finds {100 * point.found:.1f} % of the copies that say nothing new"
    lost = f"{point.lost:,} of {count(point.changed, 'paragraph')} with another figure, name or negation"
    yield f"{found}; removes {lost}" if point.changed else found


def table(points: Sequence[Point]) -> Iterator[str]:
    """One line for each setting."""
    rows = [*_HEAD, *map(_row, points)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD[0]))]
    for row in rows:
        first, *others = row
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join(cells)


def _row(point: Point) -> tuple[str, ...]:
    return (
        point.options,
        f"{100 * point.found:.1f} %",
        f"{100 * point.reworded:.1f} %",
        f"{point.lost:,} of {point.changed:,} ({percent(point.lost, point.changed)})"
        if point.changed
        else "not measured",
        f"{100 * point.rest:.2f} %",
    )


def plot(mode: str, points: Sequence[Point]) -> Iterator[str]:
    """Copies found and facts lost against the threshold, a row for every tenth."""
    yield f"--remove {mode}    {FOUND} copies found   {LOST} changed facts lost   {BOTH} both"
    for row in range(ROWS, -1, -1):
        marks = (_mark(point, row).center(CELLS) for point in points)
        yield f"{100 * row // ROWS:>4} % |{''.join(marks)}".rstrip()
    yield f"       +{''.join(f'{point.threshold:g}'.center(CELLS, '-') for point in points)}  threshold"


def _mark(point: Point, row: int) -> str:
    found, lost = round(point.found * ROWS) == row, point.changed > 0 and round(point.loss * ROWS) == row
    return BOTH if found and lost else FOUND if found else LOST if lost else " "


def _coloured(line: Any, tuning: Tuning) -> Any:
    """Colours for the advice and the marks of a plot."""
    plain = line.plain
    if plain.startswith("  dedup clean"):
        line.stylize("bold cyan")
    elif plain.startswith((*(f"{point.options} " for point in (tuning.careful, tuning.thorough)),)):
        line.stylize("bold")
    elif " % |" in plain[:8] or (plain.startswith("--remove") and FOUND in plain):
        line.highlight_regex(r"(?<=\s)o(?=\s|$)", "green")
        line.highlight_regex(r"(?<=\s)x(?=\s|$)", "red")
    return line
