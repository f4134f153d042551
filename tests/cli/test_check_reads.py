"""What `dedup check` reads of a folder: its texts, each once, and nothing that git ignores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import dedup as package

from .checking import SCHEMA, article, first_commit, needs_git


def image(text: str) -> bytes:
    """A file as an editor of pictures makes them: some bytes, a NUL, and text that would count if it were read."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + text.encode()


def told(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """The lines on standard error."""
    return done.stderr.decode().splitlines()


# --- binary files


@pytest.mark.parametrize("kept", [20, 3])
def test_binary_files_of_folders_are_left_out(dedup: Callable, folder: Path, kept: int) -> None:
    """However they are opened: many in bundles, few one by one."""
    for number in range(kept, 20):
        (folder / f"a{number:02}.txt").unlink()
    for name in ("b.png", "c.png"):
        (folder / name).write_bytes(image(article(99)))
    (folder / "large.bin").write_bytes(image(article(1) * 100))
    done = dedup("check", "news", "--report", "r.json")
    assert (done.returncode, done.stdout) == (0, b"")
    assert told(done) == ["dedup: left out 3 binary files", f"dedup: no repeats in {5 * kept} paragraphs"]
    report = json.loads((folder.parent / "r.json").read_text())
    assert report["run"]["left_out"] == {"binary": 3}
    assert len(report["files"]) == kept
    jsonschema.validate(report, json.loads(SCHEMA.read_text()))
    again = json.loads(dedup("report", "r.json", "--to", "json").stdout)
    assert again["run"] == report["run"]
    assert dedup("check", "news", "--quiet").stderr == b""


def test_the_answer_is_that_of_the_texts_alone(dedup: Callable, folder: Path) -> None:
    """What is left out leaves no trace in the answer: neither in the findings nor in the digest."""
    (folder / "z.txt").write_text(article(7))
    before = json.loads(dedup("check", "news", "--report", "json:-").stdout)
    for name in ("a00.png", "a07.png", "zz.png"):
        (folder / name).write_bytes(image(article(7)))
    after = json.loads(dedup("check", "news", "--report", "json:-").stdout)
    assert after["digest"] == before["digest"]
    assert (before["run"].get("left_out"), after["run"]["left_out"]) == (None, {"binary": 3})


def test_a_file_that_is_named_is_read_whatever_it_is(dedup: Callable, folder: Path) -> None:
    (folder / "b.png").write_bytes(image(article(7)))
    done = dedup("check", "news/a07.txt", "news/b.png")
    assert done.returncode == 1
    assert done.stdout.startswith(b"news/b.png:")
    assert told(done)[0].startswith("dedup: read 1 byte that is not UTF-8 in news/b.png: ")
    assert told(done)[1].startswith("dedup: 1 repeat")


def test_what_is_read_here_is_not_binary(dedup: Callable, folder: Path) -> None:
    """UTF-16 by its mark, compressed files, and whatever an encoding is given for."""
    import gzip

    (folder / "b.txt").write_bytes(article(3).encode("utf-16"))
    (folder / "c.gz").write_bytes(gzip.compress(article(4).encode(), mtime=0))
    done = dedup("check", "news")
    assert [line.partition(":")[0] for line in done.stdout.decode().splitlines()[::2]] == ["news/b.txt", "news/c.gz"]
    for file in folder.iterdir():
        file.unlink()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_bytes(article(3).encode("utf-16-le"))
    assert dedup("check", "news").returncode == 1
    assert dedup("check", "news", "--encoding", "utf-16-le").stdout.startswith(b"news/b.txt:1-5: repeats news/a.txt")


def test_a_nul_far_from_the_start_makes_no_binary_file(dedup: Callable, folder: Path) -> None:
    (folder / "b.txt").write_bytes((article(50) * 1).encode().ljust(8000) + b"\0\n" + article(7).encode())
    done = dedup("check", "news")
    assert done.stdout.startswith(b"news/b.txt:")


def test_where_all_is_binary_nothing_was_checked(dedup: Callable, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(image(article(1)))
    done = dedup("check", "pictures")
    assert done.returncode == 1
    assert "failed: nothing to check: no words in 0 documents; left out 1 binary file" in told(done)[-1]
    assert dedup("check", "pictures", "--no-fail-on-empty").returncode == 0


def test_clean_reads_what_it_is_given(dedup: Callable, folder: Path) -> None:
    (folder / "b.png").write_bytes(image(article(7)))
    assert dedup("clean", "news", "--report", "r.json").returncode == 0
    assert len(json.loads((folder.parent / "r.json").read_text())["files"]) == 21


def test_links_and_special_files_of_folders_are_told(dedup: Callable, folder: Path) -> None:
    """As `clean` tells them: nothing is left out in silence."""
    (folder / "link.txt").symlink_to("a00.txt")
    os.mkfifo(folder / "pipe")
    done = dedup("check", "news", "--report", "r.json")
    assert told(done) == [
        "dedup: left out 1 symbolic link, 1 that is not a regular file",
        "dedup: no repeats in 100 paragraphs",
    ]
    assert json.loads((folder.parent / "r.json").read_text())["run"]["left_out"] == {"links": 1, "special": 1}
    for file in folder.glob("a*.txt"):
        file.unlink()
    assert told(dedup("check", "news"))[-1].endswith("; left out 1 symbolic link, 1 that is not a regular file")


# --- git


@needs_git
def test_what_git_ignores_is_not_read(dedup: Callable, folder: Path, tmp_path: Path, git: Callable) -> None:
    git("init", "-q")
    (tmp_path / ".gitignore").write_text("node_modules/\n*.log\n/build\n!keep.log\n")
    for name in ("node_modules/x/a.txt", "news/a.log", "build/b.txt", "news/build/c.txt", "news/keep.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(article(7))
    done = dedup("check", ".")
    assert [line.partition(":")[0] for line in done.stdout.decode().splitlines()[::2]] == [
        "./news/build/c.txt",
        "./news/keep.log",
    ]
    assert told(done)[0] == "dedup: left out 3 that git ignores"
    assert len(dedup("check", ".", "--no-gitignore").stdout.splitlines()) == 2 * 5
    assert dedup("check", "news/a07.txt", "news/a.log").returncode == 1, "named"
    assert dedup("check", "news/a07.txt", "node_modules").returncode == 1, "a folder that is named"
    (tmp_path / "node_modules" / "x" / "b.txt").write_text(article(7))
    assert dedup("check", "node_modules/x").returncode == 1, "in a folder that is ignored whole"
    below = dedup("check", "news", "--exclude", "keep.log", "--exclude", "build/")
    assert (below.returncode, told(below)[0]) == (0, "dedup: left out 1 that git ignores")


@needs_git
def test_a_file_that_git_watches_over_is_read_whatever_the_rules_say(
    dedup: Callable, folder: Path, tmp_path: Path, git: Callable
) -> None:
    git("init", "-q")
    (tmp_path / ".gitignore").write_text("generated/\n")
    for name in ("tracked.txt", "other.txt"):
        (tmp_path / "generated").mkdir(exist_ok=True)
        (tmp_path / "generated" / name).write_text(article(7))
    git("add", "-f", "generated/tracked.txt")
    done = dedup("check", ".")
    assert done.stdout.startswith(b"./news/a07.txt:1-5: repeats ./generated/tracked.txt:1-5")
    assert told(done)[0] == "dedup: left out 1 that git ignores"


@needs_git
def test_repositories_inside_have_rules_of_their_own(
    dedup: Callable, folder: Path, tmp_path: Path, git: Callable
) -> None:
    """Submodules and other checkouts, also below a folder that is no repository; hooks of git change nothing."""
    git("init", "-q", cwd=folder)
    (folder / ".gitignore").write_text("*.tmp\n")
    (folder / "a.tmp").write_text(article(7))
    (tmp_path / "b.tmp").write_text(article(8))
    hook = {"GIT_DIR": str(tmp_path / "elsewhere"), "GIT_INDEX_FILE": "index"}
    for env in ({}, hook):
        done = dedup("check", ".", env=env)
        assert done.stdout.startswith(b"./news/a08.txt:1-5: repeats ./b.tmp:1-5")
        assert told(done)[0] == "dedup: left out 1 that git ignores"
    git("init", "-q")
    assert told(dedup("check", "."))[0] == "dedup: left out 1 that git ignores"


@needs_git
def test_links_that_git_ignores_are_not_followed(dedup: Callable, folder: Path, tmp_path: Path, git: Callable) -> None:
    git("init", "-q", cwd=folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text(article(7))
    (folder / "link").symlink_to("../other")
    assert dedup("check", "news", "-L").returncode == 1
    (folder / ".gitignore").write_text("/link\n")
    done = dedup("check", "news", "-L")
    assert (done.returncode, told(done)[0]) == (0, "dedup: left out 1 that git ignores")


@needs_git
def test_the_folder_of_git_itself_is_never_read(dedup: Callable, folder: Path, tmp_path: Path, git: Callable) -> None:
    git("init", "-q")
    (tmp_path / ".git" / "notes.txt").write_text(article(7))
    assert dedup("check", ".", "--hidden").returncode == 0


@needs_git
def test_where_all_is_ignored_the_message_says_so(dedup: Callable, tmp_path: Path, git: Callable) -> None:
    git("init", "-q")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.log").write_text(article(1))
    (tmp_path / ".gitignore").write_text("*.log\n")
    done = dedup("check", "texts")
    assert done.returncode == 1
    assert told(done) == [
        "dedup: no file to read in texts: 1 that git ignores. "
        "See --include, --exclude, --hidden, --no-gitignore and --follow.",
        "dedup: no repeats in 0 paragraphs",
        "dedup: failed: nothing to check: no words in 0 documents; left out 1 that git ignores",
    ]
    assert dedup("check", "texts", "--no-fail-on-empty").returncode == 0


def test_without_git_nothing_is_ignored(dedup: Callable, folder: Path, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.log\n")
    (folder / "a.log").write_text(article(7))
    (tmp_path / "empty").mkdir()
    assert dedup("check", ".", env={"PATH": str(tmp_path / "empty")}).returncode == 1


def test_a_repository_that_git_refuses_is_told(dedup: Callable, folder: Path, tmp_path: Path) -> None:
    """As in the containers of CI, where the folder belongs to another user."""
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'fatal: detected dubious ownership; add it to safe.directory' >&2\nexit 128\n")
    fake.chmod(0o755)
    done = dedup("check", "news", env={"PATH": f"{fake.parent}:{os.environ['PATH']}"})
    assert (done.returncode, told(done)[0]) == (
        0,
        "dedup: git does not tell what it ignores in news/: the repository belongs to somebody else (safe.directory)",
    )


def test_a_revision_of_a_repository_that_git_refuses_says_what_to_do(
    dedup: Callable, folder: Path, tmp_path: Path
) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(
        "#!/bin/sh\nprintf \"fatal: detected dubious ownership in repository at '/srv/news'\\n"
        "To add an exception for this directory, call:\\n\\n"
        '\\tgit config --global --add safe.directory /srv/news\\n" >&2\nexit 128\n'
    )
    fake.chmod(0o755)
    done = dedup("check", "news", "--since", "HEAD", env={"PATH": f"{fake.parent}:{os.environ['PATH']}"})
    assert done.returncode == 2
    assert told(done) == [
        "dedup: --since: the repository belongs to somebody else",
        "       If you trust it: git config --global --add safe.directory /srv/news",
    ]


@needs_git
def test_the_rules_of_git_can_be_turned_off_in_the_configuration(
    dedup: Callable, folder: Path, tmp_path: Path, git: Callable
) -> None:
    git("init", "-q")
    (tmp_path / ".gitignore").write_text("*.log\n")
    (folder / "a.log").write_text(article(7))
    assert "gitignore = true" in dedup("config").stdout.decode()
    (tmp_path / "dedup.toml").write_text("[check]\ngitignore = false\n")
    assert dedup("check", "news").returncode == 1
    assert dedup("check", "news", "--gitignore").returncode == 0
    shown = dedup("config").stdout.decode().splitlines()
    assert [line for line in shown if "gitignore" in line and line.endswith("# dedup.toml:2")]


@needs_git
def test_only_what_git_tracks_is_read_when_asked(dedup: Callable, folder: Path, tmp_path: Path, git: Callable) -> None:
    """Drafts beside it are neither findings nor originals; what was added to the index is no draft."""
    git("init", "-q")
    (tmp_path / ".gitignore").write_text("*.log\n")
    git("add", ".")
    git("commit", "-qm", "x")
    for name in ("news/0.txt", "news/a.log", "news/z.txt", "drafts/deep/b.txt", "other/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(article(7))
    git("init", "-q", cwd=tmp_path / "other")
    for options in ([], ["--since", "HEAD"], ["--no-gitignore"]):
        done = dedup("check", ".", "--tracked", *options)
        assert (done.returncode, told(done)[0]) == (0, "dedup: left out 5 that git does not track"), options
    assert dedup("check", ".", "--since", "HEAD").returncode == 1
    assert told(dedup("check", "drafts", "news", "--tracked"))[0] == "dedup: left out 4 that git does not track"
    nothing = dedup("check", "drafts/deep", "--tracked")
    assert b"no file to read in drafts/deep: 1 that git does not track" in nothing.stderr
    git("add", "news/z.txt")
    (tmp_path / "dedup.toml").write_text("[check]\ntracked = true\n")
    done = dedup("check", ".", "--since", "HEAD")
    assert (done.returncode, done.stdout[:12]) == (1, b"./news/z.txt")
    assert b"repeats ./news/a07.txt" in done.stdout


@needs_git
@pytest.mark.parametrize("worktree", [False, True])
def test_the_hook_of_a_commit_of_some_files_reads_what_it_commits(
    dedup: Callable, folder: Path, tmp_path: Path, git: Callable, worktree: bool
) -> None:
    """`git commit FILE` leaves out what else was added, and its hook is given an index of its own."""
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "x")
    tree = tmp_path / "tree" if worktree else tmp_path
    if worktree:
        git("worktree", "add", "-q", "tree")
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} -m dedup check --since HEAD --tracked .\n")
    hook.chmod(0o755)
    (tree / "new.txt").write_text(article(40))
    (tree / "draft.txt").write_text(article(7))
    git("add", "new.txt", "draft.txt", cwd=tree)
    git("commit", "-qm", "one of two", "new.txt", cwd=tree)
    with pytest.raises(subprocess.CalledProcessError):
        git("commit", "-qm", "both", cwd=tree)


@needs_git
def test_since_reads_the_same_files_of_the_revision(
    dedup: Callable, folder: Path, tmp_path: Path, git: Callable
) -> None:
    git("init", "-q")
    (tmp_path / ".gitignore").write_text("*.log\n")
    (folder / "a.png").write_bytes(image(article(30)))
    git("add", ".")
    git("commit", "-qm", "x")
    (folder / "a.log").write_text(article(3))
    (folder / "b.png").write_bytes(image(article(30)))
    done = dedup("check", ".", "--since", "HEAD")
    assert (done.returncode, told(done)[0]) == (0, "dedup: left out 2 binary files, 1 that git ignores")
    # The picture held the text, but was not read: a first text with it is new, and repeats nothing.
    (folder / "b.txt").write_text(article(30))
    assert dedup("check", ".", "--since", "HEAD").returncode == 0
    (folder / "c.txt").write_text(article(3))
    done = dedup("check", ".", "--since", "HEAD")
    assert done.stdout.startswith(b"news/c.txt:1-5: repeats ") or done.stdout.startswith(b"./news/c.txt:1-5: repeats ")


@needs_git
def test_from_python(folder: Path, tmp_path: Path, git: Callable) -> None:
    """The function reads what the command reads."""
    git("init", "-q")
    (tmp_path / ".gitignore").write_text("*.log\n")
    (folder / "a.log").write_text(article(7))
    (folder / "a.png").write_bytes(image(article(7)))
    verdict = package.check(folder)
    assert verdict.exit_status == 0
    assert dict(verdict.report.run.left_out) == {"binary": 1, "ignored": 1}
    assert package.check(folder, selection=package.Selection()).exit_status == 1


# --- each file once


@pytest.mark.parametrize(
    "arguments",
    [
        (".", "news"),
        ("news", "."),
        ("news", "news"),
        ("news/a01.txt", "news"),
        ("news", "./news/../news/a01.txt"),
        ("news/a01.txt", "news/a01.txt"),
        ("news", "link"),
        ("news/a01.txt", "file"),
        ("-L", "news", "link"),
    ],
)
def test_a_file_under_two_names_does_not_repeat_itself(
    dedup: Callable, folder: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "link").symlink_to("news")
    (tmp_path / "file").symlink_to("news/a01.txt")
    done = dedup("check", *arguments)
    assert (done.returncode, done.stdout) == (0, b"")
    paragraphs = 5 if "news/a01.txt" in arguments and "news" not in arguments else 100
    links = ["dedup: left out 2 symbolic links"] * ("." in arguments)
    assert told(done) == [*links, f"dedup: no repeats in {paragraphs} paragraphs"]


def test_a_list_of_names_is_read_once_each(dedup: Callable, folder: Path) -> None:
    names = b"news/a01.txt\nnews\nnews/a01.txt\nnews/gone.txt\nnews/gone.txt\n"
    done = dedup("check", "--files-from", "-", text=names)
    assert (done.returncode, done.stdout) == (3, b"")
    assert told(done) == [
        "dedup: skipped news/gone.txt: No such file or directory",
        "dedup: no repeats in 100 paragraphs",
    ]


def test_the_first_name_is_told_and_its_place_kept(dedup: Callable, folder: Path) -> None:
    (folder / "b.txt").write_text(article(7))
    done = dedup("check", "news/b.txt", ".", "news")
    assert done.stdout.startswith(b"./news/a07.txt:1-5: repeats news/b.txt:1-5")
    assert len(done.stdout.splitlines()) == 2


def test_a_binary_file_that_is_named_besides_its_folder_is_read(dedup: Callable, folder: Path) -> None:
    (folder / "b.png").write_bytes(image(article(7)))
    done = dedup("check", "news", "news/b.png")
    assert done.stdout.startswith(b"news/b.png:")
    assert b"left out" not in done.stderr


def test_hard_links_are_two_files(dedup: Callable, folder: Path) -> None:
    """As they are in any other checkout."""
    os.link(folder / "a01.txt", folder / "b.txt")
    for arguments in (("news",), ("news", "."), ("news/a01.txt", "news/b.txt")):
        assert dedup("check", *arguments).stdout.startswith(b"news/b.txt:1-5: repeats news/a01.txt:1-5")


def test_a_baseline_is_the_same_however_often_a_file_is_named(dedup: Callable, folder: Path, tmp_path: Path) -> None:
    (folder / "b.txt").write_text(article(7))
    dedup("check", "news", "--baseline", "once", "--update-baseline")
    dedup("check", "news", ".", "news/b.txt", "--exclude", "once", "--baseline", "twice", "--update-baseline")
    assert (tmp_path / "once").read_text() == (tmp_path / "twice").read_text()
    assert dedup("check", ".", "news", "--exclude", "once", "--exclude", "twice", "--baseline", "once").returncode == 0


@needs_git
@pytest.mark.parametrize("arguments", [(".", "news"), ("news/b.txt", ".", "./news"), ("news", "link")])
def test_since_with_a_file_under_two_names(
    dedup: Callable, folder: Path, tmp_path: Path, git: Callable, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "link").symlink_to("news")
    first_commit(git)
    (folder / "a05.txt").write_text(article(5) + article(60))
    assert dedup("check", *arguments, "--since", "HEAD").returncode == (3 if "news/b.txt" in arguments else 0)
    (folder / "b.txt").write_text(article(7))
    done = dedup("check", *arguments, "--since", "HEAD")
    assert done.returncode == 1
    (finding, _) = done.stdout.decode().splitlines()
    assert "news/b.txt:1-5: repeats " in finding


def test_clean_keeps_a_file_that_is_given_twice(dedup: Callable, folder: Path) -> None:
    """Two documents, of which the second repeats the first."""
    done = dedup("clean", "news/a01.txt", "news/a01.txt")
    assert done.stdout.decode() == article(1)
    assert b"removed 5 of 10 paragraphs" in done.stderr
