"""What a run writes beside its product takes the place of nothing, and is not read as an input."""

from __future__ import annotations

from pathlib import Path

import pytest

import dedup
from dedup.errors import ReadError, UsageError, WriteError
from dedup.sinks.side_files import SideFiles

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


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_is_one_place_by_all_its_names(name: str) -> None:
    """Text and a report in one stream are neither."""
    with pytest.raises(UsageError, match="output and report are the same file"):
        SideFiles(["-"]).refuse_output(name)
    with pytest.raises(UsageError, match="report and removals file are the same file"):
        SideFiles([name], "-")
    SideFiles(["/dev/null"], "/dev/null").refuse_output("/dev/null")


def test_what_becomes_of_an_input_takes_the_place_of_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of one that was read before, nor of one that comes later or is skipped, nor through a link."""
    monkeypatch.chdir(tmp_path)
    plant(tmp_path, "old/sub/f.txt", "new/sub/f.txt")
    (tmp_path / "old" / "sub" / "g.json").write_text("[1]\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "f.txt").symlink_to("../old/sub/f.txt")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    message = "the input {0} would be replaced by what becomes of another: {1}"
    for inputs, folder, found in [
        (["old", "new/sub"], "new", ("new/sub/f.txt", "new/sub/f.txt")),
        (["new/sub", "old"], "new", ("new/sub/f.txt", "new/sub/f.txt")),
        (["new/sub/f.txt", "old"], "out", ("old/sub/f.txt", "out/f.txt")),
        (["old/sub/f.txt", "new"], "old/sub/.", None),
    ]:
        expected = message.format(*found) if found else "would replace itself"
        with pytest.raises(UsageError, match=expected):
            dedup.clean(inputs, output_dir=folder)
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    (tmp_path / "new" / "sub" / "g.json").write_text("[1]\n")
    (tmp_path / "old" / "sub" / "g.json").write_text("text")
    with pytest.raises(UsageError, match=message.format(*["new/sub/g.json"] * 2)):
        dedup.clean(["old", "new/sub/g.json"], output_dir="new")


def test_a_second_name_of_an_input_may_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two hard links one keeps the text; and a second run replaces what the first one wrote."""
    monkeypatch.chdir(tmp_path)
    plant(tmp_path, "old/a.txt")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").hardlink_to(tmp_path / "old" / "a.txt")
    for _ in range(2):
        dedup.clean("old", output_dir="out")
        assert (tmp_path / "old" / "a.txt").read_text() == LINE * 2
        assert (tmp_path / "out" / "a.txt").read_text() == LINE


@pytest.mark.parametrize("beside", [{"removals": "new/out/r"}, {"report": "new/out/sub/r.json"}])
def test_files_beside_can_be_the_first_in_the_output_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: dict[str, str]
) -> None:
    """The second run would find the directory there; where nothing is written, none is left."""
    monkeypatch.chdir(tmp_path)
    plant(tmp_path, "a.txt")
    with pytest.raises(WriteError, match="No such file"):
        dedup.clean("a.txt", output_dir="new/out", report="elsewhere/r.json")
    with pytest.raises(ReadError):
        dedup.clean("missing.txt", output_dir="new/out", **beside)
    assert not Path("new").exists()
    for _ in range(2):
        dedup.clean("a.txt", output_dir="new/out", **beside)
        assert all(Path(path).stat().st_size for path in ["new/out/a.txt", *beside.values()])
