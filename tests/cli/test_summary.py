"""The summary: the line for scripts, the page for terminals, and names that must not steer either."""

from __future__ import annotations

import dataclasses
import io
import json
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

import dedup
from dedup.checks.api import check
from dedup.cli import summary
from dedup.cli.page import page, strip
from dedup.cli.progress import Progress
from dedup.counts import percent
from dedup.errors import InputSkipped
from dedup.findings import Block, DocumentTotals, Place
from dedup.report.model import Outcome, Report, Run, Stream
from dedup.report.renderers import render
from dedup.settings import Settings

ROOT = Path(__file__).parent.parent.parent


class Bands(NamedTuple):
    bands: int
    rows: int


def totals(number=0, **changes):
    facts = dict.fromkeys(DocumentTotals._fields, 0)
    return DocumentTotals(**{**facts, "document": number, "unit": "line", "paragraphs": 34, "words": 1132, **changes})


SEED = {"removed_paragraphs": 17, "removed_words": 566, "removed_exact": 16, "removed_near": 1, "blocks": 1}
BLOCK = Block(Place(0, 3463, 6926, 18, 34), Place(0, 0, 3463, 1, 17), 17, 566, 17, 566, ())


def report(documents, largest=(), names=("seed.txt",), shares=(), skipped=()):
    outcome = Outcome(
        names=list(names),
        documents=list(documents),
        blocks=[],
        largest=list(largest),
        originals=17,
        full_buckets=0,
        bands=Bands(11, 3),
        input=Stream(6926, "0" * 32),
        output=Stream(3463, "1" * 32),
        engine="native",
        threads=2,
        seconds=0.004,
        variants_by_rule={},
        removed_map=list(shares),
        skipped=list(skipped),
    )
    return Report.build(Settings(), outcome, detailed=False)


def seed():
    return report([totals(**SEED)], [BLOCK], shares=[0.0] * 500 + [1.0] * 500)


def two_files():
    """Names that would be markup and an emoji if Rich read them, and one that would clear the screen."""
    other = BLOCK._replace(place=Place(1, 0, 3463, 1800, 11834))
    single = Block(Place(1, 9, 99, 7, 7), Place(1, 0, 9, 3, 3), 1, 12, 1, 12, ())
    documents = [totals(), totals(1, **SEED, removed_short=2, kept_repeats=2, invalid_bytes=1)]
    names = ["[bold]:smile:", "a/very/long/path/to/the/\x1b[2J/日本語/[red]article[/red]-2020-01-02.txt"]
    return report(documents, [other, single], names, [0.0] * 700 + [0.3] * 100 + [0.001] * 200)


def drawn(found, width, **console):
    file = io.StringIO()
    console = {"color_system": None, **console}
    Console(file=file, width=width, highlight=False, markup=False, emoji=False, **console).print(page(found, width))
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_the_page_of_the_seed_at_80_columns():
    assert drawn(seed(), 80) == [
        "",
        " Read     1 document · 34 paragraphs · 1,132 words",
        "          6.9 kB · 4 ms · 1.7 MB/s · native engine · 2 threads",
        " Removed  17 paragraphs, 50 % of the words, in 1 block",
        "          16 exact · 1 near · 0 short inside blocks",
        "",
        " Largest blocks",
        "   17 paragraphs  566 words  lines 18-34 repeat lines 1-17",
        "",
        " Where they lie",
        "   ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▅██████████████████████████████████████",
        "",
    ]


def test_the_page_of_the_seed_at_120_columns():
    lines = drawn(seed(), 120)
    assert lines[:-2] == drawn(seed(), 80)[:-2]
    assert lines[-2] == "   " + "▁" * 50 + "█" * 50


def test_the_page_tells_what_shares_a_line_in_bytes():
    one = BLOCK._replace(place=Place(0, 3463, 6926, 1, 1), original=Place(0, 0, 3463, 1, 1))
    lines = drawn(report([totals(**SEED)], [one]), 80)
    assert "   17 paragraphs  566 words  bytes 3,463-6,926 repeat bytes 0-3,463" in lines
    long = one._replace(place=Place(0, 10**9, 2 * 10**9, 1, 1), original=Place(0, 0, 10**9, 1, 1))
    lines = drawn(report([totals(**SEED), totals(1)], [long], ["a/" * 40, "b"]), 80)
    assert any(line.endswith("/: bytes 1,000,000,000-2,000,000,000") for line in lines)


