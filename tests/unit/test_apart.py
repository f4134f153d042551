"""What a run writes beside its product takes the place of nothing, and is not read as an input."""

from __future__ import annotations

from pathlib import Path

import pytest

import dedup
from dedup.errors import NothingToRead, UsageError
from dedup.sinks.apart import Apart, without_products
from dedup.sources.paths import list_files

LINE = "The committee will meet again on Thursday to vote on the farm bill and its amendments.\n"


def plant(folder: Path, *names: str) -> None:
    """Files with a repeat in each."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(LINE * 2)


@pytest.mark.parametrize("place", [{"output": "clean.txt"}, {"output_dir": "clean"}, {"in_place": True}])
@pytest.mark.parametrize("beside", [{"report": "json:a.txt"}, {"removals": "./link"}, {"removals": Path("a.txt")}])
def test_no_input_is_replaced_by_a_report_or_by_removals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: dict[str, object], beside: dict[str, object]
) -> None:
    """Under whatever name: the text would be gone, with `in_place` the way back to it."""
    monkeypatch.chdir(tmp_path)
    plant(tmp_path, "a.txt", "b.txt")
    (tmp_path / "link").symlink_to("a.txt")
    with pytest.raises(UsageError, match=r"would take the place of the input a\.txt"):
        dedup.clean(["b.txt", "a.txt"], **place, **beside)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt", "link"]
    assert (tmp_path / "a.txt").read_text() == (tmp_path / "b.txt").read_text() == LINE * 2


def test_no_product_or_backup_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of an output directory and a backup have names that nobody gave."""
    monkeypatch.chdir(tmp_path)
    plant(tmp_path, "a.txt")
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match=r"the removals file would take the place of what becomes of a\.txt"):
        dedup.clean("a.txt", output_dir="out", removals="out/a.txt")
    with pytest.raises(UsageError, match=r"the report would take the place of the backup of a\.txt"):
        dedup.clean("a.txt", in_place=True, backup=".b", report="json:a.txt.b")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.txt", "out"]
    with pytest.raises(UsageError, match=r"the report would take the place of the input a\.txt"):
        dedup.check("a.txt", report="json:a.txt")


@pytest.mark.parametrize("place", [{"output_dir": "corpus/z"}, {"output": "corpus/s/all.txt"}])
def test_a_second_run_does_not_read_what_the_first_one_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: dict[str, str]
) -> None:
    """Into the folder that is read: the same answer again, and no text emptied for standing in an output."""
    monkeypatch.chdir(tmp_path)
    plant(tmp_path, "corpus/a.txt", "corpus/s/b.txt", "corpus/z.txt", "corpus/zz.txt")
    beside = {"removals": "corpus/m.removals", "report": "corpus/report.json"}
    first = dedup.clean("corpus", **place, **beside)
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.suffix == ".txt"}
    second = dedup.clean(dedup.list_files(["./corpus/"]), **place, **beside)
    assert [file.name for file in first.files] == ["corpus/a.txt", "corpus/s/b.txt", "corpus/z.txt", "corpus/zz.txt"]
    assert [file.name for file in second.files] == [f"./{file.name}" for file in first.files]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.suffix == ".txt"} == written


@pytest.mark.parametrize("beside", [{"report": "text:corpus/b.txt"}, {"removals": "corpus/b.txt"}])
@pytest.mark.parametrize("place", [{"output": "out.txt"}, {"output_dir": "out"}])
def test_no_text_of_a_folder_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: dict[str, str], place: dict[str, str]
) -> None:
    """Only what an earlier run wrote is left out of the input, not an article that has the name of the report."""
    monkeypatch.chdir(tmp_path)
    plant(tmp_path, "corpus/a.txt", "corpus/b.txt")
    with pytest.raises(UsageError, match=r"would take the place of the input corpus/b\.txt"):
        dedup.clean("corpus", **place, **beside)
    if "report" in beside:
        with pytest.raises(UsageError, match=r"the report would take the place of the input corpus/b\.txt"):
            dedup.check("corpus", report=beside["report"])
    assert (tmp_path / "corpus" / "b.txt").read_text() == LINE * 2
    (tmp_path / "corpus" / "b.txt").write_text("")
    for _ in range(2):
        assert [file.name for file in dedup.clean("corpus", **place, **beside).files] == ["corpus/a.txt"]


def test_what_was_given_itself_is_read(tmp_path: Path) -> None:
    """`-o` may name an input, and a folder may be the output directory's own parent."""
    plant(tmp_path, "a.txt", "b.txt")
    listing = list_files([f"{tmp_path}/a.txt", str(tmp_path)])
    assert [*without_products(listing, tmp_path / "a.txt").paths()] == [f"{tmp_path}/a.txt", f"{tmp_path}/b.txt"]
    assert [*without_products(listing, tmp_path, "-", None).paths()] == [*listing.paths()]
    with pytest.raises(NothingToRead, match="but those that the run itself writes"):
        without_products(list_files([str(tmp_path)]), tmp_path / "a.txt", tmp_path / "b.txt")


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_is_one_place_by_all_its_names(name: str) -> None:
    """Text and a report in one stream are neither."""
    with pytest.raises(UsageError, match="output and report are the same file"):
        Apart(["-"]).refuse_output(name)
    with pytest.raises(UsageError, match="report and removals file are the same file"):
        Apart([name], "-")
    Apart(["/dev/null"], "/dev/null").refuse_output("/dev/null")
