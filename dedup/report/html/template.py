"""The template of the page, compiled: by Jinja2 ahead of time, or now where that cannot serve."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from jinja2 import Environment, Template

NAME = "page.html"
AHEAD = "compiled_page.py"
"""What `scripts/make_page.py` makes of it. To compile the template takes half as long as to load Jinja2."""


@lru_cache(1)
def template() -> Template:
    """The template of all but the data."""
    import jinja2

    values, ahead = environment(), _ahead()
    if ahead is None:
        return values.from_string(asset(NAME))
    return jinja2.Template.from_module_dict(values, vars(ahead), values.make_globals(None))


def _ahead() -> ModuleType | None:
    """The template compiled ahead; None if it was another one, or another version of Jinja2."""
    try:
        from dedup.report.html import compiled_page
    except ImportError:  # of names that this version does not have
        return None
    return compiled_page if made_from() == compiled_page.MADE_FROM else None


def environment() -> Environment:
    """How the template is read: its values are escaped, and all of them must be there."""
    import jinja2

    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def compiled() -> str:
    """The template as a module of Python, which says what it was made from."""
    code = environment().compile(asset(NAME), raw=True, defer_init=True)
    heading = f'"""Made by scripts/make_page.py from assets/{NAME}; not to be edited."""\n\n'
    return f"{heading}MADE_FROM = {made_from()!r}\n{code}\n"


def made_from() -> str:
    """The version of Jinja2 that is here, and the digest of the template."""
    import jinja2

    version = vars(jinja2).get("__version__")
    if version is None:  # it may go one day; to ask the installation takes longer than the template
        from importlib.metadata import version as installed

        version = installed("jinja2")
    digest = hashlib.sha256(asset(NAME).encode("utf-8")).hexdigest()
    return f"jinja2 {version}, {NAME} {digest}"


def asset(name: str) -> str:
    """A file of the page."""
    # `importlib.resources` takes longer to load than the whole page to fill.
    with open(os.path.join(os.path.dirname(__file__), "assets", name), encoding="utf-8") as file:
        return file.read()
