"""One report with every kind of finding, and names and texts that want to break formats."""

from __future__ import annotations

from typing import NamedTuple

from dedup.errors import InputSkipped
from dedup.findings import Block, DocumentTotals, Place, Repeat, Variant
from dedup.origins import Origins
from dedup.report.content import Content, Passage, Texts
from dedup.report.model import InputFiles, Method, Report, Run, Stream, Totals
from dedup.settings import Settings

HOSTILE_NAME = "b,c:d%\n::error::[x](y)`<i>\udcff.txt"
HOSTILE_TEXT = "<script>alert(1)</script> \x1b[2J \x00 ]]> | \u202egnirts \udcff & 100 % 'q' \"d\""
NAMES = ["news/a.txt", HOSTILE_NAME, "./märz 1.txt"]


class Span(NamedTuple):
    """Bytes and lines of a place."""

    start: int
    end: int
    line: int
    last_line: int


def place(document: int, *span: int) -> Place:
    return Place(document, *Span(*span))


def repeat(here: Place, there: Place, kind: str, *, words: int = 10, shared: int = 8, removed: bool = True) -> Repeat:
    union = 0 if kind == "short" else 8 if kind == "exact" else 10
    return Repeat(here, there, kind, words, 0 if kind == "short" else min(shared, union), union, removed)


BLOCK = Block(
    place=place(0, 300, 600, 4, 7),
    original=place(0, 0, 300, 1, 3),
    paragraphs=3,
    words=23,
    removed_paragraphs=3,
    removed_words=23,
    repeats=(
        repeat(place(0, 300, 400, 4, 4), place(0, 0, 100, 1, 1), "exact"),
        repeat(place(0, 400, 420, 5, 5), place(0, 100, 120, 2, 2), "short", words=3),
        repeat(place(0, 500, 600, 7, 7), place(0, 200, 300, 3, 3), "near"),
    ),
)
PARAGRAPH = Block(
    place=place(1, 0, 120, 1, 1),
    original=place(0, 0, 100, 1, 1),
    paragraphs=1,
    words=10,
    removed_paragraphs=1,
    removed_words=10,
    repeats=(repeat(place(1, 0, 120, 1, 1), place(0, 0, 100, 1, 1), "exact"),),
)
KEPT = Block(
    place=place(2, 0, 120, 1, 1),
    original=place(0, 200, 300, 3, 3),
    paragraphs=1,
    words=10,
    removed_paragraphs=0,
    removed_words=0,
    repeats=(repeat(place(2, 0, 120, 1, 1), place(0, 200, 300, 3, 3), "near", removed=False),),
)
VARIANT = Variant(
    place=place(2, 120, 240, 2, 3),
    original=place(0, 200, 300, 3, 3),
    rule="figure",
    new=("$5", '"</a>"'),
    words=12,
    intersection=7,
    union=10,
)


def document(number: int, **changes: int) -> DocumentTotals:
    facts: dict[str, int] = dict.fromkeys(DocumentTotals._fields, 0)
    facts.update(document=number, bytes=600, paragraphs=6, words=60, **changes)
    return DocumentTotals(**{**facts, "unit": "line"})  # type: ignore[arg-type]


def make_report() -> Report:
    """The report; its counts agree with its findings."""
    documents = [
        document(0, removed_bytes=220, removed_paragraphs=3, removed_words=23, blocks=1),
        document(1, removed_bytes=120, removed_paragraphs=1, removed_words=10, removed_exact=1, blocks=1),
        document(2, kept_repeats=1, invalid_bytes=2),
    ]
    documents[0] = documents[0]._replace(removed_exact=1, removed_near=1, removed_short=1)
    totals = {name: sum(getattr(one, name, 0) for one in documents) for name in Totals._fields}
    totals.update(documents=3, originals=9, full_buckets=0)
    origins = Origins()
    origins.add(0)
    origins.add(1)
    origins.add(2, 17, 40, "wire-17")
    hostile = Texts(Passage(HOSTILE_TEXT, "before ", " after"), Passage("The original & its text", cut=True))
    return Report(
        version="0.0.0",
        settings=Settings(),
        method=Method("affine32", 1, 33, 11, 3, "xxh32", "xxh32"),
        totals=Totals(**totals),
        names=NAMES,
        origins=origins,
        files=InputFiles([]),
        documents=documents,
        blocks=[BLOCK, PARAGRAPH, KEPT],
        variants=[VARIANT],
        contents=[
            Content("00000000000000aa", Texts(Passage("The first line.\nMore.\nThe end."), Passage("The first line."))),
            Content("00000000000000bb", hostile),
            Content("00000000000000bb-2", hostile),
            Content("00000000000000cc"),
        ],
        largest=[BLOCK, PARAGRAPH],
        skipped=[InputSkipped("gone\x1b.txt", "No such file or directory")],
        input=Stream(1800, "0" * 32),
        output=Stream(1460, "1" * 32),
        run=Run("native", 2, 0.125),
        removed_map=[],
        detailed=True,
    )
