"""Which files arguments stand for, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import NothingToRead, UsageError
from dedup.sources.paths import Found, Listing, Selection, list_files, read_names, without_products


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"text\n")


def names_in(folder: Path, selection: Selection | None = None) -> list[str]:
    return [found.below for found in list_files([str(folder)], selection)]


def test_files_stand_in_the_order_of_their_bytes(tmp_path):
    """A folder's files stand where its name with a slash stands: as `find | LC_ALL=C sort` has them."""
    make(tmp_path, "b.txt", "a/z.txt", "a-b.txt", "a.txt", "a/b/c.txt", "Z.txt", "ä.txt", "a0")
    expected = ["Z.txt", "a-b.txt", "a.txt", "a/b/c.txt", "a/z.txt", "a0", "b.txt", "ä.txt"]
    assert names_in(tmp_path) == expected
    assert sorted(expected, key=os.fsencode) == expected


@given(st.lists(st.lists(st.sampled_from(["a", "b", "a-", "a0", "é", "Z"]), min_size=1, max_size=4), max_size=12))
def test_any_tree_is_in_the_order_of_its_bytes(tmp_path_factory, paths):
    """The walk gives the sorted list of paths, whatever the tree."""
    folder = tmp_path_factory.mktemp("tree")
    make(folder, *("/".join([*path[:-1], path[-1] + ".txt"]) for path in paths))
    found = [os.fsencode(name) for name in names_in(folder)]
    assert found == sorted(found)
    assert len(found) == len({tuple(path) for path in paths})


def test_arguments_keep_their_order(tmp_path):
    """Files, folders, standard input and what does not exist; a file may come twice."""
    make(tmp_path, "z.txt", "folder/b", "folder/a")
    z, folder, missing = (str(tmp_path / name) for name in ("z.txt", "folder", "missing"))
    listing = list_files([z, "-", folder, missing, z])
    assert list(listing.paths()) == [z, "-", f"{folder}/a", f"{folder}/b", missing, z]
    assert [found.path for found in listing] == list(listing.paths())
    assert [found.below for found in listing] == ["z.txt", "-", "a", "b", "missing", "z.txt"]
    assert len(listing) == 6


def test_one_name_is_no_list_of_letters(tmp_path, monkeypatch):
    """Those of `my.corpus` would be the current folder among others."""
    make(tmp_path, "my.corpus/a", "b")
    monkeypatch.chdir(tmp_path)
    for one in ("my.corpus", tmp_path / "my.corpus", [Path("my.corpus")]):
        assert [found.below for found in list_files(one)] == ["a"]


def test_a_folder_with_a_slash_and_the_current_folder(tmp_path, monkeypatch):
    """Paths are put together without a second slash."""
    make(tmp_path, "folder/a")
    monkeypatch.chdir(tmp_path)
    assert list(list_files(["folder/", "folder", "."])) == [
        Found("folder/a", "a"),
        Found("folder/a", "a"),
        Found("./folder/a", "folder/a"),
    ]


def test_hidden_names_are_left_out_and_counted(tmp_path):
    """Unless asked for, or named themselves."""
    make(tmp_path, "a", ".b", ".git/config", "c/.d")
    listing = list_files([str(tmp_path)])
    assert [found.below for found in listing] == ["a"]
    assert (listing.hidden, listing.left_out()) == (3, "3 hidden")
    assert names_in(tmp_path, Selection(hidden=True)) == [".b", ".git/config", "a", "c/.d"]
    assert [found.below for found in list_files([str(tmp_path / ".git")])] == ["config"]
    assert [found.below for found in list_files([str(tmp_path / ".b")])] == [".b"]


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (["*.txt"], [], ["a.txt", "deep/b.txt", "drafts/c.txt"]),
        (["*.txt", "*.md"], ["drafts/"], ["a.txt", "deep/b.txt", "e.md"]),
        (["/*.txt"], [], ["a.txt"]),
        (["deep/**"], [], ["deep/b.txt", "deep/deeper/d.html"]),
        ([], ["*.txt"], ["deep/deeper/d.html", "e.md"]),
        ([], ["deep"], ["a.txt", "drafts/c.txt", "e.md"]),
        ([], ["*.txt", "!a.txt"], ["a.txt", "deep/deeper/d.html", "e.md"]),
        ([], ["deep/**", "!deep/b.txt"], ["a.txt", "deep/b.txt", "drafts/c.txt", "e.md"]),
        ([], ["**/deep/**", "!d.html"], ["a.txt", "drafts/c.txt", "e.md"]),
        ([], ["deep/", "!deep/b.txt"], ["a.txt", "drafts/c.txt", "e.md"]),
        (["?.md"], [], ["e.md"]),
        (["[ae].*"], [], ["a.txt", "e.md"]),
        (["*.TXT"], [], []),
    ],
)
def test_globs_are_those_of_gitignore(tmp_path, include, exclude, expected):
    """A name at any depth, a path from the folder with a slash, whole folders, negation."""
    make(tmp_path, "a.txt", "deep/b.txt", "drafts/c.txt", "deep/deeper/d.html", "e.md")
    assert names_in(tmp_path, Selection(tuple(include), tuple(exclude))) == expected


def test_globs_do_not_touch_a_file_that_is_named(tmp_path):
    """Who names a file wants it."""
    make(tmp_path, "a.txt")
    path = str(tmp_path / "a.txt")
    assert list(list_files([path], Selection(("*.md",), ("*.txt",))).paths()) == [path]


