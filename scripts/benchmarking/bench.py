"""Runs contenders in turn and remembers what they took."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarking.contenders import Contender
from benchmarking.corpus import digest_file
from benchmarking.places import CONTENDERS, MB, SEED_FILE


class Sample(NamedTuple):
    """One run of one contender."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    digest: str


@dataclass
class Measurement:
    """The runs of one contender on one file."""

    contender: str
    file: str
    bytes: int
    command: str
    samples: list[Sample] = field(default_factory=list)
    failed: str = ""

    @property
    def wall_s(self) -> float:
        """Median wall time in seconds."""
        return median(sample.wall_s for sample in self.samples)

    @property
    def cpu_s(self) -> float:
        """Median of user + system time in seconds."""
        return median(sample.cpu_s for sample in self.samples)

    @property
    def peak_bytes(self) -> int:
        """The highest peak of all runs."""
        return max(sample.peak_bytes for sample in self.samples)

    @property
    def mb_per_s(self) -> float:
        """Input read per second of wall time."""
        return self.bytes / MB / self.wall_s


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


@dataclass
class Bench:
    """Runs contenders, remembers what they took, and notes what went wrong."""

    folder: Path
    scratch: Path
    runs: int
    warm_up: bool
    contenders: dict[str, Contender]
    chosen: set[str]
    done: dict[tuple[str, str], Measurement] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    reported: dict[str, dict[str, float]] = field(default_factory=dict)

    def measure(self, jobs: Sequence[tuple[str, str]], runs: int = 0, *, afresh: bool = False) -> None:
        """Run the chosen ones of (contender, file) in turn; those measured before are not run again.

        Args:
            jobs: contenders and their inputs.
            runs: of each, if not as many as of all.
            afresh: run all of them. Two commands that take nearly the same, minutes apart, tell of the machine.
        """
        new = []
        for name, file in jobs:
            contender = self.contenders[name]
            if name in self.chosen and not contender.missing and (afresh or (name, file) not in self.done):
                path = self.path(file)
                command = shlex.join(contender.arguments(path))
                self.done[name, file] = Measurement(name, file, size_of(path), command)
                new.append((contender, self.done[name, file]))
        for turn in range(-1 if self.warm_up else 0, runs or self.runs):
            for contender, measurement in new:
                if not measurement.failed:
                    self.run_once(contender, measurement, keep=turn >= 0)
        self.check_agreement({file for _, file in jobs})

    def path(self, file: str) -> Path:
        """Where a corpus file is; `seed` is the document of the repository."""
        return SEED_FILE if file == "seed" else self.folder / file

    def run_once(self, contender: Contender, measurement: Measurement, keep: bool) -> None:
        """One run; a warm-up is not kept."""
        command = contender.arguments(self.path(measurement.file))
        print(f"benchmark: {contender.name} on {measurement.file}", file=sys.stderr)
        for old in self.scratch.glob("report.*"):  # to free those of the run before is not what writing them costs
            old.unlink()
        try:
            sample = self.launch(command, contender.locale)
        except subprocess.CalledProcessError as error:
            measurement.failed = f"exit status {error.returncode}: {error.stderr}"
            self.problems.append(f"{contender.name} on {measurement.file}: {measurement.failed}")
            return
        if keep:
            measurement.samples.append(sample)

    def launch(self, command: Sequence[str], locale: str = "C.UTF-8") -> Sample:
        """Run one command through the launcher.

        Raises:
            subprocess.CalledProcessError: the command could not start or its exit status is not 0.
        """
        out, err = self.scratch / "stdout", self.scratch / "stderr"
        launcher = [sys.executable, "-I", "-S", str(CONTENDERS / "launch.py"), str(out), str(err)]
        env = {**os.environ, "LC_ALL": locale}
        told = subprocess.run([*launcher, *command], cwd=self.scratch, env=env, capture_output=True, text=True)
        if told.returncode:
            raise subprocess.CalledProcessError(told.returncode, command, stderr=told.stderr.strip()[-300:])
        status, wall, cpu, peak, written = told.stdout.split()
        if status != "0":
            said = err.read_text(errors="replace").strip()[-300:]
            raise subprocess.CalledProcessError(int(status), command, stderr=said)
        return Sample(float(wall), float(cpu), int(peak), digest_file(out, int(written)))

    def check_agreement(self, files: Iterable[str]) -> None:
        """Note contenders that printed other bytes than those that they should agree with, or than before."""
        for file in files:
            groups: dict[str, dict[str, set[str]]] = defaultdict(dict)
            for (name, measured), measurement in self.done.items():
                if measured == file and measurement.samples:
                    digests = {sample.digest for sample in measurement.samples}
                    groups[self.contenders[name].agrees or name][name] = digests
            for group, members in groups.items():
                if len(set().union(*members.values())) > 1:
                    told = ", ".join(f"{name} {'/'.join(sorted(d))}" for name, d in members.items())
                    problem = f"disagreement ({group}) on {file}: {told}"
                    if problem not in self.problems:
                        self.problems.append(problem)

    def get(self, name: str, file: str) -> Measurement | None:
        """What was measured, if it was."""
        found = self.done.get((name, file))
        return found if found and found.samples and not found.failed else None

    def wall(self, name: str, file: str) -> float | None:
        """Median wall time, if measured."""
        found = self.get(name, file)
        return found.wall_s if found else None

    def peak_mb(self, name: str, file: str) -> float | None:
        """Highest peak memory in MB, if measured."""
        found = self.get(name, file)
        return found.peak_bytes / MB if found else None

    def net_wall(self, name: str, file: str) -> float | None:
        """Median wall time less that of the same contender on the seed, which is its start-up."""
        wall, start = self.wall(name, file), self.wall(name, "seed")
        return None if wall is None or start is None else max(wall - start, 1e-9)

    def totals(self, file: str) -> dict[str, float]:
        """`totals` of the JSON report of `dedup-2`, from a run of its own; empty where it cannot run."""
        if file not in self.reported:
            self.reported[file] = self.read_totals(file) if self.get("dedup-2", file) else {}
        return self.reported[file]

    def read_totals(self, file: str) -> dict[str, float]:
        """Run `dedup-2` with --report and read its totals."""
        report = self.scratch / "report.json"
        try:
            self.launch([*self.contenders["dedup-2"].arguments(self.path(file)), "--report", str(report)])
            totals: dict[str, float] = json.loads(report.read_bytes())["totals"]
            return totals
        except (subprocess.CalledProcessError, OSError, ValueError, KeyError) as error:
            self.problems.append(f"dedup-2 --report on {file}: {error!r}")
            return {}
        finally:
            report.unlink(missing_ok=True)
