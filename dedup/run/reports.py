"""The reports of one run: opened before it, so that a missing folder shows at once, and written at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.report.formats import level_for, quotes
from dedup.report.model import without_words
from dedup.report.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Thread

    from dedup.report.formats import Request
    from dedup.report.jsonl import FindingLines
    from dedup.report.model import Report
    from dedup.settings import Settings
    from dedup.sinks import Sink
    from dedup.sinks.destination import Sinks


class Reports:
    """What was asked for, where it goes, and how much text is collected for it; none at all is no exception."""

    def __init__(self, requests: Sequence[Request], text: str, settings: Settings) -> None:
        """
        Args:
            requests: each report with its format and path.
            text: how much text of the findings was asked for: a level, or `auto`.
            settings: of the run.
        Raises:
            UsageError: there is no such level.
        """
        self._requests = requests
        self._text = text
        self._settings = settings
        self._level = level_for(requests, text)
        self._sinks: list[Sink] = []
        self._lines: FindingLines | None = None
        self._loading: Thread | None = None

    def __len__(self) -> int:
        return len(self._requests)

    def open(self, sinks: Sinks) -> None:
        """Open them all, to be committed with the others. Raises WriteError."""
        from dedup.sinks.atomic import sync_directories_once

        self._sinks = [sinks.add_report(one.path, quotes=quotes(one.format, self._text)) for one in self._requests]
        if len(self._sinks) > 1:
            sync_directories_once(self._sinks)
        # A run whose only report has a line for each finding keeps none: they go out as they are decided.
        if [one.format for one in self._requests] == ["jsonl"] and self._settings.prefer == "first":
            from dedup.report.jsonl import FindingLines

            self._lines = FindingLines(self._sinks[0], self._level)

    def reading(self) -> Reading:
        """What the run is to collect of the text of the findings, and where they go while it goes on."""
        return Reading(self._level, stream=self._lines)

    def load(self) -> None:
        """Load what writing needs while the run reads and waits, if it may have more than one thread."""
        if self._requests and self._settings.threads != 1:
            from dedup.report.renderers import prepare

            self._loading = prepare(self._requests)

    def told(self, report: Report) -> Report:
        """The report as it may be told: without a word of the text, if that was asked for."""
        return without_words(report) if self._requests and self._text == "none" else report

    def write(self, report: Report) -> None:
        """Write them all; whoever opened the sinks commits them. Raises WriteError, ReaderGone."""
        if self._lines is not None:
            self._lines.close(report)
        elif self._requests:
            from dedup.report.renderers import write_all

            if self._loading is not None:
                self._loading.join()
            write_all(report, self._requests, self._sinks, report.run.threads)
