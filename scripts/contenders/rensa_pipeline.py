"""The same filter as datasketch_pipeline.py on rensa: `python rensa_pipeline.py FILE`.

RMinHash(128) and RMinHashLSH with 16 bands of 8 rows, whose steepest point (1/16)**(1/8) = 0.71 lies below
the threshold of 0.8; rensa's threshold only serves `is_similar`, so a hit in a band counts as a duplicate.
"""

import re
import sys

from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found,import-untyped,unused-ignore]

WORD = re.compile(r"\w+")


def shingles(line: str) -> list[str]:
    """The distinct runs of three words of a line; all its words where it has fewer than three."""
    words = WORD.findall(line.lower())
    return list({" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))})


def main(path: str) -> None:
    """Write the lines of `path` that no earlier kept line resembles; blank lines pass."""
    lsh = RMinHashLSH(0.8, 128, 16)
    with open(path, encoding="utf-8", errors="replace", newline="\n") as lines:
        for number, line in enumerate(lines):
            if line.isspace():
                sys.stdout.buffer.write(line.encode())
                continue
            signature = RMinHash(128, 1)
            signature.update(shingles(line))
            if not lsh.query(signature):
                lsh.insert(number, signature)
                sys.stdout.buffer.write(line.encode())


if __name__ == "__main__":
    main(sys.argv[1])
