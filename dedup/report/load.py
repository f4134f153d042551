"""A report that was written as JSON, read back: the same `Report`, so that every renderer takes it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dedup.errors import InputSkipped, UsageError, read_error
from dedup.findings import Block, DocumentTotals, Place, Repeat, Variant
from dedup.flat import Blocks, Variants
from dedup.origins import Origins
from dedup.report.content import Content, Passage, Texts
from dedup.report.model import (
    SCHEMA,
    InputFile,
    InputFiles,
    Method,
    Passed,
    Report,
    Run,
    Stream,
    Totals,
    largest_of,
)
from dedup.settings import OPTIONS, Settings
from dedup.sources.source import read_standard_input

_GIVE = "Give the file that dedup clean --report or dedup check --report wrote."
_AGAIN = "Write it again with dedup clean --report or dedup check --report."


def load_report(path: str | os.PathLike[str]) -> Report:
    """Read a JSON report from a file; `-` is standard input.

    Raises:
        ReadError: the file cannot be read.
        UsageError: it holds no report, or one of another schema.
    """
    name = os.fspath(path)
    try:
        if name == "-":
            return from_json(read_standard_input(), "<stdin>")
        with open(name, "rb") as file:
            data = file.read()
    except OSError as error:
        raise read_error(name, error) from error
    return from_json(data, name)


def from_json(data: bytes, name: str) -> Report:
    """Make a report from its JSON; `name` is for messages."""
    if _is_lines(data):
        raise UsageError(
            f"{name} is a report in JSON Lines, which cannot be read back", "Give the one in JSON: --report json:FILE."
        )
    try:
        facts = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is no JSON: {error}", _GIVE) from error
    if not isinstance(facts, dict) or facts.get("tool") != "dedup":
        raise UsageError(f"{name} is no report of dedup", _GIVE)
    if facts.get("schema") != SCHEMA:
        version = facts.get("version")
        raise UsageError(
            f"{name} has schema {facts.get('schema')!r}, and this version of dedup reads {SCHEMA}",
            f"Render it with dedup {version}, which wrote it." if version else _AGAIN,
        )
    with refuse_damage(name):
        report = from_dict(facts)
    return report


def _is_lines(data: bytes) -> bool:
    """Whether a report is one of JSON Lines: its first line is an object by itself, of some kind."""
    try:
        first = json.loads(data.partition(b"\n")[0])
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and "kind" in first


@contextmanager
def refuse_damage(name: str) -> Iterator[None]:
    """Take for damage what goes wrong with a stored report, when it is read or when it is rendered.

    What it says may have any type, and be at odds with the rest of it: the code that uses it finds that out.
    """
    try:
        yield
    except (AttributeError, TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise UsageError(f"{name} is a damaged report: {type(error).__name__}: {error}", _AGAIN) from error


def from_dict(facts: dict[str, Any]) -> Report:
    """Make a report from what `Report.to_dict` gives.

    Raises:
        What `refuse_damage` catches: it is damaged.
    """
    blocks = Blocks(map(_block, facts.get("blocks", [])))
    variants = Variants(map(_variant, facts.get("variants", [])))
    settings = {name: value for name, value in facts["settings"].items() if name in OPTIONS}
    totals = {**facts["totals"], **{f"removed_{name}": value for name, value in facts["totals"]["removed"].items()}}
    counted = totals.pop("variants")
    totals.update(variants=counted["paragraphs"], variants_by_rule=counted["by_rule"])
    return Report(
        version=facts["version"],
        settings=Settings(**settings),
        method=Method(**{name: facts["method"][name] for name in Method._fields}),
        totals=Totals(**{name: totals[name] for name in Totals._fields}),
        names=[row["name"] for row in facts["documents"]],
        origins=_origins(facts["documents"]),
        files=InputFiles([_file(row) for row in facts.get("files", [])]),
        documents=[
            DocumentTotals(**{name: row[name] for name in DocumentTotals._fields}) for row in facts["documents"]
        ],
        blocks=blocks,
        variants=variants,
        contents=[_content(row) for name in ("blocks", "variants") for row in facts.get(name, [])],
        largest=largest_of(block for block in blocks if block.removed_paragraphs),
        skipped=[InputSkipped(row["path"], row["reason"]) for row in facts["skipped"]],
        input=Stream(facts["input"]["bytes"], facts["input"]["xxh3_128"]),
        output=Stream(facts["output"]["bytes"], facts["output"]["xxh3_128"]),
        run=Run(
            facts["run"]["engine"], facts["run"]["threads"], facts["run"]["seconds"], facts["run"].get("left_out", {})
        ),
        removed_map=[],
        detailed="blocks" in facts,
        check=facts.get("check"),
    )


def _file(row: dict[str, Any]) -> InputFile:
    return InputFile(**{**row, "first_passed": [Passed(**one) for one in row["first_passed"]]})


def _origins(rows: list[dict[str, Any]]) -> Origins:
    origins = Origins()
    for row in rows:
        origins.add(row.get("file", 0), row.get("record", -1), row.get("line", 1), row.get("id"))
    return origins


def _place(row: dict[str, Any], document: int) -> Place:
    (start, end), (line, last_line) = row["bytes"], row["lines"]
    return Place(document, start, end, line, last_line)


def _block(row: dict[str, Any]) -> Block:
    return Block(
        place=_place(row, row["document"]),
        original=_place(row["original"], row["original"]["document"]),
        paragraphs=row["paragraphs"],
        words=row["words"],
        removed_paragraphs=row["removed"]["paragraphs"],
        removed_words=row["removed"]["words"],
        repeats=tuple(_repeat(one, row["document"]) for one in row["repeats"]),
    )


def _repeat(row: list[Any], document: int) -> Repeat:
    """By `REPEAT_COLUMNS`; more may come behind them."""
    return Repeat(Place(document, *row[:4]), Place(*row[4:9]), *row[9:14])


def _variant(row: dict[str, Any]) -> Variant:
    return Variant(
        place=_place(row, row["document"]),
        original=_place(row["original"], row["original"]["document"]),
        rule=row["rule"],
        new=tuple(row["new"]),
        words=row["words"],
        intersection=row["intersection"],
        union=row["union"],
    )


def _content(row: dict[str, Any]) -> Content:
    texts = row.get("texts")
    if not texts:
        return Content(row["id"])
    repeat, original = Passage(**texts["repeat"]), texts["original"]
    same: dict[str, Any] = {} if "text" in original else {"text": repeat.text, "cut": repeat.cut}
    return Content(row["id"], Texts(repeat, Passage(**same, **original)))
