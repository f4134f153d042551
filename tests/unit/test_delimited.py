"""CSV and TSV: rows as Python's csv module sees them, and untouched where nothing goes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import api, restore
from dedup.errors import ReadError, UsageError
from dedup.report.model import Report
from dedup.settings import Settings
from dedup.sources.delimited import Delimited
from dedup.sources.source import from_bytes

SENTENCE = "The House voted on the bill early this week, said a spokesman for the committee."


def clean(content: bytes, **chosen: object) -> tuple[bytes, Report]:
    """The output for a table in memory."""
    output = io.BytesIO()
    report = api.clean(content, output, settings=Settings(**{"format": "csv", "min_block_words": 0, **chosen}))
    return output.getvalue(), report


def texts(content: bytes, size: int = 1 << 20, **chosen: object) -> list[str]:
    """What the reader takes for the texts, in blocks of a size."""
    found = []
    for chunk in Delimited(from_bytes(content, "table"), Settings(**chosen), "csv").chunks(size):
        start = 0
        for end in chunk.ends:
            found.append(chunk.text[start:end].decode())
            start = end
    return found


_CELLS = st.text(st.sampled_from('ab,;"\n\r é'), max_size=8)


@settings(deadline=None)
@given(
    st.lists(st.tuples(_CELLS, _CELLS), max_size=8),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([1, 7, 1 << 20]),
)
def test_rows_are_those_of_the_csv_module(rows, quoting, end, size) -> None:
    """For whatever the csv module writes, in blocks of any size."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=quoting, lineterminator=end)
    writer.writerows([("text", "n"), *rows])
    read = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert texts(file.getvalue().encode(), size) == [row[0] for row in list(read)[1:] if len(row) == 2]


@settings(deadline=None)
@given(st.text(st.sampled_from('ab,"\n'), max_size=30))
def test_what_is_passed_on_is_what_the_csv_module_reads(body: str) -> None:
    """For any characters: rows with the header's columns are those of the csv module, unless quotes are odd."""
    content = "text,n\n" + body
    expected = list(csv.reader(io.StringIO(content, newline="")))[1:]
    if all(len(row) == 2 for row in expected) and body.count('"') == 0:
        assert texts(content.encode()) == [row[0] for row in expected]


def test_rows_without_removals_stay_as_they_are() -> None:
    """Quotes, line ends, blank lines and a missing last one; the text that goes leaves its quotes."""
    content = f'id,text,n\r\n1,"{SENTENCE}",2\n"2",{SENTENCE[:9]},"a ""b"""\r\n\r\n3,"{SENTENCE}","x\ny"'.encode()
    output, report = clean(content)
    assert output == content.removesuffix(f'"{SENTENCE}","x\ny"'.encode()) + b'"","x\ny"'
    assert [origin.line for origin in report.origins] == [2, 3, 5]
    assert clean(content, empty="drop")[0] == content.removesuffix(f'3,"{SENTENCE}","x\ny"'.encode())


def test_a_row_with_another_number_of_columns_is_passed_through() -> None:
    """So is a text behind a closing quote; the exit status is 3."""
    content = b'text,n\na,1\na,1,2\n"a"b,1\nonly\nb,2\n'
    output, report = clean(content)
    assert output == content
    assert report.totals.documents == 2
    assert report.files[0].passed == {
        "another number of columns than the header": 2,
        "text behind a closing quote": 1,
    }
    assert [one.line for one in report.files[0].first_passed] == [3, 4, 5]


@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        ('1,"open\n2,x\n3,y\n', 2, "a quote opened in line 2 is never closed (3 lines to the end of the file)"),
        ('1,a\n\n"2\nb","open\nx', 4, "a quote opened in line 5 is never closed (3 lines to the end of the file)"),
        ('"open\n', 2, "a quote opened in line 2 is never closed (1 line to the end of the file)"),
    ],
)
def test_a_quote_that_is_never_closed_is_told_with_what_it_swallows(body: str, line: int, reason: str) -> None:
    """The rest of the file is one row, which is passed through as it is."""
    content = f"id,text\n{body}".encode()
    output, report = clean(content)
    assert output == content
    assert [(one.line, one.reason) for one in report.files[0].first_passed] == [(line, reason)]
    assert report.files[0].passed == {reason: 1}


def test_quotes_are_added_where_they_become_needed() -> None:
    """What is left begins with a quote, or is nothing in a table of one column."""
    two = '"Never again," he said to the committee.'
    content = f"n;text\n1;{SENTENCE}\n2;{SENTENCE} {two}\n".encode()
    output, _ = clean(content, unit="sentence")
    rows = list(csv.reader(io.StringIO(output.decode()), delimiter=";"))
    assert rows == [["n", "text"], ["1", SENTENCE], ["2", two]]
    output, _ = clean(f"text\n{SENTENCE}\n{SENTENCE}\n".replace(",", "").encode())
    assert output.endswith(b'\n""\n')


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_the_column(delimiter: str) -> None:
    """Whatever else is in the header."""
    header = delimiter.join(['"a,b;c|d\te"', "text", "x y"])
    row = delimiter.join(["1", "word", '"2"'])
    assert texts(f"\ufeff{header}\n{row}\n".encode()) == ["word"]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize(
    ("above", "delimiter"),
    [
        ("sep=;\r\n", ";"),
        ("\ufeffSEP=\t\n", "\t"),
        ('"sep=^"\r\n\r\n', "^"),
        ("\n \t\r\n", ","),
        ("\ufeff\r\r", "|"),
    ],
)
def test_what_stands_above_the_header(above: str, delimiter: str, size: int) -> None:
    """Excel's line with the delimiter, and blank lines: the header is below."""
    header, row = delimiter.join(['"a,b"', "text"]), delimiter.join(["1", "word"])
    assert texts(f"{above}{header}\r\n{row}\r\n".encode(), size) == ["word"]


