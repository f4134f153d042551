"""`dedup check` as it is installed: exit statuses, output, baseline, git."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import xxhash

from dedup.settings import Settings

from .checking import SCHEMA, article, first_commit, needs_git


@pytest.fixture
def corpus(folder: Path) -> Path:
    """Twenty articles, of which one is there twice."""
    (folder / "b.txt").write_text(article(7))
    return folder


def places(stdout: bytes) -> list[str]:
    """The place of each finding that was printed."""
    return [line.split(": ")[0] for line in stdout.decode().splitlines() if not line.startswith(" ")]


# --- exit statuses and output


def test_a_repeat_fails_and_is_shown(dedup: Callable, corpus: Path) -> None:
    done = dedup("check", "news")
    assert done.returncode == 1
    (line, excerpt) = done.stdout.decode().splitlines()
    assert line.startswith("news/b.txt:1-5: repeats news/a07.txt:1-5: 200 words in 5 paragraphs, the same words [")
    assert excerpt.strip().startswith(article(7)[:40])
    assert done.stderr.decode().splitlines() == [
        "dedup: 1 repeat, 200 words of 4,200 (5 %)",
        "dedup: failed: 1 repeat, --max-blocks is 0",
    ]


@pytest.mark.parametrize("level", ["full", "excerpt"])
def test_what_is_left_of_a_block_says_what_stands_there(dedup: Callable, corpus: Path, level: str) -> None:
    """Its first paragraphs are accepted: their words stood beside lines that say something else."""
    lines = article(7).splitlines(keepends=True)
    pattern = "|".join(line[:60] for line in lines[:3])
    rest = "".join(lines[3:])
    done = dedup("check", "news", "--ignore-pattern", pattern, "--report", "json:r.json", "--report-text", level)
    place, excerpt = done.stdout.decode().splitlines()
    assert place.startswith("news/b.txt:4-5: repeats news/a07.txt:4-5: ")
    assert excerpt.strip()[:100] == rest[:100]
    (block,) = json.loads((corpus.parent / "r.json").read_text())["blocks"]
    texts = block["texts"]
    assert block["bytes"] == [len(article(7)) - len(rest), len(article(7))]
    assert "text" not in texts["original"]  # it is that of the repeat
    if level == "full":
        assert texts["repeat"]["text"] == rest
        assert texts["repeat"]["before"] == texts["original"]["before"] == "".join(lines[:3])[-240:]
    else:
        assert texts["repeat"] == {"text": rest[:240], "cut": True}


def test_no_repeat_passes(dedup: Callable, corpus: Path) -> None:
    (corpus / "b.txt").unlink()
    done = dedup("check", "news")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"dedup: no repeats in 100 paragraphs\n"


def test_nothing_is_written(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    dedup("check", "news")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--max-blocks", "1"], 0),
        (["--max-words", "199"], 1),
        (["--max-percent", "5"], 0),
        (["--max-percent", "4.7"], 1),
        (["--max-percent-per-file", "50"], 1),
        (["--max-words-per-file", "200"], 0),
    ],
)
def test_gates(dedup: Callable, corpus: Path, options: list[str], status: int) -> None:
    assert dedup("check", "news", *options).returncode == status


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--max-percent", "101"], "--max-percent cannot be 101.0: it is a number from 0.0 to 100.0"),
        (["--max-blocks", "-1"], "--max-blocks cannot be -1"),
        (["--update-baseline"], "--update-baseline does not say which"),
        (["--since", "HEAD", "--baseline", "x"], "--since and --baseline are two answers"),
        (["--ignore-pattern", ""], "--ignore-pattern has an empty value\n       Leave it out."),
        (["--ignore", ""], "--ignore has an empty value"),
        (["--baseline", ""], "--baseline has an empty value"),
        (["--since", ""], "--since has an empty value"),
        (["--ignore-pattern", "("], "--ignore-pattern: '(' is no regular expression"),
        (["--report", "x.unknown"], "no report format has the ending of x.unknown"),
        (["--report-format", "pdf", "--report", "x"], "there is no report format 'pdf'"),
        (["--report-format", "json"], "--report-format without --report: there is no report to be written"),
        (["--report", "x.json", "--report", "./x.json"], "two reports are the same file"),
        (["--report", "json:-", "--report", "csv:-"], "two reports on standard output"),
        (["--report", "sarfi:x.json"], "there is no report format 'sarfi'\n       Did you mean sarif?"),
        (["--report", "pdf:x"], "A file of this name is given as ./pdf:x"),
        (["--report", "sarif:"], "the report 'sarif:' has no file"),
        (["--report", ""], "the report '' has no file"),
        (["--no-config"], "--no-config stands before the command\n       For example: dedup --no-config check"),
    ],
)
def test_usage(dedup: Callable, corpus: Path, options: list[str], message: str) -> None:
    done = dedup("check", "news", *options)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr.decode()


def test_an_empty_input_fails(dedup: Callable, tmp_path: Path) -> None:
    """A check that looked at nothing has not passed."""
    (tmp_path / "e.txt").write_bytes(b"\n")
    done = dedup("check", "e.txt")
    assert done.returncode == 1
    assert b"nothing to check" in done.stderr
    assert dedup("check", "e.txt", "--no-fail-on-empty").returncode == 0


@pytest.mark.parametrize("name", ["r.xml", "folder/r.xml"])
def test_a_folder_without_a_file_fails_with_its_reports(dedup: Callable, tmp_path: Path, name: str) -> None:
    """As an input without a word does; a baseline is not emptied by it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / ".hidden").write_text(article(1))
    (tmp_path / "base").write_text("# dedup baseline 1\n")
    for _ in range(2):
        done = dedup("check", "folder", "--report", name, "--baseline", "base")
        assert done.returncode == 1
        assert b"no file to read" in done.stderr
        assert b"failed: nothing to check: no words in 0 documents" in done.stderr
        assert '<failure message="nothing to check' in (tmp_path / name).read_text()
    (tmp_path / name).unlink()
    assert dedup("check", "folder", "--no-fail-on-empty").returncode == 0
    (tmp_path / "base").write_text("# dedup baseline 1\ntext 0a1b2c3d4e5f6071 2\n")
    done = dedup("check", "folder", "--baseline", "base", "--update-baseline")
    assert done.returncode == 2
    assert b"no text to check: the baseline base would be emptied" in done.stderr
    assert (tmp_path / "base").stat().st_size > 40


