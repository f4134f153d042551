"""A badge: the share of words that was removed or, in a check, repeats, as a small SVG that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dedup.counts import percent

if TYPE_CHECKING:
    from dedup.report.model import Report

LABELS = ("removed text", "repeated text")
"""Of a run, and of a check, which removes nothing."""
_COLOURS = ((0.005, "#2e7d32"), (0.03, "#5d8a00"), (0.10, "#b26a00"), (1.0, "#c62828"))
"""Up to so large a share; each has a contrast of at least 4 to white."""
_CHARACTER = 6.6
"""Mean width of a character of Verdana at 11 px; `textLength` makes up for the rest."""

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{label}: {value}">
<title>{label}: {value}</title>
<clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#555"/>\
<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
<text x="{left_middle}" y="14" textLength="{left_text}">{label}</text>
<text x="{right_middle}" y="14" textLength="{right_text}">{value}</text>
</g>
</svg>
"""


def render(report: Report) -> Iterator[str]:
    """The badge."""
    totals, label = report.totals, LABELS[report.check is not None]
    value = percent(totals.removed_words, totals.words)
    share = totals.removed_words / totals.words if totals.words else 0.0
    left_text, right_text = (round(len(text) * _CHARACTER) for text in (label, value))
    left, right = left_text + 12, right_text + 12
    yield _SVG.format(
        label=label,
        value=value,
        width=left + right,
        left=left,
        right=right,
        left_text=left_text,
        right_text=right_text,
        left_middle=left / 2,
        right_middle=left + right / 2,
        colour=next(colour for limit, colour in _COLOURS if share <= limit),
    )
