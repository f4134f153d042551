"""Findings as flat numbers: what is cut off a table is what a list of them would give, and takes no more room."""

from __future__ import annotations

from array import array
from random import Random

import pytest

from dedup.findings import Block, Place, Repeat, Variant
from dedup.flat import RULES, Blocks, Variants


def place(draw: Random, document: int) -> Place:
    return Place(document, *(draw.randrange(1000) for _ in range(4)))


def blocks(draw: Random) -> list[Block]:
    found = []
    for document in range(12):
        repeats = tuple(
            Repeat(place(draw, document), place(draw, 3), "near", draw.randrange(99), 5, 7, bool(draw.randrange(2)))
            for _ in range(draw.randrange(4))
        )
        found.append(Block(place(draw, document), place(draw, 3), 2, 30, 1, 15, repeats))
    return found


def variants(draw: Random) -> list[Variant]:
    words = ["maíz", "12", "", "Ohio"]
    return [
        Variant(place(draw, n), place(draw, 3), RULES[n % 5], tuple(draw.sample(words, draw.randrange(4))), 20, 3, 9)
        for n in range(12)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_tail_is_a_table_of_its_own(seed: int) -> None:
    draw = Random(seed)
    for found, table in ((blocks(draw), Blocks), (variants(draw), Variants)):
        for first in range(len(found) + 1):
            tail = table(found).tail(first)
            assert tail == found[first:]
            tail.extend(table(found))
            tail.extend(found[:2])
            assert tail == [*found[first:], *found, *found[:2]]
            assert table(found).part(0, first) == found[:first]


def test_a_tail_holds_nothing_of_what_came_before() -> None:
    found, others = blocks(Random(1)), variants(Random(1))
    assert len(Blocks(found).tail(9).repeats) == len(Blocks(found[9:]).repeats)
    assert Variants(others).tail(9).words == Variants(others[9:]).words
    assert Variants(others).tail(9).ends == Variants(others[9:]).ends
    assert Blocks(found).tail(12).repeats == array("Q")
    assert not Variants(others).tail(12).words


@pytest.mark.parametrize("seed", range(5))
def test_variants_without_their_words(seed: int) -> None:
    """All else stays; the table they are made from keeps its own."""
    found = variants(Random(seed))
    table = Variants(found)
    bare = table.without_words()
    assert bare == [one._replace(new=()) for one in found]
    assert table == found
    assert not bare.words
    bare.extend(table)
    assert bare[len(found) :] == found
