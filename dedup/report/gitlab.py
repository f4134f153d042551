"""GitLab's code quality report: the subset of the Code Climate format that GitLab reads."""

from __future__ import annotations

from collections.abc import Iterator
from json.encoder import encode_basestring_ascii as quote
from typing import TYPE_CHECKING

from dedup.counts import count
from dedup.report.compiled import ALL, Pieces, Rows, finding_at, names_of
from dedup.report.finding import VARIANT, Finding, Side
from dedup.report.phrases import Told, largest, tell, title, visible

if TYPE_CHECKING:
    from dedup.report.model import Report

MAJOR_WORDS = 200
"""From so many words on a repeat is more than a paragraph that slipped in."""

MOST_ISSUES = 5_000
"""A merge request shows a few, and GitLab compares them all with those of its target; the largest are taken."""

# Templates: the encoder of the standard library takes three times as long.
_ISSUE = (
    '{"type": "issue", "check_name": "dedup-%s", "description": %s, "categories": ["Duplication"], '
    '"severity": "%s", "fingerprint": "%s", "location": %s, "other_locations": [%s]}'
)
_LOCATION = '{"path": %s, "lines": {"begin": %d, "end": %d}}'


def render(report: Report) -> Iterator[str]:
    """An array with one issue for each of the largest findings, and one for the rest."""
    found = tell(report)
    shown = largest(found, MOST_ISSUES)
    yield "["
    for position, one in enumerate(shown):
        yield ",\n" * bool(position) + _issue(one)
    yield _rest(shown[0].finding, len(found) - len(shown)) if len(found) > len(shown) else ""
    yield "]\n"


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    shown = rows.which(ALL, MOST_ISSUES)
    yield b"["
    yield from rows.gitlab(names_of(report, rows, _path), shown, MAJOR_WORDS)
    if len(rows) > len(shown):
        yield _rest(finding_at(report, shown[0]), len(rows) - len(shown)).encode("ascii")
    yield b"]\n"


def _issue(one: Told) -> str:
    finding = one.finding
    description = quote(f"{title(finding)}: {one.message}")
    places = (_location(finding.place), _location(finding.original))
    return _ISSUE % (finding.kind, description, _severity(finding), finding.id, *places)


def _rest(first: Finding, more: int) -> str:
    """What is not listed, at the first finding: an issue has to have a place."""
    description = quote(f"{count(more, 'more finding')}: only the {MOST_ISSUES:,} largest are listed")
    place = _location(first.place)
    return ",\n" + _ISSUE % ("more", description, "info", "dedup-more-findings", place, place)


def _severity(finding: Finding) -> str:
    if finding.kind == VARIANT or not finding.removed:
        return "info"
    return "major" if finding.words >= MAJOR_WORDS else "minor"


def _location(side: Side) -> str:
    return _LOCATION % (_path(side), *side.file_lines)


def _path(side: Side) -> str:
    return quote(visible(side.path))
