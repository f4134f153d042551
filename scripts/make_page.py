"""Compile the template of the HTML report ahead of time. Run it after a change of the template, or of Jinja2.

    python scripts/make_page.py

Without it the page is the same, but made 0.02 s later.
"""

from __future__ import annotations

from pathlib import Path

import dedup.report.html.template as page

TARGET = Path(page.__file__).with_name(page.AHEAD)


def main() -> None:
    """Write the module."""
    TARGET.write_text(page.compiled(), encoding="utf-8")


if __name__ == "__main__":
    main()
