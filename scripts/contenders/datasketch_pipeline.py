"""The straightforward near-duplicate filter on datasketch: `python datasketch_pipeline.py FILE`.

Paragraphs are lines, words are `\\w+` in lower case, shingles are three words, a line is dropped when
MinHashLSH(threshold=0.8, num_perm=128) finds an earlier kept one. `update_batch` is used because it is about
2.5 times as fast as calling `update` for every shingle.
"""

import re
import sys

from datasketch import MinHash, MinHashLSH

WORD = re.compile(r"\w+")


def shingles(line: str) -> list[bytes]:
    """The distinct runs of three words of a line; all its words where it has fewer than three."""
    words = WORD.findall(line.lower())
    return [s.encode() for s in {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}]


def main(path: str) -> None:
    """Write the lines of `path` that no earlier kept line resembles; blank lines pass."""
    lsh = MinHashLSH(threshold=0.8, num_perm=128)
    with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        for number, line in enumerate(lines):
            if line.isspace():
                sys.stdout.buffer.write(line.encode())
                continue
            signature = MinHash(num_perm=128, seed=1, scheme="affine32")
            signature.update_batch(shingles(line))
            if not lsh.query(signature):
                lsh.insert(number, signature)
                sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape"))


if __name__ == "__main__":
    main(sys.argv[1])
