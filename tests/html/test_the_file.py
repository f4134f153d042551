"""The HTML report as a file, without a browser: its policy, its data, and text that stays text."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from html.parser import HTMLParser

import pytest

import dedup
from dedup.checks.api import check
from dedup.errors import InputSkipped
from dedup.findings import Place, Repeat
from dedup.report.content import Passage, Texts
from dedup.report.finding import Finding, Side, findings
from dedup.report.html.page import MOST_FINDINGS
from dedup.report.html.texts import LEAST_BYTES, TEXT_BYTES, shown
from dedup.report.renderers import render
from dedup.settings import Settings

from .reports import HARBOUR, HOSTILE, HOSTILE_NAMES, many, scanned, scanned_files, town

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Parsed(HTMLParser):
    """Elements with their attributes and texts, and whether every one is closed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("rect",):
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])

    def handle_data(self, data):
        if self.open and self.elements[-1][0] == self.open[-1]:
            self.elements[-1][2] += data

    def all(self, tag):
        return [(attributes, text) for name, attributes, text in self.elements if name == tag]


def parse(report):
    return Parsed("".join(render(report, "html")))


def data_of(parsed):
    """The table and all texts of a page."""
    values = {a["id"]: json.loads(text) for a, text in parsed.all("script") if a.get("type") == "application/json"}
    return values.pop("table"), [values[f"texts-{i}"] for i in range(len(values))]


