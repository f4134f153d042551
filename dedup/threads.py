"""Threads that help where the system has some: without them the same work is done by the thread that is there."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any


def started(work: Callable[..., object], *arguments: Any, daemon: bool = False) -> Thread | None:
    """A thread that does some work; None if there can be no more threads, and the caller has to do it.

    Limits on processes (`ulimit -u`, of a container or a batch system) count threads.
    """
    thread = Thread(target=work, args=arguments, daemon=daemon)
    try:
        thread.start()
    except RuntimeError:
        return None
    return thread
