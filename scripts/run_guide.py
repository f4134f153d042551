"""Runs the commands of docs/guide.md and puts what they print below them, so that the guide shows real output.

    python scripts/run_guide.py            run all and rewrite the outputs
    python scripts/run_guide.py --check    exit status 1 and a diff if an output is another

A block that begins with ```console is run: its lines that begin with `$ ` are commands, the others are what they
printed on standard output and standard error. All blocks run in order in one fresh folder that holds a copy of seeds/.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide.md"
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
PATIENCE_SECONDS = 120


def rewritten(text: str, folder: Path, path: str) -> str:
    """The guide with the outputs that its commands give now.

    Args:
        text: the guide.
        folder: an empty folder to run in.
        path: PATH, with the `dedup` to run in it.
    """
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return BLOCK.sub(lambda block: "".join(_ran(block[0], folder, path)), text)


def _ran(block: str, folder: Path, path: str) -> Iterator[str]:
    for command in _commands(block):
        yield f"$ {command}\n"
        yield _output(command, folder, path)


def _commands(block: str) -> list[str]:
    """The commands of a block; a line that ends with a backslash goes on in the next."""
    commands: list[str] = []
    goes_on = False
    for line in block.splitlines():
        if goes_on:
            commands[-1] += "\n" + line
        elif line.startswith("$ "):
            commands.append(line[2:])
        else:
            continue  # what the command before printed
        goes_on = line.endswith("\\")
    return commands


def _output(command: str, folder: Path, path: str) -> str:
    environment = {
        "PATH": path,
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "guide@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    said = done.stdout.decode("utf-8", "replace")
    return said if said.endswith("\n") or not said else said + "\n"


def main() -> int:
    """Rewrite the guide, or compare it."""
    parser = argparse.ArgumentParser(description="Run the commands of docs/guide.md and write what they print there.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and a diff if an output is another")
    arguments = parser.parse_args()
    text = GUIDE.read_text(encoding="utf-8")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        made = rewritten(text, Path(folder), path)
    if not arguments.check:
        GUIDE.write_text(made, encoding="utf-8")
        return 0
    sys.stdout.writelines(difflib.unified_diff(text.splitlines(True), made.splitlines(True), "guide.md", "now"))
    return int(text != made)


if __name__ == "__main__":
    sys.exit(main())
