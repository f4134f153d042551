"""The configuration: found, read, validated; its errors name place and remedy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dedup.config import find_config, load_config
from dedup.errors import ReadError, UsageError

TABLES = """
[project]
name = "x"
[tool.dedup]
min-words = 10
threshold = 1
exclude = ["drafts/"]
protect = "keep"

[tool.dedup.check]
max_percent = 2
baseline = "base"
unit = "blank"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    return tmp_path


def test_the_nearest_file_counts(folder: Path) -> None:
    """A pyproject.toml without our table is passed over."""
    (folder / "pyproject.toml").write_text(TABLES)
    (folder / "one" / "pyproject.toml").write_text('[tool.ruff]\nx = "dedup"\n')
    assert find_config().path == "../../pyproject.toml"
    (folder / "one" / "dedup.toml").write_text("min-words = 3\n")
    found = find_config()
    assert found.path == "../dedup.toml"
    assert found.common["min_words"] == (3, "../dedup.toml:1")


def test_values_have_their_places_and_paths_their_folder(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(TABLES)
    found = find_config()
    assert found.common["min_words"] == (10, "../../pyproject.toml:5")
    assert found.common["exclude"] == (["drafts/"], "../../pyproject.toml:7")
    assert found.check["max_percent"] == (2, "../../pyproject.toml:11")
    assert found.check["baseline"].value == "../../base"
    assert found.common["protect"].value == "../../keep"
    (folder / "one" / "dedup.toml").write_text('protect = ""\n')
    assert find_config().common["protect"].value == ""


def test_check_has_the_common_defaults_and_its_own(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(TABLES)
    defaults = find_config().defaults()
    common = {"min_words": 10, "threshold": 1, "exclude": ["drafts/"], "protect": "../../keep"}
    assert defaults.get("clean") == common
    assert defaults.get("check")["unit"] == "blank"
    assert defaults.get("check")["min_words"] == 10


def test_without_a_file_nothing_is_configured(folder: Path) -> None:
    found = find_config()
    assert (found.path, found.common, found.check) == ("", {}, {})
    assert found.defaults().get("clean") == {}


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("\nmin-wrods = 3\n", "dedup.toml:2: there is no option 'min-wrods'", "Did you mean min-words?"),
        ("max-words = 3\n", "dedup.toml:1: there is no option 'max-words'", "It belongs to [check]."),
        ("max-wrods = 3\n", "dedup.toml:1: there is no option 'max-wrods'", "Did you mean max-words in [check]?"),
        ("[check]\nmax-percentage = 3\n", "dedup.toml:2: there is no option 'max-percentage'", "max-percent"),
        ("min-words = 0\n", "dedup.toml:1: min-words cannot be 0: it is a whole number from 1 to 10,000", ""),
        ('unit = "lines"\n', "dedup.toml:1: unit cannot be 'lines': it is auto, line, blank", ""),
        ("exclude = 'x'\n", "dedup.toml:1: exclude cannot be 'x': it is a list of texts", ""),
        ("hidden = 1\n", "dedup.toml:1: hidden cannot be 1: it is true or false", ""),
        ("[check]\nignore = [1]\n", "dedup.toml:2: ignore cannot be [1]: it is a list of texts", ""),
        ("[check]\nmax-blocks = -1\n", "dedup.toml:2: max-blocks cannot be -1", ""),
        ('[check]\nbaseline = ""\n', "dedup.toml:2: baseline has an empty value", "Leave it out."),
        ('[check]\nignore-pattern = ["a", ""]\n', "dedup.toml:2: ignore-pattern has an empty value", "Leave it out."),
        ("check = 1\n", "dedup.toml:1: check is a table", "Write [check]."),
        ("\n[chekc]\nmax-words = 1\n", "dedup.toml:2: there is no option 'chekc'", "The only table is [check]."),
        ("[tool.dedup.check]\nmax-words = 1\n", "dedup.toml:1: there is no option 'tool'", "is for pyproject.toml"),
        ("quiet = true\n", "dedup.toml:1: there is no option 'quiet'", "shown by: dedup --no-config config"),
        ("MIN-WORDS = 3\n", "dedup.toml:1: there is no option 'MIN-WORDS'", "Did you mean min-words?"),
        ("date-field = 3\n", "dedup.toml:1: date-field cannot be 3: it is a text (NAME)", "--date-field NAME."),
        ('\nkeep-pattern = "("\n', "dedup.toml:2: keep-pattern is no regular expression", ""),
        ('encoding = "klingon"\n', "dedup.toml:1: encoding cannot be 'klingon'", "windows-1252"),
        ('[check]\nignore-pattern = ["("]\n', "dedup.toml:2: ignore-pattern: '(' is no regular expression", ""),
        ('\nexclude = ["drafts/", "[z-a]"]\n', "dedup.toml:2: exclude '[z-a]' is no glob: bad character", "'*.txt'"),
        ("min-words = 3\nmin_words = 4\n", "dedup.toml:2: min_words is min-words, which has a value already", "out."),
        ('include = ["a[b"]\n', "dedup.toml:1: include 'a[b' matches nothing", "a backslash before ["),
        ('[check]\nignore = ["!"]\n', "dedup.toml:2: ignore: '!' is no glob", ".gitignore"),
        (f"x = {'[' * 3000}{']' * 3000}\n", "dedup.toml: lists or tables are nested too deep", ""),
        (f"x = {'9' * 5000}\n", "dedup.toml: exceeds the limit", ""),
        ("a =\n", "dedup.toml: invalid value (at line 1, column 4)", "toml.io"),
    ],
)
def test_an_error_names_its_place_and_what_to_do(folder: Path, text: str, message: str, remedy: str) -> None:
    Path("dedup.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        find_config()
    assert caught.value.message.startswith(message)
    assert remedy in caught.value.remedy
    assert caught.value.exit_status == 2


@pytest.mark.parametrize("text", ["[tool]\ndedup = {min-words = 3}\n", "tool.dedup.min-words = 3\n"])
def test_our_table_counts_however_it_is_written(folder: Path, text: str) -> None:
    Path("pyproject.toml").write_text(text)
    assert find_config().common["min_words"].value == 3


def test_what_is_not_ours_is_passed_over_and_what_is_no_table_refused(folder: Path) -> None:
    for text in ('tool = "dedup"\n', '[project\nname = "dedup"\n', f"dedup = {'[' * 3000}{']' * 3000}\n"):
        Path("pyproject.toml").write_text(text)
        assert find_config().path == ""
    Path("pyproject.toml").write_text("[[tool.dedup]]\nmin-words = 3\n")
    with pytest.raises(UsageError, match=r"tool\.dedup is no table"):
        find_config()


def test_a_project_file_without_a_word_of_us_may_be_anything(folder: Path) -> None:
    Path("pyproject.toml").write_bytes(b'author = "M\xfcller"\n')
    assert find_config().path == ""
    Path("pyproject.toml").write_bytes(b'[tool.dedup]\nid-field = "M\xfcller"\n')
    with pytest.raises(UsageError, match="is not UTF-8"):
        find_config()


def test_in_a_folder_that_was_deleted_nothing_is_configured(folder: Path) -> None:
    gone = Path("gone").absolute()
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    assert find_config().path == ""


def test_the_folder_of_a_configuration_is_told_where_it_lies_above(folder: Path) -> None:
    (folder / "dedup.toml").write_text("min-words = 10\n")
    assert find_config().folder_above == "../.."
    assert load_config(str(folder / "dedup.toml")).folder_above == "../.."
    (folder / "one" / "two" / "three").mkdir()
    for place in (".", "three", "../../one"):
        (Path(place) / "dedup.toml").write_text("min-words = 10\n")
    assert [load_config(f"{place}/dedup.toml").folder_above for place in (".", "three")] == ["", ""]
    assert load_config("../../one/dedup.toml").folder_above == ".."
    (folder / "other").mkdir()
    (folder / "other" / "dedup.toml").write_text("min-words = 10\n")
    assert load_config("../../other/dedup.toml").folder_above == ""
    shutil.rmtree(folder / "one")
    assert load_config(str(folder / "dedup.toml")).folder_above == ""


def test_a_byte_order_mark_is_no_mistake(folder: Path) -> None:
    Path("dedup.toml").write_bytes(b"\xef\xbb\xbfmin-words = 3\n")
    assert find_config().common["min_words"] == (3, "dedup.toml:1")


def test_a_key_is_found_in_its_own_table(folder: Path) -> None:
    Path("pyproject.toml").write_text('[other]\nunit = "x"\n[tool.dedup]\n"unit" = "x"\n')
    with pytest.raises(UsageError, match=r"pyproject\.toml:4: unit cannot be"):
        find_config()


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("dedup.toml", "\ncheck.max-blocks = -1\n", 2),
        ("dedup.toml", '\ncheck . "max-blocks" = -1\n', 2),
        ("dedup.toml", "min-words = 3\ncheck = {max-percent = 1, max-blocks = -1}\n", 2),
        ("dedup.toml", '[check]\r\nignore = [ # some, and more,\r\n  "a",\r\n]\r\nmax-blocks = -1\r\n', 5),
        ("dedup.toml", "keep-pattern = '''\nmax-blocks = 1\n[check]\nmax-blocks = 1'''\n[check]\nmax-blocks = -1\n", 6),
        ("dedup.toml", '\n"max\\u002Dblocks" = -1\n', 2),
        ("pyproject.toml", "[tool]\ndedup.check.max-blocks = -1\n", 2),
        ("pyproject.toml", "[tool.dedup]\nmin-words = 3\ncheck.max-blocks = -1\n", 3),
        ("pyproject.toml", "[tool]\n\n[tool.'dedup'.check]\nmax-blocks = -1\n", 4),
        ("pyproject.toml", "tool.dedup = {check = {max-blocks = -1}}\n", 1),
        (
            "pyproject.toml",
            "[other]\nmax-blocks = 1\n[[tool.others]]\nmax-blocks = 1\n[tool.dedup.check]\nmax-blocks = -1\n",
            6,
        ),
    ],
)
def test_a_key_has_its_line_however_it_is_written(folder: Path, name: str, text: str, line: int) -> None:
    """Dotted, quoted, in braces, below a list or a text of several lines that looks like it."""
    Path(name).write_text(text)
    with pytest.raises(UsageError, match=rf"^{name}:{line}: (max-blocks cannot be -1|there is no option 'max-blocks')"):
        find_config()


def test_a_file_that_was_named_must_be_there_and_ours(folder: Path) -> None:
    with pytest.raises(UsageError, match="there is no configuration none"):
        load_config("none")
    with pytest.raises(ReadError, match=r"cannot read \.: Is a directory"):
        load_config(".")
    Path("pyproject.toml").write_text("[tool.ruff]\n")
    with pytest.raises(UsageError, match=r"has no \[tool\.dedup\]"):
        load_config("pyproject.toml")
    Path("other.toml").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="is not UTF-8"):
        load_config("other.toml")
