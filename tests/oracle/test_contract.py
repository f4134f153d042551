"""Every engine gives the answer of the naive search, whatever the batches."""

from __future__ import annotations

import random
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from dedup.batches import Batch, Piece
from dedup.engine.select import available, select
from dedup.findings import Block, Decided, Place
from dedup.settings import Settings
from dedup.unit import Unit

from .naive import Answer, FoundBlock, FoundRepeat, find_answer

VOCABULARY = ["the", "senate", "house", "voted", "bill", "of", "new", "york", "7", "12", "oil", "barrels"]
SHORTS = [b"Read more", b"ADVERTISEMENT", b"* * *", b"read MORE!", b"-----", b"By Reuters", b"7"]
LINE_ENDS = [b"\n", b"\r\n", b"\n\n", b" \n"]


@pytest.fixture(params=available())
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine that can run here."""
    return str(request.param)


# --- documents that repeat each other and themselves

sentences = st.lists(st.sampled_from(VOCABULARY), min_size=4, max_size=9).map(lambda words: " ".join(words).encode())
fresh = st.one_of(sentences, sentences, st.sampled_from(SHORTS))


@st.composite
def edited(draw: st.DrawFn, text: bytes) -> bytes:
    """Change, drop or add one word."""
    words = text.split()
    at = draw(st.integers(0, len(words)))
    kept = words[at + draw(st.integers(0, 1)) :]
    new = draw(st.lists(st.sampled_from(VOCABULARY), max_size=1))
    return b" ".join([*words[:at], *(word.encode() for word in new), *kept]) or b"x"


@st.composite
def passages(draw: st.DrawFn, so_far: list[bytes]) -> list[bytes]:
    """Write new paragraphs, or copy a passage: whole, edited, in another order, with some dropped and inserted."""
    if not so_far or draw(st.integers(0, 3)) == 0:
        return draw(st.lists(fresh, min_size=1, max_size=4))
    start = draw(st.integers(0, len(so_far) - 1))
    passage = so_far[start : start + draw(st.integers(1, 8))]
    if draw(st.integers(0, 2)) == 0:
        passage = draw(st.permutations(passage))
    if draw(st.integers(0, 2)) == 0:
        passage = [each for text in passage for each in (text, draw(st.sampled_from(SHORTS)))]
    copied = []
    for text in passage:
        change = draw(st.sampled_from(["same", "same", "same", "same", "edit", "drop", "insert"]))
        if change == "insert":
            copied.append(draw(fresh))
        if change != "drop":
            copied.append(draw(edited(text)) if change == "edit" else text)
    return copied


@st.composite
def corpora(draw: st.DrawFn) -> list[list[bytes]]:
    """Write one to three documents as lists of paragraphs with their line ends."""
    documents: list[list[bytes]] = []
    so_far: list[bytes] = []
    for _ in range(draw(st.integers(1, 3))):
        document: list[bytes] = []
        for _ in range(draw(st.integers(0, 5))):
            document += (passage := draw(passages(so_far)))
            so_far += passage
        documents.append([text + draw(st.sampled_from(LINE_ENDS)) for text in document])
    return documents


choices = st.builds(
    Settings,
    threshold=st.sampled_from([0.3, 0.5, 0.7, 1.0]),
    shingle_words=st.integers(1, 3),
    min_words=st.sampled_from([1, 4, 4, 6]),
    max_gap=st.integers(0, 3),
    remove=st.sampled_from(["similar", "redundant", "redundant", "exact"]),
    scope=st.sampled_from(["corpus", "corpus", "document"]),
    min_block_words=st.sampled_from([0, 8, 14, 25]),
    bucket_capacity=st.sampled_from([1, 2, 64]),
)


# --- running an engine


class Run(NamedTuple):
    """What an engine said in a run, joined over its calls."""

    kept: bytes
    removed: list[bool]
    blocks: list[FoundBlock]
    largest: list[Block]
    totals: list[Any]


def make_batches(documents: list[list[bytes]], cuts: set[int]) -> list[Batch]:
    """Put documents into batches that end before the paragraphs whose numbers are in `cuts`."""
    batches = [Batch(b"", [], 0)]
    g = 0
    for number, paragraphs in enumerate(documents):
        _add_piece(batches[-1], number, first=True)
        for text in paragraphs:
            if g in cuts:
                batches.append(Batch(b"", [], batches[-1].start + len(batches[-1].text)))
                _add_piece(batches[-1], number, first=False)
            batches[-1].text += text
            batches[-1].pieces[-1] = batches[-1].pieces[-1]._replace(end=len(batches[-1].text))
            g += 1
        batches[-1].pieces[-1] = batches[-1].pieces[-1]._replace(last=True)
    return batches


def _add_piece(batch: Batch, number: int, first: bool) -> None:
    end = len(batch.text)
    batch.pieces.append(Piece(end, end, number, Unit.LINE, first, False))


def run_engine(name: str, documents: list[list[bytes]], cuts: set[int], chosen: Settings) -> Run:
    """Run an engine over documents and put its answer in the numbers of paragraphs."""
    text = b"".join(paragraph for document in documents for paragraph in document)
    engine = select(name, chosen)
    assert engine.name == name
    matcher = engine.matcher(details=True)
    decided = [matcher.match(batch, engine.sketch(batch)) for batch in make_batches(documents, cuts)]
    decided.append(matcher.finish())
    spans = check_spans(decided, len(text))
    return Run(
        kept=b"".join(text[start:end] for start, end in spans),
        removed=list_removed(documents, spans),
        # Decided.blocks come as they close; the report sorts them.
        blocks=sorted(
            (number_block(block, documents) for each in decided for block in each.blocks),
            key=lambda block: block.passage,
        ),
        largest=matcher.largest(3),
        totals=[totals for each in decided for totals in each.documents],
    )


def check_spans(decided: list[Decided], length: int) -> list[tuple[int, int]]:
    """Return all kept spans; they are in order and each inside what its call decided."""
    settled = 0
    for each in decided:
        ends = [settled, *(offset for span in each.keep for offset in span), each.until]
        assert ends == sorted(ends)
        settled = each.until
    assert settled == length
    return [span for each in decided for span in each.keep]


def list_removed(documents: list[list[bytes]], spans: list[tuple[int, int]]) -> list[bool]:
    """Tell of every paragraph whether it is in none of the spans."""
    sizes = [len(paragraph) for document in documents for paragraph in document]
    starts = list(accumulate(sizes, initial=0))[:-1]
    return [not any(start <= offset < end for start, end in spans) for offset in starts]


def number_block(block: Block, documents: list[list[bytes]]) -> FoundBlock:
    """Put places in the numbers of paragraphs."""
    starts, ends = number_places(documents)

    def passage(place: Place) -> tuple[int, int]:
        return starts[place.document, place.start], ends[place.document, place.end]

    repeats = []
    for repeat in block.repeats:
        near, far = passage(repeat.place), passage(repeat.original)
        assert near[0] == near[1]
        assert far[0] == far[1]
        similarity = (repeat.intersection, repeat.union)
        repeats.append(FoundRepeat(near[0], far[0], repeat.kind, similarity, repeat.removed))
    assert block.paragraphs == len(repeats)
    assert block.removed_paragraphs == sum(repeat.removed for repeat in repeats)
    return FoundBlock(passage(block.place), passage(block.original), block.words, tuple(repeats))


Numbers = dict[tuple[int, int], int]


def number_places(documents: list[list[bytes]]) -> tuple[Numbers, Numbers]:
    """Give the number of the paragraph that starts, and of that which ends, at an offset of a document."""
    starts: Numbers = {}
    ends: Numbers = {}
    for number, document in enumerate(documents):
        offset = 0
        for paragraph in document:
            starts[number, offset] = len(starts)
            offset += len(paragraph)
            ends[number, offset] = len(ends)
    return starts, ends


# --- the laws


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(corpora(), st.sets(st.integers(0, 60), max_size=8), choices)
def test_engine_gives_the_answer_of_the_naive_search(
    engine_name: str, documents: list[list[bytes]], cuts: set[int], chosen: Settings
) -> None:
    """The removed paragraphs and the blocks are those of the contract, whatever the batches."""
    expected = find_answer(documents, chosen)
    assume(not expected.crowded)
    run = run_engine(engine_name, documents, cuts, chosen)
    describe(expected)
    assert run.blocks == expected.blocks
    assert run.removed == expected.removed
    check_totals(run, expected, documents)
    check_originals(expected, documents)


def describe(answer: Answer) -> None:
    """Tell Hypothesis what a case is good for (`pytest --hypothesis-show-statistics`)."""
    event(f"blocks: {min(len(answer.blocks), 4)}")
    kinds = {repeat.kind for block in answer.blocks for repeat in block.repeats}
    event(f"kinds: {sorted(kinds)}")
    event(f"kept repeats: {any(not r.removed for block in answer.blocks for r in block.repeats)}")
    event(f"strays: {count_strays(answer) > 0}")


def count_strays(answer: Answer) -> int:
    """Count the removed short paragraphs that name one farther back than the paragraph before them does."""
    pairs = [pair for block in answer.blocks for pair in pairwise(block.repeats)]
    return sum(after.kind == "short" and after.removed and after.original < before.original for before, after in pairs)


def check_totals(run: Run, expected: Answer, documents: list[list[bytes]]) -> None:
    """The totals of the documents add up to the blocks."""
    repeats = [repeat for block in expected.blocks for repeat in block.repeats]
    removed = [repeat.kind for repeat in repeats if repeat.removed]
    assert [totals.paragraphs for totals in run.totals] == [len(document) for document in documents]
    assert sum(totals.removed_paragraphs for totals in run.totals) == len(removed)
    assert sum(totals.removed_exact for totals in run.totals) == removed.count("exact")
    assert sum(totals.removed_near for totals in run.totals) == removed.count("near")
    assert sum(totals.removed_short for totals in run.totals) == removed.count("short")
    kept = [repeat for repeat in repeats if not repeat.removed and repeat.kind != "short"]
    assert sum(totals.kept_repeats for totals in run.totals) == len(kept)
    sizes = sum(len(paragraph) for document in documents for paragraph in document)
    assert sum(totals.bytes - totals.removed_bytes for totals in run.totals) == len(run.kept)
    assert sum(totals.bytes for totals in run.totals) == sizes


def check_originals(answer: Answer, documents: list[list[bytes]]) -> None:
    """Every repeat names an original that stays and stands before it."""
    for block in answer.blocks:
        for repeat in block.repeats:
            assert repeat.original < repeat.g
            assert not answer.removed[repeat.original]


def shuffle_shorts(seed: int) -> list[list[bytes]]:
    """Write documents with many short paragraphs, and copies of their passages in another order."""
    draw = random.Random(seed)
    shorts = [" ".join(draw.choices(VOCABULARY, k=draw.randint(1, 3))).encode() for _ in range(draw.randint(2, 8))]
    documents: list[list[bytes]] = []
    so_far: list[bytes] = []
    for _ in range(3):
        document: list[bytes] = []
        for _ in range(draw.randint(1, 4)):
            start = draw.randrange(len(so_far) + 1)
            passage = so_far[start : start + draw.randint(2, 14)]
            if draw.random() < 0.3 or not passage:
                long = [" ".join(draw.choices(VOCABULARY, k=draw.randint(4, 9))).encode() + b"\n" for _ in range(9)]
                passage = [draw.choice(shorts) + b"\n" if draw.random() < 0.4 else each for each in long]
            elif draw.random() < 0.7:
                draw.shuffle(passage)
            document += passage
            so_far += passage
        documents.append(document)
    return documents


@pytest.mark.parametrize("min_block_words", [8, 25, 40])
def test_short_paragraphs_come_along_in_another_order(engine_name: str, min_block_words: int) -> None:
    """Those that equal another place of what is borrowed are the same for all, and there are many."""
    strays = 0
    for seed in range(60):
        documents = shuffle_shorts(seed)
        gap = seed % 3
        chosen = Settings(min_words=4, max_gap=gap, min_block_words=min_block_words, remove="exact")
        expected = find_answer(documents, chosen)
        run = run_engine(engine_name, documents, {seed % 7, 11, 30}, chosen)
        assert run.blocks == expected.blocks, seed
        assert run.removed == expected.removed, seed
        check_originals(expected, documents)
        strays += count_strays(expected)
    assert strays >= 5


def test_another_order_is_a_copy_all_the_same(engine_name: str) -> None:
    """Paragraphs too short to go alone go together, in whatever order and whatever batches; a new one stays."""
    article = [b"alpha %d bravo %d charlie delta echo foxtrot golf hotel india\n" % (n, n) for n in range(8)]
    copy = [article[i] for i in (3, 0, 6, 1)] + [b"something new was said here as well by somebody\n"]
    copy += [article[i] for i in (5, 7, 2, 4)]
    chosen = Settings(remove="exact")
    for cuts in (set(), set(range(20))):
        run = run_engine(engine_name, [article, copy], cuts, chosen)
        assert run.removed == [False] * 8 + [True] * 4 + [False] + [True] * 4
    assert find_answer([article, copy], chosen).removed == run.removed


def test_what_stands_in_an_original_that_says_more_is_a_repeat(engine_name: str) -> None:
    """Half of a paragraph is not similar to it, but adds nothing."""
    part = b"The river rose by two metres in the night, said the mayor of the town.\n"
    whole = part[:-1] + b" The lower streets were closed to cars until the morning.\n"
    for mode, removed in (("redundant", True), ("similar", False)):
        run = run_engine(engine_name, [[whole, part]], set(), Settings(remove=mode))
        assert run.removed == [False, removed]
    other = part.replace(b"night", b"morning")
    assert run_engine(engine_name, [[whole, other]], set(), Settings()).removed == [False, False]


def test_doubled_article_with_subheads(engine_name: str) -> None:
    """A body pasted twice goes once, its subheads and the title of the site with it."""
    body = [
        b"Read more\n",
        b"the senate voted new york oil barrels\n",
        b"By Reuters\n",
        b"oil of the house bill 7 12\n",
    ]
    run = run_engine(engine_name, [[b"Title\n", *body, *body]], set(), Settings(min_words=4))
    assert run.kept == b"Title\n" + b"".join(body)
    assert [block.passage for block in run.blocks] == [(5, 8)]


def test_one_repeat_of_another_document_stays(engine_name: str) -> None:
    """A short fact that two documents share is kept in both, but shown once in each."""
    fact = b"Qtly div 12-1/2 cts vs 12-1/2 cts prior\n"
    run = run_engine(engine_name, [[fact], [fact, b"Read more\n", b"-----\n", b"7\n", fact]], set(), Settings())
    assert run.removed == [False, False, False, False, False, True]
