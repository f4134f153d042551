"""`dedup clean`: text in, text without repeated blocks out."""

# Without `from __future__ import annotations`, which would have every start compile each annotation from a string.

import os
from typing import Annotated

import typer

from dedup.cli.input_options import INPUT, Inputs, takes_inputs, total_bytes
from dedup.cli.options import takes_settings
from dedup.cli.report_options import ReportFiles, ReportFormat, ReportText, refuse_format_alone
from dedup.errors import UsageError
from dedup.settings import Settings
from dedup.sources.paths import STANDARD_INPUT

OUTPUT = "Output"
EXAMPLES = """
Examples:

cat article.txt | dedup clean > clean.txt

dedup clean a.txt b.txt -o clean.txt --report report.json

dedup clean corpus --include '*.txt' -o clean.txt

dedup clean --remove exact --unit blank book.txt > book-clean.txt

dedup clean corpus --in-place --backup .orig

dedup clean news.jsonl.gz --text-field body -o clean.jsonl.gz --removals news.removals
"""


_TREE_ALONE = (
    "--output-dir gives every file a name: it takes no --output, and no standard input",
    "For example: dedup clean a.txt b.jsonl --output-dir cleaned",
)
_IN_PLACE_ALONE = (
    "--in-place replaces the files that are read: it takes no --output, and no standard input",
    "For example: dedup clean corpus --in-place --backup .bak",
)


@takes_settings
@takes_inputs
def clean(
    *,
    inputs: Inputs,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            rich_help_panel=OUTPUT,
            help="Where to, whole or not at all; - is stdout.",
        ),
    ] = "-",
    output_dir: Annotated[
        str | None,
        typer.Option(
            "--output-dir",
            metavar="DIR",
            rich_help_panel=OUTPUT,
            help="Write a file for each input below DIR, under its name.",
        ),
    ] = None,
    in_place: Annotated[
        bool,
        typer.Option(
            "--in-place",
            "-i",
            rich_help_panel=OUTPUT,
            help="Replace every input file that changes, all of them when all are read.",
        ),
    ] = False,
    backup: Annotated[
        str,
        typer.Option(
            "--backup",
            metavar="SUFFIX",
            rich_help_panel=OUTPUT,
            help="With --in-place, keep the old file under its name and SUFFIX.",
        ),
    ] = "",
    removals: Annotated[
        str | None,
        typer.Option(
            "--removals",
            metavar="FILE",
            rich_help_panel=OUTPUT,
            help="Keep what is removed, for `dedup restore`.",
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            rich_help_panel=INPUT,
            help="Fail at the end, with status 4, if an input was skipped or a record was none.",
        ),
    ] = False,
    report: ReportFiles = None,
    report_format: ReportFormat = None,
    report_text: ReportText = "auto",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", rich_help_panel=OUTPUT, help="No summary; errors still show.")
    ] = False,
    progress: Annotated[
        bool | None,
        typer.Option(
            "--progress/--no-progress",
            rich_help_panel=OUTPUT,
            help="By default on a terminal, after a second.",
        ),
    ] = None,
    settings: Settings,
) -> int:
    """Remove the blocks of text that repeat what stands before them.

    Reads text, JSON Lines, CSV, TSV, Parquet or WARC, also compressed, and writes what is left, byte for byte as
    it was and in the same format, to standard output. A block is a run of paragraphs that repeats an earlier
    run; one copy always stays.
    """
    refuse_format_alone(report, report_format)
    from dedup import api
    from dedup.cli.progress import Progress, on_terminal
    from dedup.cli.summary import show

    listing = inputs.find(backup=backup)
    to_files = in_place or output_dir is not None
    if to_files and (output != "-" or STANDARD_INPUT in listing.paths()):
        raise UsageError(*(_IN_PLACE_ALONE if in_place else _TREE_ALONE))
    to_stdout = output == "-" and not to_files
    shown = Progress.wanted(progress, quiet=quiet, product_on_terminal=to_stdout and os.isatty(1))
    with Progress(total_bytes(listing) if shown else None, shown=shown) as bar:
        result = api.clean(
            listing,
            None if to_files else output,
            output_dir=output_dir,
            in_place=in_place,
            backup=backup,
            strict=strict,
            removals=removals,
            settings=settings,
            report=report or None,
            report_format=report_format,
            report_text=report_text,
            details=bool(report),
            map_removed=not quiet and on_terminal(),
            observe=bar.advance,
        )
    if listing.links or listing.special:
        see = "; see --hidden and --follow" if listing.links or listing.hidden else ""
        result.notes.append(f"left out in folders: {listing.left_out()}{see}")
    show(result, quiet=quiet)
    return result.exit_status
