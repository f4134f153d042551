"""The options that say which reports are written, for every command that writes some."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dedup.errors import UsageError
from dedup.report.formats import RENDERERS

PANEL = "Reports"
Format = Literal.__getitem__(tuple(RENDERERS))
Level = Literal["auto", "none", "excerpt", "full"]

ReportFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FILE",
        rich_help_panel=PANEL,
        help="Write what was found; the ending tells the format, or a name before it: sarif:FILE. May be repeated.",
    ),
]
ReportFormat = Annotated[
    str | None,
    typer.Option(
        "--report-format",
        metavar="|".join(RENDERERS),
        rich_help_panel=PANEL,
        help="Format of the reports with no name before them, whatever their ending.",
    ),
]
ReportText = Annotated[
    Level,
    typer.Option(
        "--report-text",
        rich_help_panel=PANEL,
        help="How much text of the findings goes into reports, as far as a format shows it; auto: as much as it shows.",
    ),
]


def refuse_format_alone(report: list[str] | None, report_format: str | None) -> None:
    """Raise UsageError for a format of no report: somebody waits for one."""
    if report_format is not None and not report:
        raise UsageError(
            "--report-format without --report: there is no report to be written",
            f"For example: --report {report_format}:- for standard output, or --report {report_format}:FILE",
        )
