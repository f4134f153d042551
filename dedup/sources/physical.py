"""The physical types of a Parquet file: what pyarrow has to be told to read and write them again without loss.

A schema of Arrow knows nothing of them. Timestamps of INT96, which Spark, Hive and Impala wrote for years, have a day
and a nanosecond; Arrow has one number, of a unit in which not every year or not every nanosecond has room.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dedup.errors import InputSkipped
from dedup.sources.arrow import import_parquet

if TYPE_CHECKING:
    import pyarrow as pa

INT96 = "use_deprecated_int96_timestamps"
_SEEN_IN = ("s", "us", "ns")
"""Units in which two timestamps look alike only if they are: a number that has no room in one of them is another."""
_ROWS = 1 << 16


def options_like(opened: Any) -> dict[str, Any]:
    """With what pyarrow writes columns of the types that an open file has.

    Each of them holds for all columns: of a file that has both kinds of timestamps or decimals one changes.
    """
    kinds = [(one.physical_type, str(one.logical_type)) for one in _columns(opened)]
    # pyarrow takes 1.0 for a file without these two; others write them in files that say 1.0.
    newer = any("timeUnit=nanoseconds" in kind or kind == "Int(bitWidth=32, isSigned=false)" for _, kind in kinds)
    return {
        "version": "2.6" if newer else opened.metadata.format_version,
        INT96: any(physical == "INT96" for physical, _ in kinds),
        "use_compliant_nested_type": False,  # else the field of a list is named `element`, whatever its name was
        "store_decimal_as_integer": any(
            kind.startswith("Decimal") and physical in ("INT32", "INT64") for physical, kind in kinds
        ),
    }


def int96_unit(name: str, opened: Any, open_in: Callable[[str], Any]) -> str | None:
    """The unit in which all timestamps of INT96 are read and written as they are; None where there are none.

    Cost: these columns are read once more, in three units, and written into memory.

    Args:
        name: of the file.
        opened: the file.
        open_in: opens it again, with timestamps in a unit.
    Raises:
        InputSkipped: no unit does it, or other columns have timestamps of INT64.
    """
    columns = [one.path for one in _columns(opened) if one.physical_type == "INT96"]
    if not columns:
        return None
    others = [one.path for one in _columns(opened) if str(one.logical_type).startswith("Timestamp")]
    if others:
        raise _skipped(name, f"{columns[0]} and others of INT64 ({others[0]}), and pyarrow writes one kind")
    # What was cleaned is read as it was written, also if a row that asked for the unit was dropped.
    for unit in ("ns", "us") if _was_in_ns(opened) else ("us", "ns"):
        if _stays(unit, columns, open_in):
            return unit
    raise _skipped(name, f"{', '.join(columns)}, and some of them pyarrow would change")


def _skipped(name: str, what: str) -> InputSkipped:
    return InputSkipped(name, f"it has timestamps of INT96 in column {what}: write it anew with timestamps of INT64")


def _columns(opened: Any) -> list[Any]:
    return [opened.schema.column(number) for number in range(len(opened.schema))]


def _was_in_ns(opened: Any) -> bool:
    """Whether the schema of Arrow that a file was written with has timestamps in nanoseconds."""
    import base64

    import pyarrow as pa

    stored = (opened.metadata.metadata or {}).get(b"ARROW:schema")
    return stored is not None and "timestamp[ns" in str(pa.ipc.read_schema(pa.py_buffer(base64.b64decode(stored))))


def _stays(unit: str, columns: list[str], open_in: Callable[[str], Any]) -> bool:
    """Whether columns that are read in a unit are, once written, what they were."""
    seen = (open_in(one).iter_batches(_ROWS, columns=columns, use_threads=False) for one in _SEEN_IN)
    for batches in zip(*seen, strict=True):
        written = _written(batches[_SEEN_IN.index(unit)])
        for one, batch in zip(_SEEN_IN, batches, strict=True):
            table = import_parquet().ParquetFile(written, coerce_int96_timestamp_unit=one).read(use_threads=False)
            if table != _table(batch):
                return False
    return True


def _written(batch: pa.RecordBatch) -> io.BytesIO:
    file = io.BytesIO()
    import_parquet().write_table(_table(batch), file, **{INT96: True, "use_compliant_nested_type": False})
    return file


def _table(batch: pa.RecordBatch) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches([batch])
