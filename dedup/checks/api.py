"""The check for Python: what `dedup check` does. It shares `dedup.run.start` with `clean` and `scan`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dedup.checks.baseline import read_baseline, write_baseline
from dedup.checks.gates import Gates
from dedup.checks.inputs import OldInputs, compare, in_order
from dedup.checks.known import Known
from dedup.checks.repeats import candidates
from dedup.checks.run import Verdict, judge, reading
from dedup.checks.suppress import Suppressions
from dedup.errors import UsageError
from dedup.report.formats import level_for, requests_for
from dedup.report.renderers import write_all
from dedup.run.start import Wanted, is_paths, list_inputs, run, run_inputs
from dedup.settings import Settings
from dedup.sinks import open_sink
from dedup.sinks.apart import Apart, without_products
from dedup.sinks.outputs import NoOutput
from dedup.sinks.where import Sinks
from dedup.sources.paths import Listing, Selection

if TYPE_CHECKING:
    from dedup.checks.suppress import Rule
    from dedup.report.model import Report
    from dedup.run.start import Input, Observer, Path


def check(
    source: Input,
    *,
    settings: Settings | None = None,
    gates: Gates | None = None,
    baseline: Path | None = None,
    update_baseline: bool = False,
    since: str | None = None,
    selection: Selection | None = None,
    rules: Sequence[Rule] = (),
    report: Path | Sequence[Path] | None = None,
    report_format: str | None = None,
    report_text: str = "auto",
    observe: Observer | None = None,
) -> Verdict:
    """Find repeats and hold them against limits. Writes nothing but reports, and the baseline if asked to.

    Args:
        source: as for `clean`.
        settings: what counts as a repeat; the defaults if None.
        gates: how much may repeat; nothing, if None.
        baseline: a file with the repeats that are known; only others count.
        update_baseline: write what there is now to `baseline`; nothing is new then.
        since: a git revision; only what came after it counts.
        selection: which files of folders belong to the input, for the files of that revision.
        rules: repeats that are accepted.
        report, report_format, report_text, observe: as for `clean`.
    Returns:
        The findings that count, which gates they do not pass, and how much is known or accepted.
    Raises:
        UsageError: as `clean`; or the baseline, git, the repository or the revision is missing.
        ReadError, WriteError: as `clean`.
    """
    settings, suppressions = (settings or Settings()).validate(), Suppressions(list(rules))
    requests = requests_for(report, report_format)
    apart = Apart([one.path for one in requests])
    apart.refuse_output(baseline, "baseline")
    if is_paths(source):
        source = without_products(list_inputs(source), baseline, *apart.reports)
        apart.refuse_inputs(source.paths())
    level = level_for(requests, report_text)
    if update_baseline and level == "none" and report_text != "none":
        level = "excerpt"  # the baseline tells how each block begins
    wanted = Wanted(True, False, observe, reading(suppressions, level))
    known = _known(baseline, update_baseline, since)
    with Sinks() as sinks:
        report_sinks = [sinks.add(open_sink(one.path)) for one in requests]
        baseline_sink = sinks.add(open_sink(baseline)) if update_baseline and baseline is not None else None
        scanned, before = _scan_since(source, since, selection, settings, wanted)
        if since is not None:
            known = Known.of(candidates(scanned if before is None else before))
        elif baseline_sink is not None:
            known = Known.of(candidates(scanned))
            write_baseline(known, baseline_sink)
        verdict = judge(scanned, gates or Gates(), known, suppressions)
        if requests:
            write_all(verdict.report, requests, report_sinks)
        sinks.commit()
    return verdict


def _known(baseline: Path | None, update: bool, since: str | None) -> Known | None:
    """The repeats of a baseline file, read before anything else is done."""
    if since is not None and baseline is not None:
        raise UsageError("--since and --baseline are two answers to one question", "Give one of them.")
    if update and baseline is None:
        raise UsageError("--update-baseline does not say which", "For example: --baseline .dedup-baseline")
    if baseline is None or update:
        return None
    return read_baseline(baseline)


def _scan_since(
    source: Input, since: str | None, selection: Selection | None, settings: Settings, wanted: Wanted
) -> tuple[Report, Report | None]:
    """What there is now, and what there was in a revision; None if that is the same."""
    if since is None:
        return run(source, NoOutput(), settings, wanted), None
    if not isinstance(source, (str, os.PathLike, Listing, list, tuple)):
        raise UsageError("--since needs files: git knows nothing of what comes from elsewhere", "Give paths.")
    listing = list_inputs(source)
    repository, change = compare(listing, selection or Selection(), since)
    before = None
    if change.changed:
        once = wanted._replace(observe=None)
        before = run_inputs(OldInputs(repository, change), NoOutput(), settings, once)
    return run(in_order(change, listing), NoOutput(), settings, wanted), before
