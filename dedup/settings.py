"""The options: one table that help, checks, report and documentation read.

A setting has one spelling everywhere: `--min-words`, `settings.min_words`, the report's `min_words`.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, NamedTuple, TypeVar

from dedup.errors import UsageError

Value = str | int | float
T = TypeVar("T", str, int, float)

WHAT_REPEATS = "What counts as a repeat"
WHAT_GOES = "What is removed"
WHAT_IS_READ = "What is read"
HOW_IT_RUNS = "How it runs"


class Option(NamedTuple):
    """What is known of one setting besides its name and default."""

    help: str
    unit: str
    """What a number counts (`words`, `paragraphs`, ...); empty for a choice."""
    panel: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    """What a word can be; a text without choices is free."""
    metavar: str = ""
    """Stands for a free text in help."""
    answer: bool = True
    """The answer depends on it; False for what only decides how the run is done."""


def _option(default: T, **facts: Any) -> T:
    described: Any = field(default=default, metadata={"option": Option(**facts)})
    return described  # type: ignore[no-any-return]  # dataclass turns the Field into its default


@dataclass(frozen=True, slots=True)
class Settings:
    """What to look for and what to remove. Immutable; `validate` says what is wrong with it."""

    unit: str = _option(
        "auto",
        help="What a paragraph is; auto looks at the first 64 KiB of each document.",
        unit="",
        panel=WHAT_REPEATS,
        choices=("auto", "line", "blank", "indent", "sentence", "document"),
    )
    threshold: float = _option(
        0.6,
        help="Jaccard similarity of two paragraphs from which one may repeat the other.",
        unit="similarity",
        panel=WHAT_REPEATS,
        minimum=0.1,
        maximum=1.0,
    )
    recall: float = _option(
        0.95,
        help="Share of the pairs exactly at the threshold that must be found; more of those above it are.",
        unit="share",
        panel=WHAT_REPEATS,
        minimum=0.5,
        maximum=0.9999,
    )
    shingle_words: int = _option(
        3,
        help="Words in a shingle, the unit of comparison.",
        unit="words",
        panel=WHAT_REPEATS,
        minimum=1,
        maximum=64,
    )
    min_words: int = _option(
        8,
        help="Paragraphs with fewer words never match on their own; they go with the block they stand in.",
        unit="words",
        panel=WHAT_REPEATS,
        minimum=1,
        maximum=10_000,
    )
    keep_pattern: str = _option(
        "",
        help="Paragraphs in which this regular expression is found are never removed.",
        unit="",
        panel=WHAT_GOES,
        metavar="REGEX",
    )
    protect: str = _option(
        "",
        help="A file of paragraphs, one a line, that are never removed; the words count, not how they are written.",
        unit="",
        panel=WHAT_GOES,
        metavar="FILE",
    )
    max_gap: int = _option(
        1,
        help="Paragraphs inside a block that may fail to match, in a row.",
        unit="paragraphs",
        panel=WHAT_GOES,
        minimum=0,
        maximum=64,
    )
    remove: str = _option(
        "redundant",
        help="exact: the same words in order; redundant: near, and adds nothing; similar: all from --threshold.",
        unit="",
        panel=WHAT_GOES,
        choices=("exact", "redundant", "similar"),
    )
    scope: str = _option(
        "corpus",
        help="Where originals are looked for: in all documents before, or in the same document only.",
        unit="",
        panel=WHAT_GOES,
        choices=("corpus", "document"),
    )
    min_block_words: int = _option(
        40,
        help="A repeat of another document goes only in a block, or blocks side by side, of this many words.",
        unit="words",
        panel=WHAT_GOES,
        minimum=0,
        maximum=1_000_000,
    )
    bucket_capacity: int = _option(
        16,
        help="Originals kept in one bucket of the index; bounds the cost of boilerplate.",
        unit="originals",
        panel=WHAT_REPEATS,
        minimum=1,
        maximum=65_535,
    )
    format: str = _option(
        "auto",
        help="Format in and out; auto looks at the name of each file, then at what is in it.",
        unit="",
        panel=WHAT_IS_READ,
        choices=("auto", "text", "jsonl", "csv", "tsv", "parquet", "warc"),
    )
    text_field: str = _option(
        "text",
        help="Field or column that holds the text of a record; a.b is b inside a.",
        unit="",
        panel=WHAT_IS_READ,
        metavar="NAME",
    )
    id_field: str = _option(
        "",
        help="Field or column that names a record in the report.",
        unit="",
        panel=WHAT_IS_READ,
        metavar="NAME",
    )
    encoding: str = _option(
        "",
        help="Encoding in and out; by default UTF-8, or UTF-16 and UTF-32 where a byte order mark says so.",
        unit="",
        panel=WHAT_IS_READ,
        metavar="NAME",
    )
    empty: str = _option(
        "keep",
        help="A record of which no text is left, or white space alone: kept with what is left, or dropped.",
        unit="",
        panel=WHAT_GOES,
        choices=("keep", "drop"),
    )
    prefer: str = _option(
        "first",
        help="With --unit document, which of like ones stays; for all but first the files are read twice.",
        unit="",
        panel=WHAT_GOES,
        choices=("first", "longest", "newest", "oldest"),
    )
    date_field: str = _option(
        "",
        help="Field or column with the date of a record, for --prefer: ISO 8601, as in mail, or Unix time.",
        unit="",
        panel=WHAT_GOES,
        metavar="NAME",
    )
    on_error: str = _option(
        "skip",
        help="An input that cannot be read, or a record that is none: go on without it, or stop there.",
        unit="",
        panel=WHAT_IS_READ,
        choices=("skip", "stop"),
        answer=False,
    )
    engine: str = _option(
        "auto",
        help="The answer is the same: native is fast, reference readable; auto takes native if it is there.",
        unit="",
        panel=HOW_IT_RUNS,
        choices=("auto", "native", "reference"),
        answer=False,
    )
    threads: int = _option(
        0,
        help="Threads that work at once; 0 is one for every processor available.",
        unit="threads",
        panel=HOW_IT_RUNS,
        minimum=0,
        maximum=1024,
        answer=False,
    )

    def validate(self) -> Settings:
        """Return self if every value is in its range.

        Raises:
            UsageError: names the setting, the value, the range and what to write instead.
        """
        for entry in fields(self):
            _check(entry, getattr(self, entry.name))
        return self

    def answer_settings(self) -> dict[str, Value]:
        """The settings that the answer depends on, each in the type of its default (0.0 for 0)."""
        return {
            name: float(value) if kind is float else value
            for name, kind in TYPES.items()
            if OPTIONS[name].answer
            for value in (getattr(self, name),)
        }


def validated(settings: Settings | None) -> Settings:
    """What a caller gives as settings, the defaults for None. Raises UsageError: out of range, or something else."""
    if settings is None:
        settings = Settings()
    if not isinstance(settings, Settings):
        raise UsageError(
            f"settings cannot be an object of type {type(settings).__name__}",
            'Give a dedup.Settings, for example dedup.Settings(unit="line").',
        )
    return settings.validate()


def flag(name: str) -> str:
    """`min_words` -> `--min-words`."""
    return "--" + name.replace("_", "-")


def allowed(option: Option) -> str:
    """The range in words: `a number from 0.1 to 1.0 (similarity)`, or `line, blank or indent`."""
    if option.choices:
        return f"{', '.join(option.choices[:-1])} or {option.choices[-1]}"
    if option.maximum is None:
        return f"a text ({option.metavar})"
    kind = "a number" if isinstance(option.maximum, float) else "a whole number"
    return f"{kind} from {option.minimum:,} to {option.maximum:,} ({option.unit})"


def check_setting(name: str, value: object) -> None:
    """Raise UsageError if a setting cannot have this value."""
    _check(Settings.__dataclass_fields__[name], value)


def _check(entry: Field[Any], value: object) -> None:
    option: Option = entry.metadata["option"]
    if option.choices:
        good = value in option.choices
    elif isinstance(entry.default, str):
        good = isinstance(value, str) and (value != "" or entry.default == "")
    else:
        good = _is_number(value, type(entry.default)) and option.minimum <= value <= option.maximum  # type: ignore[operator]
    if not good:
        example = option.metavar if entry.default == "" else f"{entry.default} (the default)"
        raise UsageError(
            f"{flag(entry.name)} cannot be {value!r}: it is {allowed(option)}",
            f"For example: {flag(entry.name)} {example}.",
        )


def _is_number(value: object, wanted: type) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float) if wanted is float else int)


OPTIONS: dict[str, Option] = {entry.name: entry.metadata["option"] for entry in fields(Settings)}
"""What is known of each setting, in the order of the table."""
DEFAULTS: dict[str, Value] = {name: getattr(Settings(), name) for name in OPTIONS}
TYPES: dict[str, type] = {name: type(default) for name, default in DEFAULTS.items()}
