"""The examples in the docstrings give what they show."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import dedup

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(dedup.__path__, "dedup.")
    if not module.name.endswith(("__main__", ".native"))
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    """Every example in a module's docstrings holds."""
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_there_are_examples() -> None:
    """The words, paragraphs and bands are shown by example."""
    for name in ("dedup.words", "dedup.paragraphs", "dedup.minhash"):
        assert doctest.testmod(importlib.import_module(name)).attempted > 0
