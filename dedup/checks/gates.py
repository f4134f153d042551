"""How much may repeat: the gates, and which of them what was found does not pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from dedup.counts import count

if TYPE_CHECKING:
    from dedup.report.model import Report


class Gates(NamedTuple):
    """The most that may repeat; None is no limit. Without any limit nothing may."""

    max_percent: float | None = None
    """Of the words."""
    max_blocks: int | None = None
    max_words: int | None = None
    max_percent_per_file: float | None = None
    max_blocks_per_file: int | None = None
    max_words_per_file: int | None = None
    fail_on_empty: bool = True
    """An input without words fails: a check that looked at nothing has not passed."""

    def in_force(self) -> Gates:
        """With the limit that holds where none was given.

        >>> Gates().in_force().max_blocks, Gates(max_percent=3).in_force().max_blocks
        (0, None)
        """
        limits = [value for name, value in self._asdict().items() if name.startswith("max_")]
        return self if any(value is not None for value in limits) else self._replace(max_blocks=0)


def failures(report: Report, gates: Gates) -> list[str]:
    """What is wrong, a line for each gate that is not passed; for files the worst one.

    Args:
        report: its findings are those that count.
        gates: in force.
    """
    totals = report.totals
    if gates.fail_on_empty and not totals.words:
        from dedup.checks.texts import left_out_words

        told = [
            "nothing to check: no words in " + count(totals.documents, "document"),
            left_out_words(report.run.left_out),
        ]
        return ["; ".join(filter(None, told))]
    whole = _over("", totals.blocks, totals.removed_words, totals.words, gates[:3])
    return [*whole, *_of_files(report, gates)]


def _of_files(report: Report, gates: Gates) -> Iterator[str]:
    limits = gates[3:6]
    if not any(limit is not None for limit in limits):
        return
    files: dict[str, tuple[int, int, int]] = {}
    for one in report.documents:
        blocks, repeated, words = files.get(report.names[one.document], (0, 0, 0))
        files[report.names[one.document]] = (blocks + one.blocks, repeated + one.removed_words, words + one.words)
    over = [(name, found) for name, (b, r, w) in files.items() for found in [_over(name, b, r, w, limits)] if found]
    if over:
        worst = max(over, key=lambda pair: files[pair[0]][1])
        more = len(over) - 1
        yield from worst[1]
        if more:
            yield f"and {count(more, 'more file')} over a limit"


def _over(name: str, blocks: int, repeated: int, words: int, limits: tuple[object, ...]) -> list[str]:
    percent = 100 * repeated / words if words else 0.0
    suffix = "-per-file" if name else ""
    where = f"{name}: " if name else ""
    found = [
        (percent, limits[0], f"{_more_than(percent, limits[0])} % of the words repeat", "percent"),
        (blocks, limits[1], count(blocks, "repeat"), "blocks"),
        (repeated, limits[2], f"{count(repeated, 'word')} repeat", "words"),
    ]
    return [
        f"{where}{text}, --max-{gate}{suffix} is {limit:.15g}"
        for value, limit, text, gate in found
        if isinstance(limit, (int, float)) and value > limit
    ]


def _more_than(value: float, limit: object) -> str:
    """A number with two digits behind the point, or as many as show that it is more than the limit.

    >>> _more_than(100 / 3, 30), _more_than(100 / 3, 33.33)
    ('33.33', '33.333')
    """
    shown = (f"{value:.{digits}f}" for digits in range(2, 15))
    return next((one for one in shown if isinstance(limit, (int, float)) and float(one) > limit), f"{value:.2f}")
