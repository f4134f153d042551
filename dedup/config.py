"""The configuration: `dedup.toml`, or `[tool.dedup]` in `pyproject.toml`, found upwards from the working directory.

    [tool.dedup]
    min-words = 10
    exclude = ["drafts/"]

    [tool.dedup.check]
    baseline = ".dedup-baseline"
    max-percent = 3

A key is an option without its dashes in front; `min_words` is the same as `min-words`. What is given on the
command line comes first. `dedup.toml` has the same without `tool.dedup`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from dedup.errors import UsageError, read_error

OWN_FILE = "dedup.toml"
PROJECT_FILE = "pyproject.toml"
CHECK = "check"
INPUT_KEYS: dict[str, type] = {"include": list, "exclude": list, "hidden": bool, "follow": bool}
"""Options of inputs that can be configured, with their kinds."""
_PATHS = ("baseline", "protect")
"""Relative to the folder of the file they stand in; empty where none is meant."""
_CLOSE = 0.7
"""What is less like an option was not meant to be it, as `quiet` is no `unit`."""


class Entry(NamedTuple):
    """One configured value."""

    value: Any
    where: str
    """`dedup.toml:3`."""


_NONE: Mapping[str, Entry] = MappingProxyType({})


class Config(NamedTuple):
    """What the configuration says; empty where there is none."""

    path: str = ""
    """Of the file; empty if there is none."""
    common: Mapping[str, Entry] = _NONE
    """By the name of the option, with `_`."""
    check: Mapping[str, Entry] = _NONE

    @property
    def folder_above(self) -> str:
        """The folder of the file if it lies above the working directory, such as `../..`; else empty."""
        try:
            folder = os.path.relpath(os.path.dirname(self.path) or ".") if self.path else ""
        except FileNotFoundError:
            return ""  # the working directory was deleted
        return folder if set(folder.split(os.sep)) == {os.pardir} else ""

    def placed(self, message: str, command: str, arguments: Sequence[str] = ()) -> str:
        """A message with the place of the option that it begins with, if that is configured and not an argument."""
        found = re.match(r"--([a-z-]+)", message)
        if found is None or any(one.partition("=")[0] == found[0] for one in arguments):
            return message
        name = found[1].replace("-", "_")
        entry = (self.check.get(name) if command == CHECK else None) or self.common.get(name)
        return message if entry is None else _at(entry.where, message)

    def defaults(self) -> dict[str, dict[str, Any]]:
        """For each command the options that take another default, by name."""
        common = {name: entry.value for name, entry in self.common.items()}
        return _Defaults(common, {CHECK: {**common, **{name: entry.value for name, entry in self.check.items()}}})


class _Defaults(dict[str, dict[str, Any]]):
    """The defaults of every command; those without a table of their own have the common ones."""

    def __init__(self, common: dict[str, Any], own: dict[str, dict[str, Any]]) -> None:
        super().__init__(own)
        self._common = common

    def get(self, key: str, default: Any = None) -> Any:
        """The defaults of one command; never `default`."""
        return super().get(key, self._common)


def find_config(start: str = ".") -> Config:
    """The configuration for a working directory.

    Raises:
        UsageError: the file has an error; the message has the place, and what may have been meant.
        ReadError: it cannot be read.
    Cost: two questions to the system for each folder up to the root; TOML is imported only for a file that counts.
    """
    try:
        folder = os.path.abspath(start)
    except FileNotFoundError:
        return Config()  # the working directory was deleted
    while True:
        for name in (OWN_FILE, PROJECT_FILE):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                data = _read(path)
                if name == PROJECT_FILE and b"dedup" not in data:
                    continue  # somebody else's, whatever is in it
                text = _decode(data, path)
                if name == OWN_FILE or _mentions_us(text):
                    return parse_config(text, os.path.relpath(path))
        if os.path.dirname(folder) == folder:
            return Config()
        folder = os.path.dirname(folder)


def load_config(path: str) -> Config:
    """The configuration in a file that was named.

    Raises:
        UsageError: there is none, or it has an error.
        ReadError: it cannot be read.
    """
    if not path:
        raise UsageError("--config has an empty value", "Leave it out. Is a variable of the shell not set?")
    if not os.path.exists(path):
        raise UsageError(f"there is no configuration {path}", "Check its name; --no-config does without one.")
    text = _decode(_read(path), path)
    if os.path.basename(path) == PROJECT_FILE and not _mentions_us(text):
        raise UsageError(f"{path} has no [tool.dedup]", "Add the table, or name another file.")
    return parse_config(text, path)


def parse_config(text: str, path: str) -> Config:
    """Read and validate one file. Raises UsageError."""
    import tomllib

    try:
        facts = tomllib.loads(text)
    except RecursionError as error:
        raise UsageError(f"{path}: lists or tables are nested too deep", "No option is a list of lists.") from error
    except ValueError as error:  # of TOML, and an integer that has too many digits
        raise UsageError(f"{path}: {_lower(str(error))}", "The syntax is that of https://toml.io.") from error
    prefix = "tool.dedup" if os.path.basename(path) == PROJECT_FILE else ""
    table = facts["tool"]["dedup"] if prefix else facts
    parser = _Parser(text, path, prefix)
    if not isinstance(table, dict):
        raise UsageError(f"{parser.place()}: {prefix} is no table", f"Write [{prefix}].")
    return parser.parse(table)


class _Parser:
    """Turns tables into entries; knows on which line a key stands."""

    def __init__(self, text: str, path: str, prefix: str) -> None:
        self._lines = _lines_of_keys(text)
        self._path = path
        self._prefix = prefix

    def parse(self, table: Mapping[str, Any]) -> Config:
        """Validate both tables."""
        from dedup.checks.options import TABLE
        from dedup.settings import OPTIONS

        here, below = {*OPTIONS, *INPUT_KEYS}, set(TABLE)
        own = table.get(CHECK, {})
        if not isinstance(own, dict):
            raise UsageError(f"{self._where('', CHECK)}: {CHECK} is a table", f"Write [{self._table(CHECK)}].")
        rest = {key: value for key, value in table.items() if key != CHECK}
        common = dict(self._entries("", rest, here, below))
        return Config(self._path, common, dict(self._entries(CHECK, own, here | below, set())))

    def _entries(
        self, section: str, table: Mapping[str, Any], known: set[str], elsewhere: set[str]
    ) -> Iterator[tuple[str, Entry]]:
        first: dict[str, str] = {}
        for key, value in table.items():
            name, where = key.replace("-", "_"), self._where(section, key)
            if first.setdefault(name, key) != key:
                raise UsageError(f"{where}: {key} is {first[name]}, which has a value already", "Take one of them out.")
            if name not in known:
                raise UsageError(f"{where}: there is no option {key!r}", self._suggest(name, value, known, elsewhere))
            _check(name, value, where)
            yield name, Entry(self._anchored(value) if name in _PATHS and value else value, where)

    def _suggest(self, name: str, value: object, known: set[str], elsewhere: set[str]) -> str:
        from difflib import get_close_matches

        if name in elsewhere:
            return f"It belongs to [{self._table(CHECK)}]."
        if name == "tool" and not self._prefix:
            return "Here options stand by themselves: [tool.dedup] is for pyproject.toml."
        if isinstance(value, dict):
            return f"The only table is [{self._table(CHECK)}]."
        close = get_close_matches(name.lower(), known | elsewhere, n=1, cutoff=_CLOSE)
        if close:
            table = f" in [{self._table(CHECK)}]" if close[0] in elsewhere else ""
            return f"Did you mean {close[0].replace('_', '-')}{table}?"
        return "All that can be configured is shown by: dedup --no-config config"

    def _anchored(self, value: str) -> str:
        return os.path.relpath(os.path.join(os.path.dirname(self._path), value))

    def _table(self, section: str) -> str:
        return ".".join(part for part in (self._prefix, section) if part)

    def _where(self, section: str, key: str) -> str:
        """`dedup.toml:3`."""
        return self.place(*[section] * bool(section), key)

    def place(self, *below: str) -> str:
        """Where our table is, or a key below it."""
        path = (*(self._prefix.split(".") if self._prefix else ()), *below)
        return f"{self._path}:{self._lines[path]}" if path in self._lines else self._path


def _lines_of_keys(text: str) -> dict[tuple[str, ...], int]:
    r"""On which line each key or table of a file that is valid TOML stands for the first time, by its path.

    A header, or a key with its value, is TOML by itself: each is read by the parser, so that keys may be dotted, quoted
    or inside braces, and text of several lines has none.

    >>> _lines_of_keys('a."b" = 1\n[c]\nd = [\n1]\ne = {f = 1}')
    {('a',): 1, ('a', 'b'): 1, ('c',): 2, ('c', 'd'): 3, ('c', 'e'): 5, ('c', 'e', 'f'): 5}
    """
    found: dict[tuple[str, ...], int] = {}
    header: tuple[str, ...] = ()
    for number, facts, is_header in _statements(text):
        for path in _paths_of(facts, () if is_header else header):
            found.setdefault(path, number)
            header = path if is_header else header
    return found


def _statements(text: str) -> Iterator[tuple[int, dict[str, Any], bool]]:
    """The headers and the keys of a file, each with its line, by itself, and which of both it is."""
    import tomllib

    begun, first = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if not begun:
            first = number
        begun += f"{line}\n"
        if begun.strip() and (first == number or _may_end(line)):
            try:
                facts = tomllib.loads(begun)
            except ValueError:
                continue
            yield first, facts, begun.lstrip().startswith("[")
        elif first != number:
            continue
        begun = ""


def _may_end(line: str) -> bool:
    """Whether a value of several lines may end in this one: most lines of a long list need not be tried."""
    goes_on = line.rstrip().endswith(",") and "#" not in line
    return not goes_on and re.search(r"[\]}]|\"{3}|'{3}", line) is not None


def _paths_of(facts: object, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """All keys of a table, and of tables in it."""
    for key, value in facts.items() if isinstance(facts, dict) else ():
        yield (*above, key)
        yield from _paths_of(value, (*above, key))


def _check(name: str, value: object, where: str) -> None:
    """Validate a value as the option of that name would be on the command line."""
    from dedup.checks.options import TABLE, check_value
    from dedup.settings import check_setting

    try:
        if name in TABLE:
            check_value(name, value)
            _check_rules(name, value)
        elif name not in INPUT_KEYS:
            check_setting(name, value)
            _check_text(name, str(value))
        elif not isinstance(value, INPUT_KEYS[name]) or (isinstance(value, list) and not _all_texts(value)):
            kind = "true or false" if INPUT_KEYS[name] is bool else "a list of texts"
            raise UsageError(f"--{name} cannot be {value!r}: it is {kind}", f"See: dedup clean --help (--{name})")
        elif isinstance(value, list) and value:
            _check_globs(name, value)
    except UsageError as error:
        raise UsageError(_at(where, error.message), error.remedy) from error


def _check_text(name: str, value: str) -> None:
    """Validate a text that is more than a text. Raises UsageError."""
    if name == "keep_pattern":
        from dedup.protection import compile_pattern

        compile_pattern(value)
    elif name == "encoding" and value:
        from dedup.sources.encodings import canonical

        canonical(value, b"")


def _check_rules(name: str, value: Any) -> None:
    """Validate what `check` is to accept. Raises UsageError."""
    if value and name in ("ignore", "ignore_pattern"):
        from dedup.checks.suppress import Suppressions, rules_of

        Suppressions(rules_of(value, []) if name == "ignore" else rules_of([], value))


def _check_globs(name: str, globs: list[str]) -> None:
    from dedup.sources.globs import check_glob

    for glob in globs:
        check_glob(glob, f"--{name}")


def _at(where: str, message: str) -> str:
    return f"{where}: {message.removeprefix('--')}"


def _all_texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise read_error(path, error) from error


def _decode(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: {error.reason} at byte {error.start}", "Save it as UTF-8.") from error


def _mentions_us(text: str) -> bool:
    """Whether a pyproject.toml has our table, however it is written; one that is broken only if we see its head."""
    import tomllib

    try:
        tools = tomllib.loads(text).get("tool")
    except (ValueError, RecursionError):
        return re.search(r"^\s*\[\s*tool\s*\.\s*[\"']?dedup\b", text, re.MULTILINE) is not None
    return isinstance(tools, dict) and "dedup" in tools


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
