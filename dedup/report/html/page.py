"""The template, filled: one file with its style, its script and its data in it."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from dedup.report.html.chosen import Chosen
from dedup.report.html.labels import Labels
from dedup.report.html.payload import table
from dedup.report.html.view import view

if TYPE_CHECKING:
    from pystache.parsed import ParsedTemplate

    from dedup.report.model import Report

MOST_FINDINGS = 10_000
"""Findings in one page, the longest; a browser would take more, a reader would not."""
SCRIPTS = ("data.js", "diff.js", "map.js", "list.js", "compare.js", "main.js")
"""In this order they are one script."""
_DATA = "{data}\n"
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})


def fill(report: Report, found: Chosen) -> Iterator[bytes]:
    """The parts of the page, in order.

    Args:
        report: the whole.
        found: the findings that the page has.
    """
    from pystache import Renderer

    left_out = len(report.blocks) + len(report.variants) - len(found)
    labels = Labels(report, found.documents)
    style, script = asset("style.css"), program()
    values = view(report, found, labels, left_out) | {"policy": policy(style, script), "style": style}
    page: str = Renderer(escape=escape, missing_tags="strict").render(template(), values)
    head, _, tail = page.rpartition(_DATA)
    yield head.encode("utf-8", "replace")
    yield from _element("table", table(report, found, labels))
    running = f"<script>{script}</script>\n".encode()
    number = -1
    for number, chunk in enumerate(found.chunks()):
        yield from _element(f"texts-{number}", chunk)
        if number == 0:
            yield running
    if number < 0:
        yield running
    yield tail.encode()


@lru_cache(1)
def template() -> ParsedTemplate:
    """The parsed template of all but the data, which take the place of `_DATA`: JSON that cannot end its element."""
    from pystache import parse

    return parse(asset("page.html"))


def escape(text: str) -> str:
    """Text for an element or a quoted attribute.

    >>> escape("<b title='\\"&'>")
    '&lt;b title=&#39;&#34;&amp;&#39;&gt;'
    """
    return text.translate(_ENTITIES)


def _element(name: str, data: bytes) -> Iterator[bytes]:
    yield f'<script type="application/json" id="{name}">'.encode()
    yield data
    yield b"</script>\n"


def asset(name: str) -> str:
    """A file of the page."""
    # `importlib.resources` takes longer to load than the whole page to fill.
    with open(os.path.join(os.path.dirname(__file__), "assets", name), encoding="utf-8") as file:
        return file.read()


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
