"""`dedup restore`: the cleaned file and its removals in, the input out."""

from __future__ import annotations

from typing import Annotated

import typer

from dedup.errors import UsageError

EXAMPLES = """
Examples:

dedup clean article.txt -o clean.txt --removals run.removals

dedup restore clean.txt --removals run.removals -o article-again.txt
"""


def restore(
    cleaned: Annotated[
        str, typer.Argument(metavar="CLEANED", help="What `dedup clean` wrote: a file, -, or the output directory.")
    ],
    removals: Annotated[
        str, typer.Option("--removals", metavar="FILE", help="The removals file of the same run.", show_default=False)
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to, whole or not at all; - is stdout.")
    ] = "-",
    output_dir: Annotated[
        str | None,
        typer.Option("--output-dir", metavar="DIR", help="Write each input below DIR, under its own name."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary; errors still show.")] = False,
) -> int:
    """Give back what `dedup clean --removals FILE` read, byte for byte.

    Checks digests of both sides: a cleaned file that was changed since is refused, with exit status 4.
    """
    from dedup.cli import say
    from dedup.counts import count
    from dedup.removals.restoring import restore as give_back

    if output_dir is not None and output != "-":
        raise UsageError("--output-dir and --output exclude each other", "Give one of them.")
    done = give_back(cleaned, removals, output if output_dir is None else None, output_dir=output_dir)
    if not quiet:
        say(f"dedup: restored {count(done.files, 'file')}, {count(done.bytes, 'byte')}, as they were")
    return 0
