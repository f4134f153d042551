"""SARIF 2.1.0 (OASIS), for code scanning. Within GitHub's limits: 5,000 results, the rest counted."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quote
from typing import TYPE_CHECKING, Any

from dedup.counts import count
from dedup.report.compiled import ALL, Pieces, Rows, names_of
from dedup.report.finding import KINDS, VARIANT, Finding, Side
from dedup.report.phrases import Told, largest, tell, unread, visible

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
_LINK = frozenset("[]\\")
_CLOSING = "\n]}]}\n"

# Templates: five thousand results through the encoder of the standard library take three times as long.
_RESULT = (
    '{"ruleId":"%s","ruleIndex":%d,"level":"%s","message":{"text":%s},"locations":[{%s}],'
    '"relatedLocations":[{"id":1,"message":{"text":"the original"},%s}],'
    '"partialFingerprints":{"primaryLocationLineHash":"%s:%s","dedupText/v1":"%s"},"properties":%s}'
)
_LOCATION = '"physicalLocation":{"artifactLocation":{"uri":"%s"},"region":{"startLine":%d,"endLine":%d%s%s}}'
_PROPERTIES = '{"rule":%s,"words":%d,"paragraphs":%d,"removed":%s%s%s}'


def render(report: Report) -> Iterator[str]:
    """One run with the largest 5,000 findings as results, a line each."""
    found = tell(report)
    shown = largest(found, MOST_RESULTS)
    yield _opening(report, len(found) - len(shown))
    for position, one in enumerate(shown):
        yield f"{',' * bool(position)}\n{_result(one, report.files.recoded)}"
    yield _CLOSING


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    shown = rows.which(ALL, MOST_RESULTS)
    yield _opening(report, len(rows) - len(shown)).encode("utf-8", "replace")
    yield b"\n" * bool(shown)
    yield from rows.sarif(names_of(report, rows, lambda side: uri(side.path)), shown)
    yield _CLOSING.encode("ascii")


def _opening(report: Report, more: int) -> str:
    driver = {"name": "dedup", "version": report.version, "rules": [_rule(kind) for kind in KINDS]}
    notes = _notifications(report, more)
    facts = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "columnKind": "unicodeCodePoints",
    }
    return f'{{"$schema":"{SCHEMA_URI}","version":"2.1.0","runs":[\n{json.dumps(facts)[:-1]},\n"results":['


def _rule(kind: str) -> dict[str, Any]:
    name, text = _RULES[kind]
    level = {"level": _level(kind)}
    return {"id": kind, "name": name, "shortDescription": {"text": text}, "defaultConfiguration": level}


def _level(kind: str) -> str:
    return "note" if kind == VARIANT else "warning"


def _notifications(report: Report, more: int) -> list[dict[str, Any]]:
    left, skipped = unread(report), len(report.skipped)
    texts = [(f"skipped {visible(name)}: {visible(reason)}", "error") for name, reason in left[:skipped]]
    texts += [(f"{visible(name)}: {visible(reason)}", "error") for name, reason in left[skipped:]]
    if more:
        texts.insert(0, (f"{count(more, 'more finding')}: only the {MOST_RESULTS:,} largest are results", "warning"))
    return [{"level": level, "message": {"text": text}} for text, level in texts]


def _result(one: Told, recoded: Container[str]) -> str:
    finding = one.finding
    # GitHub knows the name primaryLocationLineHash; without it it would hash lines, and a shift would open the
    # alert anew.
    base, _, times = finding.id.partition("-")
    return _RESULT % (
        *(finding.kind, KINDS.index(finding.kind), _level(finding.kind) if finding.removed else "note"),
        quote(f"{_sentence(one.message)} [Original](1)."),
        *(_location(finding.place, recoded, one.excerpt), _location(finding.original, recoded)),
        *(base, times or 1, finding.id, _properties(finding)),
    )


def _properties(finding: Finding) -> str:
    similarity = "" if finding.similarity is None else f',"similarity":{finding.similarity!r}'
    new = f',"new":{json.dumps(list(map(visible, finding.new)))}' if finding.new else ""
    removed = "true" if finding.removed else "false"
    return _PROPERTIES % (quote(finding.rule), finding.words, finding.paragraphs, removed, similarity, new)


def _sentence(text: str) -> str:
    r"""`[` and `]` begin a link in a message of SARIF, and a backslash takes that away.

    >>> print(_sentence("repeats a[1].txt:3"))
    Repeats a\[1\].txt:3.
    """
    text = f"{text[:1].upper()}{text[1:]}."
    return text if _LINK.isdisjoint(text) else "".join("\\" + c if c in _LINK else c for c in text)


def _location(side: Side, recoded: Container[str], snippet: str = "") -> str:
    # Of a record the bytes are not those of the file, nor are they where it is compressed or in another encoding.
    own = side.record is None and side.file not in recoded
    span = f',"byteOffset":{side.start},"byteLength":{side.end - side.start}' if own else ""
    shown = f',"snippet":{{"text":{quote(snippet)}}}' if snippet else ""
    return _LOCATION % (uri(side.path), *side.file_lines, span, shown)


@lru_cache(1000)
def uri(name: str) -> str:
    """The name of a document as a URI reference: relative to the root of the repository where the path is.

    >>> uri("news/märz 1.txt"), uri("a:b.txt"), uri("/srv/a.txt"), uri("<stdin>")
    ('news/m%C3%A4rz%201.txt', 'a%3Ab.txt', 'file:///srv/a.txt', '%3Cstdin%3E')
    """
    from urllib.parse import quote as percent_encode

    path = percent_encode(name.encode("utf-8", "surrogateescape"), safe="/")
    return f"file://{path}" if path.startswith("/") else path
