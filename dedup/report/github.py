"""Annotations of GitHub Actions: workflow commands on standard output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.report.finding import VARIANT, Finding, iterate
from dedup.report.markdown import largest
from dedup.report.phrases import count, message, title, totals_line, visible

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_SHOWN = 10
"""GitHub shows so many warnings of a step; the largest are taken, the others stand in the log."""


def render(report: Report) -> Iterator[str]:
    """Annotations of the repeats, a line for each, and how much there is in all."""
    found = [one for one in iterate(report) if one.kind != VARIANT and one.removed]
    shown = {one.id for one in largest(found, MOST_SHOWN)}
    for one in found:
        # An indented line is no command, whatever the name of the file is.
        yield annotation(one) if one.id in shown else f"  {visible(str(one.place))}: {message(one)}\n"
    if len(found) > MOST_SHOWN:
        yield command("notice", f"{count(len(found) - MOST_SHOWN, 'more repeat')} in the log of this step")
    yield command("notice", totals_line(report), title="dedup")


def annotation(finding: Finding, level: str = "warning") -> str:
    """The workflow command that puts a finding beside its lines."""
    side = finding.place
    last = max(side.line, side.last_line)
    return command(level, message(finding), file=side.file, line=side.line, endLine=last, title=title(finding))


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
