"""Where in the input the removed text lies, in constant memory for an input of unknown length."""

from __future__ import annotations

CELLS = 1000
"""Cells that `shares` gives."""
_SLOTS = 2 * CELLS


class RemovedMap:
    """Counts removed bytes in up to 2000 equal slots; when the input outgrows them, slots double.

    >>> removed = RemovedMap()
    >>> removed.add(500, 1000)
    >>> shares = removed.shares(1000)
    >>> len(shares), shares[0], shares[499], shares[500], shares[999]
    (1000, 0.0, 0.0, 1.0, 1.0)
    """

    def __init__(self) -> None:
        self._width = 1
        self._counts = [0] * _SLOTS

    def add(self, start: int, end: int) -> None:
        """Bytes [start, end) of the run's text are removed. Cost: O(slots touched)."""
        while end > self._width * _SLOTS:
            self._double()
        width, counts = self._width, self._counts
        while start < end:
            slot = start // width
            stop = min(end, (slot + 1) * width)
            counts[slot] += stop - start
            start = stop

    def shares(self, total_bytes: int) -> list[float]:
        """1000 shares from 0 to 1: of each thousandth of the input, how much is removed."""
        if not total_bytes:
            return [0.0] * CELLS
        size = total_bytes / CELLS
        return [self._between(cell * size, (cell + 1) * size, total_bytes) / size for cell in range(CELLS)]

    def _between(self, start: float, end: float, total_bytes: int) -> float:
        """Removed bytes in [start, end), taking them as evenly spread inside a slot."""
        width, removed = self._width, 0.0
        for slot in range(int(start // width), min(_SLOTS, int(end // width) + 1)):
            first, last = slot * width, min((slot + 1) * width, total_bytes)
            overlap = min(end, last) - max(start, first)
            if overlap > 0:
                removed += self._counts[slot] * overlap / (last - first)
        return removed

    def _double(self) -> None:
        counts = self._counts
        halves = [counts[i] + counts[i + 1] for i in range(0, _SLOTS, 2)]
        self._counts = halves + [0] * (_SLOTS - len(halves))
        self._width *= 2
