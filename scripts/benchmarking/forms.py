"""The Senate text in other forms: records, compressed, many small files; and a form letter with other figures."""

from __future__ import annotations

import bz2
import gzip
import importlib.util
import json
import lzma
import random
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SMALL_BYTES = 2_000
ROW_GROUP = 5_000
FIGURES_FILE = "figures-100k.txt"
MONTHS = ("January", "March", "May", "June", "August", "October", "November")
HOW_MADE = {
    "senate.jsonl": "the texts of senate.txt, a record each with `id`, `text` and `words`",
    "senate.txt.": "senate.txt, compressed",
    "senate.parquet": f"the records of senate.jsonl, {ROW_GROUP:,} in a row group",
    "small.txt": f"the first lines of senate.txt, cut to pieces of about {SMALL_BYTES:,} bytes",
    "figures-": "a form paragraph about Treasury balances, every copy with another date and other sums",
}


def build_forms(texts: Iterable[str], text_file: Path, out: Path, small_files: int, figures: int) -> list[Path]:
    """Write every form; gives the files (the folder of small ones is left out).

    Args:
        texts: the documents of `text_file`, in order.
        text_file: senate.txt.
        out: the folder of the corpus.
        small_files: how many small files.
        figures: how many copies of the form paragraph.
    """
    records = [{"id": f"s{i:06}", "text": text, "words": len(text.split())} for i, text in enumerate(texts)]
    lines = out / "senate.jsonl"
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    made = [lines, *compress(text_file, out), *compress_zstd(lines, out), *write_parquet(records, out)]
    made.append(write_small(text_file, out, small_files))
    made.append(write_figures(out / FIGURES_FILE, figures))
    return made


def compress(source: Path, out: Path) -> list[Path]:
    """The file as .gz, .bz2 and .xz, and as .zst where a package for it is installed."""
    made = []
    for suffix in ("gz", "bz2", "xz"):
        path = out / f"{source.name}.{suffix}"
        with source.open("rb") as data, open_compressed(path, suffix) as file:
            shutil.copyfileobj(data, file, 1 << 20)
        made.append(path)
    return [*made, *compress_zstd(source, out)]


def open_compressed(path: Path, suffix: str) -> gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile:
    """The file to write to; the same bytes whenever it is written."""
    if suffix == "gz":
        return gzip.GzipFile(path, "wb", compresslevel=6, mtime=0)
    return bz2.BZ2File(path, "wb") if suffix == "bz2" else lzma.LZMAFile(path, "wb", preset=0)


def compress_zstd(source: Path, out: Path) -> list[Path]:
    """The file as .zst, if the package zstandard is installed."""
    if not importlib.util.find_spec("zstandard"):
        return []
    import zstandard

    path = out / f"{source.name}.zst"
    with source.open("rb") as data, path.open("wb") as file:
        zstandard.ZstdCompressor(level=3).copy_stream(data, file)
    return [path]


def write_parquet(records: list[dict[str, Any]], out: Path) -> list[Path]:
    """The records as Parquet, if pyarrow is installed."""
    if not importlib.util.find_spec("pyarrow"):
        return []
    import pyarrow
    from pyarrow import parquet

    path = out / "senate.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(records), path, row_group_size=ROW_GROUP, compression="zstd")
    return [path]


def write_small(source: Path, out: Path, files: int) -> Path:
    """Folder `small` with so many files, and small.txt with the same bytes in one."""
    folder, whole = out / "small", out / "small.txt"
    shutil.rmtree(folder, ignore_errors=True)
    with whole.open("wb") as together:
        for number, piece in zip(range(files), pieces(source), strict=False):
            below = folder / f"{number // 1000:03}"
            below.mkdir(parents=True, exist_ok=True)
            (below / f"{number:06}.txt").write_bytes(piece)
            together.write(piece)
    return whole


def pieces(source: Path) -> Iterator[bytes]:
    """Pieces of whole lines, of about SMALL_BYTES each; a longer line is cut."""
    piece = b""
    with source.open("rb") as file:
        for line in file:
            while len(piece) + len(line) > SMALL_BYTES:
                room = SMALL_BYTES - len(piece)
                yield piece + line[:room].rstrip(b"\n") + b"\n"
                piece, line = b"", line[room:]
            piece += line


def write_figures(path: Path, copies: int) -> Path:
    """Copies of one form paragraph; no two have the same figures."""
    rng = random.Random("figures")
    with path.open("w", encoding="utf-8") as file:
        for number in range(copies):
            day = f"{rng.choice(MONTHS)} {rng.randint(1, 28)}"
            cash, loans, change = (rng.randint(1_000, 99_999) for _ in range(3))
            file.write(
                f"Treasury balances at the Federal Reserve on {day} stood at {cash:,} million dollars, up {change:,} "
                f"million on the day before, the Treasury said in statement {number}. Balances in tax and loan "
                f"note accounts at commercial banks were {loans:,} million dollars on the same day.\n"
            )
    return path
