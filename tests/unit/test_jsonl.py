"""JSON Lines: where a field stands, what goes of it, and what is no record."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import api, restore
from dedup.report.model import Report
from dedup.settings import Settings
from dedup.sources import json_records, jsonl
from dedup.sources.json_fields import find_string, literal_edits, unescape

SENTENCE = "The House voted on the bill early this week, said a spokesman for the committee.\n"


@pytest.fixture(params=["c", "python"], autouse=True)
def _reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are read in C, and where nothing was compiled in Python."""
    if request.param == "python":
        monkeypatch.setattr(json_records, "native_scan", lambda: None)
        monkeypatch.setattr(jsonl, "native_scan", lambda: None)
    elif json_records.native_scan() is None:
        pytest.skip("the reader in C was not built")


def clean(content: bytes, **chosen: object) -> tuple[bytes, Report]:
    """The output for a file in memory."""
    output = io.BytesIO()
    report = api.clean(content, output, settings=Settings(**{"format": "jsonl", **chosen}))
    return output.getvalue(), report


@pytest.mark.parametrize(
    ("line", "path", "value"),
    [
        (b'{"text":"a"}', "text", b"a"),
        (b' { "n" : [1, {"text": "x"}, "]"] , "text" : "a\\"b" }', "text", b'a\\"b'),
        (b'{"a":{"text":"x","b":{"text":"y"}},"text":"z"}', "a.b.text", b"y"),
        (b'{"text":"first","text":"last"}', "text", b"last"),
        (b'{"te\\u0078t":"a"}', "text", b"a"),
        (b'{"x":"\\\\","text":"a\\\\"}', "text", b"a\\\\"),
        (b'{"e":{},"f":[],"g":null,"h":-1.5e3,"text":""}', "text", b""),
        ('{"é":"ü"}'.encode(), "é", "ü".encode()),
    ],
)
def test_where_a_string_stands(line: bytes, path: str, value: bytes) -> None:
    """Keys inside other values do not count; of a key that is there twice the last one does, as for a parser."""
    start, end = find_string(line, tuple(path.split(".")))
    assert line[start:end] == value
    assert line[start - 1 : start] + line[end : end + 1] == b'""'


_WRITERS = [
    lambda text: json.dumps(text),
    lambda text: json.dumps(text, ensure_ascii=False),
    lambda text: json.dumps(text).replace("/", "\\/").replace("a", "\\u0061"),
]


@settings(deadline=None)
@given(
    st.lists(st.text(st.sampled_from('ab /"\\\n\té漢\U0001f600\x00'), min_size=1, max_size=6), min_size=1, max_size=8),
    st.sampled_from(_WRITERS),
    st.data(),
)
def test_what_goes_is_gone_and_the_rest_stays_written_as_it_was(parts, write, data) -> None:
    """However the text is escaped: the literal without the edits means the text without the spans."""
    literal = write("".join(parts))[1:-1].encode()
    text = "".join(parts).encode()
    goes = data.draw(st.lists(st.booleans(), min_size=len(parts), max_size=len(parts)))
    spans, kept, position = [], b"", 0
    for part, gone in zip(parts, goes, strict=True):
        end = position + len(part.encode())
        if gone:
            spans.append((position, end))
        else:
            kept += text[position:end]
        position = end
    left, at = b"", 0
    for start, end, new in literal_edits(literal, text, spans, 0):
        assert new == b""
        left += literal[at:start]
        at = end
    assert unescape(left + literal[at:]) == kept


def test_a_record_without_removals_is_the_same_line() -> None:
    """Numbers, order of keys, spaces, escapes, a byte order mark, CRLF, blank lines."""
    content = (
        b'\xef\xbb\xbf{"n": 1.50, "big": 123456789012345678901234567890,'
        b' "text" : "caf\\u00e9 \\/ \\ud800", "z": null}\r\n'
        b'\r\n{"text":"","a":[1,  2]}\r\n   \n{"z":1e5,"text":"x"}'
    )
    output, report = clean(content)
    assert output == content
    assert report.totals.documents == 3
    assert [(origin.record, origin.line) for origin in report.origins] == [(0, 1), (1, 3), (2, 5)]
    assert report.exit_status == 0


def test_a_number_of_any_length_is_a_number() -> None:
    """Python stops at 4,300 digits, JSON does not; beside escapes that only Python's parser takes."""
    line = b'{"n": %s, "text": "%s \\ud800"}\n' % (b"9" * 5000, SENTENCE[:-1].encode())
    output, report = clean(line * 2, min_block_words=0)
    assert (report.exit_status, report.totals.removed_paragraphs) == (0, 1)
    assert output == line + b'{"n": %s, "text": ""}\n' % (b"9" * 5000)


