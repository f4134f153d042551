"""What is accepted: by the name of a file, a pattern, an id, or a mark in the text. What is not used is told.

The sidecar `.dedupignore` lies where the check is run, one rule a line:

    # quotations that we repeat on purpose
    legal/**                    findings in these files
    !legal/new.txt              but not in this one
    id:babf8a5f33cfbfdb         the text with this id, wherever it is
    re:^Copyright \\d{4}        paragraphs that match
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dedup.checks.repeats import Candidate
from dedup.errors import UsageError, read_error
from dedup.findings import Place
from dedup.protection import readable
from dedup.report.finding import side
from dedup.report.markers import LONE_END, Marker

if TYPE_CHECKING:
    from dedup.origins import Origin

SIDECAR = ".dedupignore"


class Rule(NamedTuple):
    """One thing that is accepted."""

    where: str
    """Where it was said: `.dedupignore:3`, `--ignore`."""
    kind: str
    """`glob`, `id` or `pattern`."""
    value: str
    folder: str = ""
    """That a glob counts from, seen from the working directory; empty for that."""

    @property
    def source(self) -> str:
        """Where it was said, without the line: what stands there counts together."""
        return re.sub(r":\d+$", "", self.where)

    @property
    def is_from_above(self) -> bool:
        """Whether it was made for more than the working directory, so that here it may well be of no use."""
        return self.folder.startswith(os.pardir)

    def __str__(self) -> str:
        return f"{self.where}: {self.value}"


Decide = Callable[[str], tuple[bool, Rule | None]]
"""Whether the findings in a file are accepted, and the rule that says so, or takes it back."""


@dataclass(slots=True)
class Suppressions:
    """All rules of a run; knows which of them were of use."""

    rules: list[Rule] = field(default_factory=list)
    used: set[Rule | Marker] = field(default_factory=set)
    _globs: list[Decide] = field(default_factory=list)
    _patterns: list[tuple[Rule, re.Pattern[str]]] = field(default_factory=list)
    _ids: dict[str, Rule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        together: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rules:
            if rule.kind == "glob":
                together.setdefault((rule.source, rule.folder), []).append(rule)
            elif rule.kind == "id":
                self._ids[rule.value] = rule
            else:
                self._patterns.append((rule, _pattern(rule)))
        self._globs = [_globs(rules) for rules in together.values()]

    def match_paragraph(self, text: bytes) -> bool:
        """Whether a paragraph is accepted by a pattern."""
        paragraph = readable(text)
        hits = [rule for rule, pattern in self._patterns if pattern.search(paragraph)]
        self.used.update(hits)
        return bool(hits)

    @property
    def has_patterns(self) -> bool:
        """Whether paragraphs must be looked at."""
        return bool(self._patterns)

    def apply(self, found: Sequence[Candidate], names: Sequence[str], markers: Sequence[Marker]) -> list[Candidate]:
        """What is left of the candidates.

        Args:
            found: in input order.
            names: of the documents.
            markers: in the documents.
        """
        marks = _Marks(markers)
        left = []
        for one in found:
            if self._accepts_whole(one, names) or marks.accept_whole(one):
                continue
            kept = one.keep([not (marks.cover(part.repeat.place) or part.accepted) for part in one.paragraphs])
            if kept is not None:
                left.append(kept)
        self.used.update(marks.used)
        return left

    def _accepts_whole(self, one: Candidate, names: Sequence[str]) -> bool:
        by_id = [self._ids[key] for key in {one.content.id, one.base_id} if key in self._ids]
        by_name = [decide(names[one.block.place.document]) for decide in self._globs]
        self.used.update(by_id, (rule for _, rule in by_name if rule is not None))
        return bool(by_id) or any(accepted for accepted, _ in by_name)

    def unused(self, names: Sequence[str], markers: Sequence[Marker], origins: Sequence[Origin] = ()) -> list[str]:
        """Rules and marks that accepted nothing, in words; places as those of findings."""
        marks = [(mark, Place(mark.document, mark.start, mark.end, mark.line, mark.line)) for mark in markers]
        return [
            *(str(rule) for rule in self.rules if not (rule in self.used or rule.is_from_above)),
            *(f"{side(place, names, origins)}: {_mark_name(mark)}" for mark, place in marks if mark not in self.used),
        ]


class _Marks:
    """The marks of each document, and which of them were of use."""

    def __init__(self, markers: Sequence[Marker]) -> None:
        self.used: set[Marker] = set()
        self._of: dict[int, list[Marker]] = {}
        for marker in markers:
            if marker.slip:
                continue
            self._of.setdefault(marker.document, []).append(marker)

    def accept_whole(self, one: Candidate) -> bool:
        """Whether the finding begins at a `keep`, or lies in a stretch."""
        place = one.block.place
        first = next(part.repeat.place for part in one.paragraphs)
        hits = [
            marker
            for marker in self._of.get(place.document, ())
            if (marker.stretch and marker.start < place.end and place.end <= marker.end)
            or (not marker.stretch and first.start < marker.reach and marker.start < first.end)
        ]
        self.used.update(hits)
        return bool(hits)

    def cover(self, place: Place) -> bool:
        """Whether a paragraph is covered by a mark."""
        hits = [one for one in self._of.get(place.document, ()) if place.start < one.end and one.start < place.end]
        self.used.update(hits)
        return bool(hits)


def read_sidecar(path: str = SIDECAR) -> list[Rule]:
    """The rules of the sidecar; none if it is not there.

    Raises:
        ReadError: it cannot be read.
    """
    try:
        with open(path, encoding="utf-8-sig", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise read_error(path, error) from error
    stripped = ((number, line.strip()) for number, line in enumerate(lines, 1))
    rules = [parse_rule(line, f"{path}:{number}") for number, line in stripped if line and not line.startswith("#")]
    return [rule._replace(folder=os.path.dirname(path)) for rule in rules]


def parse_rule(line: str, where: str) -> Rule:
    """One line of the sidecar; an id also as it is printed, in brackets.

    >>> parse_rule("id:babf8a5f33cfbfdb", "x:1")
    Rule(where='x:1', kind='id', value='babf8a5f33cfbfdb', folder='')
    """
    kind, colon, value = line.partition(":")
    if colon and kind == "id":
        match = re.fullmatch(r"(\[)?([0-9a-f]{16}(?:-\d+)?)(?(1)\])", value.strip())
        if match is None:
            raise UsageError(f"{where}: {value.strip()!r} is no id of a finding", "Copy it from the report.")
        return Rule(where, "id", match[2])
    if colon and kind == "re":
        return Rule(where, "pattern", value.strip())
    return Rule(where, "glob", line)


def rules_of(globs: Iterable[str], patterns: Iterable[str], where: str = "--ignore", folder: str = "") -> list[Rule]:
    """Rules from options or from the configuration, whose folder it is then."""
    return [
        *(Rule(where, "glob", one, folder) for one in globs),
        *(Rule(f"{where}-pattern", "pattern", one, folder) for one in patterns),
    ]


def _pattern(rule: Rule) -> re.Pattern[str]:
    if not rule.value:
        raise UsageError(
            f"{rule.where}: an empty pattern is in every paragraph", "Leave it out. Is a variable of the shell not set?"
        )
    try:
        return re.compile(rule.value)
    except re.error as error:
        raise UsageError(
            f"{rule.where}: {rule.value!r} is no regular expression: {error}",
            "The syntax is that of Python's re; put a backslash before . * + ? ( ) [ ] to mean them.",
        ) from error


def _globs(rules: Sequence[Rule]) -> Decide:
    """Globs that count together, as in one .gitignore, over names seen from their folder."""
    from dedup.sources.globs import Globs

    globs, folder = Globs([_glob(rule) for rule in rules]), rules[0].folder
    here = os.path.relpath(".", folder) if folder else ""

    @cache
    def decide(name: str) -> tuple[bool, Rule | None]:
        accepted, number = globs.decide(_seen_from(folder, here, name))
        return accepted, None if number is None else rules[number]

    return decide


def _glob(rule: Rule) -> str:
    """A glob as git has it; `./a.txt`, which is how a file is told, means that one alone."""
    from dedup.sources.globs import check_glob

    glob = re.sub(r"^(!?)\./", r"\1/", rule.value)
    check_glob(glob, f"{rule.where}:", useful=False)
    return glob


def _seen_from(folder: str, here: str, name: str) -> str:
    """A name as it is from a folder, from which the working directory is `here`."""
    return os.path.relpath(name, folder or None) if os.path.isabs(name) else os.path.normpath(os.path.join(here, name))


def _mark_name(mark: Marker) -> str:
    if mark.slip == LONE_END:
        return f"{mark.slip} ends nothing: no dedup: keep-begin stands above it"
    if mark.slip:
        return f"{mark.slip} is no mark; these are dedup: keep, dedup: keep-begin and dedup: keep-end"
    return "dedup: keep-begin" if mark.stretch else "dedup: keep"
