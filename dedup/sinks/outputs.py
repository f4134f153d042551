"""Where the product of each input file goes: all into one, or each to a file of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from dedup.errors import DedupError, InputSkipped, UsageError
from dedup.sinks.made_folders import MadeFolders, folders_of
from dedup.sinks.product import ByteProduct, RecodedProduct
from dedup.sinks.stream import ObjectSink, StreamSink
from dedup.sources.paths import place_of

if TYPE_CHECKING:
    from dedup.parts import Span
    from dedup.settings import Settings
    from dedup.sinks import Sink
    from dedup.sinks.removals import Removals
    from dedup.sinks.side_files import SideFiles
    from dedup.sources.container import Container
    from dedup.sources.parquet import Rows
    from dedup.sources.paths import Listing


class Outputs:
    """Gives every input file its product; asked in the order of the files, one at a time."""

    merges = False
    """Nobody wants to know where one file ends and the next begins."""
    identity: tuple[int, int] | None = None
    """Device and inode of a file that is written to while inputs are read."""
    breaks = ""
    """What becomes of a binary file without some of its bytes, where each file is to be used as it comes out."""

    def accept(self, container: Container) -> None:
        """Asked of every file before it is read. Raises InputSkipped: what is left of it would be broken."""
        if container.json == "value":
            raise InputSkipped(
                container.name,
                "it is one JSON value, which would be broken without some of its lines: make JSON Lines of it "
                "(jq -c '.[]'; if it is that, say --format jsonl), or clean it as text with --format text",
            )
        if container.binary and self.breaks:
            raise InputSkipped(
                container.name,
                f"it is binary (it has NUL bytes), and {self.breaks}: say --format text to clean it as text",
            )

    def begin(self, container: Container) -> ByteProduct:
        """The product that a file's parts write to. Raises UsageError, WriteError."""
        raise NotImplementedError

    def end(self, container: Container) -> None:
        """The file is decided whole."""

    def finish(self) -> None:
        """There are no more files; the caller commits."""

    def notes(self) -> list[str]:
        """What the user should know of the files that were written; asked after the commit."""
        return []

    def abandon(self) -> None:
        """The run has failed: nothing more is written to any sink."""


class OneOutput(Outputs):
    """All files end to end in one sink, which the caller commits."""

    def __init__(self, sink: Sink, removals: Removals | None = None, name: str = "") -> None:
        """
        Args:
            sink: takes the bytes.
            removals: takes what is left out.
            name: of the output, if it has one.
        """
        self._sink = sink
        self._removals = removals
        self._name = name
        self._first: Container | None = None
        self._product: ByteProduct | None = None
        self.merges = removals is None
        # Standard output or an object that goes to a file: no input may be that file.
        self.identity = sink.identity if isinstance(sink, (StreamSink, ObjectSink)) else None

    def begin(self, container: Container) -> ByteProduct:
        """The product goes on where that of the file before ended; what cannot stand in one file is refused."""
        self._refuse_unfit(container)
        if self._removals is not None:
            self._removals.begin(file_facts(container, ""))
        if self._product is None or container.recoding is not None:
            product = make_product(container, self._sink, self._removals)
            if self._product is not None:
                product.go_on_from(self._product)
            self._product = product
        return self._product

    def _refuse_unfit(self, container: Container) -> None:
        """Raise UsageError if a file cannot stand in this output. One file without a name always can."""
        if self._first is None:
            self._first = container
            if not self._name:
                return
        from dedup.sources.agree import refuse_misnamed, refuse_unlike

        if container is self._first:
            refuse_misnamed(self._name, container)
        else:
            refuse_unlike(self._first, container)

    def end(self, container: Container) -> None:
        """The next file goes on where this one ends."""
        assert self._product is not None
        self._product.end_file()
        if self._removals is not None:
            self._removals.end(self._product.facts())

    def finish(self) -> None:
        """All files are done."""
        if self._product is not None:
            self._product.close()

    def abandon(self) -> None:
        """Nothing more goes to the sink."""
        if self._product is not None:
            self._product.abandon()


class _NoProduct(ByteProduct):
    """Takes whatever any format hands over."""

    def add_rows(self, rows: Rows, removed: dict[int, list[Span]]) -> None:
        """Rows of Parquet are of no more interest than bytes."""


class NoOutput(OneOutput):
    """Nothing is written: for a look at files of any formats."""

    def __init__(self) -> None:
        from dedup.sinks.stream import NullSink

        super().__init__(NullSink())
        self._product = _NoProduct(NullSink(), None)

    def accept(self, container: Container) -> None:
        """Nothing can break: all JSON that is not known for records is text."""
        container.written = False
        if container.json in ("value", "lines"):
            container.format, container.text_field = "text", ""

    def begin(self, container: Container) -> ByteProduct:
        """The same for every file, each with a header of its own."""
        assert self._product is not None
        self._product.header = None
        return self._product


