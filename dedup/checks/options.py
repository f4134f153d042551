"""The options of `check` besides the settings: one table that the command line, the configuration and docs read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dedup.checks.gates import Gates
from dedup.errors import UsageError
from dedup.settings import Option, allowed, flag

GATES = "How much may repeat"
EMPTY = "Nothing to check"
"""A panel of its own: beside `--no-fail-on-empty` the names of limits are cut off in 80 columns."""
NEW = "What counts"
READ = "What is read"
"""The panel of the arguments."""


class CheckOptions(NamedTuple):
    """What was asked for; None where nothing was."""

    gates: Gates = Gates()
    baseline: str | None = None
    since: str | None = None
    ignore: list[str] | None = None
    ignore_pattern: list[str] | None = None
    gitignore: bool = True
    tracked: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> CheckOptions:
        """From values by the names in `TABLE`. Raises UsageError if one is out of its range."""
        for name, value in given.items():
            if value is not None:
                check_value(name, value)
        gates = Gates(**{name: value for name, value in given.items() if name in Gates._fields})
        return cls(gates, **{name: value for name, value in given.items() if name not in Gates._fields})


def _limit(kind: type, help: str, unit: str, maximum: float) -> tuple[type, Option]:
    return kind, Option(help, unit, GATES, kind(0), kind(maximum))


_MANY = 10**12
_EACH = "The same for each file."
TABLE: dict[str, tuple[type, Option]] = {
    "max_percent": _limit(float, "Most words that may repeat, of all words.", "percent", 100),
    "max_blocks": _limit(int, "Most repeats; 0 if no limit is given.", "repeats", _MANY),
    "max_words": _limit(int, "Most words that may repeat.", "words", _MANY),
    "max_percent_per_file": _limit(float, _EACH, "percent", 100),
    "max_blocks_per_file": _limit(int, _EACH, "repeats", _MANY),
    "max_words_per_file": _limit(int, _EACH, "words", _MANY),
    "fail_on_empty": (bool, Option("Fail where there is no text to check.", "", EMPTY)),
    "baseline": (str, Option("Repeats in this file are known and do not count.", "", NEW, metavar="FILE")),
    "since": (str, Option("Only what came after this git revision counts.", "", NEW, metavar="REF")),
    "ignore": (
        list,
        Option("Findings in files that match do not count; as in .gitignore, repeatable.", "", NEW, metavar="GLOB"),
    ),
    "ignore_pattern": (
        list,
        Option("Paragraphs that match may repeat; may be given more than once.", "", NEW, metavar="REGEX"),
    ),
    "gitignore": (bool, Option("In folders, leave out what git ignores.", "", READ)),
    "tracked": (bool, Option("In folders, leave out all that git does not track.", "", READ)),
}
"""Kind and facts of every option, in the order of help."""
DEFAULTS: dict[str, Any] = {name: {**Gates._field_defaults, **CheckOptions._field_defaults}[name] for name in TABLE}


def check_value(name: str, value: object) -> None:
    """Raise UsageError if an option cannot have this value."""
    kind, option = TABLE[name]
    if value == "" or (isinstance(value, list) and "" in value):
        raise UsageError(f"{flag(name)} has an empty value", "Leave it out. Is a variable of the shell not set?")
    if kind in (int, float):
        number = isinstance(value, (int, float) if kind is float else int) and not isinstance(value, bool)
        good = number and option.minimum <= value <= option.maximum  # type: ignore[operator]
    elif kind is list:
        good = isinstance(value, list) and all(isinstance(one, str) for one in value)
    else:
        good = isinstance(value, kind)
    if not good:
        raise UsageError(
            f"{flag(name)} cannot be {value!r}: it is {told(name)}", f"See: dedup check --help ({flag(name)})"
        )


def told(name: str) -> str:
    """What an option can be, in words."""
    kind, option = TABLE[name]
    if kind is bool:
        return "true or false"
    if kind is list:
        return f"a list of texts ({option.metavar})"
    return allowed(option)