def test_the_page_of_two_files_at_80_columns():
    assert drawn(two_files(), 80) == [
        "",
        " Read     2 documents · 68 paragraphs · 2,264 words",
        "          6.9 kB · 4 ms · 1.7 MB/s · native engine · 2 threads",
        " Removed  17 paragraphs, 25 % of the words, in 1 block",
        "          16 exact · 1 near · 2 short inside blocks",
        " Kept     2 repeats too short to remove",
        " Note     kept 1 byte that is not UTF-8 in",
        "          a/very/long/path/to/the/\\x1b[2J/日本語/[red]article[/red]-2020-01-02.t",
        "          xt: if the text is in another encoding, name it (--encoding NAME)",
        "",
        " Largest blocks",
        "   17 paragraphs  566 words  …d]article[/red]-2020-01-02.txt: lines 1,800-11,834",
        "                             repeats [bold]:smile:: lines 1-17",
        "     1 paragraph   12 words  …d]article[/red]-2020-01-02.txt: line 7",
        "                             repeats line 3",
        "",
        " Where they lie",
        "   " + "▁" * 53 + "▂▄▄▄▄▄▄▄▃▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂",
        "",
    ]


def test_the_page_of_two_files_at_120_columns_has_room_for_the_names():
    lines = drawn(two_files(), 120)
    at = lines.index(" Largest blocks") + 1
    assert lines[at].startswith(
        "   17 paragraphs  566 words  …very/long/path/to/the/\\x1b[2J/日本語/[red]article[/red]-2020"
    )
    assert lines[at].endswith("-2020-01-02.txt: lines 1,800-11,834")
    assert lines[at + 1] == "                             repeats [bold]:smile:: lines 1-17"


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 120, 300])
@pytest.mark.parametrize("make", [seed, two_files])
def test_no_line_is_wider_than_the_terminal(width, make):
    from rich.cells import cell_len

    assert max(map(cell_len, drawn(make(), width))) <= width


@pytest.mark.parametrize("width", [30, 40, 50, 59, 60])
def test_a_narrow_terminal_loses_no_number(width):
    """The lines of a block are what the page is read for."""
    words = " ".join(drawn(seed(), width)).split()
    assert "…" not in "".join(words)
    assert {"17", "566", "18-34", "1-17"} <= {*words}


def test_a_narrow_terminal_has_the_counts_of_a_block_on_a_line_of_their_own():
    """Beside them there would be no room for names, and too little for lines."""
    assert blocks_drawn(seed(), 40) == ["   17 paragraphs, 566 words", "     lines 18-34 repeat lines 1-17"]
    assert blocks_drawn(two_files(), 40) == [
        "   17 paragraphs, 566 words",
        "     …2020-01-02.txt: lines 1,800-11,834",
        "     repeats …old]:smile:: lines 1-17",
        "   1 paragraph, 12 words",
        "     …2020-01-02.txt: line 7",
        "     repeats line 3",
    ]
    assert blocks_drawn(two_files(), 60)[:3] == [
        "   17 paragraphs, 566 words",
        "     …/[red]article[/red]-2020-01-02.txt: lines 1,800-11,834",
        "     repeats [bold]:smile:: lines 1-17",
    ]


def blocks_drawn(found, width):
    """The lines below the title of the largest blocks."""
    lines = drawn(found, width)
    first = lines.index(" Largest blocks") + 1
    return lines[first : lines.index("", first)]


def test_variants_are_told():
    """As the line for scripts tells them."""
    assert " Kept     2 variants: near, but with something new" in drawn(report([totals(variants=2)]), 80)


def test_names_of_files_never_reach_the_terminal_as_commands():
    """No markup is taken out, no emoji put in, and no escape sequence passes."""
    text = "\n".join(drawn(two_files(), 200, color_system="truecolor", force_terminal=True))
    assert "[bold]:smile:" in text
    assert "[red]article[/red]" in text
    assert "\x1b[2J" not in text
    assert "\\x1b[2J" in text


def test_nothing_removed_is_told_in_three_lines():
    assert drawn(report([totals()]), 80)[1:] == [
        " Read     1 document · 34 paragraphs · 1,132 words",
        "          6.9 kB · 4 ms · 1.7 MB/s · native engine · 2 threads",
        " Removed  nothing",
        "",
    ]


def test_the_least_removal_is_seen_in_the_strip():
    shares = [0.0] * 1000
    shares[421] = 0.0001
    assert strip(shares, 100).plain == "▁" * 42 + "▂" + "▁" * 57


