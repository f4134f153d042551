"""Writes docs/reference.md from the command line, the settings, the report formats and the exception tree.

    python scripts/make_reference.py            write it
    python scripts/make_reference.py --check    exit status 1 if the file is not what would be written

A test does the second, so that an option without documentation, or a document of an option that is gone, is seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from dedup import errors
from dedup.cli.tree import CommandLine, Flag, command_lines
from dedup.report.formats import RENDERERS
from dedup.settings import OPTIONS, allowed, flag

FILE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
HEAD = """\
# Reference

Made by `scripts/make_reference.py` from the tables that the program itself reads: do not edit. How to use all
this is in the [guide](guide.md); what a report holds is in [report.md](report.md).

Options may be given in any order, before or after the files; `--` ends them. `-` is standard output where a
file is written, and standard input where an option or argument says so. What is read, what counts and what is removed
can stand in a configuration: `dedup config --help`.
"""


def reference() -> str:
    """The whole document."""
    parts = [HEAD, *map(_command, command_lines()), _formats(), _statuses(), _environment()]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _command(command: CommandLine) -> str:
    name = f"dedup {command.name}".rstrip()
    lines = [f"## `{name}`", "", *_prose(command.text)]
    if command.examples:
        lines += ["```sh", *(one.strip() for one in command.examples), "```", ""]
    for panel, flags in groupby(_ordered(command), key=lambda one: one.panel):
        lines += [f"**{panel}**", ""] if panel else []
        lines += [*_table(list(flags)), ""]
    return "\n".join(lines)


def _prose(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield " ".join(paragraph.split())
        yield ""


def _ordered(command: CommandLine) -> list[Flag]:
    """The panels in the order in which they first come, what has none before them."""
    panels = list(dict.fromkeys(one.panel for one in command.flags))
    return sorted(command.flags, key=lambda one: (bool(one.panel), panels.index(one.panel)))


def _table(flags: list[Flag]) -> list[str]:
    rows = [f"| {_names(one)} | {_cell(_values(one))} | {_cell(_help(one))} |" for one in flags]
    return ["| option | value | what it does |", "|---|---|---|", *rows]


def _names(one: Flag) -> str:
    return ", ".join(f"`{name}`" for name in one.names).replace("|", "\\|")


def _values(one: Flag) -> str:
    if one.argument:
        return "argument"
    option = OPTIONS.get(one.names[0][2:].replace("-", "_"))
    if one.choices:
        value = "`" + "`, `".join(one.choices) + "`"
    elif option is not None and flag(one.names[0][2:]) == one.names[0]:
        value = allowed(option)
    else:
        value = f"`{one.value}`" if one.value else "switch"
    return f"{value}; default `{one.default}`" if one.default and one.value else value


def _help(one: Flag) -> str:
    if not one.help:
        raise SystemExit(f"{one.names[0]} has no help: write one where the option is made")
    return one.help


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _formats() -> str:
    rows = [
        f"| `{name}` | {', '.join(f'`{ending}`' for ending in one.endings) or 'none: name it'} | {one.help} |"
        for name, one in RENDERERS.items()
    ]
    head = [
        "## Report formats",
        "",
        "For `--report FILE` by the ending of the file, for `--report FORMAT:FILE` by name, and for `dedup report`.",
        "",
        "| format | endings | what it is |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows])


STATUSES = {
    0: "Done, or passed; also when the reader of the output closed the pipe.",
    1: "`dedup check` found more than allowed.",
    2: "Usage: an option, a value or the configuration is wrong. Nothing was done.",
    3: "Done, but some inputs could not be read; standard error and the report name them.",
    4: "Reading, writing or a check of the answer failed, or no input could be read. No target was replaced.",
    70: "A bug: run again with `--debug` and report what that prints.",
    130: "Interrupted. No target was replaced.",
}


def _statuses() -> str:
    """Exit statuses, which must be those of the exceptions, of `check` and of bugs."""
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.DedupError)]
    known = {kind.exit_status for kind in kinds} | {0, 1, errors.OUR_BUG}
    if known != set(STATUSES):
        raise SystemExit(f"exit statuses without a description, or gone: {sorted(known ^ set(STATUSES))}")
    table = [f"| {status} | {text} |" for status, text in STATUSES.items()]
    return "\n".join(["## Exit statuses", "", "| status | when |", "|---|---|", *table])


def _environment() -> str:
    return """## Environment

| variable | what it does |
|---|---|
| `NO_COLOR` | No colours in the summary on a terminal. |
| `TMPDIR` | Where text from a pipe is kept beyond 4 MiB, in a file without a name. |
| `GITHUB_ACTIONS` | If set, `dedup check` tells what it found as annotations. |
| `DEDUP_BUILD_NATIVE` | While installing: 1 makes a native engine that cannot be built an error, 0 leaves it out. |
"""


def main() -> int:
    """Write the file or compare it."""
    parser = argparse.ArgumentParser(description="Write docs/reference.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would be another")
    arguments = parser.parse_args()
    made = reference()
    if not arguments.check:
        FILE.write_text(made, encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == made:
        return 0
    print(f"{FILE.name} is not what the program says: run python scripts/make_reference.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
