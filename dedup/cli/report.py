"""`dedup report`: a stored report in another format."""

from __future__ import annotations

from typing import Annotated

import typer

from dedup.report.formats import RENDERERS, format_of

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
        typer.Option("--to", metavar="|".join(RENDERERS), help="The format; by the ending of --output if not given."),
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

    api.render_report(file, output, _format(to, output))
    return 0


def _format(to: str | None, output: str) -> str:
    from dedup.errors import UsageError

    if to in RENDERERS:
        return to
    if to is not None:
        raise UsageError(f"there is no report format {to!r}", f"These are: {', '.join(RENDERERS)}.")
    if output == "-":
        return "md"
    return format_of(output)
