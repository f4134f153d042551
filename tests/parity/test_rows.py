"""Reports written in C are those of the Python renderers, byte for byte, whatever the findings say."""

from __future__ import annotations

import io
import os
import random
from array import array
from collections.abc import Callable
from dataclasses import replace
from operator import methodcaller
from pathlib import Path
from typing import BinaryIO

import pytest

from dedup import api
from dedup.batches import Batch, Piece
from dedup.engine.select import select
from dedup.errors import ReadError
from dedup.findings import Block, Place, Repeat, Variant
from dedup.flat import KINDS, RULES, Blocks, Variants
from dedup.origins import Origins
from dedup.report.compiled import contents_of, rows_of, sort
from dedup.report.content import EXCERPT_BYTES, Content, Passage, Texts, read_contents
from dedup.report.formats import RENDERERS
from dedup.report.model import InputFiles, Report
from dedup.report.reading import Reading, RunText
from dedup.report.renderers import render, write
from dedup.run import pipeline
from dedup.settings import Settings
from dedup.sinks.stream import NullSink, ObjectSink
from dedup.sources.container import Container
from dedup.sources.reader import OWN_FILE_BYTES
from dedup.sources.source import from_bytes
from dedup.unit import Unit

from ..golden.fixture import document, make_report
from .documents import Author

rows = pytest.importorskip("dedup.report.rows", exc_type=ImportError, reason="the rows of reports were not built")