def test_skipped_inputs_show_in_the_status(dedup: Callable, corpus: Path) -> None:
    """More than allowed comes before some were not read."""
    assert dedup("check", "news/a01.txt", "gone.txt").returncode == 3
    assert dedup("check", "news", "gone.txt").returncode == 1
    assert dedup("check", "gone.txt").returncode == 4


def test_records_that_were_passed_through_are_told(dedup: Callable, tmp_path: Path) -> None:
    """Also with --quiet: the status alone would not say what it is about."""
    (tmp_path / "r.jsonl").write_text('{"txt": "a"}\n{"text": "b c"}\n{bad\n')
    for options in ([], ["--quiet"]):
        done = dedup("check", "r.jsonl", *options)
        assert done.returncode == 3
        assert b"r.jsonl: passed through line 1: no field text" in done.stderr
        assert b"r.jsonl: passed through line 3: not JSON" in done.stderr


def test_a_working_directory_that_was_deleted_is_not_needed(dedup: Callable, corpus: Path) -> None:
    """Inputs with an absolute path are read from anywhere."""
    script = f'mkdir gone; cd gone; rmdir ../gone; exec "{command_of(dedup)[0]}" check "{corpus}"'
    done = subprocess.run(["sh", "-c", script], cwd=corpus.parent, capture_output=True, check=False, timeout=60)
    assert (done.returncode, places(done.stdout)) == (1, [f"{corpus}/b.txt:1-5"])


