"""What was removed, told on standard error: one line in scripts, a page on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.cli import safe, say
from dedup.cli.progress import on_terminal
from dedup.counts import count
from dedup.findings import MOST_INVALID
from dedup.report.headline import headline

if TYPE_CHECKING:
    from dedup.report.model import Report

MAX_NAMED = 5
"""Skipped inputs told one by one; the report has all of them."""


def show(report: Report, *, quiet: bool) -> None:
    """Tell what the run did. With `quiet` only what could not be read: nothing is skipped in silence."""
    if not quiet and on_terminal():
        from dedup.cli.page import print_page

        print_page(report)
    elif not quiet:
        say(f"dedup: {headline(report)}")
        if report.totals.invalid_bytes:
            say(f"dedup: {invalid_note(report)}")
    for line in () if quiet else [*engine_notes(report), *report.notes]:
        say(f"dedup: {line}")
    for line in [*passed_notes(report), *skipped_notes(report)]:
        say(f"dedup: {line}")


def invalid_note(report: Report) -> str:
    """`kept 3 bytes that are not UTF-8 in a.txt`, or not of the encoding that was asked for; and what to do.

    Of one document the name is not told, and a check, which keeps nothing, has read them.
    """
    invalid, encoding = report.totals.invalid_bytes, report.settings.encoding
    verb = "kept" if report.check is None else "read"
    note = f"{verb} {count(invalid, 'byte')} that {_be(invalid)} not {encoding or 'UTF-8'}{_invalid_in(report)}"
    return note if encoding else f"{note}: if the text is in another encoding, name it (--encoding NAME)"


def _invalid_in(report: Report) -> str:
    """` in a.txt, b.txt, c.txt and others`: the first documents with bytes that are not of their encoding."""
    if report.totals.documents <= 1:
        return ""
    names = [safe(report.where(one)) for one in report.first_invalid()]
    named = ", ".join(names[: MOST_INVALID - 1])
    return f" in {named}{' and others' * (len(names) == MOST_INVALID)}" if names else ""


def skipped_notes(report: Report) -> list[str]:
    """One line for each input that was skipped, the first five of them, and how many more."""
    lines = [f"skipped {safe(one.path)}: {one.reason}" for one in report.skipped[:MAX_NAMED]]
    more = len(report.skipped) - MAX_NAMED
    return [*lines, f"skipped {count(more, 'more input')}"] if more > 0 else lines


def passed_notes(report: Report) -> list[str]:
    """What holds no text to look at: a line for each file and reason, where the first one is, and how many more."""
    if not report.files.any_passed:
        return []
    from dedup.report.phrases import passed

    lines = []
    for file in report.files:
        lines += [f"{safe(file.name)}: passed through {safe(where)}" for where in passed(file)]
        if not file.documents and any("field" in reason for reason in file.passed):
            lines.append(f"{safe(file.name)}: no record has a text: --text-field names the field that holds it")
    more = len(lines) - MAX_NAMED
    return [*lines[:MAX_NAMED], f"and {count(more, 'more note')} like these"] if more > 0 else lines


def engine_notes(report: Report) -> list[str]:
    """That the slow engine ran, if nobody asked for it."""
    if report.settings.engine != "auto" or report.run.engine != "reference":
        return []
    from dedup.engine.select import native_missing

    return [f"the slow reference engine ran, since the native one is missing: {native_missing() or 'not used'}"]


def _be(number: int) -> str:
    return "is" if number == 1 else "are"
