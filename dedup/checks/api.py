"""The check for Python: what `dedup check` does. It shares `dedup.run.start` with `clean` and `scan`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dedup.arguments import check_source, path_of
from dedup.checks.baseline import read_baseline, refuse_other_text, write_baseline
from dedup.checks.gates import Gates
from dedup.checks.inputs import OldInputs, compare, in_order
from dedup.checks.known import Known
from dedup.checks.repeats import candidates
from dedup.checks.run import Verdict, judge, reading
from dedup.checks.suppress import Suppressions
from dedup.checks.texts import Binaries, OnlyTexts, each_once, left_out, left_out_words, pointer_words
from dedup.errors import NothingToRead, UsageError
from dedup.report.formats import is_report_file, level_for, quotes, requests_for
from dedup.report.renderers import write_all
from dedup.run.start import Inputs, Wanted, is_paths, run_inputs
from dedup.settings import Settings, validated
from dedup.sinks.destination import Sinks
from dedup.sinks.outputs import NoOutput
from dedup.sinks.side_files import SideFiles
from dedup.sinks.stream import WithoutReader
from dedup.sources.paths import Listing, Selection, list_files, without_products

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
        selection: what of folders is read, and for `since` which files of the revision belong to the input;
            by default all that git does not ignore. Not asked where `source` is a `Listing`.
        rules: repeats that are accepted.
        report, report_format, report_text, observe: as for `clean`.
    Returns:
        The findings that count, which gates they do not pass, and how much is known or accepted.
    Raises:
        UsageError: as `clean`; or the baseline, git, the repository or the revision is missing.
        ReadError, WriteError: as `clean`.
    """
    settings, suppressions = validated(settings), Suppressions(list(rules))
    check_source(source)
    if baseline is not None:
        path_of(baseline, "the baseline")
    requests = requests_for(report, report_format)
    side_files = SideFiles([one.path for one in requests], baseline=baseline if update_baseline else None)
    if not update_baseline:
        side_files.refuse_output(baseline, "baseline")
    known = _known(baseline, update_baseline, since)
    gates = gates or Gates()
    if is_paths(source):
        try:
            listing = _list(source, selection)
            side_files.refuse_texts(listing.paths(), is_report_file)
            source = without_products(listing, baseline, *side_files.reports)
        except NothingToRead as error:
            source = Listing(notes=[error.message])
        side_files.refuse_inputs(source.paths())
    level = level_for(requests, report_text)
    if update_baseline and level == "none" and report_text != "none":
        level = "excerpt"  # the baseline tells how each block begins
    wanted = Wanted(True, False, observe, reading(suppressions, level))
    with Sinks() as sinks:
        report_sinks = [sinks.add_report(one.path, quotes=quotes(one.format, report_text)) for one in requests]
        baseline_sink = None
        if update_baseline and baseline is not None:
            baseline_sink = sinks.add_report(baseline, quotes=report_text != "none")
        reads = _Reads(source, selection, settings)
        scanned, before = reads.scan(since, wanted)
        sinks.keep_private(scanned.files.names)
        if since is not None:
            known = Known.of(candidates(scanned if before is None else before))
        elif baseline_sink is not None:
            if gates.fail_on_empty and not scanned.totals.words:
                raise UsageError(
                    f"no text to check: the baseline {os.fspath(baseline or '')} would be emptied",
                    "Check the names; with --no-fail-on-empty it is written all the same.",
                )
            known = Known.of(candidates(scanned))
            write_baseline(known, baseline_sink)
        verdict = judge(scanned, gates, known, suppressions, reads.left_out, level)
        if requests:
            # The verdict, the other reports and the baseline stand, also where nobody reads on: `dedup check | head`.
            write_all(verdict.report, requests, [WithoutReader(one) for one in report_sinks])
        sinks.commit()
    verdict.notes.extend([*verdict.report.notes, *reads.notes])
    return verdict


def _known(baseline: Path | None, update: bool, since: str | None) -> Known | None:
    """The repeats of a baseline file, read before anything else is done."""
    if since is not None and baseline is not None:
        raise UsageError("--since and --baseline are two answers to one question", "Give one of them.")
    if update and baseline is None:
        raise UsageError("--update-baseline does not say which", "For example: --baseline .dedup-baseline")
    if baseline is None:
        return None
    if not os.fspath(baseline):
        raise UsageError("the baseline has an empty name", "Is a variable of the shell not set?")
    if update:
        refuse_other_text(baseline)
        return None
    return read_baseline(baseline)


_CHECKED = Selection(gitignore=True)


def _list(source: Path | Sequence[Path] | Listing, selection: Selection | None) -> Listing:
    if isinstance(source, Listing):
        return source
    given = [source] if isinstance(source, (str, os.PathLike)) else source
    return list_files([os.fspath(path) for path in given], selection or _CHECKED)


class _Reads:
    """What is read: as `clean` reads it, without the binary files in folders, and each file once."""

    def __init__(self, source: Input, selection: Selection | None, settings: Settings) -> None:
        self._selection = selection or _CHECKED
        self._settings = settings
        self._source, named = source, set[str]()
        if isinstance(source, Listing):
            self._source, named = each_once(source)
        self._binaries = Binaries(settings, named)
        self._binary = self._pointers = 0

    @property
    def left_out(self) -> dict[str, int]:
        """How many files in folders were not read, by the reason."""
        return left_out(self._source, self._binary) if isinstance(self._source, Listing) else {}

    @property
    def notes(self) -> list[str]:
        """The same for people, and what else they should know."""
        notes = list(self._source.notes) if isinstance(self._source, Listing) else []
        words = left_out_words(self.left_out) if self._source else ""  # of none the notes tell
        return [*filter(None, [words, pointer_words(self._pointers)]), *notes]

    def scan(self, since: str | None, wanted: Wanted) -> tuple[Report, Report | None]:
        """What there is now, and what there was in a revision; None if that is the same."""
        if since is None:
            return self._scan(self._source, wanted), None
        if not isinstance(self._source, Listing):
            raise UsageError("--since needs files: git knows nothing of what comes from elsewhere", "Give paths.")
        repository, change = compare(self._source, self._selection, since)
        before = None
        if change.changed:
            once, old = wanted._replace(observe=None), OldInputs(repository, change, self._binaries)
            before = run_inputs(old, NoOutput(), self._settings, once)
        return self._scan(in_order(change, self._source), wanted), before

    def _scan(self, source: Input, wanted: Wanted) -> Report:
        opened = OnlyTexts(Inputs(source, self._settings), self._binaries)
        report = run_inputs(opened, NoOutput(), self._settings, wanted)
        self._binary, self._pointers = opened.binary, opened.pointers
        return report
