"""What a git revision held: the files below some paths, and which of the files here are still the same."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from dedup.checks.pointers import is_pointer
from dedup.errors import UsageError

Selects = Callable[[str], bool]
_DIFF = ("diff", "--raw", "--no-abbrev", "-z", "--find-renames", "--no-ext-diff")
_REMEDY = "Run it inside the working tree of a repository, or use --baseline."


class Change(NamedTuple):
    """The input against a revision."""

    old: list[tuple[str, str]]
    """Files of the revision: the path as the input would name it, and the blob; unchanged ones first."""
    new: list[str]
    """The files here: unchanged ones first, so that they hold the originals, and what repeats them is the change; then
    those that have another name alone, those that have changed, in which there may be originals as well, and those that
    the revision does not have."""
    changed: frozenset[str]
    """Those of them that the revision does not have like that."""


class Repository:
    """A working tree of git, seen from the current directory."""

    def __init__(self, revision: str) -> None:
        """Find the repository and the revision.

        Raises:
            UsageError: there is no git, no repository, or no such revision.
        """
        self._root = os.path.realpath(self._ask("rev-parse", "--show-toplevel").decode(errors="surrogateescape")[:-1])
        self._tree = self._tree_of(revision)
        self._real: dict[str, str] = {}
        """Where folders really lie: a question to the system for each part of a path, and many files ask it."""

    def _tree_of(self, revision: str) -> str:
        found = self._run(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}"])
        if not found.returncode:
            return found.stdout.decode().strip()
        if revision == "HEAD" and not self._ask("rev-list", "--all", "--max-count=1"):
            # Before the first commit: a hook that runs in front of it finds nothing that was there.
            return self._ask("hash-object", "-t", "tree", os.devnull).decode().strip()
        raise UsageError(f"--since: git knows no revision {revision!r} here", self._remedy(revision))

    def _remedy(self, revision: str) -> str:
        if ".." in revision:
            first, _, second = revision.replace("...", "..").partition("..")
            first = first or "HEAD"
            return f"It takes one: --since {first}, or --since $(git merge-base {first} {second or 'HEAD'})"
        if self._ask("rev-parse", "--is-shallow-repository").strip() == b"true":
            return "Fetch it first: this is a shallow clone, without what came before (fetch-depth: 0)."
        return "Check its name: git branch --all and git tag list what is here."

    def change(self, paths: Sequence[str], arguments: Sequence[str], selects: Selects = lambda _: True) -> Change:
        """Compare the input with the revision.

        Args:
            paths: files of the input.
            arguments: what the user named, whether or not anything is left there; files of the revision below these
                belong to its input,
            selects: if this says so of their path below the argument.
        """
        inside = {path: below for path in paths if (below := self._below(path)) is not None}
        differing, renamed, moved = self._differing()
        named = {*inside.values(), *(renamed[below] for below in inside.values() if below in renamed)}
        trees, modules = self._files_below(arguments, named, selects)
        # What git ignores or does not watch over cannot be new: it is on both sides.
        unchanged = {path for path, below in inside.items() if below not in differing and below in trees}
        modules |= {f"{one}/" for one in differing if os.path.exists(os.path.join(self._root, one, ".git"))}
        elsewhere = {below for below in inside.values() if below.startswith(tuple(modules))}
        unknown = [below for below in inside.values() if below not in trees and below not in elsewhere]
        elsewhere.update(self._ignored(unknown))
        aside = {path for path in paths if path not in inside or inside[path] in elsewhere}
        settled = [path for path in paths if path in unchanged or path in aside]
        changed = [path for path in paths if not (path in unchanged or path in aside)]
        was_there = trees.keys() | renamed.keys()
        changed.sort(key=lambda path: (inside[path] not in moved, inside[path] not in was_there))
        kept = {inside[path] for path in unchanged}
        old = [(path, trees[inside[path]] if path in unchanged else "") for path in settled]
        old += [(self._shown(below), blob) for below, blob in trees.items() if below not in kept]
        return Change(old, [*settled, *changed], frozenset(changed))

    def read(self, blobs: Iterable[str]) -> Iterator[bytes]:
        """The contents of blobs, in order, each when it is asked for."""
        process = subprocess.Popen(
            ["git", "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self._root
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process:
            for blob in blobs:
                process.stdin.write(f"{blob}\n".encode())
                process.stdin.flush()
                fields = process.stdout.readline().split()
                if len(fields) != 3:
                    raise UsageError(f"--since: git cannot give {blob}", "Check the repository with git fsck.")
                yield process.stdout.read(int(fields[2]))
                process.stdout.read(1)
            process.stdin.close()

    def behind(self, pointer: bytes) -> bytes | None:
        """What a pointer of Git LFS stands for; None where git-lfs is not installed, or cannot get it."""
        done = self._run(["lfs", "smudge"], pointer.decode(errors="surrogateescape"))
        return None if done.returncode or is_pointer(done.stdout) else done.stdout

    def _differing(self) -> tuple[set[str], dict[str, str], set[str]]:
        """Files that are not as in the revision, of renamed ones the name before, and those that are renamed alone."""
        fields = self._split(*_DIFF, self._tree)
        differing: set[str] = set()
        renamed: dict[str, str] = {}
        moved: set[str] = set()
        at = 0
        while at < len(fields):
            *_modes, before, now, status = fields[at].split(" ")
            if status == "M" and before == now:  # in its mode alone
                at += 2
                continue
            if status[0] in "RC":
                renamed[fields[at + 2]] = fields[at + 1]
            if status == "R100":
                moved.add(fields[at + 2])
            differing.add(fields[at + 2] if status[0] in "RC" else fields[at + 1])
            at += 3 if status[0] in "RC" else 2
        return differing, renamed, moved

    def _files_below(
        self, arguments: Sequence[str], named: set[str], selects: Selects
    ) -> tuple[dict[str, str], set[str]]:
        """The files of the revision that its input would have, in order, each with its blob; and its submodules."""
        wanted = {below for argument in arguments if (below := self._below(argument)) is not None}
        found: dict[str, str] = {}
        modules: set[str] = set()
        for entry in self._split("ls-tree", "-r", "-z", "--full-tree", self._tree):
            facts, _, path = entry.partition("\t")
            mode, kind, blob = facts.split(" ")
            if kind == "commit":
                modules.add(f"{path}/")
            if kind != "blob" or mode == "120000":
                continue
            rests = (path[len(folder) :] for folder in _folders(path) if folder.rstrip("/") in wanted)
            if path in named or path in wanted or any(map(selects, rests)):
                found[path] = blob
        return found, modules

    def _ignored(self, paths: Sequence[str]) -> list[str]:
        if not paths:
            return []
        told = self._run(["check-ignore", "-z", "--stdin"], "\0".join(paths))
        return [] if told.returncode else _fields(told.stdout)

    def _below(self, path: str) -> str | None:
        """The path from the root of the repository; None outside of it. A link is the file it leads to."""
        if path == "-":
            return None
        folder, name = os.path.split(path)
        if folder not in self._real:
            self._real[folder] = os.path.realpath(folder or ".")
        full = os.path.join(self._real[folder], name)
        full = os.path.realpath(path) if os.path.isdir(path) or os.path.islink(path) else os.path.normpath(full)
        if full == self._root:
            return ""
        return full[len(self._root) + 1 :] if full.startswith(self._root + os.sep) else None

    def _shown(self, below: str) -> str:
        return os.path.relpath(os.path.join(self._root, below))

    def _split(self, *arguments: str) -> list[str]:
        return _fields(self._ask(*arguments))

    def _ask(self, *arguments: str) -> bytes:
        done = self._run(list(arguments))
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            if "safe.directory" in said:  # of another owner, as the folders of containers are
                raise UsageError("--since: the repository belongs to somebody else", _trust(said))
            raise UsageError(f"--since: git {arguments[0]}: {said.splitlines()[-1] if said else 'failed'}", _REMEDY)
        return done.stdout

    def _run(self, arguments: list[str], text: str = "") -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", "-c", "core.fileMode=false", *arguments],  # a mode is no text
                input=text.encode(errors="surrogateescape"),
                capture_output=True,
                cwd=getattr(self, "_root", None),
                check=False,
            )
        except OSError as error:
            raise UsageError(f"--since needs git: {error.strerror}", "Install git, or use --baseline.") from error


def _trust(said: str) -> str:
    """What git says has to be done before it reads the repository of another user."""
    command = next((line.strip() for line in said.splitlines() if line.strip().startswith("git config")), "")
    return f"If you trust it: {command or 'git config --global --add safe.directory FOLDER'}"


def _folders(path: str) -> Iterator[str]:
    """The folders that a path lies in, with a slash at their end: `a/b/c.txt` lies in ``, `a/` and `a/b/`."""
    yield ""
    at = path.find("/")
    while at >= 0:
        yield path[: at + 1]
        at = path.find("/", at + 1)


def _fields(data: bytes) -> list[str]:
    return [field for field in data.decode(errors="surrogateescape").split("\0") if field]
