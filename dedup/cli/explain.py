"""`dedup explain`: original and repeat side by side, why one went or stayed, and what would have changed that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.given_options import settings_given
from dedup.cli.options import takes_settings
from dedup.errors import UsageError
from dedup.settings import Settings, flag

if TYPE_CHECKING:
    from dedup.explain.model import Explanation
    from dedup.report.finding import Finding
    from dedup.report.model import Report

SHOWN = "What is shown"
EXAMPLES = """
Examples:

dedup explain report.json

dedup explain report.json babf8a5f33cfbfdb

dedup explain report.json site/article.txt

dedup explain report.json site/article.txt:18-34

dedup explain report.json --lines 18-34 --source moved/article.txt

dedup explain a.txt:18-34 b.txt:1-17 --threshold 0.5
"""
_ID = re.compile(r"\[?[0-9a-f]{1,16}(-\d+)?\]?", re.IGNORECASE)
_LINES = re.compile(r"(\d+)(?:-(\d+))?")


@takes_settings
def explain(
    *,
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="REPORT [ID | FILE:LINES] | FILE:LINES FILE:LINES", help="A JSON report, or two passages."
        ),
    ],
    lines: Annotated[
        str | None,
        typer.Option("--lines", metavar="N-M", rich_help_panel=SHOWN, help="Of the report: findings in these lines."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="FILE",
            rich_help_panel=SHOWN,
            help="An input of the report that lies elsewhere now; give all, in order.",
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", rich_help_panel=SHOWN, help="Long stretches of equal words too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", rich_help_panel=SHOWN, help="As JSON.")] = False,
    settings: Settings,
) -> int:
    """Show why a passage was removed or kept, and what would have changed that.

    Takes a report and the id of a finding, or lines of a file in it (without an id or lines it lists the findings, of
    all files or of one); or two passages: the second is taken as the original of the first. A report brings its own
    settings; two passages take those of the options.
    """
    if _are_passages(what):
        if lines or source:
            raise UsageError("--lines and --source belong to a report", "Write the lines behind the name: a.txt:18-34")
        from dedup.explain.passages import explain_passages, read_passage

        repeat, original = (read_passage(one, number, settings) for number, one in enumerate(what))
        return _show([explain_passages(repeat, original, settings)], as_json, full)
    _refuse_settings(context)
    _refuse_no_report(what)
    from dedup.report.load import load_report, refuse_damage

    report = load_report(what[0])
    with refuse_damage(what[0]):
        found, listed = _find(report, what, lines)
        if listed:
            return _list(report, found, as_json)
        from dedup.explain.reported import explain as explained

        explanations = explained(report, found, source or [])
    return _show(explanations, as_json, full)


def _are_passages(what: list[str]) -> bool:
    """Whether two arguments are passages, and not a report with an id or a file in it."""
    if len(what) != 2 or (_is_report(what[0]) and not (what[0] == "-" and _is_there(what[1]))):
        return False
    return _is_passage(what[0]) or not _is_id(what[1])


def _refuse_no_report(what: list[str]) -> None:
    """Raise UsageError for arguments that are neither two passages nor begin with a report."""
    if len(what) > 2:
        raise UsageError(f"{len(what)} arguments", "Give a report and an id, or two passages.")
    if _is_passage(what[0]):
        raise UsageError(
            f"{what[0]} is one passage, and it takes two", f"Give its original behind it: {what[0]} b.txt:1-17"
        )


def _is_id(text: str) -> bool:
    import os

    return bool(_ID.fullmatch(text)) and not os.path.exists(text)


def _is_there(passage: str) -> bool:
    import os

    from dedup.explain.passages import parse_place

    return os.path.exists(passage) or os.path.exists(parse_place(passage)[0])


def _is_report(name: str) -> bool:
    """Whether a file begins as a report that can be explained does; standard input must be one."""
    import os
    from contextlib import suppress

    from dedup.report.formats import HEAD_BYTES, RENDERERS

    if name == "-" or not os.path.isfile(name):  # a pipe is read once
        return name == "-"
    with suppress(OSError), open(name, "rb") as file:
        return re.match(RENDERERS["json"].begins, file.read(HEAD_BYTES)) is not None
    return False


def _is_passage(text: str) -> bool:
    import os

    from dedup.explain.passages import parse_place

    return parse_place(text)[1] is not None and not os.path.exists(text)


def _refuse_settings(context: typer.Context) -> None:
    """A report tells what it was made with."""
    if given := settings_given(context):
        raise UsageError(
            f"{flag(given[0])} with a report: it has settings of its own",
            "Leave it out: what other settings would have done is told as well.",
        )


def _find(report: Report, what: list[str], lines: str | None) -> tuple[list[Finding], bool]:
    """The findings that are meant, and whether no more is wanted than a list of them."""
    from dedup.explain import reported

    if len(what) == 2 and _is_id(what[1]):
        return reported.find_by_id(report, what[1]), False
    name, span = _file_in(report, *what)
    if lines is not None:
        span = _parse_lines(lines)
    if span is not None:
        return reported.find_by_lines(report, span, name), False
    return reported.find_by_file(report, name), True


def _file_in(report: Report, given: str, wanted: str = "") -> tuple[str | None, tuple[int, int] | None]:
    """A file that the report names, with the lines behind it; none where all of it is meant."""
    from dedup.explain.passages import parse_place
    from dedup.explain.reported import name_in, no_id

    if not wanted:
        return None, None
    for name, span in ((wanted, None), parse_place(wanted)):
        if (found := name_in(report, name)) is not None:
            if span is not None and span[0] > span[1]:
                raise UsageError(f"{wanted} ends before it begins", f"For example: {name}:18-34")
            return found, span
    raise no_id(report, "<stdin>" if given == "-" else given, wanted)


def _parse_lines(text: str) -> tuple[int, int]:
    match = _LINES.fullmatch(text)
    if match is None or int(match[1]) > int(match[2] or match[1]):
        raise UsageError(f"--lines cannot be {text!r}", "For example: --lines 18-34")
    return int(match[1]), int(match[2] or match[1])


def _show(explanations: list[Explanation], as_json: bool, full: bool) -> int:
    if as_json:
        from dedup.explain.model import as_dict

        _write_json({"findings": [as_dict(one) for one in explanations]})
        return 0
    from dedup.cli.sides import print_explanations

    print_explanations(explanations, full)
    return 0


def _list(report: Report, found: list[Finding], as_json: bool) -> int:
    """Findings of a report, one a line."""
    from dedup.cli import safe
    from dedup.counts import count

    if as_json:
        _write_json({"findings": [_facts(one) for one in found]})
        return 0
    gone = "removed" if report.check is None else "counts"
    width = max((len(one.id) for one in found), default=0)  # of equal texts all but one have a number
    for one in found:
        fate = gone if one.removed else "kept"
        print(
            f"{one.id:<{width}}  {fate:<7}  {one.rule:<8}  {count(one.words, 'word'):>12}  "
            f"{safe(str(one.place))} {_verb(one)} {safe(str(one.original))}"
        )
    if not found:
        print("no findings")
    return 0


def _facts(one: Finding) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "rule": one.rule,
        "place": str(one.place),
        "original": str(one.original),
        "words": one.words,
        "removed": one.removed,
    }


def _verb(one: Finding) -> str:
    from dedup.report.finding import VARIANT

    return "is near to" if one.kind == VARIANT else "repeats"


def _write_json(facts: object) -> None:
    import json

    print(json.dumps(facts, indent=1))
