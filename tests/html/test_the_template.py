"""The template compiled ahead of time: it is what Jinja2 makes of it now, and pages are the same without it."""

from __future__ import annotations

import pytest

from dedup.report.html import compiled_page
from dedup.report.html.template import compiled, made_from, template
from dedup.report.renderers import render

from .reports import HARBOUR, HOSTILE, scanned


@pytest.fixture
def compiled_anew():
    """The template is compiled once; forget it before and after."""
    template.cache_clear()
    yield
    template.cache_clear()


def test_what_is_kept_was_made_from_the_template():
    """If not: python scripts/make_page.py."""
    kept, now = compiled_page.MADE_FROM, made_from()
    assert kept.rpartition(",")[2] == now.rpartition(",")[2]
    if kept == now:  # by the same Jinja2
        with open(compiled_page.__file__, encoding="utf-8") as file:
            assert file.read() == compiled()


@pytest.mark.usefixtures("compiled_anew")
def test_another_jinja_compiles_the_template_itself_and_gives_the_same_page(tmp_path, monkeypatch):
    report = scanned(tmp_path, first=HARBOUR + HOSTILE, second=HARBOUR + HOSTILE)
    monkeypatch.setattr(compiled_page, "MADE_FROM", made_from())  # whatever Jinja2 is here
    ahead = "".join(render(report, "html"))
    used = template()
    template.cache_clear()
    monkeypatch.setattr(compiled_page, "MADE_FROM", "jinja2 1.0, page.html 0")
    assert "".join(render(report, "html")) == ahead
    assert template().root_render_func.__code__.co_filename != used.root_render_func.__code__.co_filename
