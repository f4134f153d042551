# cython: language_level=3, boundscheck=False, wraparound=False
"""Many small files in one go, without the interpreter's lock: opening a file from Python takes longer than reading it."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport int64_t, uint8_t
from libc.stdlib cimport free, malloc

cdef extern from "small_files.h" nogil:
    ctypedef struct Facts:
        int64_t bytes, changed_ns, device, inode
    size_t small_files(const char *, size_t, uint8_t *, size_t, size_t, Facts *, size_t *)


def read_files(bytes paths, size_t at, size_t count, size_t room, size_t most):
    """Reads whole files into one buffer until it holds `room` bytes.

    Stops before anything but a regular file of at most `most` bytes that can be read whole.

    Args:
        paths: names, each ended by a NUL.
        at: where in `paths` the first of `count` names begins.
    Returns:
        The text of the files end to end; for each file its size, time of last change (ns), device and inode;
        and where in `paths` the next name begins.
    Raises:
        MemoryError: the buffer does not fit.
    """
    cdef const char *names = PyBytes_AS_STRING(paths)
    cdef Facts *facts = <Facts *>malloc((count + 1) * sizeof(Facts))
    cdef uint8_t *text = <uint8_t *>malloc(room + most + 1)
    cdef size_t n, used = 0, filled = 0, i
    try:
        if facts == NULL or text == NULL:
            raise MemoryError()
        with nogil:
            n = small_files(names + at, count, text, room, most, facts, &used)
        read = []
        for i in range(n):
            filled += facts[i].bytes
            read.append((facts[i].bytes, facts[i].changed_ns, facts[i].device, facts[i].inode))
        return PyBytes_FromStringAndSize(<char *>text, filled), read, at + used
    finally:
        free(facts)
        free(text)
