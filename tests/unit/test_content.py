"""Ids and texts of findings: what they depend on, and where long texts are cut."""

from __future__ import annotations

import io

import pytest
import xxhash

from dedup import api
from dedup.findings import Block, Place, Repeat
from dedup.report.content import (
    AROUND_BYTES,
    EXCERPT_BYTES,
    FULL_BYTES,
    Passage,
    fingerprint,
    read_contents,
)
from dedup.report.finding import findings
from dedup.report.reading import Reading
from dedup.settings import Settings

ARTICLE = (
    b"The council met on Monday evening to vote on the new bridge over the river.\n"
    b"Members of both parties said that the old bridge had been unsafe for years.\n"
)
OTHER = b"A storm took the roof of the market hall on Tuesday, and nobody was hurt there.\n"


def scan(*texts: bytes, level: str = "full", **settings: object) -> list:
    files = [io.BytesIO(text) for text in texts]
    found = []
    for file in files:
        found += findings(api.scan(file, settings=Settings(**settings), texts=level))  # type: ignore[arg-type]
    return found


def contents(text: bytes, first: int, last: int, level: str, size: int | None = None) -> list:
    """The content of one block at [first, last) that repeats the text before it."""
    here, there = Place(0, first, last, 2, 2), Place(0, 0, first, 1, 1)
    block = Block(here, there, 1, 9, 1, 9, (Repeat(here, there, "near", 9, 8, 10, True),))
    return read_contents([block], lambda _, start, end: text[start : min(end, len(text))], Reading(level))


def test_an_id_is_what_the_documentation_says(engine: str) -> None:
    """xxh64 over the repeated paragraphs without white space, one a line."""
    (found,) = scan(ARTICLE + OTHER + ARTICLE, engine=engine, unit="line")
    lines = [b"".join(line.split()) for line in ARTICLE.splitlines()]
    assert found.id == xxhash.xxh64_hexdigest(b"\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        b"\n\n\n" + ARTICLE + OTHER + ARTICLE,
        OTHER + ARTICLE + b"\n" + ARTICLE,
        (ARTICLE + OTHER + ARTICLE).replace(b"\n", b"\r\n"),
        (ARTICLE + OTHER + ARTICLE).replace(b" ", b"  "),
    ],
    ids=["lines before", "another place", "CRLF", "more space"],
)
def test_an_id_stays(text: bytes) -> None:
    (before,) = scan(ARTICLE + OTHER + ARTICLE, unit="line")
    (after,) = scan(text, unit="line")
    assert after.id == before.id


def test_an_id_changes_with_a_word_of_the_same_length() -> None:
    """Counts and lengths alike, another text."""
    (before,) = scan(ARTICLE + OTHER + ARTICLE, unit="line")
    (after,) = scan((ARTICLE + OTHER + ARTICLE).replace(b"Monday", b"Sunday"), unit="line")
    assert (after.words, after.place) == (before.words, before.place)
    assert after.id != before.id


def test_equal_findings_are_told_apart() -> None:
    found = scan(ARTICLE + OTHER + ARTICLE + b"Short.\n" * 20 + ARTICLE, unit="line", max_gap=0)
    ids = [one.id for one in found]
    assert len(set(ids)) == len(ids)
    assert {one.base_id for one in found} < set(ids)
    assert any(one.id == f"{one.base_id}-2" for one in found)


def test_both_engines_read_the_same_texts(engine: str) -> None:
    """The text of a block, and what stands around it in its document and nowhere else."""
    (found,) = scan(OTHER + ARTICLE + OTHER[:30] + b"\n" + ARTICLE + b"The end.", engine=engine, unit="line")
    assert found.texts.repeat.text == ARTICLE.decode()
    assert found.texts.repeat.before.endswith(OTHER[:30].decode() + "\n")
    assert found.texts.repeat.after == "The end."
    assert found.texts.original.text == ARTICLE.decode()
    assert found.texts.original.before == OTHER.decode()
    assert not found.texts.repeat.cut


def told(*repeats: Repeat) -> Passage:
    """The original of an excerpt of a block at [300, 600) that repeats [0, 300), in which case differs."""
    block = Block(Place(0, 300, 600, 2, 2), Place(0, 0, 300, 1, 1), len(repeats), 9, 1, 9, repeats)
    data = b"A" * 300 + b"a" * 300
    (content,) = read_contents([block], lambda _, start, end: data[start:end], Reading("excerpt"))
    assert content.texts.repeat == Passage("a" * EXCERPT_BYTES, cut=True)
    return content.texts.original


def part(start: int, end: int, kind: str = "exact") -> Repeat:
    here, there = Place(0, 300 + start, 300 + end, 2, 2), Place(0, start, end, 1, 1)
    return Repeat(here, there, kind, 9, 8, 8, True)


def test_an_excerpt_in_the_same_words_is_taken_once() -> None:
    """Where all of both places is repeated so; not where something is near, or stands between."""
    same, own = Passage("a" * EXCERPT_BYTES, cut=True), Passage("A" * EXCERPT_BYTES, cut=True)
    assert told(part(0, 300)) == told(part(0, 100), part(100, 150, "short"), part(150, 300)) == same
    assert told(part(0, 300, "near")) == told(part(0, 100), part(110, 300)) == told(part(0, 290)) == own


@pytest.mark.parametrize(("level", "limit"), [("full", FULL_BYTES), ("excerpt", EXCERPT_BYTES)])
@pytest.mark.parametrize("letter", ["a", "é", "東", "😀"])
def test_a_long_text_is_cut_between_characters(level: str, limit: int, letter: str) -> None:
    """However wide characters are, none is cut through, and no more than one is lost."""
    text = (letter * (limit + 10)).encode()
    for shift in range(4):
        first = 50 + shift
        (content,) = contents(b"x" * first + text, first, first + len(text), level)
        repeat = content.texts.repeat
        assert repeat.cut
        assert set(repeat.text) == {letter}
        assert limit - 4 < len(repeat.text.encode()) <= limit


def test_what_is_around_is_cut_between_characters() -> None:
    side = "é" * 300
    for shift in ("", "x"):
        text = f"{side}{shift}|".encode() + b"the text" + f"{side}{shift}".encode()
        first = text.index(b"the text")
        (content,) = contents(text, first, first + 8, "full")
        repeat = content.texts.repeat
        assert repeat.text == "the text"
        assert set(repeat.before) | set(repeat.after) <= {"é", "x", "|"}
        assert AROUND_BYTES - 2 <= len(repeat.before.encode()) <= AROUND_BYTES


def test_bytes_that_are_no_text_come_back() -> None:
    """A renderer can slice the paragraphs of a block out of its text."""
    text = b"caf\xe9 \xff\xfe and more " * 3
    (content,) = contents(text * 2, len(text), 2 * len(text), "full")
    assert content.texts.repeat.text.encode("utf-8", "surrogateescape") == text


def test_without_text_there_is_still_an_id() -> None:
    (content,) = contents(OTHER * 2, len(OTHER), 2 * len(OTHER), "none")
    assert content.texts is None
    assert content.id == fingerprint([OTHER])
