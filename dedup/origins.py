"""Where each document of a run comes from: a file, and inside it a record."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple, overload


class Origin(NamedTuple):
    """One document's place in the inputs."""

    file: int
    """Number of the file among those that were read."""
    record: int | None
    """Number of the record in its file, from 0; None if the file is one document."""
    id: str | None
    """What `id_field` says of the record."""
    line: int
    """First line of the document in the (uncompressed) file, from 1; 0 where a format has no lines."""


def document_name(file: str, origin: Origin | None) -> str:
    """What people are told of a document: its file, and of a record the line on which it begins, and its id.

    An id that is empty says nothing.

    >>> document_name("a.txt", Origin(0, None, None, 1)), document_name("news.jsonl", Origin(0, 6, None, 7))
    ('a.txt', 'news.jsonl:7')
    >>> document_name("news.jsonl", Origin(0, 6, "12", 7)), document_name("news.parquet", Origin(0, 6, None, 0))
    ('news.jsonl:7 (id 12)', 'news.parquet, record 6')
    >>> document_name("news.csv", Origin(0, 6, "", 7))
    'news.csv:7'
    """
    if origin is None or origin.record is None:
        return file
    place = f":{origin.line}" if origin.line else f", record {origin.record}"
    return f"{file}{place}" + (f" (id {origin.id})" if origin.id else "")


class Origins(Sequence[Origin]):
    """The origin of every document by its number, in 20 bytes each."""

    def __init__(self) -> None:
        self.files: list[str] = []
        """Name of each file."""
        self._file = array("I")
        self._record = array("q")
        self._line = array("q")
        self._ids: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._file)

    @overload
    def __getitem__(self, number: int) -> Origin: ...
    @overload
    def __getitem__(self, number: slice) -> list[Origin]: ...
    def __getitem__(self, number: int | slice) -> Origin | list[Origin]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        record = self._record[number]
        number %= len(self)
        return Origin(self._file[number], None if record < 0 else record, self._ids.get(number), self._line[number])

    @property
    def names(self) -> Sequence[str]:
        """Name of each document's file, by the number of the document."""
        return Names(self)

    def name(self, number: int) -> str:
        """Name of one document's file."""
        return self.files[self._file[number]]

    def add(self, file: int, record: int = -1, line: int = 1, identity: str | None = None) -> int:
        """Note the next document; gives its number."""
        number = len(self._file)
        self._file.append(file)
        self._record.append(record)
        self._line.append(line)
        if identity is not None:
            self._ids[number] = identity
        return number

    def add_files(self, names: Sequence[str]) -> int:
        """Note files that are a document each; gives the number of the first document."""
        number, file, n = len(self._file), len(self.files), len(names)
        self.files += names
        self._file.extend(range(file, file + n))
        self._record.extend([-1] * n)
        self._line.extend([1] * n)
        return number

    def add_records(self, file: int, numbers: Sequence[int], lines: Sequence[int], ids: Sequence[str | None]) -> int:
        """Note records of a file with their numbers and lines in it; gives the number of the first document."""
        number = len(self._file)
        self._file.extend([file] * len(lines))
        self._record.extend(numbers)
        self._line.extend(lines)
        for i, identity in enumerate(ids):
            if identity is not None:
                self._ids[number + i] = identity
        return number


class Names(Sequence[str]):
    """The name of the file of every document."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def __len__(self) -> int:
        return len(self._origins)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        return self._origins.name(number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)
