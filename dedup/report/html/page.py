"""The template, filled: one file with its style, its script and its data in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

from dedup.report.finding import Finding, findings
from dedup.report.html.payload import chunks, script_json, table
from dedup.report.html.view import view

if TYPE_CHECKING:
    from dedup.report.model import Report

MOST_FINDINGS = 10_000
"""Findings in one page, the longest; a browser would take more, a reader would not."""
SCRIPTS = ("data.js", "diff.js", "map.js", "list.js", "compare.js", "main.js")
"""In this order they are one script."""


def fill(report: Report) -> Iterator[str]:
    """The parts of the page, in order.

    Raises:
        UsageError: Jinja2 is not installed.
    """
    from dedup.errors import UsageError

    try:
        import jinja2
        from markupsafe import Markup
    except ImportError as error:
        raise UsageError("an HTML report needs Jinja2, which is not installed", "Run: pip install jinja2") from error
    found, left_out = _longest(findings(report))
    style, script = asset("style.css"), program()
    # Markup is not escaped: for what is ours, and for JSON that cannot end its element.
    values: dict[str, Any] = view(report, found, left_out) | {
        "policy": policy(style, script),
        "style": Markup(style),
        "script": Markup(script),
        "table": Markup(script_json(table(report, found))),
        "chunks": (Markup(script_json(chunk)) for chunk in chunks(found)),
    }
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(asset("page.html")).generate(values)


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


def _longest(found: Sequence[Finding]) -> tuple[list[Finding], int]:
    """The findings for the page in input order, and the number of those that it has no room for."""
    if len(found) <= MOST_FINDINGS:
        return list(found), 0
    order = sorted(range(len(found)), key=lambda i: -found[i].words)[:MOST_FINDINGS]
    return [found[i] for i in sorted(order)], len(found) - MOST_FINDINGS
