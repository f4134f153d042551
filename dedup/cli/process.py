"""The process that the command is: its standard streams, and the signals that end it."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

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
    """SIGTERM and SIGHUP raise `Ended`, unless they are ignored, as below nohup."""
    for number in _ENDINGS:
        with suppress(ValueError):  # not in the main thread
            if signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, _end)


def end_by(number: int) -> int:
    """End as the signal would have done; a status for the case that it does not."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise Ended(number)
