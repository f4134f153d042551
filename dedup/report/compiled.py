"""What C takes over of reports where it was built (`dedup.report.rows`): reading texts, and writing every finding.

A format that lists many findings has, beside `render`, a `render_rows` that gives the same bytes from flat numbers.
`render` says what the format is, and serves where there was no compiler.
"""

from __future__ import annotations

import copyreg
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dedup.findings import Block, Place, Variant
from dedup.flat import Blocks, Variants
from dedup.report.content import Content, Ids, TextReader, read_contents
from dedup.report.finding import Finding, Side, finding, side
from dedup.report.phrases import visible
from dedup.report.reading import Reading, TextOf
from dedup.threads import started

if TYPE_CHECKING:
    from dedup.report.model import Report

REPEATS, VARIANTS, REMOVED, ALL = range(4)
"""Which findings `Rows.which` gives: blocks and paragraphs, variants, what is not in the output, all of them."""
LEAST_SHARE = 500
"""Findings for which a thread is worth its start."""
MODULE = "dedup.report.rows"
Rows = Any
"""`dedup.report.rows.Rows`: the findings of a report, ready to be written."""
Before = tuple[Any, Sequence[int], Sequence[int]]
"""What `dedup.report.early_reader` has read, and which of its blocks and variants each block and variant is."""
Pieces = Iterable[bytes | memoryview]
"""Parts of a file; each must be written before the next is asked for."""


def contents_of(
    blocks: Blocks,
    variants: Variants,
    text_of: TextOf,
    reading: Reading,
    threads: int = 1,
    before: Before | None = None,
) -> Sequence[Content]:
    """As `dedup.report.content.read_contents`: of the blocks, then of the variants.

    Args:
        blocks, variants: in order.
        text_of: reads the text of the run again.
        reading: what is wanted.
        threads: how many may read.
        before: what was read of them before.
    """
    compiled = _compiled()
    if compiled is None or reading.members:
        return read_contents([*blocks, *variants], text_of, reading)
    early, *orders = before or (None,)
    reader = compiled.again.Reader(blocks, variants, text_of, reading.level, early=early, orders=orders or None)
    side_by_side(reader.read, len(reader), threads if reader.shared else 1)
    contents: Sequence[Content] = reader.contents()
    return contents


def read_on(blocks: Blocks, variants: Variants, text_of: TextOf, level: str, ids: Ids) -> Sequence[Content]:
    """The contents of findings that follow others.

    Args:
        blocks, variants: in order.
        text_of: reads the text of the run again.
        level: `none` or `excerpt`.
        ids: gave those before theirs.
    """
    compiled = _compiled()
    if compiled is None:
        reader = TextReader(text_of, Reading(level))
        return [reader.content(ids, one, False) for one in [*blocks, *variants]]
    more = compiled.again.Reader(blocks, variants, text_of, level, ids.seen)
    more.read(0, len(more))
    contents: Sequence[Content] = more.contents()
    return contents