def test_the_strip_without_block_characters():
    assert strip([0.0] * 10 + [1.0] * 10, 20, ascii_only=True).plain == "." * 10 + "#" * 10


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (SEED, "removed 17 of 34 paragraphs, 50 % of the words, in 1 block"),
        ({}, "no repeats in 34 paragraphs"),
        ({"paragraphs": 1}, "no repeats in 1 paragraph"),
        ({"paragraphs": 0, "words": 0}, "no repeats in 0 paragraphs"),
        ({"kept_repeats": 1}, "removed nothing in 34 paragraphs; 1 repeat too short to remove"),
        (
            {
                "paragraphs": 348_000,
                "words": 10**7,
                "removed_paragraphs": 46_597,
                "removed_words": 9,
                "blocks": 2,
            },
            "removed 46,597 of 348,000 paragraphs, under 1 % of the words, in 2 blocks",
        ),
        (
            {**SEED, "kept_repeats": 2, "variants": 1},
            "removed 17 of 34 paragraphs, 50 % of the words, in 1 block; 2 repeats too short to remove; 1 variant kept",
        ),
    ],
)
def test_the_line_for_scripts(changes, expected):
    assert summary.headline(report([totals(**changes)])) == expected


def test_in_scripts_one_line_is_said(capsys):
    summary.show(seed(), quiet=False)
    captured = capsys.readouterr()
    assert captured.err == "dedup: removed 17 of 34 paragraphs, 50 % of the words, in 1 block\n"
    assert captured.out == ""


def test_quiet_says_nothing(capsys):
    summary.show(seed(), quiet=True)
    assert capsys.readouterr() == ("", "")


def test_skipped_inputs_are_told_even_quietly(capsys):
    gone = [InputSkipped(f"{number}\x1b.txt", "No such file or directory") for number in range(7)]
    summary.show(report([totals()], skipped=gone), quiet=True)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "dedup: skipped 0\\x1b.txt: No such file or directory"
    assert lines[5:] == ["dedup: skipped 2 more inputs"]


def test_bytes_that_are_not_utf8_are_told(capsys):
    summary.show(report([totals(invalid_bytes=3)]), quiet=False)
    expected = "dedup: kept 3 bytes that are not UTF-8: if the text is in another encoding, name it (--encoding NAME)"
    assert capsys.readouterr().err.splitlines()[1] == expected


def test_bytes_that_are_not_of_the_encoding_that_was_named_are_told(capsys):
    """Then there is none to be named."""
    found = dataclasses.replace(report([totals(invalid_bytes=1)]), settings=Settings(encoding="cp932"))
    summary.show(found, quiet=False)
    assert capsys.readouterr().err.splitlines()[1] == "dedup: kept 1 byte that is not cp932"


