"""`dedup tune`: copies planted into the user's own text, and which settings find them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli import say
from dedup.cli.given_options import settings_given
from dedup.cli.input_options import Inputs, takes_inputs
from dedup.cli.options import takes_settings
from dedup.errors import UsageError
from dedup.settings import Settings, flag

if TYPE_CHECKING:
    from dedup.tuning import Tuning

SAMPLE = "Sample"
VARIED = ("remove", "threshold")
EXAMPLES = """
Examples:

dedup tune archive/

dedup tune corpus.txt --articles 3000 --seed 7

dedup tune corpus.txt --json > tuning.json
"""


@takes_settings
@takes_inputs
def tune(
    *,
    context: typer.Context,
    inputs: Inputs,
    articles: Annotated[
        int, typer.Option("--articles", metavar="N", rich_help_panel=SAMPLE, help="Articles in the sample, at most.")
    ] = 1000,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", rich_help_panel=SAMPLE, help="Of the sample and of the copies.")
    ] = 1,
    as_json: Annotated[bool, typer.Option("--json", rich_help_panel=SAMPLE, help="As JSON.")] = False,
    settings: Settings,
) -> int:
    """Measure on your own text how much each --remove and --threshold finds, and what it would lose.

    Takes a sample of the text, plants copies of its articles, blocks and paragraphs into it (as they are, with
    slips of typing and scanning, cut, reworded, with another figure, name or negation), cleans it with every
    setting, and shows what each removed of what was planted. Nothing is written but the table.
    """
    for name in settings_given(context):
        if name in VARIED:
            raise UsageError(f"{flag(name)} is what tune finds out", "Leave it out; other options are respected.")
    if articles < 1:
        raise UsageError(f"--articles cannot be {articles}", "For example: --articles 1000")
    from dedup import tuning

    found = tuning.tune(inputs.find(), settings=settings, seed=seed, articles=articles, observe=_observe)
    _show(found, as_json)
    for one in found.skipped:
        say(f"dedup: skipped {one.path}: {one.reason}")
    return 3 if found.skipped else 0


def _observe(done: int, runs: int) -> None:
    """How far it is, on a terminal."""
    from dedup.cli.progress import on_terminal

    if on_terminal():
        print(f"\rdedup: setting {done} of {runs}", end="" if done < runs else "\r\x1b[K", file=sys.stderr, flush=True)


def _show(found: Tuning, as_json: bool) -> None:
    if as_json:
        import json

        from dedup.tuning import as_dict

        print(json.dumps(as_dict(found), indent=1))
        return
    from dedup.cli.tune_table import print_tuning

    print_tuning(found)
