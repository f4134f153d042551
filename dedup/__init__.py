"""Find repeated blocks of text and remove them.

    import dedup
    report = dedup.clean("article.txt", "clean.txt", removals="removals.bin")
    text, report = dedup.clean_text(article)
    dedup.restore("clean.txt", "removals.bin", "article.txt")

The names load on first use: importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from dedup.api import clean as clean
    from dedup.api import clean_text as clean_text
    from dedup.api import scan as scan
    from dedup.checks.api import check as check
    from dedup.errors import DedupError as DedupError
    from dedup.removals.restoring import restore as restore
    from dedup.report.model import Report as Report
    from dedup.settings import Settings as Settings
    from dedup.sources.paths import Selection as Selection
    from dedup.sources.paths import list_files as list_files

_HOMES = {
    "check": "dedup.checks.api",
    "clean": "dedup.api",
    "clean_text": "dedup.api",
    "restore": "dedup.removals.restoring",
    "scan": "dedup.api",
    "DedupError": "dedup.errors",
    "Report": "dedup.report.model",
    "Selection": "dedup.sources.paths",
    "Settings": "dedup.settings",
    "list_files": "dedup.sources.paths",
}
__all__ = [
    "DedupError",
    "Report",
    "Selection",
    "Settings",
    "__version__",
    "check",
    "clean",
    "clean_text",
    "list_files",
    "restore",
    "scan",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
