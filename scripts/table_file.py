"""Writing a table that the repository keeps, or comparing it with the one that is there."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path


def write_or_compare(path: Path, make: Callable[[], bytes], source: str) -> int:
    """Run a script that makes one table; gives its exit status.

    Args:
        path: where the table is kept.
        make: makes its bytes.
        source: what it is made from, as the message names it.
    """
    parser = argparse.ArgumentParser(description=f"Make dedup/engine/{path.name}.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file in the tree differs")
    arguments = parser.parse_args()
    table = make()
    if arguments.check:
        if path.exists() and path.read_bytes() == table:
            return 0
        print(f"{path} is not what {source} gives: run {sys.argv[0]}", file=sys.stderr)
        return 1
    path.write_bytes(table)
    print(f"{path}: {len(table)} bytes from {source}")
    return 0
