"""Blocks of whole lines from a source, however long the lines are."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.sources.source import Source

MOST_READ = 16 << 20
"""Bytes asked for at once, however long a line has become."""


def line_blocks(source: Source, size: int) -> Iterator[bytes]:
    """All bytes of a source, in blocks that end with a line feed (the last one may not).

    Args:
        source: read to its end.
        size: bytes in a block; more where a line is longer, fewer where the source pauses.
    Cost: O(n), also for one line of many blocks.
    """
    unread = bytearray()
    while True:
        searched = len(unread)
        part = source.read(max(size - searched, size // 4, min(searched // 2, MOST_READ), 1))
        if not part:
            if unread:
                yield bytes(unread)
            return
        unread += part
        del part  # it would be held as long as the block is looked at
        if len(unread) < size and not source.pauses():
            continue
        end = unread.rfind(b"\n", searched) + 1
        if not end and searched:
            end = unread.rfind(b"\n", 0, searched) + 1 if searched < size else 0
        if end:
            block = bytes(memoryview(unread)[:end])
            del unread[:end]
            yield block
            del block