def test_the_reference_engine_in_place_of_the_native_one_is_told(monkeypatch, capsys):
    """Only where nobody asked for it: then the reason is of use."""
    monkeypatch.setattr("dedup.engine.select.native_missing", lambda: "it was not built")
    slow = dataclasses.replace(seed(), run=Run("reference", 2, 1.0))
    summary.show(slow, quiet=False)
    assert capsys.readouterr().err.splitlines()[1:] == [
        "dedup: the slow reference engine ran, since the native one is missing: it was not built"
    ]
    summary.show(dataclasses.replace(slow, settings=Settings(engine="reference")), quiet=False)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_dumb_terminal_gets_the_line(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    summary.show(seed(), quiet=False)
    assert capsys.readouterr().err.startswith("dedup: removed 17")


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_the_page_and_no_color_is_respected(monkeypatch, capsys, no_color, coloured):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", no_color)
    summary.show(seed(), quiet=False)
    text = capsys.readouterr().err
    assert "Largest blocks" in text
    assert ("\x1b[93m" in text or "38;5" in text or "\x1b[9" in text) == coloured


def test_progress_keeps_still_in_scripts(capsys):
    with Progress(100, shown=Progress.wanted(None, quiet=False, product_on_terminal=False)) as bar:
        bar.advance(50)
    assert capsys.readouterr().err == ""


def test_progress_that_was_asked_for_is_lines_in_scripts(monkeypatch, capsys):
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    with Progress(40_000_000, shown=Progress.wanted(True, quiet=False, product_on_terminal=True)) as bar:
        for clock[0] in (0.5, 1.0, 1.5, 2.0):
            bar.advance(10_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "dedup: read 20.0 MB (50 %), 20.0 MB/s",
        "dedup: read 40.0 MB (100 %), 20.0 MB/s",
        "dedup: read 40.0 MB (100 %), 20.0 MB/s",
    ]


def news(tmp_path, **settings):
    """Two records in their file's lines 2 and 3, the second with a repeat of a whole story and one of a sentence."""
    sentences = seed_lines()
    texts = [[*sentences[:4], "A line of its own, on the new harbour of Port Ellen.", sentences[8]], sentences[:4]]
    other = ["A story of a quite different kind begins here and does not go on for long.", sentences[8]]
    path = tmp_path / "news.jsonl"
    path.write_text(
        "\n" + "".join(json.dumps({"id": i, "text": "\n".join(t)}) + "\n" for i, t in enumerate([*texts, other]))
    )
    return dedup.scan(path, settings=Settings(**settings))


def seed_lines():
    return (ROOT / "seeds" / "nato-summit-pasted-twice.txt").read_text().splitlines()


def as_text(found, format):
    return "".join(render(found, format))


@pytest.mark.parametrize(("settings", "known", "inside"), [({}, "", ""), ({"id_field": "id"}, " (id 1)", "id 1, ")])
def test_a_record_has_one_name_in_the_summary_and_every_report(tmp_path, settings, known, inside):
    """The line of the file on which it begins, where an editor can go."""
    found = news(tmp_path, **settings)
    assert found.where(1) == f"{tmp_path}/news.jsonl:3{known}"
    assert any(line.endswith(f"news.jsonl:3{known}, text lines 1-4") for line in drawn(found, 300))
    for format in ("text", "junit"):
        assert f"news.jsonl:3 ({inside}text lines 1-4)" in as_text(found, format)
    assert f"news.jsonl:3{known} |" in as_text(found, "md")
    assert f"news.jsonl:3{known}</bdi></span><span>, text lines 1–4" in as_text(found, "html")


def test_an_id_never_hides_the_line_of_its_record(tmp_path):
    """Ids are addresses of pages, or by mistake whole texts: where there is no room they go, and the line stays."""
    for size in (60, 50_000):
        records = [{"id": f"{number}{'x' * size}", "text": "\n".join(seed_lines()[:4])} for number in range(2)]
        (tmp_path / "n.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
        started = time.monotonic()
        lines = drawn(dedup.scan(tmp_path / "n.jsonl", settings=Settings(id_field="id")), 80)
        assert any(line.endswith("n.jsonl:2, text lines 1-4") for line in lines)
        assert time.monotonic() - started < 10


def test_an_empty_id_is_none(tmp_path):
    """As of a cell that was left empty."""
    records = [{"id": "", "text": "\n".join(seed_lines()[:4])} for _ in range(2)]
    (tmp_path / "n.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
    found = dedup.scan(tmp_path / "n.jsonl", settings=Settings(id_field="id"))
    assert found.where(1) == f"{tmp_path}/n.jsonl:2"
    assert "n.jsonl:2 (text lines 1-4)" in as_text(found, "text")


def test_what_is_removed_and_what_is_kept_is_told_alike(tmp_path):
    """Removed repeats and those too short to remove: the page counts both as repeated, and tells them apart."""
    found = news(tmp_path)
    total, gone = found.totals.words, found.totals.removed_words
    kept = sum(one.words - one.removed_words for one in found.blocks)
    assert found.totals.kept_repeats == 1
    line = f"removed 4 of 12 paragraphs, {percent(gone, total)} of the words, in 1 block; 1 repeat too short to remove"
    assert summary.headline(found) == line
    assert line.replace("%", "%25") in as_text(found, "github")
    assert f"R{line[1:]}." in as_text(found, "md")
    assert f"| {gone} |" in as_text(found, "md")
    assert 'aria-label="removed text: ' in as_text(found, "badge")
    page = as_text(found, "html")
    assert f"{gone + kept} of {total} words, in 1 block and 1 single paragraph." in page
    assert (
        f"{gone} of these are removed, {percent(gone, total)} of all; the other {kept} are too short to remove." in page
    )


def test_a_check_says_repeat_where_a_run_says_removed(tmp_path):
    news(tmp_path)
    found = check([tmp_path / "news.jsonl"]).report
    assert summary.headline(found).startswith("4 of 12 paragraphs repeat, ")
    assert "| document | words | repeated | share |" in as_text(found, "md")
    assert 'aria-label="repeated text: ' in as_text(found, "badge")