@pytest.mark.parametrize("glob", ["", "#", "[", "\\"])
def test_a_glob_that_can_match_nothing_is_refused(tmp_path, glob):
    """It is a slip, and would read everything or nothing in silence."""
    with pytest.raises(UsageError, match="--exclude"):
        list_files([str(tmp_path)], Selection(exclude=(glob,)))


def test_one_glob_for_several_is_refused(tmp_path):
    """Its letters would be taken for globs, and nothing left out."""
    make(tmp_path, "drafts/a.txt")
    with pytest.raises(UsageError, match="exclude cannot be a str") as error:
        list_files(tmp_path, Selection(exclude="drafts"))
    assert error.value.remedy == "For one: exclude=('drafts',)."


def test_links_are_left_out_unless_followed(tmp_path):
    """Each file and folder is read once, under the first of its names; loops end."""
    make(tmp_path, "a/file", "z/other")
    (tmp_path / "a" / "loop").symlink_to("..")
    (tmp_path / "b").symlink_to("a/file")
    (tmp_path / "c").symlink_to("z")
    (tmp_path / "nowhere").symlink_to("missing")
    listing = list_files([str(tmp_path)])
    assert [found.below for found in listing] == ["a/file", "z/other"]
    assert (listing.links, listing.left_out()) == (4, "4 symbolic links")
    followed = list_files([str(tmp_path)], Selection(follow=True))
    assert [found.below for found in followed] == ["a/file", "c/other", "nowhere"]
    assert followed.links == 3


def test_a_link_that_is_named_is_followed(tmp_path):
    """To a folder as to a file."""
    make(tmp_path, "real/a")
    (tmp_path / "link").symlink_to("real")
    assert names_in(tmp_path / "link") == ["a"]


def test_special_files_are_left_out(tmp_path):
    """A FIFO would make the run wait forever."""
    make(tmp_path, "a")
    os.mkfifo(tmp_path / "fifo")
    listing = list_files([str(tmp_path)])
    assert [found.below for found in listing] == ["a"]
    assert listing.left_out() == "1 that is not a regular file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_recorded(tmp_path):
    """The rest is listed."""
    make(tmp_path, "a", "closed/b", "d")
    (tmp_path / "closed").chmod(0)
    listing = list_files([str(tmp_path)])
    (tmp_path / "closed").chmod(0o700)
    assert [found.below for found in listing] == ["a", "d"]
    assert [(one.path, one.reason) for one in listing.skipped] == [(str(tmp_path / "closed"), "Permission denied")]


def test_a_folder_that_vanishes_is_recorded(tmp_path, monkeypatch):
    """Between its being found and its being scanned."""
    make(tmp_path, "a", "gone/b")
    scan = os.scandir

    def scan_or_fail(path):
        if os.fsdecode(path).endswith("gone/"):
            raise FileNotFoundError(2, "No such file or directory")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scan_or_fail)
    listing = list_files([str(tmp_path)])
    assert [found.below for found in listing] == ["a"]
    assert [one.path for one in listing.skipped] == [str(tmp_path / "gone")]


def test_names_that_are_no_text_come_back_as_they_are(tmp_path):
    """Bytes that are not UTF-8 survive the way through `str`."""
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb"):
        pass
    assert [os.fsencode(name) for name in list_files([str(tmp_path)]).paths()] == [path]


def test_a_deep_tree(tmp_path):
    """Deeper than Python would recurse."""
    folder = tmp_path
    for _ in range(600):
        folder = folder / "d"
    folder.mkdir(parents=True)
    make(folder, "file")
    assert names_in(tmp_path) == ["d/" * 600 + "file"]


def test_lists_of_names():
    """A line each, or NULs, which leave every other byte to the name; empty names are passed over."""
    assert read_names(b"a\n\nb c\n d", null=False) == ["a", "b c", " d"]
    assert read_names(b"a\nb\0\0c\xff\0", null=True) == ["a\nb", "c\udcff"]
    assert read_names(b"", null=True) == []


def test_a_list_that_was_written_on_windows() -> None:
    """Its lines end with CR LF, all of them; where only some do, that is of the names."""
    assert read_names(b"\xef\xbb\xbfa.txt\r\n\r\nb c.txt\r\n", null=False) == ["a.txt", "b c.txt"]
    assert read_names(b"Icon\r\na.txt\n", null=False) == ["Icon\r", "a.txt"]
    assert read_names(b"Icon\r\0", null=True) == ["Icon\r"]


def test_a_nul_in_a_name_is_refused():
    """Most likely a list that needs -0."""
    with pytest.raises(UsageError, match="NUL"):
        list_files(read_names(b"a\0b\0", null=False))


def test_nothing_left_out_says_nothing():
    """The note of the summary is empty."""
    assert Listing().left_out() == ""


def test_what_the_run_writes_is_left_out_of_folders_alone(tmp_path):
    """`-o` may name an input, and so may a name that ends as backups do; a folder may be in the output directory."""
    make(tmp_path, "a.txt", "b.txt", "b.txt.bak")
    a, b, old = (f"{tmp_path}/{name}" for name in ("a.txt", "b.txt", "b.txt.bak"))
    listing = list_files([a, old, str(tmp_path)])
    assert [*without_products(listing, a).paths()] == [a, old, b, old]
    assert [*without_products(listing, backup=".bak").paths()] == [a, old, a, b]
    assert [*without_products(listing, tmp_path / "b.txt", backup=".bak").paths()] == [a, old, a]
    assert [*without_products(listing, tmp_path, "-", None).paths()] == [*listing.paths()]
    with pytest.raises(NothingToRead, match="but those that the run itself writes"):
        without_products(list_files([str(tmp_path)]), a, b, backup=".bak")
