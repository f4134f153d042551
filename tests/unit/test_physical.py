"""Parquet: what is not the text keeps its values and its physical types."""

from __future__ import annotations

import datetime
import decimal
import io
import re
from pathlib import Path
from typing import Any

import pytest

import dedup
from dedup import api
from dedup.errors import ReadError, UsageError
from dedup.settings import Settings

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

SENTENCE = "The House voted on the bill early this week, said a spokesman for the committee.\n"
TEXTS = [SENTENCE, SENTENCE, "last"]
DROP = Settings(unit="line", min_block_words=0, empty="drop")
DAY = datetime.datetime
FAR = [DAY(2020, 1, 1), DAY(9999, 12, 31, 23, 59, 59, 999999), DAY(1, 1, 1)]
TIMES = {
    "near": pa.array([DAY(2020, 1, 1, 2, 3), None, DAY(1999, 12, 31)], pa.timestamp("us")),
    "far": pa.array(FAR, pa.timestamp("us")),
    "far where a row is dropped": pa.array([FAR[0], FAR[1], None], pa.timestamp("us")),
    "fine": pa.array([1, 2_000, 1_001], pa.timestamp("ns")),
    "fine where a row is dropped": pa.array([1_000, 1, None], pa.timestamp("ns")),
}
INT96 = {"use_deprecated_int96_timestamps": True}


def physical(path: Path) -> list[tuple[object, ...]]:
    """The columns of a file, as they are in the file."""
    with pq.ParquetFile(path) as file:
        columns = [file.schema.column(number) for number in range(len(file.schema))]
        return [(one.path, one.physical_type, str(one.logical_type), one.length) for one in columns]


def values(path: Path, unit: str) -> Any:
    """Its rows, with timestamps of INT96 in a unit."""
    return pq.read_table(path, coerce_int96_timestamp_unit=unit)


@pytest.mark.parametrize("kind", list(TIMES))
@pytest.mark.parametrize("version", ["1.0", "2.4", "2.6"])
@pytest.mark.parametrize("options", [INT96, {**INT96, "store_schema": False}, {}], ids=["int96", "alone", "int64"])
def test_timestamps_stay(tmp_path: Path, kind: str, version: str, options: dict[str, bool]) -> None:
    """Of INT96 and of INT64, in every unit in which they can be looked at; and the removals give them back."""
    times = TIMES[kind]
    columns = {"text": TEXTS, "at": times, "there": times.cast(pa.timestamp(times.type.unit, "Europe/Vienna"))}
    columns["inside"] = pa.StructArray.from_arrays([times, pa.array([1, 2, 3])], ["a.b", "c"])
    given, out, removals, back = (tmp_path / name for name in ("in.parquet", "out.parquet", "removals", "back.parquet"))
    more = {"allow_truncated_timestamps": True, "coerce_timestamps": "us"} if version < "2.6" and not options else {}
    pq.write_table(pa.table(columns), given, version=version, **options, **more)
    api.clean(given, out, removals=removals, settings=DROP)
    dedup.restore(out, removals, back)
    assert physical(out) == physical(given) == physical(back)
    assert physical(out)[1][:2] == ("at", "INT96") or not options
    for unit in ("s", "us", "ns"):
        assert values(out, unit) == values(given, unit).take([0, 2])
        assert values(back, unit) == values(given, unit)


def test_what_else_a_schema_of_arrow_does_not_know_stays(tmp_path: Path) -> None:
    """Names in lists, decimals as integers, types that a file of version 1.0 has although pyarrow writes none there."""
    price = pa.array([decimal.Decimal("1.5")] * 3)
    columns = {"text": TEXTS, "item": [[1], [], None], "few": price.cast(pa.decimal128(7, 2))}
    columns |= {"many": price.cast(pa.decimal128(15, 2)), "most": price.cast(pa.decimal128(30, 2))}
    columns |= {"u": pa.array([1, 2, 3], pa.uint32()), "at": pa.array([1, 2, 3], pa.timestamp("ns"))}
    given, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    for options in ({}, {"use_compliant_nested_type": False, "store_decimal_as_integer": True}):
        pq.write_table(pa.table(columns), given, store_schema=False, **options)
        for version in (b"\x15\x04", b"\x15\x02"):  # the first field of the footer: 2 and 1
            whole = bytearray(given.read_bytes())
            footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
            assert whole[footer : footer + 2] in (b"\x15\x04", b"\x15\x02")
            whole[footer : footer + 2] = version
            given.write_bytes(whole)
            api.clean(given, out, settings=DROP)
            assert physical(out) == physical(given)
            assert values(out, "ns") == values(given, "ns").take([0, 2])


def of_both_kinds(path: Path) -> None:
    """Write a file with timestamps of INT64 and an empty column of INT96, which pyarrow does not write beside them."""
    columns = {"text": TEXTS, "at": pa.array([1, 2, 3], pa.timestamp("us")), "ts": pa.array([None] * 3, pa.int64())}
    pq.write_table(pa.table(columns), path, store_schema=False)
    type_of_ts = rb"\x15\x04(\x25\x02\x18\x02ts|\x19.{1,12}?\x02ts)"  # once in the schema, once in the row group
    whole, found = re.subn(type_of_ts, lambda match: b"\x15\x06" + match[1], path.read_bytes(), flags=re.DOTALL)
    assert found == 2
    path.write_bytes(whole)


def test_what_cannot_stay_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """INT96 beside INT64, and what the installed pyarrow writes otherwise; to look at such a file is no harm."""
    given, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    of_both_kinds(given)
    assert dedup.scan(given, settings=DROP).totals.blocks == 1
    with pytest.raises(ReadError, match=r"INT96 in column ts and others of INT64 \(at\)"):
        api.clean(given, out, settings=DROP)
    pq.write_table(pa.table({"text": TEXTS, "at": TIMES["far"]}), given, **INT96)
    monkeypatch.setattr("dedup.sources.physical._written", lambda _batch: io.BytesIO(given.read_bytes()))
    with pytest.raises(ReadError, match="INT96 in column at, and some of them pyarrow would change"):
        api.clean(given, out, settings=DROP)
    assert not out.exists()


def test_timestamps_of_two_kinds_do_not_go_into_one_output(tmp_path: Path) -> None:
    """The schema of Arrow is the same; that of the file is not."""
    paths = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    for path, options in zip(paths, (INT96, {}), strict=True):
        pq.write_table(pa.table({"text": TEXTS, "at": TIMES["near"]}), path, **options)
    with pytest.raises(UsageError, match="different schemas"):
        api.clean(paths, tmp_path / "out.parquet")
