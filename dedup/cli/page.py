"""The summary on a terminal, drawn with Rich. File names go in as `Text`: Rich reads no markup there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console, Group, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dedup.cli import safe
from dedup.cli.summary import invalid_note
from dedup.counts import count, line_span, percent
from dedup.origins import document_name
from dedup.report.finding import share_a_line

if TYPE_CHECKING:
    from dedup.findings import Block, Place
    from dedup.report.model import Report

STRIP_CELLS = 100
_LEVELS = "▁▂▃▄▅▆▇█"
_LEVELS_ASCII = ".:-=+*%#"
_REMOVED = "bright_yellow"
_QUIET = "bright_black"
_TITLE = "bold cyan"
_REPEATS = "repeats "
_OF_FILE, _OF_RECORD = ": ", ", text "
"""Between the name of a document and lines of it."""
_LEAST_NAME_CELLS = 12
"""With less for the names of files, the counts of a block go on a line of their own."""
_COLUMNS: tuple[JustifyMethod, ...] = ("right", "right", "left")


def print_page(report: Report) -> None:
    """Print the summary to standard error; colours only where terminal and NO_COLOR allow them."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    with suppress(OSError):  # the terminal is gone; the work is done
        console.print(page(report, console.width, ascii_only=console.options.ascii_only))


def page(report: Report, width: int, *, ascii_only: bool = False) -> RenderableType:
    """The summary for a terminal of `width` cells."""
    parts: list[RenderableType] = [Text(), _facts(report, ascii_only)]
    if report.largest:
        parts += [
            Text(),
            Text("Largest blocks", style=_TITLE),
            Padding(_blocks(report, width - 3), (0, 0, 0, 2)),
        ]
    if report.totals.removed_paragraphs and report.removed_map:
        parts += [
            Text(),
            Text("Where they lie", style=_TITLE),
            Padding(strip(report.removed_map, width - 3, ascii_only), (0, 0, 0, 2)),
        ]
    parts.append(Text())
    return Padding(Group(*parts), (0, 0, 0, 1))


