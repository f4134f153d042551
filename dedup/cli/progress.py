"""How far the run is, with MB/s: on a terminal a bar, elsewhere (when asked for) a line a second."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

PATIENCE_SECONDS = 1.0
"""Shorter runs show nothing, and do not pay for importing Rich."""


class Progress:
    """Counts bytes read and shows them; `advance` costs a clock call until something is due."""

    def __init__(self, total_bytes: int | None, *, shown: bool) -> None:
        self._total = total_bytes
        self._shown = shown
        self._bytes = 0
        self._start = time.monotonic()
        self._next = self._start + PATIENCE_SECONDS
        self._bar: Any = None
        self._task: Any = None

    @staticmethod
    def wanted(asked: bool | None, *, quiet: bool, product_on_terminal: bool) -> bool:
        """Whether to show progress: as asked for, else only beside nothing else on a terminal."""
        if asked is not None:
            return asked
        return not quiet and not product_on_terminal and on_terminal()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def advance(self, bytes_read: int) -> None:
        """So many bytes more have been read."""
        self._bytes += bytes_read
        if self._shown and time.monotonic() >= self._next:
            self._show()

    def close(self) -> None:
        """Take the bar away; as lines, say how it ended."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        elif self._shown and not on_terminal():
            self._say_line()
        self._shown = False

    def _show(self) -> None:
        now = time.monotonic()
        if on_terminal():
            self._next = now + 0.1
            self._draw()
        else:
            self._next = now + PATIENCE_SECONDS
            self._say_line()

    def _draw(self) -> None:
        if self._bar is None:
            self._bar = _rich_bar(self._total is not None)
            self._task = self._bar.add_task("", total=self._total, rate="")
            self._bar.start()
        seconds = time.monotonic() - self._start
        self._bar.update(self._task, completed=self._bytes, rate=f"{self._bytes / 1e6 / seconds:.0f} MB/s")
        self._bar.refresh()

    def _say_line(self) -> None:
        from dedup.cli import say

        seconds = max(time.monotonic() - self._start, 1e-9)
        share = f" ({100 * self._bytes // self._total} %)" if self._total else ""
        rate = f"{self._bytes / 1e6 / seconds:,.1f} MB/s"
        say(f"dedup: read {self._bytes / 1e6:,.1f} MB{share}, {rate}")


def on_terminal() -> bool:
    """Whether standard error is a terminal that can do more than print lines."""
    try:
        return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # closed
        return False


def _rich_bar(total_known: bool) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    known = (BarColumn(), TaskProgressColumn()) if total_known else ()
    left = (TimeRemainingColumn(),) if total_known else ()
    return RichProgress(
        TextColumn("dedup"),
        *known,
        DownloadColumn(),
        TextColumn("{task.fields[rate]}"),
        *left,
        console=Console(stderr=True),
        auto_refresh=False,  # no thread of its own beside the workers
        transient=True,
    )
