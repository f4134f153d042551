"""How pyarrow is loaded: with what Parquet needs of it, and no more."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from dedup.errors import UsageError

ARRAYS = ("numpy", "pandas")
CLOUDS = ("pyarrow._azurefs", "pyarrow._gcsfs", "pyarrow._hdfs", "pyarrow._s3fs")
_alone = False


def own_process() -> None:
    """Say that nobody else in this process uses pyarrow: then it may be loaded without NumPy and pandas.

    pyarrow takes them along where it finds them, and nothing here is ever an array or a series of theirs. NumPy alone
    is 0.2 seconds of a start and a pool of threads. What pyarrow did not find it never asks for again. The file
    systems of clouds are not asked for either.
    """
    global _alone
    _alone = True


def import_parquet() -> Any:
    """`pyarrow.parquet`. Raises UsageError where it is not installed."""
    # mimalloc, the default, keeps 40 MB more of a row group's pages than malloc does. Once pyarrow is imported
    # the choice is made, by the caller or by the environment.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        with _hidden() if _alone else nullcontext():
            import pyarrow.parquet

            pyarrow.array([])  # looks for pandas
    except ImportError as error:
        raise UsageError(
            f"Parquet needs the package pyarrow ({error})", "Install it with: pip install 'dedup-text[parquet]'"
        ) from error
    return pyarrow.parquet


def import_compute() -> Any:
    """`pyarrow.compute`, for what is not done to most files.

    To make its two hundred functions, each with documentation, takes two fifths of the time that all of pyarrow takes.
    Methods of arrays that need it would load it as well, and NumPy along with it.
    """
    with _hidden() if _alone else nullcontext():
        import pyarrow.compute
    return pyarrow.compute


@contextmanager
def _hidden() -> Iterator[None]:
    """Inside, what nobody has imported yet of `ARRAYS` and `CLOUDS` seems not to be installed.

    Where NumPy is there already, as with the reference engine, pyarrow asks for pandas as well, in a way that takes
    a module that seems to be missing for one that is there.
    """
    optional = CLOUDS if "numpy" in sys.modules else ARRAYS + CLOUDS
    absent: dict[str, Any] = {name: None for name in optional if name not in sys.modules}
    sys.modules.update(absent)  # None is how Python notes that there is no such module
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
