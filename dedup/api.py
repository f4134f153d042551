"""The library: what the command does, for Python. Paths or bytes in, cleaned text and a `Report` out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dedup.arguments import check_named, check_source, check_suffix, check_target, name_of, path_of
from dedup.errors import ReadError, UsageError, output_as_well
from dedup.report.formats import is_report_file, quotes, requests_for
from dedup.report.model import Report
from dedup.report.reading import LEVELS, Reading
from dedup.run.start import Input, Observer, Path, Text, Wanted, is_paths, list_inputs, run, run_inputs
from dedup.settings import Settings, validated

if TYPE_CHECKING:
    from dedup.sinks import Target
    from dedup.sinks.destination import Destination
    from dedup.sources.paths import Listing


def clean(
    source: Input,
    output: Target | None = None,
    *,
    output_dir: Path | None = None,
    in_place: bool = False,
    backup: str = "",
    settings: Settings | None = None,
    report: Path | Sequence[Path] | None = None,
    report_format: str | None = None,
    report_text: str = "auto",
    removals: Path | None = None,
    strict: bool = False,
    details: bool = True,
    map_removed: bool = False,
    observe: Observer | None = None,
) -> Report:
    """Write `source` without the blocks that repeat what stands before them.

    Args:
        source: a path or several (`-` is standard input), each a text or a file of records; the contents
            of one as bytes; or a binary file object, read to its end. A `str` is a path: for text see `clean_text`.
        output: a path (`-` is standard output) that appears whole or not at all, or a binary file object.
            Compressed if the path ends with .gz, .bz2, .xz or .zst.
        output_dir: instead of `output`: a folder that gets a file for each input, with its name and compression.
        in_place: instead of both: replace every input file that changes, all of them at the end.
        backup: with `in_place`, the suffix of the name under which the old file stays. In folders, names that end
            with it are left out.
        settings: what counts as a repeat and what goes; the defaults if None.
        report: a path for a report, or several, committed together with the output. The ending tells the format,
            or a format before the path does: `sarif:found.json`.
            If the only one is JSON Lines, findings go to it as they are decided and not into what is returned.
        report_format: the format of reports that do not name theirs.
        report_text: how much text of the findings reports carry: `none`, `excerpt`, `full`, or `auto` for what
            their formats show. With `none` variants have no `new` words either, nor has what is returned.
        strict: an input that could not be read, or a record that was none, fails the run at its end.
        removals: a path for what `restore` needs to give the input back.
        details: collect every block with its repeats, and digests of what went in and out; always so with
            `report`. Digests of reports can be compared where both have details.
        map_removed: fill `report.removed_map`, which shows where in the input the removed text lies.
        observe: called with bytes read, for a progress display; from the calling thread.
    Returns:
        The report; `report.skipped` lists inputs that could not be opened, and `report.files` what was read,
        with records that were passed through as they are because they hold no text to look at.
    Raises:
        UsageError: a setting is out of its range, two outputs are the same file, a report would take the
            place of an input, inputs of different formats would go into one output, bytes or an object without
            a name would go below `output_dir`, or an object gives or takes `str`.
        ReadError, WriteError: nothing was put in the place of any output or of the report.
        ReaderGone: the output is a pipe that was closed by its reader.
    """
    from dedup.run.reports import Reports
    from dedup.sinks.destination import Destination, Sinks
    from dedup.sinks.side_files import SideFiles

    settings = validated(settings)
    check_source(source)
    _check_products(output, output_dir, backup, removals)
    requests = requests_for(report, report_format)
    side_files = SideFiles([one.path for one in requests], removals)
    side_files.refuse_output(output)
    destination = Destination(output, output_dir, in_place, backup, side_files).check()
    listing, unread = None, False
    if is_paths(source):
        listing, unread = _listed(source, destination, removals, settings)
        source = listing
    elif output_dir is not None:
        check_named(source)
    elif source is output:
        raise output_as_well(name_of(source))
    reports = Reports(requests, report_text, settings)
    with Sinks() as sinks:
        # Opened before the run: a missing directory shows now and not after an hour.
        if output_dir is not None:
            sinks.make_folders(output_dir, [*side_files.reports, *([] if removals is None else [removals])])
        reports.open(sinks)
        outputs, log = sinks.open_outputs(destination, removals, listing)
        if listing is None:
            _refuse_written(source, outputs.identity)
        reports.load()
        wanted = Wanted(details or bool(reports), map_removed, observe, reports.reading())
        result = run(source, outputs, settings, wanted)
        sinks.keep_private(result.files.names)
        if strict:
            refuse_soft_errors(result)
        result = reports.told(result)
        if log is not None:
            log.close()
        reports.write(result)
        sinks.commit()
    result.notes.extend(outputs.notes())
    if unread and isinstance(output, (str, os.PathLike)):
        result.notes.append(f"{os.fspath(output)} is the output and was not read: what it held has been replaced")
    return result


def _listed(
    source: Path | Sequence[Path] | Listing, destination: Destination, removals: Path | None, settings: Settings
) -> tuple[Listing, bool]:
    """The files to clean, without what the run writes, and whether the output was found in a folder and is not read.

    Raises:
        UsageError: they cannot go there.
    """
    from dedup.sources.paths import in_a_folder, without_products

    side_files = destination.side_files
    listing = list_inputs(source)
    side_files.refuse_texts(listing.paths(), is_report_file)
    products = (destination.output, destination.output_dir, removals, *side_files.reports)
    found = in_a_folder(listing, destination.output)
    listing = without_products(listing, *products, backup=destination.backup)
    side_files.refuse_inputs(listing.paths())
    destination.refuse(listing, settings)
    return listing, found and destination.replaced(listing) is None  # else it was named as well


def scan(
    source: Input,
    *,
    settings: Settings | None = None,
    details: bool = True,
    texts: str = "none",
    map_removed: bool = False,
    observe: Observer | None = None,
) -> Report:
    """What `clean` would remove, without an output. Arguments and errors are those of `clean`.

    `texts` is how much text of the findings the report carries, one of `dedup.report.reading.LEVELS`.
    """
    from dedup.sinks.outputs import NoOutput

    if texts not in LEVELS:
        raise UsageError(f"texts cannot be {texts!r}: it is one of {', '.join(LEVELS)}", 'For example: texts="full".')
    check_source(source)
    wanted = Wanted(details, map_removed, observe, Reading(texts))
    return run(source, NoOutput(), validated(settings), wanted)


def _check_products(output: object, output_dir: object, backup: object, removals: object) -> None:
    """Raise UsageError if one of them is no name or object that can be written to."""
    if output is not None:
        check_target(output)
    check_suffix(backup)
    for what, path in (("the output directory", output_dir), ("the removals file", removals)):
        if path is not None:
            path_of(path, what)


def render_report(path: Path, output: Target, format: str) -> Report:
    """Write a stored JSON report in another format; gives the report.

    Args:
        path: of the JSON report; `-` is standard input.
        output: as for `clean`.
        format: one of `dedup.report.formats.RENDERERS`.
    Raises:
        ReadError, UsageError: the report cannot be read, or is none, or the output would take its place.
        WriteError, ReaderGone: as for `clean`.
    """
    from dedup.report.load import load_report, refuse_damage
    from dedup.report.renderers import write
    from dedup.sinks.destination import Sinks

    if isinstance(output, (str, os.PathLike)) and _same_file(path, output):
        raise UsageError(f"{os.fspath(output)} is the report that is read", "Give the output another name.")
    report = load_report(path)
    with Sinks() as sinks, refuse_damage(os.fspath(path)):
        sink = sinks.add_report(output, quotes=quotes(format, "auto"))
        sinks.keep_private([os.fspath(path)])
        write(report, format, sink)
        sinks.commit()
    return report


def _refuse_written(source: object, identity: tuple[int, int] | None) -> None:
    """Raise ReadError if a file object is of the file that the output goes to, as `Outputs.identity` has it."""
    from dedup.sinks.stream import identity_of

    if identity is not None and identity == identity_of(source):
        raise output_as_well(name_of(source))


def _same_file(one: Path, other: Path) -> bool:
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def clean_text(text: str, *, settings: Settings | None = None) -> tuple[str, Report]:
    """Clean one document held as a string; also gives the report.

    It is text, whatever it looks like, unless the settings name another format; their `encoding` is that of files.
    Lone surrogates pass through unharmed: those of `errors="surrogateescape"` as the bytes that they stand for.
    """
    import io
    from dataclasses import replace

    from dedup.sinks.stream import ObjectSink

    if not isinstance(text, str):
        raise UsageError(f"clean_text takes a str, and not {type(text).__name__}", "dedup.clean takes bytes.")
    settings = validated(settings)
    format_name = "text" if settings.format == "auto" else settings.format
    settings = replace(settings, format=format_name, encoding="utf-8").validate()
    output, errors = io.BytesIO(), _surrogates(text)
    inputs = Text(text.encode("utf-8", errors))
    report = run_inputs(inputs, ObjectSink(output), settings, Wanted(details=True, map_removed=False, observe=None))
    return output.getvalue().decode("utf-8", errors), report


def _surrogates(text: str) -> str:
    """How lone surrogates are written as bytes so that they come back: bytes that are a character would not."""
    try:
        escaped = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return "surrogatepass"
    return "surrogateescape" if escaped.decode("utf-8", "surrogateescape") == text else "surrogatepass"


def refuse_soft_errors(report: Report) -> None:
    """Raise ReadError if inputs were skipped or records passed through unread: what `strict` asks for."""
    if not report.exit_status:
        return
    passed = sum(sum(file.passed.values()) for file in report.files)
    reasons = [f"{one.path}: {one.reason}" for one in report.skipped[:3]]
    reasons += [f"{file.name}: {reason}" for file in report.files if file.passed for reason in file.passed][:3]
    raise ReadError(
        f"inputs skipped: {len(report.skipped):,}, records not understood: {passed:,} ({'; '.join(reasons[:3])})",
        "With --strict this fails the run; no file was replaced.",
    )
