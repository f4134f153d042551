"""Run one command and tell what it cost: `python -I -S launch.py OUT ERR COMMAND...`.

Prints the exit status, wall seconds, user + system seconds, the peak memory in bytes and how many bytes went
to standard output, on one line.

The benchmark starts every contender through this small process: on Linux a child's peak memory begins at
the peak of the process that started it, so a contender started by the benchmark itself would never read less
than the benchmark (a floor of some 10 MB, this launcher's own, remains and is reported).

OUT is written from its start and not cut first, so that from the second run on its memory is there already.
On a virtual machine, copying 1 GB with `cat` took 0.7 to 1.4 s into a new file in shared memory, most of it
for the system to find memory, and 0.24 to 0.27 s over an old one.
"""

import os
import sys
import time


def launch(out: str, err: str, command: list[str]) -> tuple[int, float, float, int, int]:
    """Run `command`, standard output to the file `out` and standard error to `err`; what it cost."""
    out_file = os.open(out, os.O_WRONLY | os.O_CREAT, 0o600)
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, out_file, 1),
        (os.POSIX_SPAWN_OPEN, 2, err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    peak_bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    written = os.lseek(out_file, 0, os.SEEK_CUR)
    return os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime, peak_bytes, written


if __name__ == "__main__":
    print(*launch(sys.argv[1], sys.argv[2], sys.argv[3:]))