def test_what_is_no_record_is_passed_through_and_told() -> None:
    """With the reason and the line; the exit status is 3."""
    good = json.dumps({"text": SENTENCE}).encode()
    bad = [b"not json", b"[1]", b'{"other": 1}', b'{"text": null}', b'{"text": "cut']
    content = b"\n".join([good, *bad, good]) + b"\n"
    output, report = clean(content, min_block_words=0)
    assert output == content.removesuffix(good + b"\n") + b'{"text": ""}\n'
    assert [(one.line, one.record) for one in report.files[0].first_passed] == [(i, i - 1) for i in range(2, 7)]
    assert report.files[0].passed == {
        "no field text": 1,
        "not JSON": 2,
        "not a JSON object": 1,
        "the field text is not a text": 1,
    }
    assert report.exit_status == 3


def test_bytes_that_are_no_utf8_and_lone_surrogates_survive() -> None:
    """They are counted as bytes of a text, and kept as they are written."""
    line = b'{"text": "%s\\ud800 \xff end.\\n%s"}\n' % ((SENTENCE[:-1] * 2).encode(), (SENTENCE[:-1] * 2).encode())
    output, report = clean(line * 2, unit="document")
    assert output == line + b'{"text": ""}\n'
    assert report.totals.invalid_bytes == 2 * 4


def test_a_byte_order_mark_stands_at_the_start_of_an_output_only(tmp_path: Path) -> None:
    """Within it would be no JSON. What loses it has it again when it is restored."""
    line = b'{"text": "%s"}\n'
    contents = [line[:-1] % b"One.", b"\xef\xbb\xbf" + line % b"Two.", b"\xef\xbb\xbf" + line % b"Three."]
    paths = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    output, removals, restored = tmp_path / "out.jsonl", tmp_path / "removals", io.BytesIO()
    api.clean(paths, output, removals=removals)
    assert output.read_bytes() == b"".join(line % word for word in (b"One.", b"Two.", b"Three."))
    restore(output, removals, restored)
    assert restored.getvalue() == b"".join(contents)
    api.clean(paths[1:], output)
    assert output.read_bytes() == contents[1] + line % b"Three."


def test_dotted_fields_and_ids() -> None:
    """`a.b` is b inside a; ids of any kind name the record, as JSON has them."""
    ids = (7, "x", None, True, {"$oid": "é1"}, [1.5, "y"])
    lines = [{"a": {"b": SENTENCE * 3}, "id": identity, "text": "other"} for identity in ids]
    content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    output, report = clean(content, text_field="a.b", id_field="id", unit="line")
    after = [json.loads(line) for line in output.splitlines()]
    assert [line["a"]["b"] for line in after] == [SENTENCE, *[""] * 5]
    assert [line["text"] for line in after] == ["other"] * 6
    assert [origin.id for origin in report.origins] == ["7", "x", None, "true", '{"$oid":"é1"}', '[1.5,"y"]']
    assert report.where(1) == "<bytes>:2 (id x)"
    assert json.loads(json.dumps(report.to_dict()))["documents"][1]["id"] == "x"


def test_files_in_one_output_are_joined_at_line_ends(tmp_path) -> None:
    """A file without a last line end does not grow together with the next one."""
    for name in "ab":
        (tmp_path / name).write_bytes(b'{"text": "%s"}' % name.encode())
    api.clean([tmp_path / "a", tmp_path / "b"], tmp_path / "out", settings=Settings(format="jsonl"))
    assert (tmp_path / "out").read_bytes() == b'{"text": "a"}\n{"text": "b"}'


def test_a_record_larger_than_a_batch_is_cut_and_comes_together(tmp_path) -> None:
    """Its text is matched in pieces; what goes of them goes from one line."""
    paragraphs = [
        f"Paragraph {i} of a long record tells of bill {i * i} and of nothing else at all.\n" for i in range(90000)
    ]
    line = json.dumps({"text": "".join(paragraphs * 2), "n": 1}).encode() + b"\n"
    small = json.dumps({"text": "small"}).encode() + b"\n"
    output, report = clean(small + line + small, unit="line", remove="exact")
    records = [json.loads(one) for one in output.splitlines()]
    assert [record["text"] for record in records] == ["small", "".join(paragraphs), "small"]
    assert report.totals.removed_paragraphs == 90000


@given(st.lists(st.sampled_from([b"a", b"\n", b"bc" * 40, b"\r\n"]), max_size=40), st.integers(1, 50))
def test_blocks_are_whole_lines_and_all_of_them(parts: list[bytes], size: int) -> None:
    """Whatever is asked for at once: the blocks end to end are the source, and each ends with its line."""
    from dedup.sources.lines import line_blocks
    from dedup.sources.source import BufferSource

    content = b"".join(parts)
    blocks = list(line_blocks(BufferSource(content, "x"), size))
    assert b"".join(blocks) == content
    assert all(block.endswith(b"\n") for block in blocks[:-1])
