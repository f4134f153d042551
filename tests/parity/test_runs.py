"""Both engines give the same run: text, totals, blocks with every repeat, originals, full buckets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dedup.batches import Batch, Piece
from dedup.engine.select import available, select
from dedup.paragraphs import MAX_DOCUMENT_BYTES
from dedup.settings import Settings
from dedup.unit import Unit

from .documents import Answer, Author, crowd, form, lengthy, run, settings_for, template

pytestmark = pytest.mark.skipif(
    set(available()) != {"native", "reference"}, reason=f"only these engines run here: {available()}"
)
UNITS = ("auto", "line", "blank", "indent", "sentence", "document")


def check(sources: list[bytes], settings: Settings, batch_bytes: int = 1 << 20) -> Answer:
    """Run both engines and give their one answer."""
    native = run(sources, replace(settings, engine="native"), batch_bytes=batch_bytes)
    reference = run(sources, replace(settings, engine="reference"))
    for name, one, other in zip(Answer._fields, native, reference, strict=True):
        assert one == other, name
    return native


def test_equal_paragraphs_of_which_the_second_becomes_an_original() -> None:
    """Closer originals came between, to which it adds something; they fill buckets that it was not asked ahead for."""
    copy = "the committee will meet in the old town hall on the river to hear what farmers have to say about water"
    words = copy.split()
    longer = " ".join([*words[:12], "before", "the", "vote", "is", "taken", *words[12:]])
    changed = [" ".join([*words[:-1], word]) for word in ("cattle", "timber", "railways")]
    others = [f"Line {n} is about nothing that anybody else in this text has said." for n in range(20)]
    first, second = ("\n".join(lines).encode() + b"\n" for lines in ([longer, *others], [copy, *changed, copy]))
    settings = Settings(unit="line", threads=1, min_block_words=0, bucket_capacity=4)
    answer = check([first, second], settings, batch_bytes=len(first))
    assert [block.place.line for block in answer.blocks] == [1]
    assert answer.full_buckets > 0


@pytest.mark.parametrize("seed", range(200))
def test_generated_documents(seed: int) -> None:
    """Copied, edited, dropped, inserted, short paragraphs; all settings; batches of all sizes."""
    check(Author(seed).documents(), settings_for(seed), batch_bytes=[1, 7, 64, 500, 1 << 20][seed % 5])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("unit", UNITS)
def test_generated_documents_in_every_unit(seed: int, unit: str) -> None:
    """The defaults, in each unit."""
    sources = Author(1000 + seed).documents()
    check(sources, Settings(unit=unit, threads=1))
    check(sources, Settings(unit=unit, threads=1, min_words=3, max_gap=2, min_block_words=0), 100)


@pytest.mark.parametrize("lines", [1, 254, 255, 256, 700])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_of_long_paragraphs(lines: int, end: bytes) -> None:
    """The native engine keeps how many lines a paragraph has in one byte, and counts again where that is not enough."""
    long = b"".join(b"line %d of a paragraph that goes on and on" % number + end for number in range(lines))
    short = b"A paragraph between them has some words of its own, and no more than these." + end
    document = long + end + b" \t" + end + short + end * 3 + long + end + short + end
    answer = check([document], Settings(unit="blank", threads=1, min_block_words=0))
    assert [block.place.last_line - block.place.line for block in answer.blocks] == [lines + 1]


@pytest.mark.parametrize("details", [True, False])
@pytest.mark.parametrize("lines", [1, 65_533, 65_534, 65_535])
def test_lines_far_down(lines: int, details: bool) -> None:
    """A line is counted from the last place that has its own on record, or from the document, which may begin later."""
    rule = b"--\n" * lines + b"\n"
    many = b"".join(
        b"Paragraph %d has some words of its own and no more\nthan these %d.\n\n" % (n, n * n) for n in range(90)
    )
    settings = Settings(unit="blank", threads=1, min_block_words=0)
    native, reference = (
        run(
            [b"A short text before.\n", rule + many, many[:3000] + rule + many],
            replace(settings, engine=engine),
            details=details,
        )
        for engine in ("native", "reference")
    )
    assert native.blocks == reference.blocks
    assert native.largest == reference.largest
    assert native.largest[0].original.line == lines + 2
    assert native.largest[0].original.last_line == lines + 2 + 3 * 89 + 1


def test_generated_documents_have_what_they_are_for() -> None:
    """The generator makes all kinds of repeats, kept ones and full buckets: the comparison is not empty."""
    answers = [run(Author(seed).documents(), settings_for(seed)) for seed in range(300)]
    repeats = [repeat for answer in answers for block in answer.blocks for repeat in block.repeats]
    assert {repeat.kind for repeat in repeats} == {"exact", "near", "short"}
    assert {repeat.removed for repeat in repeats} == {True, False}
    assert sum(answer.full_buckets > 0 for answer in answers) > 20
    assert {totals.unit for answer in answers for totals in answer.documents} == {
        "line",
        "blank",
        "indent",
        "sentence",
        "document",
    }
    assert sum(len(answer.blocks) > 2 for answer in answers) > 50


@pytest.mark.parametrize("remove", ["redundant", "similar"])
@pytest.mark.parametrize("make", [crowd, template, form, lengthy])
@pytest.mark.parametrize("seed", range(4))
def test_crowded_buckets(seed: int, make: Callable[[int], bytes], remove: str) -> None:
    """Hundreds of paragraphs that share a formula or are one template: most candidates of each are in vain."""
    for batch_bytes in (1 << 20, 20_000):
        answer = check([make(seed)], Settings(remove=remove, unit="line", threads=2), batch_bytes)
        assert answer.blocks
        assert answer.originals > 10


def test_interrupt_while_threads_are_told() -> None:
    """Ctrl-C may come while other threads are told of the work: it ends the matching, and is not lost."""

    def announce(take_part: Callable[[], None]) -> None:
        raise KeyboardInterrupt

    text = b"".join(
        b"The committee heard witness %d on the bill this Thursday in room %d.\n" % (n, n) for n in range(500)
    )
    batch = Batch(text, [Piece(0, len(text), 0, Unit.LINE, True, True)], 0)
    engine = select("native", Settings(engine="native"))
    with pytest.raises(KeyboardInterrupt):
        engine.matcher(announce=announce).match(batch, engine.sketch(batch))


@pytest.mark.parametrize("before", [1, 63, 64, 127, 130])
def test_large_documents(before: int) -> None:
    """Gigabytes after the first document the native engine still knows where each of them begins."""
    blank = b" " * MAX_DOCUMENT_BYTES
    report = b"The committee will hear six witnesses on the bill this Thursday.\n"
    engine = select("native", Settings(engine="native", unit="document"))
    matcher = engine.matcher(True)
    sketches = {text: engine.sketch(_document(text, 0)) for text in (blank, report)}
    found, start = [], 0
    for text in (*[blank] * before, report, blank, report):
        found += matcher.match(_document(text, start), sketches[text]).blocks
        start += len(text)
    assert [block.original[1:3] for block in found] == [(0, len(report))]


def _document(text: bytes, start: int) -> Batch:
    return Batch(text, [Piece(0, len(text), 0, Unit.DOCUMENT, True, True)], start)


@pytest.mark.parametrize("name", ["native", "reference"])
def test_batch_in_a_longer_buffer(name: str) -> None:
    """All of a batch may be settled although the buffer that was read goes on."""
    line = b"The committee will hear six witnesses on the bill this Thursday.\n"
    batch = Batch(line + b"What follows", [Piece(0, len(line), 0, Unit.LINE, True, False)], 0)
    engine = select(name, Settings(engine=name))
    decided = engine.matcher().match(batch, engine.sketch(batch))
    assert (decided.until, decided.keep) == (len(line), [(0, len(line))])


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("remove", ["similar", "exact"])
def test_seed(seed: bytes, unit: str, remove: str) -> None:
    """The article pasted twice, as it is and with the second copy spoiled."""
    lines = seed.split(b"\n")
    for second in (
        b"\n".join(lines[17:]),
        b" ".join(lines[17:]),
        b"\r\n".join(lines[17:]),
        b"\n\n".join(lines[17:]),
    ):
        text = b"\n".join(lines[:17]) + b"\n" + second
        check([text], Settings(unit=unit, remove=remove, threads=1))
        check([text, seed], Settings(unit=unit, remove=remove, threads=1, max_gap=3), 1000)


@pytest.mark.parametrize("unit", UNITS)
def test_real_text(data: Path, unit: str) -> None:
    """State of the Union addresses, then a part of them again among others."""
    text = (data / "sotu.txt").read_bytes()
    lines = text.splitlines(keepends=True)
    again = b"".join(lines[20:60]) + b"".join(lines[100:110])
    check([text + again, b"".join(lines[50:70])], Settings(unit=unit, threads=1), 4096)
    check([text + again], Settings(unit=unit, threads=1, threshold=0.3, shingle_words=1, bucket_capacity=2))


def test_doubled_releases(data: Path) -> None:
    """Real articles whose body stands twice, in one corpus and each alone."""
    lines = (data / "doubled.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"].encode() for line in lines]
    check(texts, Settings(threads=1))
    for text in texts:
        check([text], Settings(threads=1), 50)
