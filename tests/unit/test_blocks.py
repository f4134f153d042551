"""Repeats join into blocks along an earlier passage; the block decides what goes.

A document is written as a word: capitals are long paragraphs of ten words, lower-case letters short ones of
one, equal letters equal text, "." a long paragraph that is like nothing else.
"""

from __future__ import annotations

from dedup.matching.blocks import Blocks
from dedup.matching.members import SHORT, OpenBlock, Places
from dedup.matching.repeats import Sketch, Walk
from dedup.settings import Settings


class Corpus:
    """Documents walked with given settings."""

    def __init__(self, *documents: str, max_gap: int = 1, min_block_words: int = 40) -> None:
        settings = Settings(min_words=2, max_gap=max_gap, min_block_words=min_block_words)
        self.text = "".join(documents)
        self.places = Places()
        self.blocks = Blocks(settings, self.places, lambda g, h: self.text[g] == self.text[h])
        self.walk = Walk(settings, self.places, self.blocks)
        self.closed: list[OpenBlock] = []
        for number, document in enumerate(documents):
            for letter in document:
                self.walk.place(number, self.sketch(letter))
            self.blocks.end_document()
            self.closed += self.blocks.take_closed()

    def sketch(self, letter: str) -> Sketch:
        name = letter if letter != "." else f".{len(self.places.link)}"
        words = (name.encode(),) * (1 if letter.islower() else 10)
        return Sketch(words, hash(words), frozenset({hash(name)}), ())

    @property
    def kept(self) -> str:
        return "".join(letter for g, letter in enumerate(self.text) if g not in self.blocks.removed)

    @property
    def pairs(self) -> list[str]:
        """Each block as the repeats and the passage, by offset."""
        return [" ".join(f"{m.g}={m.h}" for m in block.parts) for block in self.closed]


def test_a_doubled_article_is_one_block() -> None:
    corpus = Corpus("ABCABC")
    assert corpus.kept == "ABC"
    assert corpus.pairs == ["3=0 4=1 5=2"]


def test_a_gap_does_not_break_a_block_on_either_side() -> None:
    assert Corpus("ABCA.BC").pairs == ["3=0 5=1 6=2"]
    assert Corpus("ABCDA.BD").pairs == ["4=0 6=1 7=3"]
    assert Corpus("ABCA..BC").pairs == ["3=0", "6=1 7=2"]
    assert Corpus("ABCA.BC", max_gap=0).pairs == ["3=0", "5=1 6=2"]


def test_subheads_go_with_their_block() -> None:
    """Short ones between and at both edges go; they never match on their own."""
    assert Corpus("xaAbBcy" + "aAbBc").kept == "xaAbBcy"
    assert Corpus("aAaA").pairs == ["2=0 3=1"]
    assert Corpus("abab").kept == "abab"


def test_a_subhead_after_a_gap_waits_for_what_follows() -> None:
    """It goes if a long paragraph follows in its place, and stays if the block ends."""
    assert Corpus("AxBC" + "AyxBC").pairs == ["4=0 6=1 7=2 8=3"]
    assert Corpus("AxBC" + "Ayx..").pairs == ["4=0"]


def test_shorts_on_the_left_are_at_most_sixteen() -> None:
    subheads = "abcdefghijklmnopqrst"
    corpus = Corpus(f"{subheads}A", f"{subheads}A", min_block_words=1)
    assert corpus.kept == f"{subheads}A" + subheads[:4]


def test_one_repeat_of_another_document_stays() -> None:
    """And counts as shown: the second time in the same document it goes."""
    corpus = Corpus("A", "A...A")
    assert corpus.kept == "AA..."
    assert corpus.blocks.kept_repeats == {1}


def test_a_long_block_of_another_document_goes() -> None:
    assert Corpus("ABCD", "ABCD").kept == "ABCD"
    assert Corpus("ABCD", "ABC").kept == "ABCDABC"
    assert Corpus("ABCaD", "ABCaD", min_block_words=41).kept == "ABCaD"