@pytest.mark.parametrize("above", [b"sep=;\r\n", b"\r\n\r\n", b"\xef\xbb\xbfsep=;\n\n"])
def test_what_stands_above_the_header_stays_and_is_restored(tmp_path: Path, above: bytes) -> None:
    """Byte for byte; lines are counted from the first; in one output it stands once."""
    row = f"1;{SENTENCE}\r\n".encode()
    a, b = above + b"id;text\r\n" + row * 2, above + b"id;text\r\n2;x\r\n"
    (tmp_path / "a.csv").write_bytes(a)
    (tmp_path / "b.csv").write_bytes(b)
    output, report = clean(a)
    assert output == above + b"id;text\r\n" + row + b"1;\r\n"
    assert [origin.line for origin in report.origins] == [above.count(b"\n") + 2, above.count(b"\n") + 3]
    both = [tmp_path / "a.csv", tmp_path / "b.csv"]
    removals = tmp_path / "removals"
    api.clean(both, tmp_path / "out.csv", removals=removals, settings=Settings(min_block_words=0))
    assert (tmp_path / "out.csv").read_bytes() == output + b"2;x\r\n"
    for file in both:
        file.unlink()
    restore(tmp_path / "out.csv", removals, output_dir=tmp_path / "back")
    assert [(tmp_path / "back" / name).read_bytes() for name in ("a.csv", "b.csv")] == [a, b]


def test_a_delimiter_that_is_told_is_the_one() -> None:
    """A header that is written otherwise has no such column, and the message says why."""
    with pytest.raises(ReadError, match=r"it has id,text, parted by ';' as its first line says"):
        clean(b"sep=;\nid,text\n1,a\n")
    with pytest.raises(ReadError, match="it has no header, only blank lines"):
        clean(b"\n\r\n\n")
    assert texts(b"sep=a,text\n1,word\n") == ["word"]  # a column of that name


def test_a_column_may_have_a_name_that_is_no_utf8() -> None:
    """As the shell gives it."""
    assert texts(b"a;\xff\n1;word\n", text_field="\udcff") == ["word"]


def test_a_table_without_the_column_is_skipped_with_its_columns() -> None:
    """The message helps to find the right one."""
    with pytest.raises(ReadError, match=r"no column text \(--text-field\); it has id, body"):
        clean(b"id,body\n1,a\n")
    with pytest.raises(ReadError, match=r"no column \udcff \(--id-field\); it has text, \udcfe"):
        clean(b"text,\xfe\na,1\n", id_field="\udcff")
    with pytest.raises(ReadError, match="a quote in its header is not closed"):
        clean(b'id,"text\n1,a\n')


@pytest.mark.parametrize(("header", "field"), [(b"text,id,text", "text"), (b'id,"id",text', "id")])
def test_a_table_with_two_columns_of_a_name_is_skipped(header: bytes, field: str) -> None:
    """As Parquet is: only one would be read, and nobody said which. What nobody asked for may be there twice."""
    option = "--text-field" if field == "text" else "--id-field"
    with pytest.raises(ReadError, match=rf"more than one column {field} \({option}\); .*: rename all but one"):
        clean(header + b"\na,b,c\n", id_field="id" if field == "id" else "")
    assert texts(b"n,n,text\n1,2,word\n") == ["word"]


def test_a_lone_quote_in_tsv_is_a_letter() -> None:
    """TSV has no fields over several lines: a quote that is not closed ends nothing."""
    content = b'text\tn\n"open\t1\nb\t2\n"c\t3\n"d d"\t4\n'
    output, report = clean(content, format="tsv")
    assert output == content
    assert report.totals.documents == 4


def test_headers_are_joined_or_refused(tmp_path) -> None:
    """The same header stands once in one output; another one is an error of usage."""
    (tmp_path / "a.csv").write_bytes(b"text,n\na,1")
    (tmp_path / "b.csv").write_bytes(b"\xef\xbb\xbftext,n\r\nb,2\r\n")
    (tmp_path / "c.csv").write_bytes(b"n,text\n1,c\n")
    api.clean([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"text,n\na,1\nb,2\r\n"
    with pytest.raises(UsageError, match="different headers"):
        api.clean([tmp_path / "a.csv", tmp_path / "c.csv"], tmp_path / "other.csv")
    assert not (tmp_path / "other.csv").exists()
    assert api.scan([tmp_path / "a.csv", tmp_path / "c.csv"]).totals.documents == 2  # nothing is joined
