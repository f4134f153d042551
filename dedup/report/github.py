"""Annotations of GitHub Actions: workflow commands on standard output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.counts import count
from dedup.report.compiled import REMOVED, Pieces, Rows, finding_at, names_of
from dedup.report.finding import VARIANT
from dedup.report.headline import headline
from dedup.report.phrases import Told, largest, tell, title, told, visible

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_SHOWN = 10
"""GitHub shows so many warnings of a step; the largest are taken, others stand in the log."""
MOST_LOGGED = 1_000
"""With those; the largest as well. A log of more lines is cut where it is shown."""


def render(report: Report) -> Iterator[str]:
    """Annotations of the repeats, a line for each, and how much there is in all."""
    found = [one for one in tell(report) if one.finding.kind != VARIANT and one.finding.removed]
    shown = {one.finding.id for one in largest(found, MOST_SHOWN)}
    for one in largest(found, MOST_LOGGED):
        yield annotation(one) if one.finding.id in shown else _plain(f"- {one.place}: {one.message}\n")
    yield _closing(report, len(found))


def _closing(report: Report, found: int) -> str:
    logged, left = min(found, MOST_LOGGED) - MOST_SHOWN, max(0, found - MOST_LOGGED)
    rest = f", and {count(left, 'smaller one')} not listed" * (left > 0)
    more = command("notice", f"{count(logged, 'more repeat')} in the log of this step{rest}")
    return more * (found > MOST_SHOWN) + command("notice", headline(report), title="dedup")


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    found, at = rows.which(REMOVED, MOST_LOGGED), 0
    names = names_of(report, rows, lambda side: side.file, lambda place: _plain(visible(place)))
    for number in rows.which(REMOVED, MOST_SHOWN):
        position = found.index(number)
        yield from rows.github(names, found[at:position])
        yield annotation(told(finding_at(report, number))).encode("utf-8", "replace")
        at = position + 1
    yield from rows.github(names, found[at:])
    yield _closing(report, len(rows.which(REMOVED))).encode("utf-8", "replace")


def _plain(line: str) -> str:
    """A line of the log that is no command, whatever the name of a file is.

    The runner looks for `::` behind white space, hence the dash, and for `##[`, an older form, anywhere.
    """
    return line.replace("##[", "# #[")


def annotation(one: Told, level: str = "warning") -> str:
    """The workflow command that puts a finding beside its lines."""
    side = one.finding.place
    line, last = side.file_lines
    return command(level, one.message, file=side.path, line=line, endLine=last, title=title(one.finding))


def command(name: str, text: str, **properties: object) -> str:
    """One workflow command.

    >>> command("warning", "50 % :: x", file="a,b:c.txt", line=3)
    '::warning file=a%2Cb%3Ac.txt,line=3::50 %25 :: x\\n'
    """
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name}{' ' * bool(given)}{given}::{_data(text)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
