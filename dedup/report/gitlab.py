"""GitLab's code quality report: the subset of the Code Climate format that GitLab reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dedup.report.finding import VARIANT, Finding, Side, iterate
from dedup.report.phrases import message, title, visible

if TYPE_CHECKING:
    from dedup.report.model import Report

MAJOR_WORDS = 200
"""From so many words on a repeat is more than a paragraph that slipped in."""


def render(report: Report) -> Iterator[str]:
    """An array with one issue for each finding."""
    yield "["
    for position, finding in enumerate(iterate(report)):
        yield ",\n" * bool(position) + json.dumps(_issue(finding))
    yield "]\n"


def _issue(finding: Finding) -> dict[str, Any]:
    return {
        "type": "issue",
        "check_name": f"dedup-{finding.kind}",
        "description": f"{title(finding)}: {message(finding)}",
        "categories": ["Duplication"],
        "severity": _severity(finding),
        "fingerprint": finding.id,
        "location": _location(finding.place),
        "other_locations": [_location(finding.original)],
    }


def _severity(finding: Finding) -> str:
    if finding.kind == VARIANT or not finding.removed:
        return "info"
    return "major" if finding.words >= MAJOR_WORDS else "minor"


def _location(side: Side) -> dict[str, Any]:
    path = visible(side.file)
    return {
        "path": path[2:] if path.startswith("./") else path,
        "lines": {"begin": side.line, "end": max(side.line, side.last_line)},
    }