LETTERS = "a b.\n\r\t,\"'\\<>&[]/%:;|-\x00\x0b\x1c\x1f\x7f\x80\x85\xa0é\u2009\u2028\u202e\u2069\u3000東\ufeff\ufffe😀"
BROKEN = (b"\xff", b"\xe2\x82", b"\xed\xa0\x80", b"\xf0\x90", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\x80", b"\xe0\x80")


class Reporter:
    """Makes up reports of three documents; the same seed makes the same one."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def letters(self, most: int = 40) -> str:
        return "".join(self.random.choices(LETTERS, k=self.random.randint(0, most)))

    def bytes(self, most: int = 6) -> bytes:
        """Text, some of it broken."""
        pieces = [self.letters().encode() for _ in range(most)] + [self.random.choice(BROKEN) for _ in range(most)]
        return b"".join(self.random.sample(pieces, self.random.randint(0, most)))

    def text(self) -> str:
        plain = b"ab cd\n" if self.random.random() < 0.3 else self.bytes()
        return (plain * self.random.choice((1, 1, 1, 30, 400))).decode("utf-8", "surrogateescape")[:20_000]

    def number(self) -> int:
        return self.random.choice((0, 1, 2, 120, 1000, 123_456_789, 2**40))

    def place(self) -> Place:
        start, line = self.number(), self.random.randint(1, 50)
        last = max(0, line + self.random.randint(-1, 20))
        return Place(self.random.randrange(3), start, start + self.random.randint(0, 300), line, last)

    def shingles(self) -> tuple[int, int]:
        union = self.random.choice((0, 1, 3, 8, 32, 160, 20_000, self.random.randint(0, 10**6)))
        return self.random.randint(0, union), union

    def repeat(self, document: int) -> Repeat:
        place = self.place()._replace(document=document)
        kind, words, removed = self.random.choice(KINDS), self.number(), self.random.random() < 0.5
        return Repeat(place, self.place(), kind, words, *self.shingles(), removed)

    def block(self) -> Block:
        place = self.place()
        removed = self.random.choice((0, 1, 3))
        repeats = tuple(self.repeat(place.document) for _ in range(self.random.randint(0, 4)))
        return Block(place, self.place(), self.random.randint(1, 3), self.number(), removed, self.number(), repeats)

    def variant(self) -> Variant:
        new = tuple(self.letters() for _ in range(self.random.randint(0, 7)))
        return Variant(self.place(), self.place(), self.random.choice(RULES), new, self.number(), *self.shingles())

    def passage(self) -> Passage:
        return Passage(self.text(), self.text()[-240:], self.text()[:240], self.random.random() < 0.3)

    def content(self) -> Content:
        name = self.random.choice((f"{self.random.getrandbits(64):016x}", "00000000000000aa-17"))
        same = self.passage()
        pair = Texts(same, self.random.choice((same, self.passage())))
        return Content(name, self.random.choice((None, pair, pair)))

    def file(self, name: str) -> Container:
        compression, encoding = self.random.choice((("", "utf-8"), ("", "utf-8"), ("gz", "utf-8"), ("", "koi8-r")))
        return Container(from_bytes(b"", name), format_name="text", compression=compression, encoding=encoding)

    def report(self) -> Report:
        """The last document is a record, or a whole file of the name of the second."""
        blocks = [self.block() for _ in range(self.random.randint(0, 6))]
        variants = [self.variant() for _ in range(self.random.randint(0, 4))]
        contents = [self.content() for _ in range(len(blocks) + len(variants))]
        second = self.bytes(2).decode("utf-8", "surrogateescape") or "./b"
        origins = Origins()
        origins.add(0)
        origins.add(1)
        origins.add(2, self.random.choice((-1, 0, 9)), self.random.choice((0, 7)), self.random.choice((None, second)))
        names = [self.letters() or "a.txt", second, second]
        return replace(
            make_report(),
            names=names,
            files=InputFiles([self.file(name) for name in names[:2]]),
            origins=origins,
            documents=[document(number, removed_words=number) for number in range(3)],
            blocks=blocks,
            variants=variants,
            contents=contents,
        )


def compiled(report: Report, format: str) -> bytes:
    assert rows_of(report) is not None
    return _written(report, format)


def reference(report: Report, format: str) -> bytes:
    return "".join(render(report, format)).encode("utf-8", "replace")


@pytest.mark.parametrize("format", RENDERERS)
@pytest.mark.parametrize("seed", range(40))
def test_any_report(format: str, seed: int) -> None:
    """`render` alone, with views of its own, writes what C writes."""
    report = Reporter(seed).report()
    alone = replace(report)
    alone.views["compiled"] = None
    assert compiled(report, format) == reference(alone, format)
    assert report.digest == alone.digest


@pytest.mark.parametrize("format", RENDERERS)
def test_more_findings_than_a_format_shows(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The largest are chosen alike, equal ones by their place."""
    limits = ("markdown.MOST_FINDINGS", "sarif.MOST_RESULTS", "junit.MOST_CASES", "gitlab.MOST_ISSUES")
    for name in ("github.MOST_SHOWN", *limits):
        monkeypatch.setattr(f"dedup.report.{name}", 3)
    monkeypatch.setattr("dedup.report.github.MOST_LOGGED", 7)
    monkeypatch.setattr("dedup.report.html.page.MOST_FINDINGS", 5)
    found = make_report()
    many = [one._replace(words=one.words + i % 3) for i in range(7) for one in found.blocks]
    near = [one._replace(words=one.words + i % 2) for i in range(6) for one in found.variants]
    contents = [*found.contents[:3] * 7, *found.contents[3:] * 6]
    contents = [one._replace(id=f"{number:016x}") for number, one in enumerate(contents)]
    report = replace(found, blocks=many, variants=near, contents=contents)
    alone = replace(report)
    alone.views["compiled"] = None
    assert compiled(report, format) == reference(alone, format)


@pytest.mark.parametrize("seed", range(10))
def test_tables_hold_what_they_were_given(seed: int) -> None:
    """Also when they grow by tables, and in the order of places, as `sorted` has it."""
    made = Reporter(seed)
    found, near = [made.block() for _ in range(seed)], [made.variant() for _ in range(seed)]
    table, other = Blocks(found[:2]), Variants(near[:2])
    table.extend(Blocks(found[2:]))
    other.extend(Variants(near[2:]))
    assert (table, other) == (found, near)
    assert table[-1:] == found[-1:]
    gathered = rows.Gathered()
    gathered.add(Blocks(), Variants())
    for i in range(0, len(found), 2):  # of both, as tables and as others have them
        gathered.add(Blocks(found[i : i + 2]), near[i : i + 2])
    joined, others = gathered.tables()
    assert (joined, others) == (found, near)
    assert (joined.repeats, others.ends, others.words) == (table.repeats, other.ends, other.words)
    ordered = rows.in_order(table.numbers), rows.in_order(other.numbers)
    orders = table.sort(), other.sort()
    assert ordered == ((table.numbers, orders[0]), (other.numbers, orders[1]))
    assert table == sorted(found, key=lambda one: one.place)
    assert other == sorted(near, key=lambda one: one.place)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("level", ["none", "excerpt", "full"])
def test_any_text_is_read_alike(level: str, seed: int) -> None:
    """Ids, cuts and what is around, at every boundary of characters and of the document."""
    made = Reporter(seed)
    data = b"".join(made.bytes() * made.random.choice((1, 10, 300)) for _ in range(8))
    cuts = [made.random.randrange(10**6) for _ in range(12)]
    ends = sorted(cut % (len(data) + 1) for cut in cuts)
    spots = [Place(0, *span, 1, 1) for span in zip(ends[::2], ends[1::2], strict=True)]
    members = tuple(Repeat(one, spots[0], "exact", 9, 1, 1, True) for one in spots[1:3])
    whole = Place(0, spots[1].start, spots[2].end, 1, 1)
    found = Blocks([Block(whole, spots[0], 2, 9, 2, 9, members)] * 2)
    near = Variants([Variant(spots[4], spots[5], "word", (), 9, 1, 2)])
    reading = Reading(level)
    read = contents_of(found, near, lambda _, start, end: data[start:end], reading)
    assert isinstance(read, rows.again.Contents)
    assert read == read_contents([*found, *near], lambda _, start, end: data[start:end], reading)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("level", ["none", "excerpt", "full"])
def test_what_is_read_in_parts_is_read_alike(level: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings that were read some at a time, in any order, and then only those whose texts are to be whole."""
    made = Reporter(seed)
    monkeypatch.setattr("dedup.report.content.TOTAL_BYTES", made.random.choice((2000, 20_000, 10**6)))
    monkeypatch.setattr("dedup.report.content.SHARING", 4)
    data = b"".join(made.bytes() * made.random.choice((1, 10, 300)) for _ in range(8))
    ends = sorted(made.random.randrange(len(data) + 1) for _ in range(24))
    spots = [Place(0, *span, 1, 1) for span in zip(ends[::2], ends[1::2], strict=True)]
    found = [
        Block(one, spots[0], 1, n, 1, n, (Repeat(one, spots[0], "exact", n, 1, 1, True),))
        for n, one in enumerate(spots[1:7])
    ]
    near = [Variant(one, spots[1], "word", ("a",), n, 1, 2) for n, one in enumerate(spots[7:])]
    made.random.shuffle(found)
    made.random.shuffle(near)

    def text_of(_: int, start: int, end: int) -> bytes:
        return data[start:end]

    early = rows.again.Early()
    for i in range(0, 6, 2):
        some, others = Blocks(found[i : i + 2]), Variants(near[i : i + 2])
        first = "none" if level == "none" else "excerpt"
        reader = rows.again.Reader(some, others, text_of, first, early=early)
        reader.read(0, len(reader))
        early.add(reader)
    blocks, variants = Blocks(found), Variants(near)
    orders = sort(blocks), sort(variants)
    read = contents_of(blocks, variants, text_of, Reading(level), 1, (early, *orders))
    assert read == read_contents([*blocks, *variants], text_of, Reading(level))


def test_other_findings_were_read() -> None:
    """What was read before must be of the findings that are told."""
    blocks = Blocks([Reporter(1).block()])
    with pytest.raises(ValueError, match="other findings"):
        contents_of(
            blocks, Variants(), lambda *_: b"", Reading(), 1, (rows.again.Early(), sort(blocks), sort(Variants()))
        )


def test_the_total_of_text_is_kept_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where texts are too long together the longest findings share the total, the others have excerpts."""
    data = b"One two three four five six seven.\n" * 4000
    spots = [Place(0, start, start + 30_000, 1, 1) for start in range(0, 60_000, 10_000)]
    words = (5, 9, 5, 7, 5, 5)
    found = Blocks(
        Block(one, spots[0], 1, n, 1, n, (Repeat(one, spots[0], "exact", n, 1, 1, True),))
        for one, n in zip(spots, words, strict=True)
    )
    near = Variants([Variant(spots[5], spots[0], "word", (), 6, 1, 2)])
    near.extend([Variant(Place(0, 70, 140, 3, 4), Place(0, 0, 70, 1, 2), "word", (), 8, 1, 2)])
    monkeypatch.setattr("dedup.report.content.TOTAL_BYTES", 40_000)
    monkeypatch.setattr("dedup.report.content.SHARING", 4)
    expected = read_contents([*found, *near], lambda _, start, end: data[start:end], Reading("full"))
    lengths = [(len(one.texts.repeat.text), len(one.texts.original.text)) for one in expected]
    shared = (40_000 - 2 * 70) // 6
    long, cut = (shared, shared), (EXCERPT_BYTES, EXCERPT_BYTES)
    assert lengths == [cut, long, cut, long, cut, cut, long, (70, 70)]
    assert contents_of(found, near, lambda _, start, end: data[start:end], Reading("full")) == expected


def doubled_lines(seed: int) -> bytes:
    """Lines of a dozen words, many of them more than once."""
    chance = random.Random(seed)
    words = [
        "the",
        "council",
        "met",
        "on",
        "monday",
        "to",
        "vote",
        "for",
        "a",
        "new",
        "bridge",
        "over",
        "river",
        "and",
        "old",
        "market",
        "été",
        "東京",
    ]
    pool = [" ".join(chance.choices(words, k=12)) + f" {number}\n" for number in range(60)]
    return "".join(chance.choices(pool, k=200)).encode()


@pytest.mark.parametrize("texts", ["none", "excerpt", "full"])
@pytest.mark.parametrize("threads", [1, 2, 4])
def test_many_batches_are_read_beside_the_run(threads: int, texts: str) -> None:
    """Text that is only in memory, in pieces of which there are ever more, while it is matched."""
    whole = [b"".join(doubled_lines(seed + 10 * number) for seed in range(8)) for number in range(4)]
    documents = [from_bytes(text, f"d{number}") for number, text in enumerate(whole)]
    settings, reading = Settings(unit="line", threads=threads), Reading(texts)
    outcome = pipeline.run(documents, NullSink(), settings, reading=reading, batch_bytes=700)
    found = [*outcome.blocks, *outcome.variants]
    assert len(found) > 200
    assert isinstance(outcome.contents, rows.again.Contents)
    assert outcome.contents == read_contents(found, lambda number, start, end: whole[number][start:end], reading)


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_share_the_reading(threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read again in ranges, by the engine itself, and give what Python reads."""
    monkeypatch.setattr("dedup.report.compiled.LEAST_SHARE", 1)
    texts = [doubled_lines(seed) for seed in range(5)]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_bytes(text)
    report = api.scan(tmp_path, settings=Settings(unit="line", threads=threads), texts="full")
    found = [*report.blocks, *report.variants]
    assert len(found) > 50
    assert isinstance(report.contents, rows.again.Contents)
    assert report.contents == read_contents(found, lambda number, start, end: texts[number][start:end], Reading("full"))


def test_text_that_is_gone_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was cut short when all of it was decided cannot be told, whichever thread finds out."""
    monkeypatch.setattr("dedup.report.compiled.LEAST_SHARE", 1)
    path = tmp_path / "a.txt"
    path.write_bytes(b"".join(map(doubled_lines, range(400))))
    assert path.stat().st_size > OWN_FILE_BYTES
    monkeypatch.setattr("dedup.sources.reader.Reader.check_unchanged", lambda _: os.truncate(path, 4000))
    with pytest.raises(ReadError, match="read before, to report it: the file has become shorter"):
        api.scan(path, settings=Settings(unit="line", threads=2), texts="full")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [(methodcaller("close"), "Bad file descriptor"), (methodcaller("truncate", 9), "has become shorter")],
    ids=["closed", "cut short"],
)
def test_why_text_is_gone(spoil: Callable[[BinaryIO], None], why: str, tmp_path: Path) -> None:
    """What the system said is told, where C reads without the interpreter."""
    text = doubled_lines(1)
    (tmp_path / "a.txt").write_bytes(text)
    engine = select("native", Settings(engine="native", unit="line"))
    matcher = engine.matcher(True)
    with open(tmp_path / "a.txt", "rb+") as file:
        batch = Batch(text, [Piece(0, len(text), 0, Unit.LINE, True, True)], 0, file.fileno())
        found = Blocks(matcher.match(batch, engine.sketch(batch)).blocks)
        spoil(file)
        text_of = RunText(matcher.text, array("Q", [0, len(text)]), matcher.reader())
        with pytest.raises(OSError, match=why):
            contents_of(found, Variants(), text_of, Reading("full"))


@pytest.mark.parametrize("seed", range(4))
def test_a_run(seed: int) -> None:
    """What a run found is never made into tuples to be written, and reads the same."""
    documents = [from_bytes(text, f"d{number}") for number, text in enumerate(Author(seed).documents())]
    outcome = pipeline.run(documents, NullSink(), Settings(), reading=Reading("full"))
    report = Report.build(Settings(), outcome, detailed=True)
    assert isinstance(report.contents, rows.again.Contents)
    alone = replace(report, blocks=list(report.blocks), variants=list(report.variants), contents=list(report.contents))
    alone.views["compiled"] = None
    for format in RENDERERS:
        assert compiled(report, format) == reference(alone, format), format


def test_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """An install that could not build the rows reads and writes the same in Python."""
    documents = [*Author(7).documents()]
    written = {}
    for name in ("dedup.report.rows", "there is no such module"):
        monkeypatch.setattr("dedup.report.compiled.MODULE", name)
        sources = [from_bytes(text, f"d{number}") for number, text in enumerate(documents)]
        outcome = pipeline.run(sources, NullSink(), Settings(), reading=Reading("full"))
        report = replace(Report.build(Settings(), outcome, detailed=True), run=make_report().run)
        written[name] = [_written(report, format) for format in RENDERERS]
        assert isinstance(report.contents, list) == (name != "dedup.report.rows")
    first, second = written.values()
    assert first == second


def _written(report: Report, format: str) -> bytes:
    file = io.BytesIO()
    write(report, format, ObjectSink(file))
    return file.getvalue()


def test_what_no_run_can_have_found_is_left_to_python() -> None:
    """A stored report may have been edited: surrogates that stand for no byte."""
    report = make_report()
    odd = Content("00000000000000aa", Texts(Passage("\ud800"), Passage("")))
    report = replace(report, contents=[odd, *report.contents[1:]])
    assert rows_of(report) is None
    assert _written(report, "json") == reference(report, "json")
    assert b"\\ud800" in reference(report, "json")