def strip(shares: Sequence[float], width: int, ascii_only: bool = False) -> Text:
    """One line that shows where removed text lies: the higher the bar, the more of that stretch went.

    Args:
        shares: from 0 to 1, the removed share of equal stretches of the input, in order.
        width: cells to fill; at most 100 are used.
        ascii_only: the terminal cannot show block characters.
    """
    cells = max(1, min(width, STRIP_CELLS, len(shares)))
    levels = _LEVELS_ASCII if ascii_only else _LEVELS
    drawn = [_level(shares[i * len(shares) // cells : (i + 1) * len(shares) // cells], levels) for i in range(cells)]
    line = Text(no_wrap=True)
    for nothing, run in groupby(drawn, lambda level: level == levels[0]):
        line.append("".join(run), style=_QUIET if nothing else _REMOVED)
    return line


def _level(stretch: Sequence[float], levels: str) -> str:
    """The bar of one cell. The lowest means nothing at all: the least removal must be seen."""
    share = min(1.0, sum(stretch) / len(stretch))
    return levels[1 + round(share * (len(levels) - 2))] if any(stretch) else levels[0]


def _facts(report: Report, ascii_only: bool) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style=_TITLE, no_wrap=True)
    table.add_column(overflow="fold")  # a long name of a file is told whole
    dot = " - " if ascii_only else " · "
    table.add_row("Read", Text(dot.join(_read(report))))
    table.add_row("", Text(dot.join(_speed(report)), style=_QUIET))
    table.add_row("Removed", _removed(report, dot))
    if report.totals.kept_repeats:
        table.add_row("Kept", Text(f"{count(report.totals.kept_repeats, 'repeat')} too short to remove"))
    if report.totals.variants:
        table.add_row("Kept", Text(f"{count(report.totals.variants, 'variant')}: near, but with something new"))
    if report.totals.invalid_bytes:
        table.add_row("Note", Text(invalid_note(report)))
    return table


def _read(report: Report) -> tuple[str, ...]:
    totals = report.totals
    return (
        count(totals.documents, "document"),
        count(totals.paragraphs, "paragraph"),
        count(totals.words, "word"),
    )


def _speed(report: Report) -> tuple[str, ...]:
    run, size = report.run, report.input.bytes
    rate = f"{size / 1e6 / run.seconds:,.1f} MB/s" if run.seconds > 0 else "at once"
    return _bytes(size), _seconds(run.seconds), rate, f"{run.engine} engine", count(run.threads, "thread")


def _removed(report: Report, dot: str) -> Text:
    totals = report.totals
    if not totals.removed_paragraphs:
        return Text("nothing")
    blocks = count(totals.blocks, "block")
    share = percent(totals.removed_words, totals.words)
    text = Text(f"{count(totals.removed_paragraphs, 'paragraph')}, {share} of the words", style=_REMOVED)
    text.append(f", in {blocks}\n", style="default")
    kinds = (
        f"{totals.removed_exact:,} exact",
        f"{totals.removed_near:,} near",
        f"{totals.removed_short:,} short inside blocks",
    )
    return text.append(dot.join(kinds), style="default")


def _blocks(report: Report, width: int) -> RenderableType:
    """The largest blocks; with several documents each place has a line, and its file a name but where both are one.

    Counts stand in columns before the places, or on a line above where that leaves too little room.
    """
    several = report.totals.documents > 1
    counts = sum(max(map(len, column)) for column in zip(*map(_sizes, report.largest), strict=True))
    spans = max(len(text) for block in report.largest for text in _spans(block))
    spans += len(_OF_RECORD if report.origins else _OF_FILE) if several else 0
    room = width - counts - 4 - spans if several else 0
    if room >= _LEAST_NAME_CELLS + len(_REPEATS) or (not several and width >= counts + 2 * spans + 13):
        return _table([(*_sizes(block), _places(report, block, room)) for block in report.largest])
    room = max(_LEAST_NAME_CELLS, width - spans - 2) if several else 0
    lines: list[RenderableType] = []
    for block in report.largest:
        lines += [Text(", ".join(_sizes(block))), Padding(_places(report, block, room), (0, 0, 0, 2))]
    return Group(*lines)


def _table(rows: Sequence[tuple[str, str, Text]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for justify in _COLUMNS:
        table.add_column(justify=justify, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _places(report: Report, block: Block, room: int) -> Text:
    """Where a block lies and what it repeats; with so much room for the names of their files, if there are several."""
    place, there = _spans(block)
    verb = _REPEATS if room or place.startswith("line ") else "repeat "
    if room:
        place = _named(report, block.place.document, place, room)
    if block.original.document != block.place.document:
        there = _named(report, block.original.document, there, max(_LEAST_NAME_CELLS, room - len(verb)))
    return Text.assemble(place, "\n" if room else " ", (verb, _QUIET), there)


def _named(report: Report, document: int, span: str, room: int) -> str:
    """The end of a document's name, as much as there is room for, and the lines; a long id of a record is left out."""
    origin = report.origins[document] if report.origins else None
    joint = _OF_FILE if origin is None or origin.record is None else _OF_RECORD
    name = safe(report.where(document))
    if origin is not None and origin.id and Text(name).cell_len > room:
        name = safe(document_name(report.names[document], origin._replace(id=None)))
    return f"{_fit(name, room)}{joint}{span}"


def _sizes(block: Block) -> tuple[str, str]:
    return count(block.removed_paragraphs, "paragraph"), count(block.removed_words, "word")


def _spans(block: Block) -> tuple[str, str]:
    """The lines of both places; their bytes where they share a line."""
    told = _bytes_of if share_a_line(block.place, block.original) else _lines
    return told(block.place), told(block.original)


def _bytes_of(place: Place) -> str:
    return f"bytes {place.start:,}-{place.end:,}"


def _lines(place: Place) -> str:
    return line_span(place.line, place.last_line)


def _fit(name: str, cells: int) -> str:
    """The end of a long name: that is where paths differ."""
    if Text(name).cell_len <= cells:
        return name
    while Text(name).cell_len > cells - 1:
        name = name[1:]
    return f"…{name}"


def _bytes(size: int) -> str:
    for unit, power in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= power:
            return f"{size / power:.1f} {unit}"
    return count(size, "byte")


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"
