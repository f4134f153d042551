"""Kills runs at random moments and looks at what they leave: `python scripts/kill_test.py [--runs 200]`.

Half of the runs clean files in place, half write into an output directory that holds older files. A third of
the kills come at any moment, a third while files are written, a third while they are put in their places. After
`kill -9` every file must be the old or the new one, whole, and the next run must complete with the answer of a
run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

MOMENTS = ("any", "writing", "replacing")
Content = dict[str, bytes]


def make_corpus(folder: Path, seed: int, files: int) -> None:
    """Files that repeat each other, some compressed, two large enough to go to the disk while they are read."""
    import gzip

    draw = random.Random(seed)
    passages = [passage(draw, number) for number in range(60)]
    for number in range(files):
        chosen = draw.choices(passages, k=draw.randint(1, 6) if number % 20 else 400)
        chosen.append(passage(draw, 1000 + number))
        draw.shuffle(chosen)
        text = b"\n".join(chosen)
        name = f"{number % 4}/{number:03}.txt" + (".gz" if number % 5 == 1 else "")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text, 1) if name.endswith(".gz") else text)


def passage(draw: random.Random, number: int) -> bytes:
    """A few lines that are like no other passage."""
    words = ["senate", "house", "vote", "bill", "oil", "price", "week", "spokesman", "market", "report"]
    lines = (f"{number}-{i}: " + " ".join(draw.choices(words, k=12)) + f" {draw.randrange(10**6)}." for i in range(12))
    return "\n".join(lines).encode() + b"\n"


def content(folder: Path) -> Content:
    """Every file but the temporary ones, which a killed process cannot remove."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if not is_temporary(path.name)}


def is_temporary(name: str) -> bool:
    """Whether a file is one of a run that goes on, or was killed."""
    return name.startswith(".") and name.endswith(".dedup")


def temporary_files(folder: Path) -> int:
    """How many there are."""
    return sum(is_temporary(name) for _, _, names in os.walk(folder) for name in names)


def wait_for(moment: str, folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process writes, or puts files in their places, or has ended."""
    most = 0
    while process.poll() is None:
        now = temporary_files(folder)
        if now < most or (now and moment == "writing"):
            return
        most = max(most, now)


def run(arguments: list[str], kill: Callable[[subprocess.Popen[bytes]], None] | None = None) -> bool:
    """Run the command; True if it ended by itself. Raises SystemExit if it failed."""
    command = [sys.executable, "-m", "dedup", "clean", "--quiet", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        if kill is not None:
            kill(process)
            process.send_signal(signal.SIGKILL)
        _, message = process.communicate()
        if process.returncode not in (0, -signal.SIGKILL):
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {message.decode()}")
        return process.returncode == 0


class Case:
    """One way to write, with what stands there before and after a run that nobody disturbs."""

    def __init__(self, name: str, corpus: Path, scratch: Path) -> None:
        self.name = name
        self._corpus = corpus
        self._place = scratch / name
        self._in_place = name == "in-place"
        self.reset()
        self.old = content(self._place)
        started = time.monotonic()
        run(self.arguments())
        self.seconds = time.monotonic() - started
        self.new = content(self._place)

    def arguments(self) -> list[str]:
        """Of the command."""
        if self._in_place:
            return [str(self._place), "--in-place"]
        return [str(self._corpus), "--output-dir", str(self._place)]

    def reset(self) -> None:
        """Put the old files there; in the output directory some are missing and the others have an old text."""
        shutil.rmtree(self._place, ignore_errors=True)
        shutil.copytree(self._corpus, self._place)
        if self._in_place:
            return
        for number, path in enumerate(sorted(path for path in self._place.rglob("*") if path.is_file())):
            if number % 3:
                path.write_bytes(b"what stood there before\n")
            else:
                path.unlink()

    def disturb(self, moment: str, draw: random.Random) -> str:
        """Kill a run, look, let another one complete, look again. Gives what the killed one left."""

        def kill(process: subprocess.Popen[bytes]) -> None:
            if moment == "any":
                time.sleep(draw.uniform(0.02, 1.1 * self.seconds))
            else:
                wait_for(moment, self._place, process)
                time.sleep(draw.uniform(0, 0.3 * self.seconds if moment == "writing" else 0.002))

        self.reset()
        left = "complete" if run(self.arguments(), kill) else self._check()
        run(self.arguments())
        after = content(self._place)
        if after != self.new:
            raise SystemExit(f"{self.name}: the next run did not complete: {differences(after, self.new)}")
        return left

    def _check(self) -> str:
        now = content(self._place)
        for name in self.old.keys() | self.new.keys() | now.keys():
            if now.get(name) not in (self.old.get(name), self.new.get(name)):
                raise SystemExit(f"{self.name}: {name} is neither the old nor the new file")
        if now == self.old:
            return "all old"
        return "all new" if now == self.new else "some new"


def differences(one: Content, other: Content) -> str:
    """Names of the first files that differ."""
    return ", ".join(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))[:5])


def main() -> None:
    """Run both cases and print what the killed runs left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--files", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="dedup-kill-") as scratch:
        corpus = Path(scratch) / "corpus"
        make_corpus(corpus, given.seed, given.files)
        cases = [Case(name, corpus, Path(scratch)) for name in ("in-place", "output-dir")]
        found: dict[str, Counter[str]] = {case.name: Counter() for case in cases}
        for number in range(given.runs):
            case, moment = cases[number % 2], MOMENTS[number // 2 % 3]
            found[case.name][f"{case.disturb(moment, draw)} ({moment})"] += 1
            if number % 20 == 19:
                print(f"{number + 1} runs, all as it must be", file=sys.stderr, flush=True)
    for name, counts in found.items():
        print(f"{name}: {', '.join(f'{count} {what}' for what, count in sorted(counts.items()))}")


if __name__ == "__main__":
    os.nice(1)
    main()