def test_no_file_at_all_is_let_pass_with_its_reports(dedup: Callable, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = dedup("check", "empty", "--no-fail-on-empty", "--report", "found.sarif")
    assert (done.returncode, done.stdout) == (0, b"")
    assert json.loads((tmp_path / "found.sarif").read_text())["runs"][0]["results"] == []


def test_annotations_where_they_are_read(dedup: Callable, corpus: Path) -> None:
    done = dedup("check", "news", env={"GITHUB_ACTIONS": "true"})
    assert done.stdout.startswith(b"::warning file=news/b.txt,line=1,endLine=5,title=Repeated block::repeats news/a07")


@pytest.mark.parametrize("options", [[], ["--debug"]])
def test_no_name_is_a_command_to_the_runner(dedup: Callable, corpus: Path, tmp_path: Path, options: list[str]) -> None:
    """It reads commands from standard error as well: `::` at the start of a line, `##[` anywhere."""
    names = ["##[error]a.txt", "x\n::error::a.txt", "::error::b.txt"]
    (tmp_path / ".dedupignore").write_text("::error::accepts nothing\n##[error]nothing\n")
    runs = [
        dedup("check", "news", *names, *options, env={"GITHUB_ACTIONS": "true"}),
        *(dedup("check", name, *options, env={"GITHUB_ACTIONS": "true"}) for name in names),
        *(dedup("check", "news", "--baseline", name, *options, env={"GITHUB_ACTIONS": "true"}) for name in names),
    ]
    for done in runs:
        lines = done.stderr.decode().splitlines()
        assert lines
        assert not [line for line in lines if "##[" in line or line.lstrip().startswith("::")]
    assert b"skipped # #[error]a.txt: No such file" in runs[0].stderr
    assert b"skipped ##[error]a.txt: No such file" in dedup("check", "news", *names, *options).stderr


def test_another_report_on_standard_output(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    """It takes the place of the text; those in files come besides."""
    done = dedup("check", "news", "--report", "json:-", "--report", "r.sarif")
    report = json.loads(done.stdout)
    assert report["check"] == {
        "failed": ["1 repeat, --max-blocks is 0"],
        "gates": {"fail_on_empty": True, "max_blocks": 0},
        "known": 0,
        "suppressed": 0,
    }
    assert len(json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]) == 1


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no /dev/stdout")
def test_another_report_on_the_device_of_standard_output(dedup: Callable, corpus: Path) -> None:
    done = dedup("check", "news", "--report", "json:/dev/stdout")
    assert done.returncode == 1
    assert json.loads(done.stdout)["totals"]["blocks"] == 1


def test_what_an_earlier_run_wrote_is_no_input(dedup: Callable, corpus: Path) -> None:
    """Reports and the baseline in the folder that is checked; given itself, a file is read whatever it is."""
    reports = [f"--report=news/{name}" for name in ("found.json", "found.html", "sub.csv")]
    options = ["--baseline=news/known.txt", *reports]
    dedup("check", "news", *options, "--update-baseline")
    first, second = (dedup("check", "news", *options) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert b"no new repeats in 105 paragraphs; 1 known" in second.stderr
    assert first.stderr == second.stderr
    given = dedup("check", "news", "news/found.json", "--format=text", "--report=news/found.json")
    assert b"105 paragraphs" not in given.stderr


def test_quiet(dedup: Callable, corpus: Path) -> None:
    done = dedup("check", "news", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_standard_input(dedup: Callable) -> None:
    done = dedup("check", text=(article(1) * 2).encode())
    assert (done.returncode, places(done.stdout)) == (1, ["<stdin>:6-10"])


@pytest.mark.parametrize("arguments", [["check"], ["check", "-"], ["clean", "-o", "o.txt", "--report", "text:-"]])
def test_standard_input_may_be_a_file(dedup: Callable, tmp_path: Path, arguments: list[str]) -> None:
    """As with `<`: a report on standard output does not take its place, unless that is the same file."""
    text = article(1) * 2
    (tmp_path / "a.txt").write_text(text)
    runs = []
    for mode, name in (("wb", "found.txt"), ("ab", "a.txt")):
        with open(tmp_path / "a.txt", "rb") as given, open(tmp_path / name, mode) as to:
            runs.append(dedup(*arguments, stdin=given, stdout=to))
    assert [run.returncode for run in runs] == [int(arguments[0] == "check"), 2], runs
    assert places((tmp_path / "found.txt").read_bytes()) == ["<stdin>:6-10"]
    assert b"the report would take the place of the input <stdin>" in runs[1].stderr
    assert (tmp_path / "a.txt").read_text() == text


# --- the baseline


def test_a_baseline_lets_old_repeats_be(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    made = dedup("check", "news", "--baseline", "base", "--update-baseline")
    assert made.returncode == 0
    assert b"wrote the baseline base" in made.stderr
    again = dedup("check", "news", "--baseline", "base")
    assert (again.returncode, again.stdout) == (0, b"")
    assert again.stderr == b"dedup: no new repeats in 105 paragraphs; 1 known\n"


def test_a_further_copy_of_a_known_repeat_is_new(dedup: Callable, corpus: Path) -> None:
    dedup("check", "news", "--baseline", "base", "--update-baseline")
    (corpus / "c.txt").write_text(article(7))
    (corpus / "d.txt").write_text(article(3))
    done = dedup("check", "news", "--baseline", "base")
    assert (done.returncode, places(done.stdout)) == (1, ["news/c.txt:1-5", "news/d.txt:1-5"])
    assert done.stderr.startswith(b"dedup: 2 new repeats, 400 words of 4,600 (9 %); 1 known\n")


def test_moved_text_is_not_new(dedup: Callable, corpus: Path) -> None:
    """Within a file, to another file, under another name, or with lines before it."""
    dedup("check", "news", "--baseline", "base", "--update-baseline")
    lines = article(7).splitlines(keepends=True)
    (corpus / "b.txt").write_text(
        "A new first line, which is here to shift the others.\n" + "".join(lines[2:] + lines[:2])
    )
    assert dedup("check", "news", "--baseline", "base").returncode == 0
    (corpus / "b.txt").rename(corpus / "0.txt")
    assert dedup("check", "news", "--baseline", "base").returncode == 0


def test_a_missing_baseline_says_how_to_make_one(dedup: Callable, corpus: Path) -> None:
    done = dedup("check", "news", "--baseline", "base")
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "dedup: there is no baseline base\n       Make one with: dedup check PATH --baseline base --update-baseline\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "is no baseline of dedup"), ("# dedup baseline 1\n<<<<<<< HEAD\n", "base:2: no line of a baseline")],
)
def test_a_damaged_baseline_is_refused(
    dedup: Callable, corpus: Path, tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "base").write_text(content)
    done = dedup("check", "news", "--baseline", "base")
    assert done.returncode == 2
    assert message in done.stderr.decode()


def test_a_baseline_that_is_written_is_whole_or_absent(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    """It is not touched when the run fails."""
    (tmp_path / "base").write_text("# dedup baseline 0\n")
    done = dedup("check", "gone.txt", "--baseline", "base", "--update-baseline")
    assert done.returncode == 4
    assert (tmp_path / "base").read_text() == "# dedup baseline 0\n"


@pytest.mark.parametrize("name", ["news/b.txt", "other.txt"])
def test_a_baseline_takes_the_place_of_no_text(dedup: Callable, corpus: Path, tmp_path: Path, name: str) -> None:
    """An article that is checked, named or in a folder, or any other file."""
    (tmp_path / "other.txt").write_text(article(7))
    for inputs in (["news"], ["news/a07.txt", "news/b.txt"]):
        done = dedup("check", *inputs, "--baseline", name, "--update-baseline")
        assert done.returncode == 2
        assert f"{name} is no baseline of dedup" in done.stderr.decode()
    assert (tmp_path / name).read_text() == article(7)
    (tmp_path / "base").write_text("")
    assert dedup("check", "news", "--baseline", "base", "--update-baseline").returncode == 0
    named = dedup("check", "news", "base", "--baseline", "base", "--update-baseline")
    assert b"the baseline would take the place of the input base" in named.stderr


# --- since a revision of git


@needs_git
def test_since_a_revision_only_what_was_added_counts(dedup: Callable, corpus: Path, git: Callable) -> None:
    first_commit(git)
    assert dedup("check", "news", "--since", "HEAD").returncode == 0
    (corpus / "00.txt").write_text(article(3))
    done = dedup("check", "news", "--since", "HEAD")
    # The copy sorts before what it copies, and still it is the copy that is named.
    assert (done.returncode, places(done.stdout)) == (1, ["news/00.txt:1-5"])
    assert b"repeats news/a03.txt:1-5" in done.stdout


@needs_git
def test_since_with_renames_moves_and_deletions(dedup: Callable, corpus: Path, git: Callable) -> None:
    first_commit(git)
    git("mv", "news/a03.txt", "news/renamed.txt")
    git("rm", "-q", "news/a04.txt")
    lines = article(5).splitlines(keepends=True)
    (corpus / "a05.txt").write_text("".join(lines[3:] + lines[:3]))
    assert dedup("check", "news", "--since", "HEAD").returncode == 0
    assert dedup("check", "news/renamed.txt", "news/a05.txt", "--since", "HEAD").returncode == 0
    (corpus / "copy.txt").write_text(article(3))
    done = dedup("check", "news/renamed.txt", "news/copy.txt", "--since", "HEAD")
    assert (done.returncode, len(places(done.stdout))) == (1, 1)


@needs_git
def test_since_names_the_copy_that_was_added_and_not_its_changed_original(
    dedup: Callable, corpus: Path, git: Callable
) -> None:
    """What was there is walked before what is new, whatever their names; also where it was renamed."""
    first_commit(git)
    git("mv", "news/a04.txt", "news/z04.txt")
    for name, number in (("a03.txt", 3), ("z04.txt", 4)):
        (corpus / f"00{name}").write_text(article(number))
        (corpus / name).write_text(article(number) + "A tiny line that is new.\n")
    done = dedup("check", "news", "--since", "HEAD")
    assert (done.returncode, places(done.stdout)) == (1, ["news/00a03.txt:1-5", "news/00z04.txt:1-5"])


@needs_git
@pytest.mark.parametrize("target", ["news/z03.txt", "news/0/a03.txt"])
def test_since_names_the_file_that_text_was_copied_into_and_not_the_renamed_one(
    dedup: Callable, corpus: Path, git: Callable, target: str
) -> None:
    """Its contents are what they were, wherever it comes in the order of the input."""
    first_commit(git)
    (corpus / "0").mkdir()
    git("mv", "news/a03.txt", target)
    (corpus / "a04.txt").write_text(article(4) + article(3))
    (corpus / "zz.txt").write_text(article(3))
    git("add", ".")
    done = dedup("check", "news", "--since", "HEAD")
    assert (done.returncode, places(done.stdout)) == (1, ["news/a04.txt:6-10", "news/zz.txt:1-5"])


@needs_git
@pytest.mark.parametrize("committed", [False, True])
def test_since_a_file_whose_mode_alone_has_changed_is_as_it_was(
    dedup: Callable, corpus: Path, git: Callable, committed: bool
) -> None:
    """A mode is no text, so that the finding is in the file that the text was copied into."""
    first_commit(git)
    (corpus / "a04.txt").chmod(0o755)
    (corpus / "a03.txt").write_text(article(3) + article(4))
    if committed:
        git("commit", "-qam", "y")
    done = dedup("check", "news", "--since", "HEAD~1" if committed else "HEAD")
    assert (done.returncode, places(done.stdout)) == (1, ["news/a03.txt:6-10"])


@needs_git
def test_since_a_stream_is_refused(dedup: Callable, corpus: Path, git: Callable) -> None:
    """It was read with the revision, and empty afterwards: what repeated it passed."""
    first_commit(git)
    (corpus / "00.txt").write_text(article(7))
    os.mkfifo(corpus.parent / "pipe")
    assert dedup("check", "-", "news/00.txt", text=article(7).encode()).returncode == 1
    for name in ("-", "pipe"):
        done = dedup("check", name, "news/00.txt", "--since", "HEAD", text=article(7).encode())
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"--since needs files: git knows nothing of what comes from elsewhere" in done.stderr


def point(path: Path) -> None:
    """Put a pointer of Git LFS in the place of a file, and the file where the stand-in for git-lfs finds it."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    size = path.stat().st_size
    (path.parent.parent / f".{digest}").write_bytes(path.read_bytes())
    path.write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {size}\n")


@needs_git
def test_since_a_revision_with_pointers_of_git_lfs(dedup: Callable, corpus: Path, git: Callable) -> None:
    """The text behind them is what was there; where git-lfs cannot give it, that is told, but not of pictures."""
    text = article(3) + article(4) * 2
    (corpus / "a03.txt").write_text(text)
    (corpus / "photo.png").write_bytes(b"\x89PNG\0" + bytes(range(256)))
    (corpus / "gone.png").write_bytes(b"\x89PNG\0\1" + bytes(range(256)))
    for name in ("a03.txt", "photo.png", "gone.png"):
        point(corpus / name)
    first_commit(git)
    (corpus / "gone.png").unlink()
    (corpus / "photo.png").write_bytes(b"\x89PNG\0\2" + bytes(range(256)))
    done = dedup("check", "news", "--since", "HEAD")
    assert done.returncode == 0
    assert b"dedup: 1 file is a pointer of Git LFS and not the text it stands for: git lfs pull" in done.stderr
    (corpus / "a03.txt").write_text(text + "A line that is new.\n")
    done = dedup("check", "news", "--since", "HEAD")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--since: in the revision news/a03.txt is a pointer of Git LFS, and git-lfs cannot" in done.stderr
    programs = corpus.parent / "bin"
    programs.mkdir()
    stand_in = programs / "git-lfs"
    stand_in.write_text("#!/bin/sh\nexec cat \".$(sed -n 's/^oid sha256://p')\"\n")
    stand_in.chmod(0o755)
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    assert dedup("check", "news", "--since", "HEAD", env=path).returncode == 0
    (corpus / "b.txt").write_text(article(3))
    assert places(dedup("check", "news", "--since", "HEAD", env=path).stdout) == ["news/b.txt:1-5"]


@needs_git
def test_since_text_that_moves_out_of_a_folder_is_not_new(dedup: Callable, corpus: Path, git: Callable) -> None:
    """Though nothing was added to the index, and whether or not the folder is still there."""
    (corpus.parent / "old").mkdir()
    (corpus.parent / "old" / "c.txt").write_text(article(2))
    first_commit(git)
    (corpus.parent / "old" / "c.txt").rename(corpus / "c.txt")
    assert dedup("check", "old", "news", "--since", "HEAD").returncode == 0
    (corpus.parent / "old").rmdir()
    assert dedup("check", "news/b.txt", "old", "news", "--since", "HEAD").returncode == 3, "a name that is gone"


@needs_git
def test_since_a_link_that_is_named_is_the_file_it_leads_to(dedup: Callable, corpus: Path, git: Callable) -> None:
    (corpus / "b.txt").write_text(article(7) * 2)
    (corpus.parent / "link").symlink_to("news/b.txt")
    first_commit(git)
    assert dedup("check", "link", "--since", "HEAD").returncode == 0
    (corpus / "b.txt").write_text(article(7) * 3)
    done = dedup("check", "link", "--since", "HEAD")
    assert (done.returncode, places(done.stdout)) == (1, ["link:11-15"])


@needs_git
def test_since_counts_a_copy_of_a_file_that_git_ignores_nowhere(dedup: Callable, corpus: Path, git: Callable) -> None:
    """What git does not watch over is no part of a change."""
    (corpus.parent / ".gitignore").write_text("*.tmp\n")
    first_commit(git)
    (corpus / "x.tmp").write_text(article(2))
    assert dedup("check", "news", "--since", "HEAD").returncode == 0


@needs_git
def test_since_takes_submodules_for_no_part_of_the_change(dedup: Callable, corpus: Path, git: Callable) -> None:
    """Nor do they keep git from telling what it ignores; whether the submodule is old or new."""
    (corpus.parent / "other").mkdir()
    (corpus.parent / "other" / "copy.txt").write_text(article(2))
    (corpus.parent / ".gitignore").write_text("*.tmp\nother\n")
    for folder in ("other", "."):
        git("-C", folder, "init", "-q")
        git("-C", folder, "add", ".")
        git("-C", folder, "commit", "-qm", "one")
    (corpus / "x.tmp").write_text(article(3))
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./other", "news/sub")
    added = dedup("check", "news", "--since", "HEAD")
    git("commit", "-qam", "sub")
    committed = dedup("check", "news", "--since", "HEAD")
    assert (added.returncode, committed.returncode) == (0, 0)
    (corpus / "copy.txt").write_text(article(2))
    assert places(dedup("check", "news", "--since", "HEAD").stdout) == ["news/copy.txt:1-5"]


@needs_git
def test_since_head_before_the_first_commit_everything_is_new(dedup: Callable, corpus: Path, git: Callable) -> None:
    """A hook runs in front of the first commit as well."""
    git("init", "-q")
    done = dedup("check", "news", "--since", "HEAD")
    assert (done.returncode, places(done.stdout)) == (1, ["news/b.txt:1-5"])
    (corpus / "b.txt").unlink()
    assert dedup("check", "news", "--since", "HEAD").returncode == 0
    assert dedup("check", "news", "--since", "main").returncode == 2


@needs_git
def test_since_in_a_worktree_and_below_the_root(dedup: Callable, corpus: Path, tmp_path: Path, git: Callable) -> None:
    first_commit(git)
    git("worktree", "add", "-q", "other")
    below = tmp_path / "other" / "news"
    (below / "copy.txt").write_text(article(1))
    (below / "a02.txt").write_text(article(2) + article(4))
    done = subprocess.run(
        [*command_of(dedup), "check", ".", "--since", "HEAD"], cwd=below, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, places(done.stdout)) == (1, ["./a02.txt:6-10", "./copy.txt:1-5"])


@needs_git
def test_since_follows_the_selection(dedup: Callable, corpus: Path, git: Callable) -> None:
    """A file of the revision that the input would not have had is no excuse for a copy."""
    (corpus / "notes.md").write_text(article(9))
    first_commit(git)
    (corpus / "copy.txt").write_text(article(9))
    (corpus / "notes.md").unlink()
    done = dedup("check", "news", "--include", "*.txt", "--since", "HEAD")
    assert (done.returncode, places(done.stdout)) == (1, ["news/copy.txt:1-5"])


@needs_git
def test_since_without_the_revision_or_the_repository(dedup: Callable, corpus: Path, git: Callable) -> None:
    outside = dedup("check", "news", "--since", "HEAD", env={"GIT_CEILING_DIRECTORIES": str(corpus.parent.parent)})
    assert outside.returncode == 2
    assert b"--since: git rev-parse: fatal: not a git repository" in outside.stderr
    first_commit(git)
    done = dedup("check", "news", "--since", "v9")
    assert done.returncode == 2
    assert b"git knows no revision 'v9' here\n       Check its name" in done.stderr
    two = dedup("check", "news", "--since", "v1...main")
    assert b"It takes one: --since v1, or --since $(git merge-base v1 main)" in two.stderr
    open_range = dedup("check", "news", "--since", "..main")
    assert b"It takes one: --since HEAD, or --since $(git merge-base HEAD main)" in open_range.stderr
    git("clone", "-q", "--depth=1", f"file://{corpus.parent}", "shallow")
    shallow = dedup("check", "shallow", "--since", "HEAD~1", env={"GIT_DIR": str(corpus.parent / "shallow" / ".git")})
    assert b"Fetch it first: this is a shallow clone" in shallow.stderr
    option = dedup("check", "news", "--since", "--output=x")
    assert option.returncode == 2
    assert not (corpus.parent / "x").exists()


def test_since_without_git(dedup: Callable, corpus: Path) -> None:
    done = dedup("check", "news", "--since", "HEAD", env={"PATH": str(corpus)})
    assert done.returncode == 2
    assert b"--since needs git: No such file or directory\n       Install git, or use --baseline.\n" in done.stderr


def test_since_needs_files(dedup: Callable) -> None:
    """The library takes bytes; git knows nothing of them."""
    from dedup.checks import api
    from dedup.errors import UsageError

    with pytest.raises(UsageError, match="--since needs files"):
        api.check(b"text", since="HEAD")


def command_of(dedup: Callable) -> list[str]:
    """The command that the fixture runs."""
    return list(dedup.__closure__[0].cell_contents)  # type: ignore[attr-defined]


# --- configuration and accepted repeats


def test_the_configuration_gives_defaults_and_flags_come_first(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.dedup.check]\nmax-blocks = 1\n")
    assert dedup("check", "news").returncode == 0
    assert dedup("check", "news", "--max-blocks", "0").returncode == 1
    assert dedup("--no-config", "check", "news").returncode == 1
    both = dedup("--no-config", "--config", "dedup.toml", "check", "news")
    assert (both.returncode, both.stderr[:51]) == (2, b"dedup: --config and --no-config exclude each other\n")
    (tmp_path / "other.toml").write_text("min-words = 80\n")
    assert dedup("--config", "other.toml", "check", "news").returncode == 0
    for name, message in (
        ("", b"--config has an empty value\n"),
        ("gone.toml", b"there is no configuration gone.toml\n"),
    ):
        done = dedup("--config", name, "check", "news")
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.startswith(b"dedup: " + message)


@needs_git
def test_a_revision_or_a_baseline_on_the_command_line_takes_the_place_of_the_configured_one(
    dedup: Callable, corpus: Path, tmp_path: Path, git: Callable
) -> None:
    first_commit(git)
    (tmp_path / "dedup.toml").write_text('[check]\nbaseline = "known"\n')
    assert dedup("check", "news").returncode == 2
    assert dedup("check", "news", "--since", "HEAD").returncode == 0
    (tmp_path / "dedup.toml").write_text('[check]\nbaseline = "known"\nsince = "HEAD"\n')
    assert b"two answers to one question" in dedup("check", "news").stderr
    assert dedup("check", "news", "--update-baseline").returncode == 0
    assert dedup("check", "news", "--baseline", "known").returncode == 0


def test_a_wrong_configuration_stops_everything(dedup: Callable, tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("min-wrods = 1\n")
    done = dedup("clean", text=b"x\n")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        "dedup: dedup.toml:1: there is no option 'min-wrods'\n       Did you mean min-words?\n"
    )
    assert dedup("version").returncode == 0


def test_config_escapes_what_toml_does_not_take_or_a_terminal_obeys(dedup: Callable, tmp_path: Path) -> None:
    """What is printed can be read again, with the same value; letters of any script stay."""
    written = r'keep-pattern = "a\u007f\u009b2J\u202e\u2028\U000e0001\tb 日本語 \\w"'
    (tmp_path / "dedup.toml").write_text(written, encoding="utf-8")
    shown = dedup("config").stdout.decode()
    assert all(line.isprintable() for line in shown.split("\n"))
    assert written in shown
    assert tomllib.loads(shown)["keep-pattern"] == tomllib.loads(written)["keep-pattern"]


def test_config_shows_what_is_in_force(dedup: Callable, tmp_path: Path) -> None:
    """Each value with its source; the whole can be read again."""
    (tmp_path / "dedup.toml").write_text("min-words = 11\n[check]\nmax-percent = 2.5\n")
    shown = dedup("config").stdout.decode()
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert "min-words = 11 # dedup.toml:1" in lines
    assert "max-percent = 2.5 # dedup.toml:3" in lines
    assert f"threshold = {Settings().threshold} # default" in lines
    (tmp_path / "dedup.toml").write_text(shown)
    assert dedup("config").returncode == 0


@pytest.mark.parametrize(
    ("text", "verb", "message"),
    [
        ('prefer = "newest"', "clean", "dedup.toml:1: prefer newest chooses between whole documents"),
        ('prefer = "newest"\nunit = "document"', "clean", "dedup.toml:1: prefer newest needs to know where"),
        ('[check]\nprefer = "newest"', "check", "dedup.toml:2: prefer newest chooses"),
        ('[check]\nbaseline = "b"\nsince = "x"', "config", "dedup.toml:3: since and --baseline are two answers"),
        ('[check]\nbaseline = "b"\nsince = "x"', "check", "dedup.toml:3: since and --baseline are two answers"),
        ('\nprotect = "none"', "config", "dedup.toml:2: protect cannot read none"),
        ('\nprotect = "none"', "clean", "dedup.toml:2: protect cannot read none"),
    ],
)
def test_a_configured_value_that_cannot_be_used_is_told_with_its_place(
    dedup: Callable, corpus: Path, tmp_path: Path, text: str, verb: str, message: str
) -> None:
    """As long as it is that value: one of the command line has no place."""
    (tmp_path / "dedup.toml").write_text(text + "\n")
    done = dedup(verb, *["news"] * (verb != "config"))
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"dedup: {message}")
    given = dedup("clean", "news", "--prefer", "longest", "--unit", "line").stderr
    assert given.startswith(b"dedup: --prefer longest chooses between whole documents")


def test_what_the_command_line_may_complete_is_no_error_of_a_configuration(
    dedup: Callable, corpus: Path, tmp_path: Path
) -> None:
    """A preference needs `--unit document`, which a run may be given."""
    (tmp_path / "dedup.toml").write_text('prefer = "longest"\n')
    assert dedup("config").returncode == 0
    assert dedup("clean", "news", "--unit", "document", "-o", "out").returncode == 0


def test_a_configured_rule_without_use_is_told_with_its_place(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text('[check]\nignore = ["none/"]\nignore-pattern = ["no such"]\n')
    told = dedup("check", "news").stderr.decode()
    assert "accepts nothing: dedup.toml:2: none/\n" in told
    assert "accepts nothing: dedup.toml:3: no such\n" in told
    assert b"accepts nothing: --ignore: gone/\n" in dedup("check", "news", "--ignore", "gone/").stderr


def test_the_sidecar_is_read_where_the_check_runs(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / ".dedupignore").write_text("news/b.txt\nre:^no such\n")
    done = dedup("check", "news")
    assert done.returncode == 0
    assert done.stderr.decode().splitlines() == [
        "dedup: accepts nothing: .dedupignore:2: ^no such",
        "dedup: no repeats in 105 paragraphs; 1 accepted",
    ]


def test_globs_of_a_configuration_count_from_its_folder(
    dedup: Callable, corpus: Path, tmp_path: Path, command: list[str], environment: dict[str, str]
) -> None:
    """Wherever below it the check runs; those of the command line count from there. So does the sidecar beside it."""

    def check(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [*command, "check", *arguments], cwd=corpus, env=environment, capture_output=True, timeout=60, check=False
        )
        return done.returncode, done.stderr.decode().splitlines()[0]

    accepted = (0, "dedup: no repeats in 105 paragraphs; 1 accepted")
    told = (1, "dedup: 1 repeat, 200 words of 4,200 (5 %)")
    (tmp_path / "dedup.toml").write_text('[check]\nignore = ["/news/b.txt"]\n')
    assert check(".") == accepted
    assert check(str(corpus)) == accepted
    assert dedup("check", "news").returncode == 0
    assert check(".", "--ignore", "news/b.txt") == (1, "dedup: accepts nothing: --ignore: news/b.txt")
    assert check(".", "--ignore", "/b.txt") == accepted
    (tmp_path / "dedup.toml").write_text('[check]\nignore = ["/b.txt", "other/**"]\n')
    assert check(".") == told, "and what was made for other folders is not told as of no use"
    (tmp_path / ".dedupignore").write_text("news/b.txt\nother/**\n")
    assert check(".") == accepted
    (tmp_path / ".dedupignore").write_text("/b.txt\n")
    assert check(".") == told
    (corpus / ".dedupignore").write_text("/b.txt\n")
    assert check(".") == accepted
    (tmp_path / "dedup.toml").unlink()
    (tmp_path / ".dedupignore").write_text("news/a07.txt\nnews/b.txt\n")
    (corpus / ".dedupignore").unlink()
    assert check(".") == told, "without a configuration beside it"


def test_globs_of_a_configuration_that_is_named_elsewhere_count_from_here(
    dedup: Callable, corpus: Path, tmp_path: Path
) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "dedup.toml").write_text('[check]\nignore = ["/news/b.txt"]\n')
    assert dedup("--config", "ci/dedup.toml", "check", "news").returncode == 0


# --- stored reports


@pytest.mark.parametrize("verb", ["clean", "check"])
def test_real_reports_keep_to_our_schema(dedup: Callable, corpus: Path, tmp_path: Path, verb: str) -> None:
    """Texts, records, variants and inputs that could not be read."""
    rows = [{"id": f"r{n}", "text": article(n % 3)} for n in range(5)]
    (corpus / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "no record\n")
    (corpus / "v.txt").write_text(article(11).replace("\n", " 7 of 9.\n") + article(11).replace("\n", " 8 of 9.\n"))
    output = ["--output-dir", "out"] if verb == "clean" else []
    done = dedup(verb, "news", "gone.txt", *output, "--id-field", "id", "--report", "r.json")
    assert done.returncode in (1, 3)
    report = json.loads((tmp_path / "r.json").read_text())
    jsonschema.validate(report, json.loads(SCHEMA.read_text()))
    assert report["skipped"]
    assert report["files"][-2]["passed"]
    assert any("record" in one for one in report["documents"])
    assert all(block["texts"]["repeat"]["text"] for block in report["blocks"])
    assert ("check" in report, bool(report["variants"])) == (verb == "check", verb == "clean")


def test_text_in_reports_is_left_out_when_asked(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    """Nothing of the documents but names and counts; the digest is that of the answer, with text or without."""
    dedup("clean", "news", "-o", "out.txt", "--report", "full.json")
    dedup("clean", "news", "-o", "out.txt", "--report", "none.json", "--report-text", "none")
    full, none = (json.loads((tmp_path / name).read_text()) for name in ("full.json", "none.json"))
    assert article(7)[:30] in (tmp_path / "full.json").read_text()
    assert article(7)[:30] not in (tmp_path / "none.json").read_text()
    assert full["digest"] == none["digest"]
    for report in (full, none):
        claimed = report.pop("digest")
        del report["run"]
        for finding in report["blocks"] + report["variants"]:
            finding.pop("texts", None)
        canonical = json.dumps(report, sort_keys=True, separators=(",", ":"))
        assert claimed == xxhash.xxh3_128_hexdigest(canonical.encode())


def test_a_stored_report_in_other_formats(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    """Without the documents, which are gone by then."""
    dedup("clean", "news", "-o", "out.txt", "--report", "r.json", "--report", "r.md", "--report", "sarif:s.json")
    shutil.rmtree(corpus)
    assert dedup("report", "r.json", "--to", "md").stdout == (tmp_path / "r.md").read_bytes()
    assert dedup("report", "r.json", "--to", "sarif", "-o", "again").returncode == 0
    assert (tmp_path / "again").read_bytes() == (tmp_path / "s.json").read_bytes()


def test_another_format_is_named_as_for_other_reports(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    """By the ending or before the name; two that differ are refused, and so is the stored report as the output."""
    dedup("clean", "news", "-o", "out.txt", "--report", "r.json")
    assert dedup("report", "r.json", "-o", "sarif:found").returncode == 0
    assert (tmp_path / "found").read_bytes() == dedup("report", "r.json", "--to", "sarif").stdout
    stored = (tmp_path / "r.json").read_bytes()
    (tmp_path / "linked").symlink_to("r.json")
    for arguments, message in (
        (["--to", "md", "-o", "sarif:found"], b"--to md and -o sarif:found name two formats"),
        (["-o", "found.foo"], b"Name the format, as in json:found.foo"),
        (["--to", "html", "-o", "./r.json"], b"./r.json is the report that is read"),
        (["--to", "html", "-o", "linked"], b"linked is the report that is read"),
    ):
        done = dedup("report", "r.json", *arguments)
        assert (done.returncode, done.stdout) == (2, b"")
        assert message in done.stderr
    assert (tmp_path / "r.json").read_bytes() == stored


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "r.json is no JSON"),
        (b"[" * 100_000, "r.json is no JSON"),
        (b"[]", "r.json is no report of dedup"),
        (b'{"tool":"dedup","schema":9,"version":"9"}', "r.json has schema 9"),
        (b'{"tool":"dedup","schema":9}', "Write it again with dedup clean --report or dedup check --report."),
        (b'{"kind":"document"}\n{"kind":"summary"}\n', "r.json is a report in JSON Lines, which cannot be read back"),
        (b'{"tool":"dedup","schema":1}', "r.json is a damaged report: KeyError"),
    ],
)
def test_what_is_no_report_is_refused(dedup: Callable, tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "r.json").write_bytes(content)
    done = dedup("report", "r.json", "-o", "out.md")
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert not (tmp_path / "out.md").exists()


def test_json_lines_alone_and_beside_others(dedup: Callable, corpus: Path, tmp_path: Path) -> None:
    """Alone they are written while the run goes on; that shows in nothing but the text around findings."""
    dedup("clean", "news", "-o", "out.txt", "--report", "one.jsonl")
    dedup("clean", "news", "-o", "out.txt", "--report", "two.jsonl", "--report", "r.json")
    one, two = (
        [json.loads(line) for line in (tmp_path / name).read_text().splitlines()] for name in ("one.jsonl", "two.jsonl")
    )
    assert [line["kind"] for line in one] == ["block", *["document"] * 21, "summary"]
    for line in two:
        for side in line.get("texts", {}).values():
            side.pop("before", None)
            side.pop("after", None)
    for lines in (one, two):
        del lines[-1]["run"]
    assert one == two


def test_a_mark_in_a_record_that_accepts_nothing_is_told_as_a_finding_there_is(dedup: Callable, tmp_path: Path) -> None:
    texts = [article(1), article(2) + "dedup: keep\n", article(3)]
    records = [json.dumps({"id": f"n{number}", "text": text}) for number, text in enumerate(texts)]
    (tmp_path / "news.jsonl").write_text("\n".join(records) + "\n")
    assert b"dedup: accepts nothing: news.jsonl:2 (text line 6): dedup: keep\n" in dedup("check", "news.jsonl").stderr
    named = dedup("check", "news.jsonl", "--id-field", "id").stderr
    assert b"dedup: accepts nothing: news.jsonl:2 (id n1, text line 6): dedup: keep\n" in named


def test_a_reader_that_goes_does_not_pass_the_check(corpus: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    """`dedup check news | head -1` in a shell with pipefail: the verdict stands, and so do the other reports."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-P", "-m", "dedup", "check", "news", "--report", "r.json", "--report", "text:-"]
    baseline = ["--baseline", "base", "--update-baseline"]
    with open(writing, "wb") as nobody:
        for options, status in (([], 1), (baseline, 0)):
            done = subprocess.run(
                [*command, *options], stdout=nobody, stderr=subprocess.PIPE, cwd=tmp_path, env=environment, timeout=60
            )
            assert done.returncode == status
            assert (b"dedup: failed: 1 repeat, --max-blocks is 0" in done.stderr) is (status == 1)
            assert json.loads((tmp_path / "r.json").read_text())["totals"]["words"]
            (tmp_path / "r.json").unlink()
    assert (tmp_path / "base").exists()
