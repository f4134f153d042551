"""What `import dedup` gives."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

import dedup


@pytest.mark.parametrize("name", dedup.__all__)
def test_no_module_takes_a_public_name(name: str) -> None:
    """Importing a module of the name would put it in the place of the function."""
    assert name not in {module.name for module in pkgutil.iter_modules(dedup.__path__)}
    before = getattr(dedup, name)
    for home in set(dedup._HOMES.values()):
        import_module(home)
    assert getattr(dedup, name) is before
