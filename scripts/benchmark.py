"""Measure `dedup` as whole processes beside the tools it wants to be as fast as.

    python scripts/benchmark.py corpus FOLDER --out DIR    build the files to measure on
    python scripts/benchmark.py run DIR                    measure; tables on standard output

`--quick` builds and runs everything a thousand times smaller, to see that it works; its figures mean nothing.

How it is measured. Contenders run in turn (A B C A B C ...), after one warm-up each; figures are medians.
Every contender reads a file by name and writes standard output over the same file in the scratch folder
(shared memory where it has room, else the temporary folder), so that all of them pay for writing, but not for
fresh memory; the digest (xxh3_128) of what was written is taken outside the measured time. Processes start
through `contenders/launch.py`, which is small, so that the peak memory is the contender's own; 1 MB is 10**6
bytes. The locale is C.UTF-8 (in which `wc -w` is faster than in C), and C for sort and awk. The current
folder is the scratch folder: the installed `dedup` is measured, not the checkout.

Exit status: 0 measured (whether bars are met or missed), 1 a contender failed or contenders that should agree
did not, 2 usage.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarking.bench import Bench
from benchmarking.contenders import find_contenders
from benchmarking.corpus import FULL, QUICK, build_corpus
from benchmarking.sections import SECTIONS
from benchmarking.show import as_json, describe_machine, show_contenders, show_section, table


def choose(only: Sequence[str], contenders: Iterable[str]) -> tuple[list[str], set[str]]:
    """Sections and contenders named by --only; all of a kind where none is named.

    `dedup` names every dedup-... as well.

    Raises:
        SystemExit: a name is neither, status 2.
    """
    names = {name for part in only for name in part.split(",") if name}
    sections = [section for section in SECTIONS if section in names]
    chosen = {contender for contender in contenders if names & {contender, contender.partition("-")[0]}}
    known = {*sections, *chosen, *(contender.partition("-")[0] for contender in chosen)}
    if names - known:
        print(f"benchmark: --only: no section or contender {', '.join(sorted(names - known))}", file=sys.stderr)
        raise SystemExit(2)
    return sections or list(SECTIONS), chosen or set(contenders)


def find_scratch(folder: Path) -> Path:
    """Shared memory where three times the largest file fits, else the temporary folder."""
    shared = Path("/dev/shm")
    largest = max((file.stat().st_size for file in folder.iterdir()), default=0)
    if shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 3 * largest:
        return shared
    return Path(tempfile.gettempdir())


def run(arguments: argparse.Namespace) -> int:
    """Measure the chosen sections and print them."""
    folder: Path = arguments.folder.resolve()
    if not (folder / "corpus.json").is_file():
        print(
            f"benchmark: no corpus in {folder}; build it: benchmark.py corpus FOLDER --out DIR",
            file=sys.stderr,
        )
        return 2
    contenders = find_contenders()
    names, chosen = choose(arguments.only, contenders)
    runs, warm_up = (1, False) if arguments.quick else (arguments.runs, True)
    with tempfile.TemporaryDirectory(prefix="dedup-benchmark-", dir=find_scratch(folder)) as scratch:
        bench = Bench(folder, Path(scratch), runs, warm_up, contenders, chosen)
        machine = describe_machine(bench)
        if arguments.quick:
            print("Quick: the figures mean nothing.\n")
        print(table([["what", "measured with"], *map(list, machine.items())], arguments.markdown) + "\n")
        print(show_contenders(bench, arguments.markdown))
        sections = []
        for name in names:
            sections.append(SECTIONS[name](bench))
            print(show_section(bench, sections[-1], arguments.markdown), flush=True)
        if arguments.json:
            arguments.json.write_text(as_json(bench, machine, sections, arguments.quick), encoding="utf-8")
    for problem in bench.problems:
        print(f"benchmark: {problem}", file=sys.stderr)
    return 1 if bench.problems else 0


def corpus(arguments: argparse.Namespace) -> int:
    """Build the corpus."""
    build_corpus(arguments.folder, arguments.out, QUICK if arguments.quick else FULL, arguments.seed)
    return 0


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    summary, _, details = (__doc__ or "").partition("\n")
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=summary, epilog=details, formatter_class=plain)
    commands = parser.add_subparsers(required=True, metavar="corpus|run")
    build = commands.add_parser("corpus", help="build the files to measure on")
    build.add_argument("folder", type=Path, help="*.jsonl and *.jsonl.zst with a field `text`")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files go (2.2 GB)")
    build.add_argument("--seed", type=int, default=1, help="of every random choice (default 1)")
    build.add_argument("--quick", action="store_true", help="a thousand times smaller")
    build.set_defaults(command=corpus)
    measure = commands.add_parser("run", help="measure")
    measure.add_argument("folder", type=Path, metavar="DIR", help="what `corpus` built")
    measure.add_argument("--runs", type=int, default=5, metavar="N", help="of each contender (default 5)")
    measure.add_argument("--only", nargs="+", default=[], metavar="NAME", help="sections and contenders")
    measure.add_argument("--json", type=Path, metavar="FILE", help="write every sample to a file")
    measure.add_argument("--markdown", action="store_true", help="print Markdown tables")
    measure.add_argument("--quick", action="store_true", help="one run, no warm-up: only to see that it works")
    measure.set_defaults(command=run)
    return parser.parse_args(argv)


def main() -> int:
    """Exit status of the command."""
    arguments = parse()
    status: int = arguments.command(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
