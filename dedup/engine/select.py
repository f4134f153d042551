"""Which engine serves: asked for by name, or the best that runs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.errors import EngineUnavailable
from dedup.minhash import choose_bands
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.engine.contract import Engine
    from dedup.protection import Protection


def select(name: str, settings: Settings, protection: Protection | None = None) -> Engine:
    """Make an engine.

    Args:
        name: `native`, `reference`, or `auto` for the native one where it is installed.
        settings: what it works by.
        protection: what it never removes; `dedup.run.protection` reads it, as the settings ask for it.
    Raises:
        EngineUnavailable: the engine asked for cannot run here.
    """
    if name == "auto":
        name = "reference" if native_missing() else "native"
    if name == "native":
        if reason := native_missing():
            raise EngineUnavailable(
                f"the native engine cannot run: {reason}",
                "Install again with a C compiler at hand (DEDUP_BUILD_NATIVE=1 shows why a build fails), "
                "or use --engine reference.",
            )
        from dedup.engine.native import NativeEngine

        native: Engine = NativeEngine(settings, *choose_bands(settings.threshold, settings.recall), protection)
        return native
    return _reference(settings, protection)


def _reference(settings: Settings, protection: Protection | None) -> Engine:
    try:
        from dedup.engine.reference import ReferenceEngine

        return ReferenceEngine(settings, protection)
    except ImportError as error:
        raise EngineUnavailable(
            f"the reference engine cannot run: {error}", "Install datasketch>=2,<3 and xxhash."
        ) from error


def native_missing() -> str:
    """Why the native engine cannot run; empty if it can.

    A broken extension is told apart from one that was never built: the import's own words are passed on.
    """
    try:
        import dedup.engine.native  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name == "dedup.engine.native":
            return "it was not built when dedup was installed"
        return str(error)
    except ImportError as error:
        return str(error)
    return ""


def available() -> list[str]:
    """Engines that can run here, the fastest first."""
    from importlib.util import find_spec

    native = [] if native_missing() else ["native"]
    return native + (["reference"] if find_spec("datasketch") and find_spec("xxhash") else [])


def describe() -> dict[str, str]:
    """For each engine what it runs on, or why it cannot run."""
    from importlib.metadata import PackageNotFoundError, version

    if missing := native_missing():
        native = f"not available: {missing}"
    else:
        from dedup.engine.native import instruction_set

        native = instruction_set()
    try:
        reference = f"datasketch {version('datasketch')}, xxhash {version('xxhash')}"
    except PackageNotFoundError as error:
        reference = f"not available: {error}"
    return {"native": native, "reference": reference}
