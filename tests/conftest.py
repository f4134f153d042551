"""What tests share: each engine by its name, the seed, and the installed command in a fresh directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import dedup as package
from dedup.engine.select import available, select
from dedup.errors import WriteError
from dedup.settings import Settings

# A busy machine is slow and that is no defect: nothing here is a timing.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60
"""A command that runs longer hangs."""

Run = subprocess.CompletedProcess[bytes]
BrokenOff = Callable[[], AbstractContextManager[None]]


@pytest.fixture(params=available())
def engine(request: pytest.FixtureRequest) -> str:
    """The name of each engine that can run here; asking for it gives that one."""
    name = str(request.param)
    assert select(name, Settings()).name == name
    return name


@pytest.fixture(scope="session")
def seed_path() -> Path:
    """The article that was pasted twice: lines 18 to 34 repeat lines 1 to 17."""
    return ROOT / "seeds" / "nato-summit-pasted-twice.txt"


@pytest.fixture(scope="session")
def seed(seed_path: Path) -> bytes:
    """The bytes of the seed."""
    return seed_path.read_bytes()


@pytest.fixture(scope="session")
def data() -> Path:
    """Real text in the repository."""
    return ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def command() -> list[str]:
    """How to run the command: the script beside the interpreter or on PATH, else the module."""
    beside = Path(sys.executable).with_name("dedup")
    script = str(beside) if beside.exists() else shutil.which("dedup")
    return [script] if script else [sys.executable, "-m", "dedup"]


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Nothing of the caller's taste, only what is needed to find the interpreter and the package."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    # The command must be the package that the tests import, which is not the folder beside them.
    return {**kept, "PYTHONPATH": str(Path(package.__file__).resolve().parent.parent), "LC_ALL": "C.UTF-8"}


@pytest.fixture
def dedup(tmp_path: Path, command: list[str], environment: dict[str, str]) -> Callable[..., Run]:
    """Run `dedup ARGUMENTS` in the fresh directory `tmp_path` with the given standard input."""

    def run(*arguments: str | Path, text: bytes = b"", env: dict[str, str] | None = None, **more: Any) -> Run:
        if not {"stdin", "preexec_fn"} & more.keys():
            more["input"] = text
        if "stdout" not in more:
            more["stdout"] = subprocess.PIPE
        return subprocess.run(
            [*command, *map(str, arguments)],
            cwd=tmp_path,
            env={**environment, **(env or {})},
            stderr=subprocess.PIPE,
            timeout=PATIENCE_SECONDS,
            check=False,
            **more,
        )

    return run


@pytest.fixture
def broken_off() -> BrokenOff:
    """What is done within fails at the second of two files that take their places; the first has its own by then."""

    @contextmanager
    def fail() -> Iterator[None]:
        replace, calls = os.replace, []

        def fail_second(source: str, target: str) -> None:
            calls.append(target)
            if len(calls) == 2:
                raise OSError(5, "Input/output error")
            replace(source, target)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(os, "replace", fail_second)
            with pytest.raises(WriteError, match="after 1 of 2 files had been replaced"):
                yield

    return fail
