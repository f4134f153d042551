"""The template, filled: one file with its style, its script and its data in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from dedup.report.html.chosen import Chosen
from dedup.report.html.labels import Labels
from dedup.report.html.payload import table
from dedup.report.html.view import view

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_FINDINGS = 10_000
"""Findings in one page, the longest; a browser would take more, a reader would not."""
SCRIPTS = ("data.js", "diff.js", "map.js", "list.js", "compare.js", "main.js")
"""In this order they are one script."""


def fill(report: Report, found: Chosen) -> Iterator[str]:
    """The parts of the page, in order.

    Args:
        report: the whole.
        found: the findings that the page has.
    Raises:
        UsageError: Jinja2 is not installed.
    """
    page = template()
    from markupsafe import Markup

    left_out = len(report.blocks) + len(report.variants) - len(found)
    labels = Labels(report, found.documents)
    style, script = asset("style.css"), program()
    # Markup is not escaped: for what is ours, and for JSON that cannot end its element.
    values: dict[str, Any] = view(report, found, labels, left_out) | {
        "policy": policy(style, script),
        "style": Markup(style),
        "script": Markup(script),
        "table": Markup(table(report, found, labels)),
        "chunks": map(Markup, found.chunks()),
    }
    generated: Iterator[str] = page.generate(values)
    return generated


@lru_cache(1)
def template() -> Any:
    """The compiled template. Raises UsageError if Jinja2 is not installed."""
    from dedup.errors import UsageError

    try:
        import jinja2
    except ImportError as error:
        raise UsageError("an HTML report needs Jinja2, which is not installed", "Run: pip install jinja2") from error
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(asset("page.html"))


def asset(name: str) -> str:
    """A file of the page."""
    return resources.files("dedup.report.html").joinpath("assets", name).read_text("utf-8")


def program() -> str:
    """The script of the page."""
    return "\n".join(['"use strict";', *map(asset, SCRIPTS)])


def policy(style: str, script: str) -> str:
    """A Content-Security-Policy that allows this style and this script, named by their hashes, and nothing else.

    Trusted types forbid the script itself to make markup of text.
    """
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
