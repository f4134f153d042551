"""The report as one HTML file that needs nothing else, for people to read.

    labels.py   what documents are called
    texts.py    the texts of a finding, paragraph beside paragraph, within a budget
    chosen.py   the findings that the page has
    payload.py  the findings as compact JSON that the page's script reads
    view.py     what the page says before any script runs
    page.py     the template, filled

The file loads nothing: its Content-Security-Policy names the one style and the one script by their hashes and
forbids the rest, the template escapes what is put into it, and the script makes text nodes only. So text of the input
can neither run nor draw anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.report.compiled import Pieces, Rows
    from dedup.report.model import Report


def render(report: Report) -> Iterator[str]:
    """The report as the parts of one HTML file, to be encoded as UTF-8.

    The text of findings is shown if the report carries it (`texts="full"`, or `"excerpt"` for its beginning).

    Cost: 10,000 findings take about half a second and make a file of less than 15 MB.
    """
    from dedup.report.finding import findings
    from dedup.report.html.chosen import longest_findings
    from dedup.report.html.page import MOST_FINDINGS, fill

    for part in fill(report, longest_findings(findings(report), MOST_FINDINGS)):
        yield part.decode("utf-8")


def prepare() -> None:
    """Load and parse the template."""
    from dedup.report.html.page import template

    template()


def render_rows(report: Report, rows: Rows) -> Pieces:
    """As `render`, from flat numbers."""
    from dedup.report.compiled import ALL
    from dedup.report.html.chosen import ChosenRows
    from dedup.report.html.page import MOST_FINDINGS, fill

    yield from fill(report, ChosenRows(report, rows, rows.which(ALL, MOST_FINDINGS)))
