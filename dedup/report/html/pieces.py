"""The parts of the page that are there once, several times or not at all, and how they are filled.

What is put into a `Markup` is escaped by it, unless it is `Markup` itself. MarkupSafe is the half of Jinja that is
needed for that: all of Jinja took a sixth of a second to load and to compile one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

HEADLINE = Markup("<strong>{share}</strong> of the words repeat what stands before them")
FIGURE = Markup("<div><dt>{label}</dt><dd>{value}</dd></div>")
SETTING = Markup("<dt>{label}</dt><dd>{value}</dd>")
LEFT_OUT = Markup('<p class="notice" role="note">{sentence}</p>\n')
NOTICE = Markup(
    """\
<div class="notice" role="note">
  <p>{sentence}</p>
  <ul>{rows}</ul>
</div>
"""
)
FAILED = Markup("<li>{text}</li>")
SKIPPED = Markup("<li><bdi>{path}</bdi>: {reason}</li>")
KEY = Markup('<p class="key {name}"><span>{text}</span></p>')
KIND = Markup(
    '<label class="{name}"{hidden}><input type="checkbox" name="{name}" checked><span>{text} {count:,}</span></label>'
)
HIDDEN = Markup(" hidden")
WORST = Markup(
    """\
  <section aria-labelledby="worst-title">
    <h2 id="worst-title">Documents with the most repeats</h2>
    <ol>
{rows}    </ol>
  </section>
"""
)
WORST_ROW = Markup(
    """\
      <li><button type="button" data-file="{name}" title="Only the findings of {name}">
        <span class="clip"><bdi>{short}</bdi><small>← {origin}</small></span>
        <svg role="img" aria-label="{share} of its words"><rect width="{width}%" height="8"/></svg>
        <span class="number">{share} · {words}</span>
      </button></li>
"""
)
LARGEST = Markup(
    """\
  <section aria-labelledby="largest-title">
    <h2 id="largest-title">Longest repeats</h2>
    <ol>
{rows}    </ol>
  </section>
"""
)
LARGEST_ROW = Markup(
    """\
      <li class="wide"><button type="button" data-finding="{position}">
        <span><span class="place"><bdi>{place[0]}</bdi><span>{place[1]}</span></span>\
<small class="place">← <bdi>{original[0]}</bdi><span>{original[1]}</span></small>{says}</span>\
<span class="number">{words}</span>
      </button></li>
"""
)
SAYS = Markup('<q class="clip" dir="auto">{text}</q>')
FILE_FILTER = Markup(
    """\
<div class="file">
      <label class="visually-hidden" for="file">File</label>
      <input type="text" id="file" name="file" placeholder="File" list="files" autocomplete="off" spellcheck="false">
      <datalist id="files">{rows}</datalist>
    </div>"""
)
FILE_OPTION = Markup('<option value="{name}"></option>')


def filled(piece: Markup, rows: Iterable[Mapping[str, Any]]) -> Markup:
    """A piece once for each row, end to end.

    >>> filled(Markup("<li>{text}</li>"), [{"text": "<b>"}, {"text": "&"}])
    Markup('<li>&lt;b&gt;</li><li>&amp;</li>')
    """
    return Markup("").join(piece.format_map(row) for row in rows)


def around(piece: Markup, rows: Markup, **values: Any) -> Markup:
    """A piece with its rows; nothing without any."""
    return piece.format(rows=rows, **values) if rows else Markup("")
