"""The process that the command is: its standard streams, and the signals that end it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

from dedup.errors import Interrupted

_ENDINGS = (signal.SIGTERM, signal.SIGHUP)


class Ended(KeyboardInterrupt):
    """A signal asks for an end: what is half written is taken away first, as at Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def hold_standard_streams() -> None:
    """Give a standard stream that is closed something that can be neither read nor written.

    Else the next file that is opened takes its number, and text goes into it.
    """
    for descriptor, wrong_way in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, wrong_way)  # the lowest number that is free
    if sys.stdout is None:  # what is printed must not vanish without a word
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  # as long as the process


def clean_up_on_signals() -> None:
    """SIGTERM and SIGHUP raise `Ended`, unless they are ignored, as below nohup; the second signal ends the process."""
    _handle({signal.SIG_DFL}, _end, _ENDINGS)
    _handle({signal.default_int_handler}, _interrupt, (signal.SIGINT,))


def end_at_once_on_signals() -> None:
    """From now on a signal leaves nothing but takes away what is half written: the process is about to end anyway.

    An exception would be told by Python, in the middle of what goes on then, with a traceback.
    """
    _handle({_end, _interrupt}, _end_at_once, (*_ENDINGS, signal.SIGINT))


def leave(status: int) -> NoReturn:
    """End the process now, and what its threads are still at: nobody waits for it."""
    _remove_left()
    os._exit(status)


def end_by(number: int) -> int:
    """End as the signal would have done; a status for the case that it does not."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number


def _handle(before: set[Any], handler: Callable[[int, FrameType | None], NoReturn], numbers: Iterable[int]) -> None:
    for number in numbers:
        with suppress(ValueError):  # not in the main thread
            if signal.getsignal(number) in before:
                signal.signal(number, handler)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    end_at_once_on_signals()
    raise Ended(number)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    end_at_once_on_signals()
    raise KeyboardInterrupt


def _end_at_once(number: int, _frame: FrameType | None) -> NoReturn:
    _remove_left()
    os._exit(Interrupted.exit_status if number == signal.SIGINT else end_by(number))


def _remove_left() -> None:
    """Take away what is half written. Nothing is imported where a signal may have come in the middle of an import."""
    atomic: Any = sys.modules.get("dedup.sinks.atomic")
    if hasattr(atomic, "remove_left"):
        atomic.remove_left()