def test_paragraphs_in_another_order_count_together() -> None:
    """Each is a block of its own, too short to go alone; the passage is whole in the end."""
    corpus = Corpus("ABCDEF", "CFADBE")
    assert corpus.kept == "ABCDEF"
    assert corpus.pairs == ["6=2", "7=5", "8=0 10=1", "9=3 11=4"]
    assert Corpus("ABCDEF", "C.F.A.D.BE").kept == "ABCDEF" + "...."
    assert Corpus("ABCDEF", "C..F..A..D..B..E").kept == "ABCDEF" + "C..F..A..D..B..E"


def test_neighbours_from_several_documents_do_not_count_together() -> None:
    assert Corpus("AB", "CD", "DBCA").kept == "ABCDDBCA"


def test_repeats_scattered_over_an_earlier_document_stay() -> None:
    """Less than half of the passage between the first and the last of them: what any two lists have in common."""
    assert Corpus("A..B..C..D", "DBAC").kept == "A..B..C..DDBAC"
    assert Corpus("A.B.C.D", "DBAC").kept == "A.B.C.D"


def test_one_place_counts_once() -> None:
    """The same paragraph again and again is no passage; the second is removed, since the first is shown."""
    assert Corpus("A", "AAAAAA").kept == "AA"


def test_what_follows_a_long_block_in_another_order_goes_with_it() -> None:
    assert Corpus("ABCDEFG", "ABCDGF").kept == "ABCDEFG"
    assert Corpus("ABCDEFG", "GFABCD").kept == "ABCDEFG"


def test_a_repeat_waits_no_longer_than_blocks_beside_it_are_short() -> None:
    """A long block may go on for ever: what is too far from it in the passage is judged when it is long enough."""
    far = "".join(chr(0x4E00 + i) for i in range(60))
    corpus = Corpus(far)
    for letter in far[59] + far[:4]:
        corpus.text += letter
        corpus.walk.place(1, corpus.sketch(letter))
    assert corpus.blocks.first_undecided(len(corpus.places.link)) == len(corpus.places.link)
    assert corpus.blocks.kept_repeats == {60}


def test_shorts_of_a_small_block_stay() -> None:
    assert Corpus("aAb", "aAb").kept == "aAbaAb"


def test_shorts_of_a_passage_in_another_order_go_with_it() -> None:
    """Each directly follows what is borrowed, and equals a short one elsewhere in the passage."""
    assert Corpus("AxByCzDw", "CyAwDxBz").kept == "AxByCzDw"
    assert Corpus("AxByCzDw" + "CyAwDxBz").kept == "AxByCzDw"
    assert Corpus("AxByCzDw", "CyAwDxBz").pairs == ["8=4 9=3 11=7 15=5", "10=0", "12=6", "13=1 14=2"]


def test_a_long_one_between_two_strays_is_not_alone() -> None:
    """They hold the passage together: without them it has two shorts on either side, and a block ends."""
    assert Corpus("AxByCzDwE", "CyzAwxDE.B").kept == "AxByCzDwE."
    assert Corpus("AxByCzDwE", "CuvAuvDE.B").kept == "AxByCzDwECuvAuvDE.B"


def test_one_place_lets_one_stray_go() -> None:
    """What stands once in the passage goes once, and stays where it stands again."""
    assert Corpus("AxBCDE", "BxCxDEA").kept == "AxBCDEx"


def test_shorts_apart_from_what_is_borrowed_stay() -> None:
    """What follows something new, or nothing, is a line of its own."""
    assert Corpus("AxByCDE", "DE.xCBAy", min_block_words=20).kept == "AxByCDE.x"
    assert Corpus("AxByCDE", "yDECBAx").kept == "AxByCDEy"


def test_a_stray_has_to_stand_in_the_passage_or_beside_it() -> None:
    assert Corpus("xABCDy", "CDyABx").kept == "xABCDy"
    assert Corpus("x.ABCD.y", "CDyABx").kept == "x.ABCD.yyx"


