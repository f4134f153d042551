"""Paragraphs tile a document, and a sentence ends where a reader would say so."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import paragraphs
from dedup.paragraphs import LineStatistics, choose_unit, detect_unit, line_statistics, resolve_unit
from dedup.paragraphs import split_paragraphs as split
from dedup.unit import Unit

SEED = Path(__file__).parents[2] / "seeds" / "nato-summit-pasted-twice.txt"
FRAGMENTS = [
    *[" ", "  ", "\t", "\n", "\n", "\r\n", "\r", "\n\n", "\x0b", "\u00a0", "\u3000"],
    *[".", ".", "!", "?", "\u2026", "。", "！", "؟", "।", '"', "\u201d", "\u201c", "(", "」", ")"],
    *["Mr", "U.S", "No", "5", "12", "a", "b", "The", "é", "É", "ж", "界", "\x00", "Inc"],
]
texts = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(lambda parts: "".join(parts).encode()),
    st.binary(max_size=40),
)
units = st.sampled_from(Unit)


def pieces(text: str | bytes, unit: Unit) -> list[bytes]:
    """Give the paragraphs of a whole document."""
    data = text.encode() if isinstance(text, str) else text
    return [data[start:end] for start, end in pairwise(split(data, unit, at_end=True))]


def sentences(text: str, unit: Unit = Unit.SENTENCE) -> list[str]:
    return [piece.decode() for piece in pieces(text, unit)]


@given(texts, units)
def test_paragraphs_tile_the_document(text: bytes, unit: Unit) -> None:
    """No paragraph is empty, and end to end they are the document."""
    starts = split(text, unit, at_end=True)
    assert starts == sorted(set(starts))
    assert (starts[0], starts[-1]) == (0, len(text))


@given(texts, units)
def test_what_follows_a_start_depends_on_the_text_from_there(text: bytes, unit: Unit) -> None:
    """The text from any start on is split in the same places."""
    starts = split(text, unit, at_end=True)
    for i, start in enumerate(starts):
        assert [start + offset for offset in split(text[start:], unit, at_end=True)] == starts[i:]


@given(texts, units, st.data())
def test_a_stretch_of_paragraphs_splits_alone_as_it_does_in_place(text: bytes, unit: Unit, data: st.DataObject) -> None:
    """A batch that begins and ends at boundaries needs nothing around it."""
    starts = split(text, unit, at_end=True)
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(starts) - 1)] * 2)))
    stretch = split(text[starts[first] : starts[last]], unit, at_end=True)
    assert [starts[first] + offset for offset in stretch] == starts[first : last + 1]


@given(texts, units, st.integers(0, 80))
def test_starts_given_before_the_end_hold_whatever_follows(text: bytes, unit: Unit, seen: int) -> None:
    """A reader that has seen only a part gives starts that the whole text has too."""
    early = split(text[:seen], unit, at_end=False)
    assert early == split(text, unit, at_end=True)[: len(early)]


@given(st.lists(st.sampled_from([b"a", b"bb", b" ", b"\n", b". B", "é".encode(), b"\xff"]), max_size=40), units)
def test_long_paragraphs_are_cut_alike_in_any_stretch(parts: list[bytes], unit: Unit) -> None:
    """No paragraph is longer than the cap, and the laws above hold for cut ones."""
    text = b"".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paragraphs, "MAX_PARAGRAPH_BYTES", 8)
        patch.setattr(paragraphs, "MAX_DOCUMENT_BYTES", 8)
        starts = split(text, unit, at_end=True)
        assert all(end - start <= 8 for start, end in pairwise(starts))
        for i, start in enumerate(starts):
            assert [start + offset for offset in split(text[start:], unit, at_end=True)] == starts[i:]
            assert split(text[:start], unit, at_end=True) == starts[: i + 1]
        for seen in range(len(text)):
            early = split(text[:seen], unit, at_end=False)
            assert early == starts[: len(early)]


def test_lines_own_the_blank_lines_after_them() -> None:
    assert pieces("\n \na\n\n b\r\n\r\nc\rd", Unit.LINE) == [b"\n \n", b"a\n\n", b" b\r\n\r\n", b"c\r", b"d"]


def test_blank_lines_part_paragraphs_of_wrapped_lines() -> None:
    text = "\nOf Man's first\r\ndisobedience\r\n\r\n\r\nSing, heavenly\nMuse\n \n"
    assert [len(piece) for piece in pieces(text, Unit.BLANK)] == [1, 34, 22]


def test_indented_first_lines_begin_paragraphs() -> None:
    story = "    Showers continued\nin the Bahia cocoa zone.\n    Comissaria Smith said\n\nReuter\n"
    assert [piece[:10] for piece in pieces(story, Unit.INDENT)] == [b"    Shower", b"    Comiss", b"Reuter\n"]


def test_a_document_is_one_paragraph() -> None:
    assert pieces(b"one\n\ntwo\n", Unit.DOCUMENT) == [b"one\n\ntwo\n"]


def test_a_token_longer_than_the_cap_keeps_its_indentation() -> None:
    """An indented megabyte without white space is not parted from its indentation."""
    text = b"a\n  " + b"x" * (2 << 20)
    assert split(text, Unit.LINE, at_end=True) == [0, 2, 2 + (1 << 20), 2 + (2 << 20), len(text)]


def test_the_cap_cuts_after_white_space_or_between_characters() -> None:
    words = b"word " * (300 << 10)
    assert split(words, Unit.LINE, at_end=True)[1] == (1 << 20) - (1 << 20) % 5
    characters = "界".encode() * (400 << 10)
    assert split(characters, Unit.LINE, at_end=True)[1] == (1 << 20) - (1 << 20) % 3


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Smith and Sen. J. Biden met Gov. Rell in Washington.",
        "The U.S. Senate voted at 9 a.m. Eastern time.",
        "He holds a Ph.D. from Yale.",
        "See No. 5 and pp. 12-14, vol. 3.",
        "Net rose to 3.9 pct from 1.5 mln.",
        "Visit www.senate.gov for more...and call.",
        "Acme Corp. said Atari Inc. bought it.",
        "“Why?” he asked and went.",
        "Il a dit oui! et non.",
        "1. The committee shall meet.",
        "“Mr. Speaker,” he began",
        "the\u00a0Rev. Martin Luther King, Jr. marched",
        "нет! и всё",
        "z.B. Berlin",
    ],
)
def test_no_sentence_ends_inside(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["He left. ", "She stayed."],
        ["“It is over.” ", "“No,” he said."],
        ["(See below.) ", "The end"],
        ["What?! ", "Yes… ", "No."],
        ["He said no. ", "No one moved."],
        ["Oil fell 2.5 pct. ", "7 firms lost."],
        ["一九四九年。", "中国成立。」", "次の文！", "終わり"],
        ["هل ذهب؟ ", "نعم ذهب۔ ", "end"],
        ["वह गया। ", "वह आया॥ ", "अंत"],
        ["Он ушёл. ", "Она осталась."],
        ["End.\u00a0", "Next."],
        ["Line one. ", "Two.\n", "Three"],
        ["He came in 1999. ", "In May he left."],
        ["1. The first. ", "2. The second."],
    ],
)
def test_sentences_end(parts: list[str]) -> None:
    assert sentences("".join(parts)) == parts


def test_sentences_go_on_over_a_single_line_end_in_wrapped_text() -> None:
    parts = ["It was the best\nof times. ", "It was the\nworst of times.\n", "It was the age.\n\n", "  Next."]
    assert sentences("".join(parts), Unit.SENTENCE_WRAPPED) == parts
    assert len(sentences("".join(parts), Unit.SENTENCE)) == 6


def test_the_pasted_article_is_read_by_lines() -> None:
    """The seed is twice the same lines; every paragraph is a line."""
    text = SEED.read_bytes()
    assert detect_unit(text, whole=True) is Unit.LINE
    assert pieces(text, Unit.LINE) == text.splitlines(keepends=True)


def test_an_article_on_one_line_is_read_by_sentences() -> None:
    text = SEED.read_bytes().replace(b"\n", b" ")
    assert detect_unit(text, whole=True) is Unit.SENTENCE
    assert detect_unit(b"NATO\n\n" + text[:800], whole=True) is Unit.SENTENCE


def wrap(text: bytes, width: int, indent: bytes = b"") -> bytes:
    """Break each line of a text at a width."""
    import textwrap

    lines = text.decode().splitlines()
    filled = (textwrap.fill(line, width, initial_indent=indent.decode()) for line in lines)
    return ("\n" if indent else "\n\n").join(filled).encode()


def test_wrapped_articles_are_read_by_blank_lines_or_indentation() -> None:
    text = SEED.read_bytes()
    assert detect_unit(wrap(text, 60), whole=True) is Unit.BLANK
    assert detect_unit(wrap(text, 60, b"    "), whole=True) is Unit.INDENT


LONG_LINES = [
    b"The harbour board met on Tuesday to hear what the engineers had found below the old pier, and nobody left early.",
    b"Three of its members had asked for the meeting, and the fourth had written that he would not come to the port.",
    b"Nothing was decided that day, though the minutes say that the mood was better than it had been in the winter.",
]
PASTED = (
    b"Work on the northern Pier began on the second of March, and the Mayor of Port Ellen said that it would be done "
    b"by the end of the Summer if the Harbour Board and the Ministry of Works agreed on who was to pay for the stone."
)
"""With names at many places, so that the next line of it often begins with a capital."""


def paste(passage: bytes) -> bytes:
    """Put a passage between paragraphs of one line."""
    return b"\n\n".join([*LONG_LINES, passage.strip(), *LONG_LINES]) + b"\n"


@pytest.mark.parametrize("width", [48, 60, 76])
def test_a_wrapped_passage_among_long_lines_is_read_by_blank_lines(width: int) -> None:
    """Few of its lines visibly go on; that they are all full tells it from a list."""
    text = paste(wrap(PASTED, width))
    statistics = line_statistics(text, whole=True)
    assert statistics.pairs == statistics.cut > 0
    assert detect_unit(text, whole=True) is Unit.BLANK
    assert pieces(text, Unit.BLANK)[3] == wrap(PASTED, width) + b"\n\n"


def test_a_wrapped_passage_beside_an_article_on_one_line_is_read_by_sentences_over_line_ends() -> None:
    text = paste(wrap(PASTED, 60)) + b"\n" + b" ".join(LONG_LINES * 4) + b"\n"
    assert detect_unit(text, whole=True) is Unit.SENTENCE_WRAPPED


@pytest.mark.parametrize(
    "passage",
    [
        b"* Port Ellen, 5,335 pounds for the pier\n* Saint Mary, 6,525 pounds\n* the Hebrides, 610 pounds for boats\n",
        b"Office of the Harbour Board of Port Ellen and Saint Mary\n12 Quay Street\nPort Ellen\nthe Hebrides\n",
        b"The boats went out at break of day\nAnd all the bells were ringing;\nBut one of them was on its way\n"
        b"Before we heard them singing.\n",
        b"Port     pounds   boats in the year   remarks of the board\nEllen    5,335    12\nMary     6,525    9   no\n",
        b"One headline of a page, about the old harbour\nAnother headline\nA third, on the pier of Port Ellen\n",
    ],
)
def test_lists_addresses_verses_and_tables_are_read_by_lines(passage: bytes) -> None:
    """Their lines end where they end, and not where the next word finds no room."""
    assert detect_unit(paste(passage), whole=True) is Unit.LINE
    assert line_statistics(paste(passage), whole=True).cut == 0


def test_lines_without_blank_ones_between_stay_lines() -> None:
    """A page that is all one run may be a list of long entries as well."""
    assert detect_unit(wrap(b"The Mayor came. " * 30, 60), whole=True) is Unit.LINE


def test_an_address_wider_than_the_column_does_not_hide_it() -> None:
    """No width can cut a word, so it may stand out of its column."""
    address = b"https://www.example.org/harbours/of/the/western/isles/and/their/piers/in/the/year"
    text = paste(wrap(PASTED, 56) + b"\n" + address + b"\nis where the board keeps its papers.")
    assert detect_unit(text, whole=True) is Unit.BLANK


@pytest.mark.parametrize(
    "line",
    [
        b"cron[812]: session opened for user root by uid 0",
        b"GET /robots.txt HTTP/1.1,",
        b"  - restart: always, on failure;\t",
    ],
)
def test_copies_of_a_line_are_lines(line: bytes) -> None:
    """A line does not go on from its own copy, whatever it begins or ends with."""
    text = b"\n".join([line, line.strip(), line + b" "] * 20) + b"\n"
    assert detect_unit(text, whole=True) is Unit.LINE
    assert line_statistics(text, whole=True).continued == 0


def test_statistics_leave_out_a_line_that_goes_on() -> None:
    head = b"One line,\ntwo lines\n\n  and a th"
    assert line_statistics(head, whole=False) == LineStatistics(2, 4, 2, 0, 0, 1, 1)
    assert line_statistics(head, whole=True) == LineStatistics(3, 7, 3, 1, 1, 1, 1)
    assert line_statistics(b"only", whole=False).lines == 1


def test_an_empty_document_has_a_unit() -> None:
    assert choose_unit(line_statistics(b"\n \n", whole=True)) is Unit.LINE
    assert split(b"", Unit.LINE, at_end=True) == [0]


def test_units_asked_for_by_name() -> None:
    """`sentence` still looks at whether lines are wrapped; both have the same label."""
    wrapped = wrap(SEED.read_bytes(), 60)
    assert resolve_unit("sentence", wrapped, whole=True) is Unit.SENTENCE_WRAPPED
    assert resolve_unit("sentence", b"One. Two.", whole=True) is Unit.SENTENCE
    assert {unit.label for unit in Unit} == {"line", "blank", "indent", "sentence", "document"}
    assert all(resolve_unit(unit.label, b"", whole=True).label == unit.label for unit in Unit)
