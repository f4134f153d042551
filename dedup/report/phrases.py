"""How findings are told in words, the same in every format for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.counts import count
from dedup.report.finding import VARIANT, Finding, findings

if TYPE_CHECKING:
    from dedup.report.model import InputFile, Passed, Report

_VISIBLE = {
    **dict.fromkeys((*range(32), *range(127, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd"),
    **dict.fromkeys(map(ord, "\t\n\v\f\r\x85\u2028\u2029"), " "),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""),
}
"""What stands for the characters that are not shown."""


class Told(NamedTuple):
    """A finding and how it is told."""

    finding: Finding
    place: str
    """`news/a.txt:18-34`, fit to be shown."""
    message: str
    excerpt: str


def tell(report: Report) -> list[Told]:
    """All findings in words, in input order; kept for the next renderer who asks."""
    if "told" not in report.views:
        report.views["told"] = list(map(told, findings(report)))
    found: list[Told] = report.views["told"]
    return found


def told(finding: Finding) -> Told:
    """One finding in words."""
    return Told(finding, visible(str(finding.place)), message(finding), excerpt(finding))


def largest(found: list[Told], most: int) -> list[Told]:
    """Those with the most words, in the order of the input."""
    if len(found) <= most:
        return found
    ranked = sorted(range(len(found)), key=lambda i: (-found[i].finding.words, i))[:most]
    return [found[i] for i in sorted(ranked)]


def message(finding: Finding) -> str:
    """One sentence without a full stop: what stands here, and what it repeats."""
    original = visible(str(finding.original))
    if finding.kind == VARIANT:
        return f"near to {original}{_similarity(finding)}, but adds {_added(finding)}"
    size = f"{count(finding.words, 'word')} in {count(finding.paragraphs, 'paragraph')}"
    alone = "" if finding.removed else "; too short to remove"
    return f"repeats {original}: {size}, {_how(finding)}{alone}"


def _how(finding: Finding) -> str:
    return "the same words" if finding.rule == "exact" else f"{finding.rule}{_similarity(finding)}"


def _similarity(finding: Finding) -> str:
    return "" if finding.similarity is None else f" (similarity {finding.similarity:.2f})"


def _added(finding: Finding) -> str:
    new = ", ".join(f'"{visible(word)}"' for word in finding.new[:5])
    more = f" and {len(finding.new) - 5} more" if len(finding.new) > 5 else ""
    return f"{finding.rule} {new}{more}".rstrip()


def title(finding: Finding) -> str:
    """Two or three words for a heading: `Repeated block`."""
    return {"block": "Repeated block", "paragraph": "Repeated paragraph"}.get(finding.kind, "Variant")


def excerpt(finding: Finding, characters: int = 120) -> str:
    """The beginning of the repeated text on one line; empty if the report carries no text."""
    if finding.texts is None:
        return ""
    whole = finding.texts.repeat.text
    text = visible(" ".join(whole[: 2 * characters].split()))
    cut = len(text) > characters or len(whole) > 2 * characters or finding.texts.repeat.cut
    return text[:characters].rstrip() + "…" * cut


def not_counted(check: dict[str, Any]) -> str:
    """`1 known and 2 accepted do not count`; empty if all that repeats counts.

    >>> not_counted({"known": 1, "suppressed": 0})
    '1 known does not count'
    """
    counts = [(check.get("known") or 0, "known"), (check.get("suppressed") or 0, "accepted")]
    parts = [f"{number:,} {what}" for number, what in counts if number]
    verb = "does" if sum(number for number, _ in counts) == 1 else "do"
    return f"{' and '.join(parts)} {verb} not count" if parts else ""


def unread(report: Report) -> list[tuple[str, str]]:
    """What a report cannot speak of, by file, with the reason: inputs that were skipped, records passed through."""
    found = [(one.path, one.reason) for one in report.skipped]
    if report.files.any_passed:
        found += [(file.name, f"passed through {where}") for file in report.files for where in passed(file)]
    return found


def passed(file: InputFile) -> list[str]:
    """What of a file was passed through: `line 3 and 5 more: not JSON`, for every reason."""
    firsts = {one.reason: one for one in reversed(file.first_passed)}
    return [f"{_places(number, firsts.get(reason))}: {reason}" for reason, number in file.passed.items()]


def _places(number: int, first: Passed | None) -> str:
    where = "" if first is None else f"line {first.line:,}" if first.line else f"record {first.record:,}"
    if number == 1:
        return where
    return f"{where} and {number - 1:,} more" if where else f"{number:,} records"


def visible(text: str) -> str:
    r"""Text without what steers a terminal or breaks a format: control characters and bytes that are no UTF-8.

    Line ends and tabs become spaces; characters that turn the direction of writing are taken out.

    >>> visible("a\x1b[2J\x00b\nc\u202ed\udcff")
    'a\ufffd[2J\ufffdb cd\ufffd'
    """
    return text if text.isprintable() else text.translate(_VISIBLE)