def test_one_block_frees_no_stray() -> None:
    """Without another order there is no reason to look elsewhere."""
    assert Corpus("xABCDE", "ABCDEx").kept == "xABCDEx"
    assert Corpus("xABxCDE" + "ABCDEyx").kept == "xABxCDEyx"


def test_shorts_of_a_passage_that_is_not_proved_stay() -> None:
    """Neither enough words nor half of the passage: they stay with the long ones."""
    assert Corpus("AxByC", "ByAx").kept == "AxByCByAx"
    assert Corpus("Ax....By....CzD", "DzAxBy").kept == "Ax....By....CzDDzAxBy"


def test_a_stray_that_stands_before_its_long_one_goes_with_that() -> None:
    """A new block takes the short one on its left, as it stands in the passage."""
    assert Corpus("xAyB" + "BxA").pairs == ["4=3", "5=0 6=1"]


def test_a_pending_short_may_be_a_stray() -> None:
    """It stood too far on in the passage, and what follows goes on without it."""
    assert Corpus("ABCxDE", "ECxBDA").kept == "ABCxDE"
    assert Corpus("AB.xCD", "DAxBC").kept == "AB.xCD"


def test_what_waits_for_a_stray_is_bounded() -> None:
    """A whole block that goes on out of reach brings nothing more: the short ones beside it are judged."""
    far = "".join(chr(0x4E00 + i) for i in range(60))
    corpus = Corpus(f"x{far}")
    for letter in far[3] + "x" + far[:40]:
        corpus.text += letter
        corpus.walk.place(1, corpus.sketch(letter))
    assert corpus.blocks.first_undecided(len(corpus.places.link)) == len(corpus.places.link)
    assert corpus.kept == f"x{far}"


def test_a_block_follows_one_passage() -> None:
    """Copies of one paragraph: each repeat goes on where the last one was, not to the first."""
    assert Corpus("ABAC", "ABAC").pairs == ["2=0", "4=0 5=1 6=2 7=3"]


def test_a_lone_repeat_moves_to_the_passage_that_goes_on() -> None:
    """The lead was in the agency's document first; the article doubled is in this one."""
    corpus = Corpus("L", "LBCLBC")
    assert corpus.pairs == ["1=0", "4=1 5=2 6=3"]
    assert corpus.kept == "LLBC"


def test_a_member_names_a_short_one_that_stays() -> None:
    """The third copy names the first, though it follows the second."""
    corpus = Corpus("aA" * 3)
    originals = {member.g: corpus.blocks.kept_original(member) for block in corpus.closed for member in block.members}
    assert originals == {2: 0, 3: 1, 4: 0, 5: 1}


def test_blocks_end_with_their_document() -> None:
    assert Corpus("AB", "A", "B", min_block_words=1).pairs == ["2=0", "3=1"]


def test_blocks_are_handed_over_in_order_of_their_first_paragraph() -> None:
    """A block waits while an older one is open."""
    settings = Settings(min_words=2, max_gap=1)
    places = Places()
    blocks = Blocks(settings, places, lambda g, h: False)
    walk = Walk(settings, places, blocks)
    corpus = Corpus("A")
    for letter in "ABXCYDXEAXBYC":
        walk.place(0, corpus.sketch(letter))
        taken = [block.number for block in blocks.take_closed()]
        assert taken == sorted(taken)
        assert all(block.number > max(taken, default=-1) for block in blocks.open)


def test_what_may_still_go_is_undecided() -> None:
    """A short one that a block might take, or a repeat in an open small block, holds up what follows."""
    settings = Settings(min_words=2)
    corpus = Corpus("aAb")
    places, blocks = corpus.places, corpus.blocks
    assert settings.max_gap == 1
    for letter, undecided in zip(".a" + "Ab.", [4, 4, 4, 4, 4], strict=True):
        corpus.text += letter
        corpus.walk.place(1, corpus.sketch(letter))
        assert blocks.first_undecided(len(places.link)) == undecided
    assert places.link == [SHORT, 1, SHORT, 3, SHORT, 1, SHORT, 7]
