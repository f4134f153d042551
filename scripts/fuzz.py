"""Cleans and restores generated files of every format; ends with status 1 at the first that does not come back.

    python scripts/fuzz.py [DOCUMENTS] [--seed N]

Each file has an encoding, a compression, line ends, units and settings of its own. What is checked: restoring
gives the input (of Parquet: its values, schema and row groups), and a second run gives the same bytes.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import dedup
from dedup import api
from tests.property.makers import FORMATS, Made, make


def main() -> int:
    """Generate until so many documents were cleaned and restored."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("documents", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="number of the first file")
    chosen = parser.parse_args()
    begun, seed, seen = time.monotonic(), chosen.seed, Counter[str]()
    with tempfile.TemporaryDirectory(prefix="dedup-fuzz-") as folder:
        while seen.total() < chosen.documents:
            format_name = FORMATS[seed % len(FORMATS)]
            made = make(Path(folder), seed, format_name)
            try:
                seen[format_name] += check(made, Path(folder))
            except Exception as error:
                print(f"seed {seed}, {format_name}: {type(error).__name__}: {error}\n{made.settings}", file=sys.stderr)
                return 1
            seed += 1
    counts = ", ".join(f"{count:,} {name}" for name, count in seen.most_common())
    print(
        f"{seen.total():,} documents in {seed - chosen.seed:,} files came back "
        f"({counts}; {time.monotonic() - begun:.0f} s)"
    )
    return 0


def check(made: Made, folder: Path) -> int:
    """Clean and restore one file; gives its documents."""
    cleaned, again, removals = folder / "cleaned", folder / "again", folder / "removals"
    report = api.clean(made.path, cleaned, removals=removals, settings=made.settings)
    api.clean(made.path, again, settings=made.settings, details=False)
    assert cleaned.read_bytes() == again.read_bytes(), "a second run gives other bytes"
    if made.format == "parquet":
        check_parquet(made, cleaned, removals)
    else:
        restored = io.BytesIO()
        dedup.restore(cleaned, removals, restored)
        assert restored.getvalue() == made.content, "the input does not come back"
    return max(report.totals.documents, 1)


def check_parquet(made: Made, cleaned: Path, removals: Path) -> None:
    """Values, schema and row groups come back."""
    import pyarrow.parquet as pq

    restored = cleaned.with_name("restored")
    dedup.restore(cleaned, removals, restored)
    with pq.ParquetFile(made.path) as before, pq.ParquetFile(restored) as after:
        assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True), "another schema"
        assert after.read().to_pylist() == before.read().to_pylist(), "other values"
        assert after.num_row_groups == before.num_row_groups, "other row groups"


if __name__ == "__main__":
    sys.exit(main())
