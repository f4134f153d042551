"""`dedup report`: a stored report in another format."""

from __future__ import annotations

from typing import Annotated

import typer

from dedup.report.formats import RENDERERS, Request, parse_requests

EXAMPLES = """
Examples:

dedup report report.json --to md

dedup report report.json -o findings.sarif

dedup report report.json --to badge -o repeats.svg
"""


def report(
    file: Annotated[str, typer.Argument(metavar="REPORT.json", help="A JSON report; - is standard input.")],
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="|".join(RENDERERS),
            help="The format; by default the one of the ending of --output, or of a name before it; on stdout md.",
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to, whole or not at all; - is stdout.")
    ] = "-",
) -> int:
    """Write a stored report in another format.

    Reads the JSON that `dedup clean --report` or `dedup check --report` wrote. The documents
    themselves are not needed.
    """
    from dedup import api

    request = _request(to, output)
    api.render_report(file, request.path, request.format)
    return 0


def _request(to: str | None, output: str) -> Request:
    from dedup.errors import UsageError

    if to is not None and to not in RENDERERS:
        raise UsageError(f"there is no report format {to!r}", f"These are: {', '.join(RENDERERS)}.")
    if output == "-":
        return Request(to or "md", output)
    (request,) = parse_requests([output], to)
    if to not in (None, request.format):
        raise UsageError(f"--to {to} and -o {output} name two formats", "Leave one of them out.")
    return request
