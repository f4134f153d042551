"""The findings as JSON that the page reads: one table at once, the texts in parts when they are looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from dedup.findings import Repeat
from dedup.report.finding import KINDS, Finding
from dedup.report.html.labels import Labels
from dedup.report.html.texts import Shown, share_out, shown, text_size
from dedup.report.phrases import visible

if TYPE_CHECKING:
    from dedup.report.html.chosen import Chosen
    from dedup.report.model import Report

CHUNK = 200
"""Findings whose texts are parsed together."""
MOST_PARTS = 600
"""Paragraphs of blocks that the map can draw one by one."""

EXACT, NEAR, VARIANT = MATCHES = range(3)
"""How alike: the same words, nearly the same, or near and adding something."""
_PLACES = ("document", "start", "end", "line", "last_line")


def table(report: Report, findings: Chosen, labels: Labels) -> bytes:
    """Everything but texts, in columns: half the size of one object a finding, and parsed as fast as it is read.

    Documents are those that the findings name, renumbered; `at` is where each begins in the whole input.
    """
    named = labels.documents
    number = {document: position for position, document in enumerate(named)}
    starts = [0, *accumulate(one.bytes for one in report.documents)]
    facts = {
        "bytes": max(1, starts[-1]),
        "several": len(report.documents) > 1,
        "check": report.check is not None,
        "shared": labels.shared,
        "chunk": CHUNK,
        "documents": {
            "name": [labels.full(one) for one in named],
            "at": [starts[one] for one in named],
            "bytes": [report.documents[one].bytes for one in named],
            "record": [int(_is_record(report, one)) for one in named],
        },
    }
    return b'%b,"findings":%b,"parts":%b}' % (script_json(facts)[:-1], findings.columns(number), findings.parts())


def _is_record(report: Report, document: int) -> bool:
    return bool(report.origins) and report.origins[document].record is not None


def chunks(findings: Sequence[Finding]) -> Iterator[dict[str, Any]]:
    """The texts of CHUNK findings at a time; in each, equal texts are held once."""
    limit = share_out([text_size(one) for one in findings])
    for first in range(0, len(findings), CHUNK):
        pool: dict[str, int] = {}
        of = [_packed(shown(one, limit), pool) for one in findings[first : first + CHUNK]]
        yield {"texts": list(pool), "of": of}


def script_json(value: Any) -> bytes:
    r"""JSON for a script element: no text in it can end the element or be markup.

    >>> script_json("</script>")
    b'"\\u003c/script\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text.encode("utf-8", "replace")


def match_of(finding: Finding) -> int:
    """Which of `MATCHES` a finding is."""
    if finding.kind == "variant":
        return VARIANT
    return EXACT if finding.rule == "exact" else NEAR


def columns(findings: Sequence[Finding], number: Mapping[int, int]) -> dict[str, list[Any]]:
    """Everything but texts; `number` renumbers documents."""
    short = {"last_line": "last"}
    made: dict[str, list[Any]] = {}
    for name in _PLACES:
        for prefix, sides in (("", [one.place for one in findings]), ("o", [one.original for one in findings])):
            values = [getattr(side, name) for side in sides]
            made[prefix + short.get(name, name)] = [number[v] for v in values] if name == "document" else values
    return made | {
        "id": [one.id for one in findings],
        "kind": [KINDS.index(one.kind) for one in findings],
        "match": [match_of(one) for one in findings],
        "words": [one.words for one in findings],
        "paragraphs": [one.paragraphs for one in findings],
        "similarity": [None if one.similarity is None else round(1000 * one.similarity) for one in findings],
        "note": [_note(one) for one in findings],
        "state": [_state(one) for one in findings],
    }


def _state(finding: Finding) -> str:
    if finding.kind == "variant":
        return "kept"
    if finding.removed_paragraphs == finding.paragraphs:
        return "removed"
    return f"{finding.removed_paragraphs} of {finding.paragraphs} removed" if finding.removed else "not removed"


def _note(finding: Finding) -> str:
    """What a variant adds: `figure: 22`."""
    if finding.kind != "variant":
        return ""
    return f"{finding.rule}: {visible(', '.join(finding.new))[:120]}" if finding.new else finding.rule


def parts(blocks: Mapping[int, Finding]) -> dict[int, list[list[int]]]:
    """The paragraphs of blocks, where they are few enough to be drawn: [original span, span, match] each."""
    if sum(len(one.repeats) for one in blocks.values()) > MOST_PARTS:
        return {}
    return {i: [_part(repeat) for repeat in one.repeats if _stays(one, repeat)] for i, one in blocks.items()}


def _stays(block: Finding, repeat: Repeat) -> bool:
    return repeat.original.document == block.original.document


def _part(repeat: Repeat) -> list[int]:
    original, place = repeat.original, repeat.place
    return [original.start, original.end, place.start, place.end, NEAR if repeat.kind == "near" else EXACT]


def _packed(texts: Shown, pool: dict[str, int]) -> list[Any]:
    """[before, rows, after, more] with texts by their number in the pool, -1 for none."""

    def number(text: str | None) -> int:
        return -1 if text is None else pool.setdefault(text, len(pool))

    rows = [[number(row.original), number(row.repeat), row.original_line, row.line, int(row.cut)] for row in texts.rows]
    return [[number(one) for one in texts.before], rows, [number(one) for one in texts.after], texts.more]
