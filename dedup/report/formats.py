"""Every format that a report can be written in. To add one: a module with `render`, and a row here.

The table alone, which every start reads for its help: what renders is imported when there is a report to write.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from dedup.arguments import path_of
from dedup.errors import UsageError
from dedup.report.reading import LEVELS


class Renderer(NamedTuple):
    """One format. Its module has `render(report: Report) -> Iterable[str]`.

    It may have `render_rows(report: Report, rows: Rows) -> Pieces`, which gives the same bytes from flat numbers,
    and `prepare()`, which loads what rendering takes long to load.
    """

    module: str
    """Imported when it is used, and not before."""
    endings: tuple[str, ...]
    """Names of files that mean this format."""
    texts: str
    """How much text of the findings it shows, one of `dedup.report.reading.LEVELS`."""
    help: str
    begins: bytes
    """A pattern for how it begins, which is in the first `HEAD_BYTES` of all but a report of nothing."""


HEAD_BYTES = 4096
RENDERERS: dict[str, Renderer] = {
    "json": Renderer(
        "dedup.report.json",
        (".json",),
        "full",
        "everything; every other format can be made from it",
        rb'\{\s*"schema":\d+,\s*"tool":"dedup"',
    ),
    "jsonl": Renderer(
        "dedup.report.jsonl",
        (".jsonl", ".ndjson"),
        "excerpt",
        "a finding a line, the summary last",
        rb'\{.*"kind":"(block|paragraph|variant|document|summary)"',
    ),
    "text": Renderer(
        "dedup.report.text",
        (".txt",),
        "excerpt",
        "a finding a line, for people and editors",
        rb".+ \[[0-9a-f]{16}(-\d+)?\]\s",
    ),
    "html": Renderer(
        "dedup.report.html",
        (".html", ".htm"),
        "full",
        "one page to read, with a map of the repeats",
        rb'(?s)<!doctype html>.*<meta name="generator" content="dedup ',
    ),
    "md": Renderer(
        "dedup.report.markdown", (".md", ".markdown"), "excerpt", "Markdown to read or to post", rb"# Repeated text\s"
    ),
    "csv": Renderer("dedup.report.csv", (".csv",), "none", "a row for each finding", rb"id,kind,rule,file,record,"),
    "sarif": Renderer(
        "dedup.report.sarif",
        (".sarif", ".sarif.json"),
        "excerpt",
        "SARIF 2.1.0, for code scanning",
        rb'(?s)\{"\$schema":"[^"]*sarif.*\{"driver": \{"name": "dedup"',
    ),
    "junit": Renderer(
        "dedup.report.junit",
        (".xml",),
        "excerpt",
        "JUnit XML, for test reports",
        rb'<\?xml .*\s+<testsuites name="dedup" ',
    ),
    "github": Renderer(
        "dedup.report.github", (), "none", "annotations of GitHub Actions", rb"::(warning|notice) |- .+: repeats "
    ),
    "gitlab": Renderer(
        "dedup.report.gitlab",
        (".gitlab.json",),
        "none",
        "GitLab's code quality report",
        rb'\[(\]|\{"type": "issue", "check_name": "dedup-)',
    ),
    "badge": Renderer(
        "dedup.report.badge",
        (".svg",),
        "none",
        "a small SVG with the share of removed words, or of repeated ones of a check",
        rb'<svg .*aria-label="re(?:moved|peated) text: ',
    ),
}


def is_report(head: bytes) -> bool:
    """Whether a file that begins like this is a report of ours, in whatever format."""
    import re

    return any(re.match(one.begins, head) for one in RENDERERS.values())


def is_report_file(path: str) -> bool:
    """Whether a file is a report of ours; one that cannot be read is none."""
    try:
        with open(path, "rb") as file:
            return is_report(file.read(HEAD_BYTES))
    except OSError:
        return False


def format_of(path: str) -> str:
    """The format that a file's name asks for; a name without an ending (a device, a pipe) gets JSON.

    Raises:
        UsageError: no format has such an ending.
    """
    name = os.path.basename(path).lower()
    fitting = [(ending, format) for format, one in RENDERERS.items() for ending in one.endings if name.endswith(ending)]
    if fitting:
        return max(fitting, key=lambda pair: len(pair[0]))[1]
    if "." not in name:
        return "json"
    endings = ", ".join(ending for one in RENDERERS.values() for ending in one.endings)
    raise UsageError(
        f"no report format has the ending of {path}", f"Name the format, as in json:{path}, or end in one of {endings}."
    )


class Request(NamedTuple):
    """A report that was asked for."""

    format: str
    path: str
    """`-` is standard output."""


def quotes(format: str, asked: str) -> bool:
    """Whether a report has words of the documents in it, `asked` being how much text it is to have."""
    return asked != "none" and (RENDERERS[format].texts != "none" or format == "csv")  # which has `new`


def level_for(requests: Sequence[Request], asked: str) -> str:
    """How much text to collect for some reports: what was asked for, with `auto` as much as their formats show.

    Raises:
        UsageError: there is no such level.
    """
    if not requests:
        return "none"
    if asked != "auto":
        if asked not in LEVELS:
            raise UsageError(
                f"--report-text cannot be {asked!r}: it is auto, {', '.join(LEVELS[:-1])} or {LEVELS[-1]}",
                "For example: --report-text none (no text of the documents in the report).",
            )
        return asked
    return max((RENDERERS[one.format].texts for one in requests), key=LEVELS.index)


def requests_for(
    report: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None, default: str | None
) -> list[Request]:
    """The reports of a caller who names none, one or several; see `parse_requests`."""
    if report is None:
        return []
    anything: Any = report
    several = hasattr(report, "__iter__") and not isinstance(report, (str, bytes)) and not hasattr(report, "write")
    given = anything if several else [anything]
    return parse_requests([path_of(one, "a report") for one in given], default)


def parse_requests(given: Sequence[str], default: str | None = None) -> list[Request]:
    """Read `FILE` or `FORMAT:FILE` as often as it was given.

    Args:
        given: as on the command line.
        default: the format of what does not begin with one; by its ending if None.
    Raises:
        UsageError: a format cannot be told, or two reports are the same file.

    >>> parse_requests(["r.json"])
    [Request(format='json', path='r.json')]
    """
    from dedup.sources.paths import place_of

    requests = [_parse(one, default) for one in given]
    paths = [place_of(one.path) for one in requests if not _is_device(one)]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice == "-":
        raise UsageError("two reports on standard output", "Give all but one of them a file.")
    if twice is not None:
        raise UsageError(f"two reports are the same file: {twice}", "Give each report a name of its own.")
    return requests


def _is_device(request: Request) -> bool:
    return request.path.startswith("/dev/")


def _parse(given: str, default: str | None) -> Request:
    format, colon, path = given.partition(":")
    if not (path if colon and format in RENDERERS else given):
        raise UsageError(f"the report {given!r} has no file", "For example: sarif:found.json")
    if colon and format in RENDERERS:
        return Request(format, path)
    if colon and format.isalnum():
        close = _meant(format)
        raise UsageError(f"there is no report format {format!r}", f"{close}A file of this name is given as ./{given}")
    if default is not None and default not in RENDERERS:
        raise UsageError(f"there is no report format {default!r}", _meant(default).rstrip())
    if default is None and given == "-":
        raise UsageError("a report on standard output needs a format", "For example: --report json:-")
    return Request(default or format_of(given), given)


def _meant(format: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(format.lower(), RENDERERS, n=1)
    return f"Did you mean {close[0]}? " if close else f"These are: {', '.join(RENDERERS)}. "
