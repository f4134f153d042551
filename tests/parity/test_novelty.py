"""Both engines find the same terms and the same additions."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.engine.select import available
from dedup.rule.novelty import added
from dedup.rule.terms import find_terms

from .buffers import nasty

pytestmark = pytest.mark.skipif("native" not in available(), reason="the native engine does not run here")

PIECES = [
    "This", "does", "do", "that", "it", "Mein",
    "The", "the", "Senate", "House", "U.S.", "US", "D.C.", "Sen.", "Lugar", "R-IN", "Ind.", "voted", "votes", "voting",
    "not", "don't", "would", "over", "more", "than", "1", "12", "1,250", "1.50", "5.00", "12-1/2", "½", "3½", "1/2",
    "9:40", "a.m.", "p.m", "0940", "-5", "$5", "$-5", "-$5", "−5", "€", "5 €", "%", "pct", "per", "cent", "million",
    "mln", "ten", "twenty-one", "tenth", "10th", "F-22A", "E85", "E-85", "legislati0n", "govemment", "goverment",
    "government", "organise", "organize", "colour", "color", "co-operate", "cooperate", "Headstart", "Head", "Start",
    "Early", "Act[3]", "(CDBG)", "Community", "Development", "Block", "Grant", "New", "York", "NY", "N.Y.", "Feb.",
    "February", "'s", "’s", "rule's", "rules", ".", ",", ";", "--", "-", "…", "。", "，", "東", "京", "2024年", "не",
    "двадцать", "नहीं", "لا", "Straße", "STRASSE", "é", "é", "ﬁrst", "１２", "\u00ad", "\u200b", "3.", "3)", "i", "I",
    "A", "E", "Iraq", "attacked", "Iran", "Иран", "напал", "Kohl,", "and", "Monday", "May", "against", "for", "from",
    "to", "about", "agree-\nment", "agreement", "in-\n form", "inform", "well-\nknown", "5chools", "schools", "thc",
    "tbe", "1n", "in", "of", "0f", "whieh", "which", "дом", "дым", "statue", "statute", "IN", "US", "us", "Wash",
    "Wash.", "TENN.", "(NYS)", "(HOUSE)",
]  # fmt: skip


def check(p: bytes, q: bytes) -> None:
    from dedup.engine import native

    assert native.added(p, q) == added(p, q)
    assert native.terms(p) == native.terms(p, q) == [term[:5] for term in find_terms(p)]


texts = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda pieces: st.sampled_from([" ", " ", " ", "", "\n"]).map(lambda gap: gap.join(pieces))
)


@settings(max_examples=400, deadline=None)
@given(texts, texts)
def test_generated_texts(one: str, other: str) -> None:
    check(one.encode(), other.encode())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=20),
    st.lists(st.sampled_from([" ", "\n", "  ", "\t", "\r\n"]), min_size=40),
)
def test_the_width_of_white_space_says_nothing(pieces: list[str], spaces: list[str]) -> None:
    """What differs in it alone adds nothing: the native engine does not even read it."""
    pieces = [piece for piece in pieces if not piece.endswith(("-", "é"))]
    one = "".join(map(str.__add__, pieces, spaces))
    other = "".join(map(str.__add__, pieces, spaces[20:]))
    assert added(one.encode(), other.encode()) is None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=4, max_size=60), st.randoms(use_true_random=False))
def test_generated_edits(pieces: list[str], draw: random.Random) -> None:
    """Near texts: most of both is the same, in one case or in two."""
    cases = (str, str, str, str.upper, str.lower, str.title)
    one, other = (draw.choice(cases)(" ".join(each)) for each in (pieces, edit(pieces, draw)))
    check(one.encode(), other.encode())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=20, max_size=160), st.randoms(use_true_random=False))
def test_stretches_in_common(pieces: list[str], draw: random.Random) -> None:
    """Changes in many places, and lines that end elsewhere: what stands between the changes is not read twice."""
    one, other = (wrap(each, draw) for each in (pieces[draw.randrange(20) :], edit(pieces, draw, most=9)))
    check(one.encode(), other.encode())
    check(other.encode(), one.encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [("ten million", "ten miles"), ("9 a.m.", "9 acres"), ("about 12", "about 1x"), ("per cent", "per capita"),
     ("the U.S. Senate", "the U.S.A Senate"), ("as well as", "as well a"), ("twenty one", "twenty oaks")],
)  # fmt: skip
def test_what_follows_tells_what_a_word_is(one: str, other: str) -> None:
    """The word after begins with the same letter, and so is where a stretch in common ends."""
    text = "It was said in the House that they found {} in a field behind the old school at noon."
    for p, q in ((one, other), (other, one)):
        check(text.format(p).encode(), text.format(q).encode())
        check(("Yes, " + text.format(p)).encode(), text.format(q).encode())


def wrap(pieces: list[str], draw: random.Random) -> str:
    return "".join(piece + draw.choice("       \n") for piece in pieces)


def edit(pieces: list[str], draw: random.Random, most: int = 3) -> list[str]:
    """One piece or more changed, dropped, added or swapped."""
    pieces = list(pieces)
    for _ in range(draw.randint(1, most)):
        i, j = draw.randrange(len(pieces)), draw.randrange(len(pieces))
        change = draw.randrange(4)
        if change == 0:
            pieces[i] = draw.choice(PIECES)
        elif change == 1:
            pieces.insert(i, draw.choice(PIECES))
        elif change == 2:
            pieces[i], pieces[j] = pieces[j], pieces[i]
        elif len(pieces) > 1:
            del pieces[i]
    return pieces


def test_nasty_buffers() -> None:
    """Every way for bytes to be no text, beside themselves and each other."""
    buffers = list(nasty())
    for one, other in zip(buffers, buffers[1:] + buffers[:1], strict=True):
        check(one[:2000], other[:2000])
        check(one[:2000], one[:1990])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes(one: bytes, other: bytes) -> None:
    check(one, other)


def test_real_text_with_edits(data: Path) -> None:
    """Addresses and releases, each line beside an edited copy of itself."""
    draw = random.Random(7)
    lines = (data / "sotu.txt").read_bytes().splitlines()[:150]
    pairs = (data / "labelled_pairs.jsonl").read_text(encoding="utf-8").splitlines()
    lines += [json.loads(pair)["kept"].encode() for pair in pairs[:200]]
    for line in lines:
        words = line[:3000].decode().split(" ")
        check(" ".join(edit(words, draw)).encode(), line[:3000])
        check(line[:3000], " ".join(edit(words, draw)).encode())
        check(wrap(edit(words, draw, most=12), draw).encode(), wrap(words[draw.randrange(8) :], draw).encode())