def side_by_side(work: Callable[[int, int], None], size: int, threads: int) -> None:
    """Have threads do the ranges that make up [0, size). Raises what the first of them raised."""
    threads = max(1, min(threads, size // LEAST_SHARE))
    bounds = [size * i // threads for i in range(threads + 1)]
    failed: list[BaseException] = []

    def share(first: int, last: int) -> None:
        try:
            work(first, last)
        except BaseException as error:  # handed to the caller's thread
            failed.append(error)

    helpers = [(started(share, *one), one) for one in pairwise(bounds[1:])]
    share(0, bounds[1])
    for helper, one in helpers:
        if helper is None:
            share(*one)
        else:
            helper.join()
    if failed:
        raise failed[0]


def beside() -> Any:
    """The module that reads texts beside the run; None where it was not built."""
    compiled = _compiled()
    return None if compiled is None else compiled.again


class Gathered:
    """The findings of a run as they come."""

    def __init__(self) -> None:
        self._blocks, self._variants = Blocks(), Variants()

    def add(self, blocks: Sequence[Block], variants: Sequence[Variant]) -> None:
        """Append findings."""
        self._blocks.extend(blocks)
        self._variants.extend(variants)

    def tables(self) -> tuple[Blocks, Variants]:
        """All of them; nothing is added afterwards."""
        return self._blocks, self._variants


def gathered() -> Gathered:
    """Has no findings yet; in C where that was built."""
    compiled = _compiled()
    empty: Gathered = Gathered() if compiled is None else compiled.Gathered()
    return empty


def sort(table: Blocks | Variants) -> array[int]:
    """As `table.sort()`."""
    compiled = _compiled()
    if compiled is None:
        return table.sort()
    order: array[int]
    table.numbers, order = compiled.in_order(table.numbers)
    return order


def rows_of(report: Report) -> Rows | None:
    """The findings of a report for C, made once; None where it was not built, or cannot hold what a report says."""
    if "compiled" not in report.views:
        report.views["compiled"] = _rows(report)
    return report.views["compiled"]


def _rows(report: Report) -> Rows | None:
    try:
        return rows_from(*tables(report), report.contents)
    except (ValueError, OverflowError):  # a stored report may say what no run can have found
        return None


def rows_from(blocks: Blocks, variants: Variants, contents: Sequence[Content]) -> Rows | None:
    """Findings for C; None where it was not built.

    Raises:
        ValueError, OverflowError: no run can have found that.
    """
    compiled = _compiled()
    if compiled is None:
        return None
    flat = contents if isinstance(contents, compiled.again.Contents) else contents_from(contents)
    return compiled.Rows(blocks, variants, flat)


def _compiled() -> Any:
    from importlib import import_module

    try:
        compiled = import_module(MODULE)
        copyreg.pickle(compiled.again.Contents, _copy)  # `dataclasses.asdict`, `copy.deepcopy` and `pickle` ask there
        return compiled
    except ModuleNotFoundError as error:
        if error.name not in (MODULE, "dedup.report.again"):
            raise
        return None  # it was not built


def _copy(contents: Sequence[Content]) -> tuple[Any, tuple[list[Content]]]:
    return contents_from, (list(contents),)


def contents_from(contents: Sequence[Content]) -> Sequence[Content]:
    """The same as C holds them, where it was built."""
    compiled = _compiled()
    flat: Sequence[Content] = contents if compiled is None else compiled.again.Contents.of(contents)
    return flat


def tables(report: Report) -> tuple[Blocks, Variants]:
    """Blocks and variants as flat numbers. Raises ValueError or OverflowError for what no run can have found."""
    if "tables" not in report.views:
        blocks, variants = report.blocks, report.variants
        report.views["tables"] = (
            blocks if isinstance(blocks, Blocks) else Blocks(blocks),
            variants if isinstance(variants, Variants) else Variants(variants),
        )
    made: tuple[Blocks, Variants] = report.views["tables"]
    return made


def finding_at(report: Report, number: int, *, whole: bool = False) -> Finding:
    """One finding by its number: blocks from 0 on, then variants. A block has its repeats only if it is `whole`."""
    first = len(report.blocks)
    content, names, origins = report.contents[number], report.names, report.origins
    if number >= first:
        return finding(report.variants[number - first], content, names, origins)
    rows = rows_of(report)
    if whole or rows is None:
        return finding(report.blocks[number], content, names, origins)
    return finding(tables(report)[0].without_repeats(number), content, names, origins, rows.sums_of(number))


def names_of(report: Report, rows: Rows, text: Callable[[Side], str], shown: Callable[[str], str] = visible) -> Any:
    """What a format calls the documents, for `rows`.

    Args:
        report: whose documents they are.
        rows: its findings.
        text: gives the name of a document in the form of the format, from a place in it.
        shown: makes a place fit to be shown.
    """
    from dedup.report.rows import Names

    if "sides" not in report.views:
        report.views["sides"] = [side(Place(one, 0, 0, 1, 1), report.names, report.origins) for one in rows.documents]
    sides: list[Side] = report.views["sides"]
    files: dict[str, int] = {}
    recoded = report.files.recoded
    return Names(
        [_utf8(text(one)) for one in sides],
        [_utf8(shown(_head(one))) for one in sides],
        array("Q", [0 if one.record is None else one.file_lines[0] for one in sides]),
        array("I", [files.setdefault(one.file, len(files)) for one in sides]),
        array("B", [one.record is None and one.file not in recoded for one in sides]),
    )


def plain_names(rows: Rows, text: Callable[[int], str]) -> Any:
    """As `names_of`, for formats that have nothing but the name, from the number of a document."""
    from dedup.report.rows import Names

    texts = [_utf8(text(one)) for one in rows.documents]
    lines, files, own = (array(kind, bytes(size * len(texts))) for kind, size in (("Q", 8), ("I", 4), ("B", 1)))
    return Names(texts, texts, lines, files, own)


def _head(side: Side) -> str:
    """What `str(side)` has before its lines."""
    return str(side).rpartition("line " if side.record is not None else "1")[0]


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
