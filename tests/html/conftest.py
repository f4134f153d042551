"""A real Chromium without a window; where there is none the tests are skipped and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dedup.report.model import Report
from dedup.report.renderers import render

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium of this system, driven by Playwright. `DEDUP_CHROMIUM` names another one."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    path = os.environ.get("DEDUP_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no Chromium here (looked for {', '.join(NAMES)})")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


class Opened:
    """A report in the browser, and everything that went wrong or went out there."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.problems: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.problems.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self.requests.append(request.url))

    def until(self, expression: str) -> None:
        """Wait until an expression is true; Playwright's own way to wait needs `eval`, which the page forbids."""
        for _ in range(400):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"never true: {expression}")

    def rows(self) -> list[str]:
        """The names of findings that the list has drawn."""
        return list(self.page.locator("#list [role=option] .top").all_inner_texts())

    def count(self) -> str:
        """`3 of 7`: findings shown of all."""
        return str(self.page.locator("#count").inner_text())


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Write a report as HTML, open it and wait until it is ready; afterwards nothing may have gone wrong."""
    shown: list[Opened] = []

    def open_report(report: Report, **context: Any) -> Opened:
        path = tmp_path / "report.html"
        path.write_text("".join(render(report, "html")), encoding="utf-8")
        opened = Opened(browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **context}).new_page())
        opened.page.goto(path.as_uri())
        opened.page.wait_for_selector("html[data-ready=true]")
        shown.append(opened)
        return opened

    yield open_report
    for one in shown:
        one.page.context.close()
        assert one.problems == []
        assert [url for url in one.requests if not url.endswith("/report.html")] == []
