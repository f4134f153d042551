"""Parquet: the schema, the other columns and the row groups as they were."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

import dedup
from dedup import api
from dedup.errors import ReadError, UsageError
from dedup.settings import Settings
from dedup.sources.parquet import Parquet, flat, nulls
from dedup.sources.source import open_source

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

SENTENCE = "The House voted on the bill early this week, said a spokesman for the committee.\n"
TEXTS = [SENTENCE * 2, "short", None, SENTENCE, "", SENTENCE * 3, "last"]
AFTER = [SENTENCE, "short", None, "", "", "", "last"]
CHOSEN = {"unit": "line", "min_block_words": 0}


def write(path: Path, column: object, **more: object) -> object:
    """A table with a text column, other columns and metadata, three rows in a group."""
    table = pa.table({"id": [1.5, None, 3, 4, 5, 6, 7], "text": column, "l": [[1], [], None, [2, 3], [], [], []]})
    pq.write_table(table.replace_schema_metadata({"k": "v"}), path, **{"row_group_size": 3, **more})
    return pq.read_table(path)


def column(kind: str) -> tuple[object, str]:
    """The texts in a type of Arrow, and the name of their field."""
    plain = pa.array(TEXTS)
    if kind == "nested":
        return pa.StructArray.from_arrays([pa.array(range(7)), plain], ["a", "b"]), "text.b"
    made = {"string": plain, "large": plain.cast(pa.large_string()), "dictionary": plain.dictionary_encode()}
    made["view"] = plain.cast(pa.string_view())
    return made[kind], "text"


@pytest.mark.parametrize("kind", ["string", "large", "view", "dictionary", "nested"])
@pytest.mark.parametrize("empty", ["keep", "drop"])
def test_only_the_text_changes(tmp_path: Path, kind: str, empty: str) -> None:
    """For every type of text; and the removals give the values back."""
    texts, field = column(kind)
    before = write(tmp_path / "in.parquet", texts, compression="zstd")
    chosen = Settings(empty=empty, text_field=field, id_field="id", **CHOSEN)
    out, removals, back = (tmp_path / name for name in ("out.parquet", "removals", "back.parquet"))
    report = api.clean(tmp_path / "in.parquet", out, removals=removals, settings=chosen)
    after = pq.read_table(out)
    assert after.schema.equals(before.schema, check_metadata=True)
    found = [row["b"] if kind == "nested" else row for row in after.column("text").to_pylist()]
    kept = [i for i in range(7) if empty == "keep" or i not in (3, 5)]
    assert found == [AFTER[i] for i in kept]
    assert after.select(["id", "l"]).to_pylist() == before.select(["id", "l"]).take(kept).to_pylist()
    with pq.ParquetFile(out) as file:
        assert file.num_row_groups == 3
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert report.files[0].passed == {"the text is null": 1}
    assert report.where(1) == f"{tmp_path}/in.parquet, record 1"
    assert report.where(2) == f"{tmp_path}/in.parquet, record 3 (id 4.0)"
    dedup.restore(out, removals, back)
    assert pq.read_table(back).to_pylist() == before.to_pylist()


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
def test_a_row_group_ends_once_and_its_bytes_are_counted_once(tmp_path: Path, size: int) -> None:
    """However much is read at once; the report and its digest have those bytes."""
    write(tmp_path / "in.parquet", column("string")[0])
    with pq.ParquetFile(tmp_path / "in.parquet") as file:
        groups = [file.metadata.row_group(i) for i in range(file.num_row_groups)]
    source = open_source(str(tmp_path / "in.parquet"))
    chunks = list(Parquet(source, Settings()).chunks(size))
    source.close()
    assert sum(chunk.raw_bytes for chunk in chunks) == sum(group.total_byte_size for group in groups)
    ended, rows = [], 0
    for chunk in chunks:
        rows += chunk.records.batch.num_rows
        if chunk.records.last:
            ended.append(rows)
    assert ended == [3, 6, 7]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@pytest.mark.parametrize("first", [0, 1, 9])
def test_texts_end_to_end(kind: object, first: int) -> None:
    """Of a whole array or a part of one, with nulls or without."""
    values = ["ab", None, "", "cdé", None, "f", *"ghijkl"]
    column = pa.array(values, kind).slice(first)
    text, ends = flat(column)
    borders = zip([0, *ends], ends, strict=False)
    assert [bytes(text[start:end]).decode() for start, end in borders] == [value or "" for value in values[first:]]
    assert nulls(column) == [row for row, value in enumerate(values[first:]) if value is None]
    assert flat(column.slice(0, 0))[1] == []


@pytest.mark.parametrize(("kind", "code"), [(pa.string(), "i"), (pa.large_string(), "q")])
def test_a_null_is_empty_whatever_lies_under_it(kind: object, code: str) -> None:
    """Arrow lets a null have bytes, which are no text."""
    buffers = [pa.py_buffer(b"\x05"), pa.py_buffer(array(code, [0, 2, 4, 5])), pa.py_buffer(b"abXYc")]
    column = pa.Array.from_buffers(kind, 3, buffers)
    assert column.to_pylist() == ["ab", None, "c"]
    text, ends = flat(column)
    assert (bytes(text), ends) == (b"abc", [2, 2, 3])


def test_a_row_group_stays_one_and_a_large_one_is_split_by_what_is_left(tmp_path: Path) -> None:
    """16 MiB are counted after the removal."""
    lines = [f"Entry {number} of the register is about {number * 7} barrels of herring.\n" for number in range(400)]
    page = "".join(lines)
    texts = [page] * 900  # 21 MB, of which one page stays
    pq.write_table(pa.table({"text": texts}), tmp_path / "in.parquet", row_group_size=900, use_dictionary=False)
    api.clean(tmp_path / "in.parquet", tmp_path / "out.parquet", settings=Settings(unit="line", empty="keep"))
    with pq.ParquetFile(tmp_path / "out.parquet") as file:
        assert file.num_row_groups == 1
        assert file.read().column("text").to_pylist() == [page] + [""] * 899
    api.clean(tmp_path / "in.parquet", tmp_path / "all.parquet", settings=Settings(unit="line", min_words=1000))
    with pq.ParquetFile(tmp_path / "all.parquet") as file:
        assert file.num_row_groups == 2
        assert file.read().column("text").to_pylist() == texts


@pytest.mark.parametrize("kind", ["string", "dictionary"])
def test_the_command_loads_what_it_needs_and_the_library_pyarrow_as_it_is(tmp_path: Path, kind: str) -> None:
    """NumPy and pandas are left out where nobody else can want them; both ways write the same file.

    `pyarrow.compute` is loaded only for texts that do not lie end to end.
    """
    write(tmp_path / "in.parquet", column(kind)[0])
    command = "sys.argv[1:] = ['clean', 'in.parquet', '-o', 'a']; from dedup.cli import main; assert main() == 3"
    library = "from pathlib import Path; from dedup import api; api.clean(Path('in.parquet'), Path('b'))"
    asked = "print(*(name in sys.modules for name in ('numpy', 'pyarrow.compute')))"
    told = [
        subprocess.run(
            [sys.executable, "-c", f"import sys; {body}; {asked}; import numpy"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        for body in (command, library)
    ]
    assert [one.returncode for one in told] == [0, 0], told
    compute = kind == "dictionary"
    assert [one.stdout for one in told] == [f"False {compute}\n", f"True {compute}\n"]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_command_with_numpy_loaded_by_the_reference_engine(tmp_path: Path) -> None:
    """pyarrow then asks for pandas in its own way; the answer is that of the other engine."""
    write(tmp_path / "in.parquet", column("string")[0])
    for engine in ("reference", "auto"):
        arguments = ["clean", "in.parquet", "-o", engine, "--engine", engine]
        done = subprocess.run(
            [sys.executable, "-m", "dedup", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 3, done.stderr
    assert (tmp_path / "reference").read_bytes() == (tmp_path / "auto").read_bytes()


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    """The digest is that of the file."""
    write(tmp_path / "in.parquet", column("string")[0])
    out, removals = tmp_path / "out.parquet", tmp_path / "removals"
    api.clean(tmp_path / "in.parquet", out, removals=removals, settings=Settings(**CHOSEN))
    pq.write_table(pq.read_table(out), out)
    with pytest.raises(dedup.DedupError, match="was changed since") as caught:
        dedup.restore(out, removals, tmp_path / "back.parquet")
    assert caught.value.exit_status == 4
    assert not (tmp_path / "back.parquet").exists()


def test_what_is_no_cleaned_file_is_refused(tmp_path: Path) -> None:
    """Missing, no Parquet, without the text: a status of 4, for there is nothing to go on with."""
    path, removals = tmp_path / "in.parquet", tmp_path / "removals"
    write(path, column("string")[0])
    api.clean(path, tmp_path / "out.parquet", removals=removals, settings=Settings(**CHOSEN))
    (tmp_path / "no.parquet").write_bytes(path.read_bytes()[:-9])
    pq.write_table(pq.read_table(path).drop_columns("text"), tmp_path / "other.parquet")
    for name, message in (("missing", "cannot read .*: No such file"), ("no", "was changed"), ("other", "was changed")):
        with pytest.raises(dedup.DedupError, match=message) as caught:
            dedup.restore(tmp_path / f"{name}.parquet", removals, tmp_path / "back.parquet")
        assert caught.value.exit_status == 4
    assert not (tmp_path / "back.parquet").exists()


@pytest.mark.parametrize("compressed", [False, True])
def test_a_file_comes_back_from_a_pipe(tmp_path: Path, compressed: bool) -> None:
    """It is read twice, for its digest and for its rows; also below a compression."""
    path, out, back = (tmp_path / f"{name}.parquet{'.gz' * compressed}" for name in ("in", "out", "back"))
    before = write(tmp_path / "table", column("string")[0])
    whole = (tmp_path / "table").read_bytes()
    path.write_bytes(gzip.compress(whole) if compressed else whole)
    api.clean(path, out, removals=tmp_path / "removals", settings=Settings(**CHOSEN))
    for cleaned in (out, "-"):
        with out.open("rb") as file, subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE) as cat:
            command = [sys.executable, "-m", "dedup", "restore", cleaned, "--removals", "removals", "-o", back]
            done = subprocess.run(command, stdin=cat.stdout, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert cat.stdout is not None
            cat.stdout.close()
        assert done.returncode == 0, done.stderr
        restored = gzip.decompress(back.read_bytes()) if compressed else back.read_bytes()
        assert pq.read_table(io.BytesIO(restored)).to_pylist() == before.to_pylist()
        back.unlink()


def test_files_that_have_their_places_again_are_known(tmp_path: Path, broken_off: Callable) -> None:
    """By their texts: a restore that was broken off between two files goes on."""
    names = ["a.parquet", "b.parquet"]
    for name in names:
        write(tmp_path / name, column("string")[0])
    before = pq.read_table(tmp_path / names[0]).to_pylist()
    chosen = Settings(scope="document", **CHOSEN)
    api.clean([tmp_path / name for name in names], in_place=True, removals=tmp_path / "removals", settings=chosen)

    with broken_off():
        dedup.restore(tmp_path, tmp_path / "removals", output_dir=tmp_path)
    assert [pq.read_table(tmp_path / name).to_pylist() == before for name in names] == [True, False]
    done = dedup.restore(tmp_path, tmp_path / "removals", output_dir=tmp_path)
    assert done == (2, 2 * sum(len(text or "") for text in TEXTS))
    assert all(pq.read_table(tmp_path / name).to_pylist() == before for name in names)


def test_what_cannot_be_read_is_skipped_with_the_reason(tmp_path: Path) -> None:
    """A broken footer, a missing column, one that is there twice, a column of numbers."""
    path = tmp_path / "in.parquet"
    write(path, column("string")[0])
    whole = path.read_bytes()
    for field, message in (("body", "no column body"), ("id", "holds no text but double")):
        with pytest.raises(ReadError, match=message):
            api.scan(path, settings=Settings(text_field=field))
    twice = pa.Table.from_arrays([pa.array(TEXTS), pa.array(TEXTS)], names=["text", "text"])
    pq.write_table(twice, path)
    with pytest.raises(ReadError, match="more than one column text"):
        api.scan(path)
    path.write_bytes(whole[:-100])
    with pytest.raises(ReadError, match=r"in\.parquet: not a Parquet file that can be read"):
        api.scan(path)


@pytest.mark.parametrize(
    ("field", "ids"), [("meta.id", ["1", None, None]), ("a.b", ["x", "y", None]), ("n", ["7"] * 3)]
)
def test_the_id_is_found_as_the_text_is(tmp_path: Path, field: str, ids: list[str | None]) -> None:
    """Inside a field, under a name with a dot, of any type."""
    meta = pa.array([{"id": 1}, {"id": None}, None], pa.struct([("id", pa.int64())]))
    columns = {"text": ["one", "two", "three"], "meta": meta, "a.b": ["x", "y", None], "n": [7] * 3}
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    report = api.scan(tmp_path / "in.parquet", settings=Settings(id_field=field))
    assert [origin.id for origin in report.origins] == ids


def test_a_column_that_is_asked_for_and_not_there_is_told(tmp_path: Path) -> None:
    """As in a table of CSV; so is one that is there twice."""
    column, path = pa.array(["one"]), tmp_path / "in.parquet"
    pq.write_table(pa.Table.from_arrays([column] * 3, names=["text", "id", "id"]), path)
    for field, number in (("nope", "no"), ("\udcff", "no"), ("text.id", "no"), ("id", "more than one")):
        with pytest.raises(ReadError, match=rf"{number} column {field} \(--id-field\); it has text, id, id"):
            api.scan(path, settings=Settings(id_field=field))


def test_nanoseconds_of_a_time_are_cut_off(tmp_path: Path) -> None:
    """Python has none."""
    times = pa.array([1_234_567_890_123_456_789, None], pa.timestamp("ns", "UTC"))
    pq.write_table(pa.table({"text": ["one", "two"], "t": times}), tmp_path / "in.parquet")
    report = api.scan(tmp_path / "in.parquet", settings=Settings(id_field="t"))
    assert [origin.id for origin in report.origins] == ["2009-02-13 23:31:30.123456+00:00", None]


@pytest.mark.parametrize(
    ("times", "ids"),
    [
        (pa.array([1, None], pa.time64("ns")), ["00:00:00.000000001", None]),
        (pa.array([10**8, 1], pa.date32()), ["<value out of range: 100000000>", "1970-01-02"]),
        (pa.array([2**60], pa.timestamp("us", "UTC")), ["<value out of range: 1152921504606846976>"]),
        (pa.array([1], pa.timestamp("us", "No/Where")), ["1970-01-01 00:00:00.000001"]),
    ],
)
def test_times_that_python_has_not_are_texts(times: pa.Array, ids: list[str | None], tmp_path: Path) -> None:
    """They make an id as well as others, and at worst no date."""
    pq.write_table(pa.table({"text": ["one", "two"][: len(ids)], "t": times}), tmp_path / "in.parquet")
    report = api.scan(tmp_path / "in.parquet", settings=Settings(id_field="t"))
    assert [origin.id for origin in report.origins] == ids
    api.scan(tmp_path / "in.parquet", settings=Settings(unit="document", prefer="newest", date_field="t"))


def test_in_a_stream_and_in_memory(tmp_path: Path) -> None:
    """Parquet needs to be read from its end: a stream is copied first."""
    write(tmp_path / "in.parquet", column("string")[0])
    output = io.BytesIO()
    api.clean(io.BytesIO((tmp_path / "in.parquet").read_bytes()), output, settings=Settings(**CHOSEN))
    assert pq.read_table(io.BytesIO(output.getvalue())).column("text").to_pylist() == AFTER


def test_files_in_one_output_have_one_schema(tmp_path: Path) -> None:
    """Row groups follow each other; another schema is an error of usage."""
    one, other = tmp_path / "1.parquet", tmp_path / "2.parquet"
    write(one, column("string")[0])
    write(other, column("large")[0])
    api.clean([one, one], tmp_path / "out.parquet", settings=Settings(remove="exact"))
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 14
    with pytest.raises(UsageError, match="different schemas"):
        api.clean([one, other], tmp_path / "bad.parquet")
    assert not (tmp_path / "bad.parquet").exists()


def test_a_file_without_rows_stays_one(tmp_path: Path) -> None:
    """With its schema."""
    table = pa.table({"text": pa.array([], pa.string())})
    pq.write_table(table, tmp_path / "in.parquet")
    api.clean(tmp_path / "in.parquet", tmp_path / "out.parquet", removals=tmp_path / "removals")
    assert pq.read_table(tmp_path / "out.parquet").equals(table)
    dedup.restore(tmp_path / "out.parquet", tmp_path / "removals", tmp_path / "back.parquet")
    assert pq.read_table(tmp_path / "back.parquet").equals(table)


def test_a_look_without_output_takes_what_clean_takes(tmp_path: Path) -> None:
    """`scan` and `check` write nothing, and read Parquet alone and beside text."""
    rows, text = tmp_path / "a.parquet", tmp_path / "b.txt"
    write(rows, pa.array(TEXTS))
    text.write_text(SENTENCE)
    scanned = [dedup.scan(source, settings=Settings(**CHOSEN)) for source in (rows, [text, rows])]
    assert [one.totals.removed_paragraphs for one in scanned] == [5, 6]
    verdict = dedup.check(rows, settings=Settings(**CHOSEN))
    assert (verdict.exit_status, verdict.report.totals.blocks) == (1, scanned[0].totals.blocks)
