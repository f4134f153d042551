"""SARIF 2.1.0 (OASIS), for code scanning. Within GitHub's limits: 5,000 results, the rest counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dedup.report.finding import KINDS, VARIANT, Finding, Side, findings
from dedup.report.markdown import largest
from dedup.report.phrases import count, excerpt, message, visible

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_RESULTS = 5_000
"""GitHub shows so many of a run; the largest are taken."""
SCHEMA_URI = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {
    "block": ("RepeatedBlock", "Several paragraphs in a row repeat an earlier passage."),
    "paragraph": ("RepeatedParagraph", "A paragraph repeats an earlier one."),
    "variant": ("Variant", "A paragraph is near to an earlier one, and adds a figure, a name or another word."),
}


def render(report: Report) -> Iterator[str]:
    """One run with the largest 5,000 findings as results."""
    found = findings(report)
    shown = largest(found, MOST_RESULTS)
    log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [_run(report, shown, len(found) - len(shown))]}
    yield json.dumps(log, indent=1) + "\n"


def _run(report: Report, shown: list[Finding], more: int) -> dict[str, Any]:
    return {
        "tool": {"driver": {"name": "dedup", "version": report.version, "rules": [_rule(kind) for kind in KINDS]}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report, more)}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in shown],
    }


def _rule(kind: str) -> dict[str, Any]:
    name, text = _RULES[kind]
    return {
        "id": kind,
        "name": name,
        "shortDescription": {"text": text},
        "defaultConfiguration": {"level": _level(kind)},
    }


def _level(kind: str) -> str:
    return "note" if kind == VARIANT else "warning"


def _notifications(report: Report, more: int) -> list[dict[str, Any]]:
    texts = [(f"skipped {visible(one.path)}: {visible(one.reason)}", "error") for one in report.skipped]
    if more:
        texts.insert(0, (f"{count(more, 'more finding')}: only the {MOST_RESULTS:,} largest are results", "warning"))
    return [{"level": level, "message": {"text": text}} for text, level in texts]


def _result(finding: Finding) -> dict[str, Any]:
    base, _, times = finding.id.partition("-")
    return {
        "ruleId": finding.kind,
        "ruleIndex": KINDS.index(finding.kind),
        "level": _level(finding.kind) if finding.removed else "note",
        "message": {"text": f"{_sentence(message(finding))} [Original](1)."},
        "locations": [_location(finding.place, excerpt(finding))],
        "relatedLocations": [{"id": 1, "message": {"text": "the original"}, **_location(finding.original)}],
        # GitHub knows this one name; without it it would hash lines, and a shift would open the alert anew.
        "partialFingerprints": {"primaryLocationLineHash": f"{base}:{times or 1}", "dedupText/v1": finding.id},
        "properties": _properties(finding),
    }


def _properties(finding: Finding) -> dict[str, Any]:
    facts = {
        "rule": finding.rule,
        "words": finding.words,
        "paragraphs": finding.paragraphs,
        "removed": finding.removed,
    }
    if finding.similarity is not None:
        facts["similarity"] = finding.similarity
    return {**facts, "new": list(map(visible, finding.new))} if finding.new else facts


def _sentence(text: str) -> str:
    r"""`[` and `]` begin a link in a message of SARIF, and `\` takes that away."""
    text = text[:1].upper() + text[1:] + "."
    return "".join("\\" + c if c in "[]\\" else c for c in text)


def _location(side: Side, snippet: str = "") -> dict[str, Any]:
    region: dict[str, Any] = {
        "startLine": side.line,
        "endLine": max(side.line, side.last_line),
        "byteOffset": side.start,
        "byteLength": side.end - side.start,
    }
    if snippet:
        region["snippet"] = {"text": snippet}
    return {"physicalLocation": {"artifactLocation": {"uri": uri(side.file)}, "region": region}}


def uri(name: str) -> str:
    """The name of a document as a URI reference: relative to the root of the repository where the path is.

    >>> uri("news/märz 1.txt"), uri("./a:b.txt"), uri("/srv/a.txt"), uri("<stdin>")
    ('news/m%C3%A4rz%201.txt', 'a%3Ab.txt', 'file:///srv/a.txt', '%3Cstdin%3E')
    """
    path = quote(name.encode("utf-8", "surrogateescape"), safe="/")
    while path.startswith("./"):
        path = path[2:]
    return f"file://{path}" if path.startswith("/") else path