class TreeOutput(Outputs):
    """A file below a folder for each input: the same name, format and compression.

    Each is there whole or not at all, and none of them takes its place before all are written.
    """

    breaks = "its copy would be broken"

    def __init__(
        self,
        folder: str,
        removals: Removals | None = None,
        side_files: SideFiles | None = None,
        inputs: Listing | None = None,
        folders: MadeFolders | None = None,
    ) -> None:
        """
        Args:
            folder: that the files go below.
            removals: takes what is left out.
            side_files: what else is written: no file may be in its place.
            inputs: all files that are to be read, also those that turn out to be none: no file may be in their place.
            folders: that the run has made so far.
        """
        from dedup.sinks.folder import FolderFiles

        self._folder = folder
        self._side_files = side_files
        self._removals = removals
        self._inputs = inputs
        self._names: dict[str, str] = {}
        roots = {part.folder for part in inputs.parts if part.folder} if inputs is not None else ()
        self._files_below = FolderFiles(folder, roots, folders)
        self._product: ByteProduct | None = None

    def begin(self, container: Container) -> ByteProduct:
        """Create the file beside its place. Raises UsageError if its name is another file's, too."""
        name = container.relative
        if name in self._names:
            raise _one_name(self._names[name], container.name, os.path.join(self._folder, name))
        self._refuse_below_file(name, container.name)
        self._names[name] = container.name
        target = os.path.join(self._folder, name)
        if place_of(target) == place_of(container.name):
            raise UsageError(f"{container.name} would replace itself", "Give another directory to --output-dir.")
        if self._side_files is not None:
            self._side_files.refuse_target(target, f"what becomes of {container.name}: {target}")
        sink = self._files_below.open(name, container.compression, [container.name])
        if self._removals is not None:
            self._removals.begin(file_facts(container, name))
        self._product = make_product(container, sink, self._removals)
        return self._product

    def _refuse_below_file(self, name: str, given: str) -> None:
        """Raise UsageError if a folder of the file is to be a file: that would show when files take their places.

        The other way round it shows when the file is opened: the folder is there by then.
        """
        for folder in folders_of(name):
            if folder in self._names:
                raise _file_and_folder(self._names[folder], given, os.path.join(self._folder, folder))

    def end(self, container: Container) -> None:
        """Close the file; it waits for the others."""
        assert self._product is not None
        self._product.end_file()
        self._product.close()
        if self._removals is not None:
            self._removals.end(self._product.facts())
        self._files_below.end()

    def abandon(self) -> None:
        """Nothing more goes to the file in hand."""
        if self._product is not None:
            self._product.abandon()

    def prepare(self) -> None:
        """As `Stage`. Raises UsageError as well if what becomes of one input would take the place of another."""
        from dedup.sinks.replaced import first_replaced

        inputs = () if self._inputs is None else self._inputs.paths()
        if found := first_replaced(inputs, self._files_below.replaced):
            raise UsageError(
                f"the input {found[0]} would be replaced by what becomes of another: {found[1]}",
                "Give another directory to --output-dir. No file was replaced.",
            )
        self._files_below.prepare()

    def commit(self) -> None:
        """As `Stage`."""
        self._files_below.commit()

    def abort(self) -> None:
        """Leave nothing, and no folder that was made."""
        self._files_below.abort()


def refuse_one_name(folder: str, listing: Listing, settings: Settings) -> None:
    """Raise UsageError if it can be seen before the run that two inputs would become one file below a folder.

    Or one of them a file and another a file in a folder of its name. Those that are to be skipped become none. Cost: a
    look at every name, where not all are below one folder; a look into the files that have one name.
    """
    if len(listing.parts) == 1 and listing.parts[0].folder:
        return
    known: dict[str, str] = {}
    for path, below in listing:
        first = known.get(below)
        if first is None or not _becomes_a_file(first, settings):
            known[below] = path
        elif _becomes_a_file(path, settings):
            raise _one_name(first, path, os.path.join(folder, below))
    for below, path in known.items():
        for above in folders_of(below):
            if above in known and _becomes_a_file(known[above], settings) and _becomes_a_file(path, settings):
                raise _file_and_folder(known[above], path, os.path.join(folder, above))


def _becomes_a_file(path: str, settings: Settings) -> bool:
    """Whether an input is not to be skipped, as far as its beginning tells; pipes are not touched."""
    from dedup.sources.container import open_container
    from dedup.sources.source import PathSource

    if not os.path.isfile(path):
        return False
    try:
        container = open_container(PathSource(path), settings)
    except DedupError:
        return False
    try:
        TreeOutput("").accept(container)
    except InputSkipped:
        return False
    finally:
        container.close()
    return True


def _one_name(first: str, other: str, target: str) -> UsageError:
    return UsageError(
        f"{first} and {other} would both become {target}",
        "Give the folder that they are in, or clean them into different directories.",
    )


def _file_and_folder(file: str, other: str, target: str) -> UsageError:
    return UsageError(
        f"{target} would be a file, from {file}, and the folder of what becomes of {other}",
        "Clean them into different directories. No file was replaced.",
    )


def make_product(container: Container, sink: Sink, removals: Removals | None) -> ByteProduct:
    """The product of a file's format and encoding."""
    if container.format == "parquet":
        from dedup.sinks.parquet import ParquetProduct

        return ParquetProduct(sink, removals)
    if container.recoding is not None:
        return RecodedProduct(sink, removals, container.recoding)
    return ByteProduct(sink, removals)


def file_facts(container: Container, output: str) -> dict[str, Any]:
    """What the removals file says of an input file whose product is `output`."""
    return {
        "name": container.name,
        "output": output,
        "format": container.format,
        "compression": container.compression,
        "encoding": container.encoding,
        "text_field": container.text_field,
    }
