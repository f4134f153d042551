"""The same filter as datasketch_pipeline.py on gaoya, whose own analyzer makes the shingles:
`python gaoya_pipeline.py FILE`.
"""

import sys

from gaoya.minhash import MinHashStringIndex  # type: ignore[import-not-found,import-untyped,unused-ignore]


def main(path: str) -> None:
    """Write the lines of `path` that no earlier kept line resembles; blank lines pass."""
    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=0.8,
        num_bands=None,
        band_size=None,
        num_hashes=128,
        analyzer="word",
        lowercase=True,
        ngram_range=(3, 3),
        id_container="smallvec",
    )
    with open(path, encoding="utf-8", errors="replace", newline="\n") as lines:
        for number, line in enumerate(lines):
            if line.isspace():
                sys.stdout.buffer.write(line.encode())
            elif not index.query(line):
                index.insert_document(number, line)
                sys.stdout.buffer.write(line.encode())


if __name__ == "__main__":
    main(sys.argv[1])
