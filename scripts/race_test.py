"""Looks for data races of the native engine: `python scripts/race_test.py [--paragraphs 20000] [--threads 4]`.

Builds the engine anew with ThreadSanitizer in a temporary directory, has it clean near copies of a template with
several threads, and fails with what it tells if two threads meet in one place. Needs gcc with libtsan.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("setup.py", "pyproject.toml", "README.md", "LICENSE")
RACE = "WARNING: ThreadSanitizer: data race"


def main() -> int:
    """Exit status 0 without a race, 1 with one, 2 where it cannot be built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paragraphs", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=4)
    given = parser.parse_args()
    sanitizer = Path(
        subprocess.run(["gcc", "-print-file-name=libtsan.so"], capture_output=True, text=True).stdout.strip()
    )
    if not sanitizer.is_absolute():
        print("race_test: gcc has no libtsan.so", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="dedup-races-") as folder:
        tree = Path(folder)
        build(tree)
        corpus = tree / "corpus.txt"
        corpus.write_bytes(b"".join(near_copies(random.Random(1), given.paragraphs)))
        told = clean(tree, corpus, sanitizer, given.threads)
    races = told.count(RACE)
    print(f"race_test: {given.paragraphs:,} paragraphs, {given.threads} threads, {races} data races")
    if races:
        print(told[told.index(RACE) :][:4000], file=sys.stderr)
    return min(races, 1)


def build(tree: Path) -> None:
    """Build the package with its engine in a folder of its own."""
    shutil.copytree(ROOT / "dedup", tree / "dedup", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    for name in NEEDED:
        shutil.copy(ROOT / name, tree)
    flags = {"CFLAGS": "-fsanitize=thread -g -O1", "LDFLAGS": "-fsanitize=thread", "DEDUP_BUILD_NATIVE": "1"}
    command = [sys.executable, "setup.py", "-q", "build_ext", "--inplace"]
    subprocess.run(command, cwd=tree, env={**os.environ, **flags}, check=True)


def clean(tree: Path, corpus: Path, sanitizer: Path, threads: int) -> str:
    """Clean a file; gives what was told on standard error."""
    settings = {"LD_PRELOAD": str(sanitizer), "TSAN_OPTIONS": "exitcode=0", "PYTHONPATH": str(tree)}
    options = ["--unit", "line", "--engine", "native", "--threads", str(threads)]
    outputs = ["-o", str(tree / "clean.txt"), "--report", str(tree / "report.json")]
    command = [sys.executable, "-m", "dedup", "clean", str(corpus), *options, *outputs]
    done = subprocess.run(command, cwd=tree, env={**os.environ, **settings}, capture_output=True)
    told = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        raise SystemExit(f"race_test: dedup ended with {done.returncode}\n{told}")
    return told


def near_copies(draw: random.Random, paragraphs: int) -> Iterator[bytes]:
    """Lines that are near to most others: some say more, some less, some the same in places of their own."""
    beginnings, endings = ("sen", "hou", "mar", "rep", "win"), ("ate", "ses", "ket", "ort", "dow")
    words = [first + last for first in beginnings for last in endings]
    letter = draw.choices(words, k=60)
    for _ in range(paragraphs):
        line = list(letter)
        for _ in range(draw.randrange(5)):
            at, change = draw.randrange(len(line)), draw.randrange(3)
            if change == 0:
                del line[at]
            else:
                line[at] = draw.choice(words) if change == 1 else f"new{draw.randrange(2000)}"
        yield " ".join(line).encode() + b"\n"


if __name__ == "__main__":
    raise SystemExit(main())
