"""The arguments and options that say what is read; every command that reads text takes the same."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import typer

from dedup.cli.options import stand_for
from dedup.errors import NothingToRead, UsageError
from dedup.sources.paths import STANDARD_INPUT, Listing, Selection, list_files, read_names

INPUT = "What is read"


class Inputs(NamedTuple):
    """What the command line says about inputs; `find` finds the files."""

    files: list[str] | None = None
    include: list[str] | None = None
    exclude: list[str] | None = None
    hidden: bool = False
    follow: bool = False
    files_from: str | None = None
    null: bool = False

    def find(
        self, *, backup: str = "", gitignore: bool = False, tracked: bool = False, may_be_none: bool = False
    ) -> Listing:
        """The files in order; without any argument standard input.

        Args:
            backup: suffix of backups, which are left out in folders: each repeats the file beside it.
            gitignore: what git ignores is left out in folders.
            tracked: so is what git does not track.
            may_be_none: where there is nothing to read, that is a note of the listing.
        Raises:
            UsageError: there is nothing to read, or standard input is wanted twice or is a terminal.
        """
        names = self._names()
        if STANDARD_INPUT in names:
            self._refuse_to_hang()
        selection = self.selection()._replace(except_suffix=backup, gitignore=gitignore, tracked=tracked)
        listing = list_files(names, selection)
        if not listing.parts and not listing.skipped:
            message, remedy = self._nothing(listing)
            if not may_be_none:
                raise NothingToRead(message, remedy)
            listing.notes.append(f"{message}. {remedy}")
        return listing

    def selection(self) -> Selection:
        """What of folders the options select."""
        return Selection(
            include=tuple(self.include or ()),
            exclude=tuple(self.exclude or ()),
            hidden=self.hidden,
            follow=self.follow,
        )

    def _names(self) -> list[str]:
        given = list(self.files or ())
        if self.files_from is None:
            if self.null:
                raise UsageError(
                    "-0 goes with --files-from", "For example: find . -print0 | dedup clean --files-from - -0"
                )
            return given or [STANDARD_INPUT]
        if self.files_from == STANDARD_INPUT and STANDARD_INPUT in given:
            raise UsageError("standard input cannot be both the list of files and a text", "Give one of them a file.")
        names = read_names(_read_list(self.files_from), null=self.null)
        if self.files_from == STANDARD_INPUT and STANDARD_INPUT in names:
            raise UsageError(
                "standard input cannot be both the list of files and a text", "In the list, ./- is a file."
            )
        return given + names

    def _refuse_to_hang(self) -> None:
        try:
            waits = os.isatty(0)
        except OSError:
            return  # closed: opening it says so
        if waits:
            raise UsageError(
                "no input: give a file or pipe text in", "For example: dedup clean article.txt > clean.txt"
            )

    def _nothing(self, listing: Listing) -> tuple[str, str]:
        places = list(self.files or ()) + ([f"the list {self.files_from}"] if self.files_from is not None else [])
        left_out = listing.left_out()
        message = f"no file to read in {', '.join(places[:3])}{', ...' if len(places) > 3 else ''}"
        if not left_out:
            return message, "Check the names."
        options = ["--include", "--exclude", "--hidden"]
        options += ["--no-gitignore"] * bool(listing.ignored) + ["--no-tracked"] * bool(listing.untracked)
        return f"{message}: {left_out}", f"See {', '.join(options)} and --follow."


def takes_inputs(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the arguments and options that say what is read; it gets them as `inputs`."""

    def with_inputs(**given: Any) -> int:
        chosen = Inputs(**{name: given.pop(name) for name in Inputs._fields})
        return command(inputs=chosen, **given)

    return stand_for(command, with_inputs, "inputs", before=_PARAMETERS)


def total_bytes(listing: Listing) -> int | None:
    """Bytes to read if that can be known: all inputs are regular files. Cost: a call to the system for each."""
    import stat

    total = 0
    for path, _ in listing:
        try:
            facts = os.fstat(0) if path == STANDARD_INPUT else os.stat(path)
        except OSError:
            continue  # reported when it is opened
        if not stat.S_ISREG(facts.st_mode):
            return None
        total += facts.st_size
    return total


def _read_list(path: str) -> bytes:
    from dedup.sources.source import read_standard_input

    try:
        if path == STANDARD_INPUT:
            return read_standard_input()
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UsageError(
            f"cannot read the list of files {path}: {error.strerror or error}", "Check its name."
        ) from error


def _parameter(name: str, annotation: Any) -> inspect.Parameter:
    default = Inputs._field_defaults[name]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _option(kind: Any, *flags: str, help: str, metavar: str | None = None) -> Any:
    return Annotated[kind, typer.Option(*flags, metavar=metavar, help=help, rich_help_panel=INPUT)]


_PARAMETERS = (
    _parameter(
        "files",
        Annotated[
            list[str] | None,
            typer.Argument(metavar="FILE", help="Files and folders of text, each file a document; - is stdin."),
        ],
    ),
    _parameter(
        "include",
        _option(
            list[str] | None,
            "--include",
            metavar="GLOB",
            help="In folders, read only files that match, as in .gitignore; may be repeated.",
        ),
    ),
    _parameter(
        "exclude",
        _option(
            list[str] | None,
            "--exclude",
            metavar="GLOB",
            help="In folders, leave out files and folders that match; may be repeated.",
        ),
    ),
    _parameter("hidden", _option(bool, "--hidden", help="In folders, read names that begin with a dot as well.")),
    _parameter("follow", _option(bool, "--follow", "-L", help="In folders, follow symbolic links.")),
    _parameter(
        "files_from",
        _option(
            str | None,
            "--files-from",
            metavar="FILE",
            help="Read the names of files and folders from FILE, one a line; - is stdin.",
        ),
    ),
    _parameter("null", _option(bool, "--null", "-0", help="The names in --files-from end with a NUL: find -print0.")),
)
