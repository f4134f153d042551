"""`dedup check`: fails when text repeats more than it may; writes nothing but what it found."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dedup.checks.options import DEFAULTS, TABLE, CheckOptions
from dedup.cli.given_options import given_here
from dedup.cli.input_options import Inputs, takes_inputs
from dedup.cli.options import stand_for, takes_settings
from dedup.cli.report_options import ReportFiles, ReportFormat, ReportText, refuse_format_alone
from dedup.settings import Settings, flag
from dedup.sinks.side_files import STANDARD_OUTPUT

if TYPE_CHECKING:
    from dedup.checks.run import Verdict
    from dedup.checks.suppress import Rule
    from dedup.config import Config

EXAMPLES = """
Examples:

dedup check articles

dedup check articles --baseline .dedup-baseline

dedup check articles --since origin/main --report findings.sarif

dedup check articles --max-percent 3 --max-words-per-file 200
"""


def takes_check_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command an option for every row of the table of `check`; it gets them as `options`."""

    def with_options(**given: Any) -> int:
        chosen = {name: given.pop(name) for name in TABLE}
        # An option that may be repeated and was not given comes as an empty list.
        return command(options=CheckOptions.of(chosen), **given)

    return stand_for(command, with_options, "options", after=map(_parameter, TABLE))


def _parameter(name: str) -> inspect.Parameter:
    kind, option = TABLE[name]
    default = DEFAULTS[name]
    flags = f"{flag(name)}/--no-{flag(name)[2:]}" if kind is bool else flag(name)
    span = option.metavar or (f"{option.minimum}..." if kind in (int, float) else None)
    shown = typer.Option(flags, metavar=span, help=option.help, rich_help_panel=option.panel)
    wanted: Any = bool if kind is bool else list[str] | None if kind is list else kind | None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[wanted, shown])


@takes_settings
@takes_inputs
@takes_check_options
def check(
    *,
    context: typer.Context,
    inputs: Inputs,
    options: CheckOptions,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", rich_help_panel="What counts", help="Write the baseline anew.")
    ] = False,
    report: ReportFiles = None,
    report_format: ReportFormat = None,
    report_text: ReportText = "auto",
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", rich_help_panel="Reports", help="Tell nothing but errors."),
    ] = False,
    settings: Settings,
) -> int:
    """Find repeated text and fail if there is more than allowed.

    Changes no file. What repeats is told on standard output, as annotations where GITHUB_ACTIONS is set;
    another report takes its place with --report FORMAT:-. Exit status: 0 passed, 1 more than allowed,
    2 usage, 3 passed but some inputs were skipped, 4 reading or writing failed.
    """
    from dedup.checks import api

    refuse_format_alone(report, report_format)
    options = _one_past(options, context)
    verdict = api.check(
        # Where nothing is to be read reports are written all the same: others wait for them.
        inputs.find(gitignore=options.gitignore, tracked=options.tracked, may_be_none=True),
        settings=settings,
        gates=options.gates,
        baseline=options.baseline,
        update_baseline=update_baseline,
        since=options.since,
        selection=inputs.selection(),
        rules=_rules(options, context),
        report=_reports(report or [], quiet),
        report_format=report_format,
        report_text=report_text,
    )
    _tell(verdict, options.baseline if update_baseline else None, quiet)
    return verdict.exit_status


def _one_past(options: CheckOptions, context: typer.Context) -> CheckOptions:
    """Of `since` and `baseline` the one on the command line, if the configuration has the other."""
    if options.since is None or options.baseline is None:
        return options
    since = given_here(context, "since")
    baseline = given_here(context, "baseline") or given_here(context, "update_baseline")
    if since == baseline:
        return options
    return options._replace(baseline=None) if since else options._replace(since=None)


def _rules(options: CheckOptions, context: typer.Context) -> list[Rule]:
    """What is accepted here, and in the folder of the configuration if that lies above."""
    from dedup.checks.suppress import SIDECAR, read_sidecar, rules_of

    found: Config = context.find_root().obj
    above = found.folder_above
    folder = "" if given_here(context, "ignore") else above
    named = rules_of(options.ignore or [], options.ignore_pattern or [], folder=folder)
    rules = [*(_placed(one, found, context) for one in named), *read_sidecar()]
    return [*rules, *read_sidecar(os.path.join(above, SIDECAR))] if above else rules


def _placed(rule: Rule, found: Config, context: typer.Context) -> Rule:
    """The rule with its place in the configuration, if it is from there."""
    name = rule.where.removeprefix("--").replace("-", "_")
    return rule if given_here(context, name) else rule._replace(where=found.check[name].where)


def _reports(given: list[str], quiet: bool) -> list[str]:
    """The reports that were asked for, and the one on standard output unless another goes there."""
    if quiet or any(one.rpartition(":")[2] in STANDARD_OUTPUT for one in given):
        return given
    return [*given, "github:-" if os.environ.get("GITHUB_ACTIONS") else "text:-"]


def _tell(verdict: Verdict, written: str | None, quiet: bool) -> None:
    from dedup.cli import safe, say
    from dedup.cli.summary import engine_notes, invalid_note, passed_notes, skipped_notes

    report = verdict.report
    for line in [*passed_notes(report), *skipped_notes(report)]:
        say(f"dedup: {line}")
    if quiet:
        return
    if report.totals.invalid_bytes:
        say(f"dedup: {invalid_note(report)}")
    for line in engine_notes(report):
        say(f"dedup: {line}")
    if written is not None:
        say(f"dedup: wrote the baseline {safe(written)}")
    for line in verdict.notes:
        say(f"dedup: {safe(line)}")
    for line in verdict.unused:
        say(f"dedup: accepts nothing: {safe(line)}")
    say(f"dedup: {verdict.headline()}")
    for line in verdict.failures:
        say(f"dedup: failed: {safe(line)}")
