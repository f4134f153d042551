"""The baseline file: the repeats that a project has and lives with, to be kept under version control.

Lines are sorted and hold no places, so that the file changes only where repeats come and go:

    # dedup baseline 1
    block babf8a5f33cfbfdb 1 561 NATO leaders convened in Brussels on Wednesday to
    text 0a1b2c3d4e5f6071 2

A block has the id of its text, how often it is there, its words and how it begins (for people; not read back).
A text has its fingerprint, how often it stands in the corpus, the original included, and the fingerprint of what
it is near to, if that is another one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from dedup.checks.known import Known, KnownBlock
from dedup.errors import UsageError, read_error
from dedup.sinks import Sink

_BEGINS = "# dedup baseline "
HEAD = f"{_BEGINS}1"
_LINE = re.compile(r"block ([0-9a-f]{16}) ([1-9]\d*) (\d+)(?: .*)?|text ([0-9a-f]{16}) ([1-9]\d*)(?: ([0-9a-f]{16}))?")


def read_baseline(path: str | os.PathLike[str]) -> Known:
    """Read a baseline.

    Raises:
        UsageError: there is none, or a line in it is not one of ours.
        ReadError: it cannot be read.
    """
    name = os.fspath(path)
    try:
        with open(name, encoding="utf-8", errors="replace", newline="\n") as file:
            lines = file.read().split("\n")
    except FileNotFoundError as error:
        raise UsageError(
            f"there is no baseline {name}", f"Make one with: dedup check PATH --baseline {name} --update-baseline"
        ) from error
    except OSError as error:
        raise read_error(name, error) from error
    if lines[0].rstrip() != HEAD:
        raise _no_baseline(name)
    known = Known()
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            _read_line(line.rstrip("\r"), known, f"{name}:{number}")
    return known


def _read_line(line: str, known: Known, where: str) -> None:
    match = _LINE.fullmatch(line)
    if match is None:
        raise UsageError(f"{where}: no line of a baseline: {line[:60]!r}", _again(where.rpartition(":")[0]))
    block, count, words, text, times, near = match.groups()
    # Git leaves both lines where two branches were merged by `merge=union`. Their sum would count twice what was there
    # before they parted, and let new copies pass; with the larger count some that were known may be new.
    if block:
        if block not in known.blocks or known.blocks[block].times < int(count):
            known.blocks[block] = KnownBlock(int(count), int(words), "")
    elif known.texts[text] < int(times):
        known.texts[text] = int(times)
        known.group[text] = near or text


def _again(name: str) -> str:
    return f"After a merge conflict or other damage make it anew: dedup check PATH --baseline {name} --update-baseline"


def refuse_other_text(path: str | os.PathLike[str]) -> None:
    """Raise UsageError if a baseline would take the place of a file that is none."""
    name = os.fspath(path)
    if not os.path.isfile(name) or not os.path.getsize(name):
        return
    try:
        with open(name, "rb") as file:
            begins = file.read(len(_BEGINS))
    except OSError as error:
        raise read_error(name, error) from error
    if begins != _BEGINS.encode():
        raise _no_baseline(name)


def _no_baseline(name: str) -> UsageError:
    return UsageError(
        f"{name} is no baseline of dedup: it does not begin with {HEAD!r}",
        "Name another file, or remove this one and make it anew with --update-baseline.",
    )


def write_baseline(known: Known, sink: Sink) -> None:
    """Write a baseline; the caller commits it."""
    sink.write("".join(baseline_lines(known)).encode("utf-8", "replace"))


def baseline_lines(known: Known) -> Iterator[str]:
    """The lines of the file, with their ends."""
    yield f"{HEAD}\n"
    for name, block in sorted(known.blocks.items()):
        yield f"block {name} {block.times} {block.words} {block.excerpt}".rstrip() + "\n"
    # A group is named by the least of its texts: an original that moves changes nothing.
    least: dict[str, str] = {}
    for text, group in known.group.items():
        least[group] = min(text, least.get(group, text))
    for text, count in sorted(known.texts.items()):
        near = least[known.group[text]]
        yield f"text {text} {count}{'' if near == text else f' {near}'}\n"