def digest(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_names_the_one_style_and_the_one_script(tmp_path):
    parsed = parse(town(tmp_path))
    policy = next(a["content"] for a, _ in parsed.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    (style,), scripts = parsed.all("style"), [text for a, text in parsed.all("script") if "type" not in a]
    assert len(scripts) == 1
    assert f"script-src '{digest(scripts[0])}'" in policy
    assert f"style-src '{digest(style[1])}'" in policy
    assert policy.startswith("default-src 'none';")


def test_nothing_in_the_page_points_elsewhere_or_runs_from_an_attribute(tmp_path):
    parsed = parse(town(tmp_path))
    attributes = {name for _, given, _ in parsed.elements for name in given}
    assert not {"src", "style", "srcset", "action"} & attributes
    assert not [name for name in attributes if name.startswith("on")]
    assert {a["href"] for a, _ in parsed.all("a")} == {"#findings"}
    assert parsed.open == []


def test_hostile_text_and_names_are_data(tmp_path):
    parsed = parse(scanned_files(tmp_path, dict.fromkeys(HOSTILE_NAMES, HOSTILE)))
    table, (chunk,) = data_of(parsed)
    assert parsed.all("img") == []
    assert len([a for a, _ in parsed.all("script") if "type" not in a]) == 1
    assert any("window.hacked = 1</script>" in text for text in chunk["texts"])
    assert any("\x00" in text for text in chunk["texts"])
    assert "\u202e" not in "".join(table["documents"]["name"])


def test_the_table_has_every_finding_once(tmp_path):
    report = town(tmp_path)
    table, chunks = data_of(parse(report))
    found = findings(report)
    assert table["findings"]["id"] == [one.id for one in found]
    assert [table["documents"]["name"][at] for at in table["findings"]["document"]] == [one.place.file for one in found]
    assert {len(column) for column in table["findings"].values()} == {len(found)}
    assert sum(len(chunk["of"]) for chunk in chunks) == len(found)


def test_equal_texts_are_held_once(tmp_path):
    _, (chunk,) = data_of(parse(scanned(tmp_path, twice=HARBOUR * 2)))
    before, rows, _after, more = chunk["of"][0]
    assert [(original, repeat) for original, repeat, *_ in rows] == [(n, n) for n in dict.fromkeys(r[0] for r in rows)]
    assert len(rows) == 4
    assert more == 0
    assert before[0] == -1  # nothing stands before the first line
    assert HARBOUR.endswith(chunk["texts"][before[1]].removeprefix("…") + "\n")


def block(original, repeat, spans, **more):
    """A finding of near paragraphs: the spans are ((original start, end), (start, end)) in the two passages."""
    repeats = tuple(
        Repeat(Place(1, *b, i + 1, i + 1), Place(0, *a, i + 1, i + 1), "near", 3, 1, 2, True)
        for i, (a, b) in enumerate(spans)
    )
    sides = [Side("x", d, 1, 9, 0, len(text.encode("utf-8", "replace"))) for d, text in ((1, repeat), (0, original))]
    texts = Texts(Passage(repeat), Passage(original))
    return Finding("0" * 16, "block", "near", *sides, len(spans), 9, len(spans), 9, 0.5, repeats, texts=texts, **more)


def test_paragraphs_stand_beside_their_originals_and_gaps_between():
    rows = shown(block("aa\nbb\ncc\n", "AA\nxx\nCC\n", [((0, 3), (0, 3)), ((6, 9), (6, 9))]), 1000).rows
    assert [(row.original, row.repeat) for row in rows] == [("aa", "AA"), ("bb", "xx"), ("cc", "CC")]
    assert [row.line for row in rows] == [1, 0, 2]


def test_an_original_that_stands_before_the_passage_read_is_not_guessed():
    rows = shown(block("aa\nbb\n", "BB\nAA\n", [((3, 6), (0, 3)), ((0, 3), (3, 6))]), 1000).rows
    assert [(row.original, row.repeat) for row in rows] == [("aa", None), ("bb", "BB"), (None, "AA")]
    assert [(row.original_line, row.line) for row in rows] == [(0, 0), (1, 1), (0, 2)]


@pytest.mark.parametrize("limit", [LEAST_BYTES, 1000, 5000])
def test_no_finding_takes_more_than_its_limit(limit):
    text = "".join(f"{n} " + "é" * 300 + "\n" for n in range(10))
    width = len(f"0 {'é' * 300}\n".encode())
    spans = [((n * width, (n + 1) * width),) * 2 for n in range(10)]
    texts = shown(block(text.replace("é", "è"), text, spans), limit)
    assert sum(len((row.original + row.repeat).encode()) for row in texts.rows) <= limit
    assert len(texts.rows) + texts.more == 10
    assert texts.rows[-1].cut or texts.more == 0 or limit > LEAST_BYTES


@pytest.mark.parametrize("letter", ["a", "é", "東"])
def test_texts_of_a_page_stay_within_its_total(letter):
    report = many(3000, characters=9000)
    contents = [
        one._replace(texts=Texts(*(side._replace(text=side.text.replace("a", letter)) for side in one.texts)))
        for one in report.contents
    ]
    table, chunks = data_of(parse(dataclasses.replace(report, contents=contents)))
    assert len(table["findings"]["id"]) == 3000
    size = sum(len(text.encode()) for chunk in chunks for text in chunk["texts"])
    assert 0.5 * TEXT_BYTES <= size <= 1.01 * TEXT_BYTES


def test_more_findings_than_a_page_holds_are_counted_and_the_longest_kept():
    report = many(MOST_FINDINGS + 7, characters=60)
    smallest = report.blocks[0]._replace(words=1)
    report = dataclasses.replace(report, blocks=[smallest, *report.blocks[1:]])
    parsed = parse(report)
    table, _ = data_of(parsed)
    assert len(table["findings"]["id"]) == MOST_FINDINGS
    assert min(table["findings"]["words"]) > 1
    notices = [text for a, text in parsed.all("p") if a.get("class") == "notice"]
    assert notices[0] == "This page has the 10,000 longest findings; 7 shorter ones are in the JSON report."


def test_a_report_without_texts_still_has_places(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(HARBOUR * 2)
    table, (chunk,) = data_of(parse(dedup.scan(path)))
    assert table["findings"]["line"] == [5]
    assert chunk["of"] == [[[-1, -1], [], [-1, -1], 0]]


def test_skipped_inputs_are_on_the_first_screen(tmp_path):
    report = dataclasses.replace(town(tmp_path), skipped=[InputSkipped("<gone>.txt", "No such file")])
    page = "".join(render(report, "html"))
    assert "Not in this report: 1 input that could not be read." in page
    assert "<bdi>&lt;gone&gt;.txt</bdi>: No such file" in page


def test_the_longest_repeats_say_how_they_begin(tmp_path):
    page = "".join(render(scanned(tmp_path, a=f"<b>{HARBOUR}", b=f"<b>{HARBOUR}"), "html"))
    assert f'<q class="clip" dir="auto">&lt;b&gt;{HARBOUR[:40]}' in page


def test_the_same_report_gives_the_same_page(tmp_path):
    report = town(tmp_path)
    assert "".join(render(report, "html")) == "".join(render(report, "html"))


def test_records_are_called_by_the_line_they_begin_on_and_their_id(tmp_path):
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": f"Story {n}\n{HARBOUR}"}) + "\n" for n in ("x1", "x2")))
    parsed = parse(dedup.scan(path, settings=Settings(min_block_words=20, id_field="id")))
    table, _ = data_of(parsed)
    names = table["documents"]["name"]
    assert names == [f"{path}:1 (id x1)", f"{path}:2 (id x2)"]
    assert [name[table["shared"] :] for name in names] == ["feed.jsonl:1 (id x1)", "feed.jsonl:2 (id x2)"]
    assert next(text for a, text in parsed.all("title")).endswith("· feed.jsonl · dedup")


def test_a_check_that_failed_says_why(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(HARBOUR * 2)
    page = "".join(render(check([path]).report, "html"))
    assert "The check did not pass:" in page
    assert "1 repeat, --max-blocks is 0" in page


def test_bytes_that_are_not_utf8_and_stray_surrogates_are_replaced():
    strange = "caf\udce9 \ud800 here\n"
    for spans in ([], [((0, 4), (0, 4)), ((5, 8), (5, 8))]):
        rows = shown(block(strange, strange, spans), 1000).rows
        "".join(row.repeat or "" for row in rows).encode("utf-8")
        assert rows
