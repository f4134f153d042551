"""The hooks, run by pre-commit itself from a local repository."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from .conftest import NEW, OLD, ROOT, Repository

PRE_COMMIT = shutil.which("pre-commit", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
pytestmark = pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed")
LANGUAGES = [
    "system",  # the installed command: no network
    pytest.param(
        "python",  # pre-commit builds and installs the package
        marks=pytest.mark.skipif(not os.environ.get("DEDUP_TEST_INSTALL"), reason="network: set DEDUP_TEST_INSTALL=1"),
    ),
]


@pytest.fixture
def hooks(tmp_path, environment):
    """A repository with the hooks in it, and the whole package."""
    folder = tmp_path / "hooks"
    ignored = shutil.ignore_patterns(".git", "*.so", "__pycache__", "build", "*.egg-info", ".venv", ".*_cache")
    shutil.copytree(ROOT, folder, ignore=ignored)
    made = Repository(folder, environment)
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit("hooks")
    return made


def use(repository, hooks, hook, language):
    """Let a repository use a hook, and run it on what is staged."""
    revision = hooks.git("rev-parse", "HEAD").strip()
    repository.write(
        ".pre-commit-config.yaml",
        f"repos:\n- repo: {hooks.folder}\n  rev: {revision}\n  hooks:\n"
        f"  - id: {hook}\n    args: [articles]\n    language: {language}\n",
    )
    repository.git("add", "--all")
    repository.environment["PRE_COMMIT_HOME"] = str(hooks.folder.parent / "cache")
    return repository.run([str(PRE_COMMIT), "run"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_repeats_fail_the_first_hook(repository, hooks, language):
    repository.write("articles/council.txt", "A short note that nobody else has written, and nobody will again.\n")
    done = use(repository, hooks, "dedup", language)
    assert done.returncode == 1, done.stderr
    assert "articles/reprint.txt:1-3: repeats articles/harbour.txt:1-3" in done.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_new_repeats_fail_the_second(repository, hooks, language):
    repository.write("articles/council.txt", "A short note that nobody else has written, and nobody will again.\n")
    done = use(repository, hooks, "dedup-new", language)
    assert done.returncode == 0, done.stdout
    repository.commit("a note")
    repository.write("articles/again.txt", NEW + OLD)
    done = use(repository, hooks, "dedup-new", language)
    assert done.returncode == 1, done.stderr
    assert "articles/again.txt" in done.stdout
    assert "reprint.txt:1-3: repeats" not in done.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_drafts_that_are_not_in_the_commit_do_not_fail_the_second(repository, hooks, language):
    """Files that were never added, and changes that were not: pre-commit puts away the latter alone."""
    repository.write("articles/council.txt", "A short note that nobody else has written, and nobody will again.\n")
    assert use(repository, hooks, "dedup-new", language).returncode == 0
    repository.write("articles/council.txt", NEW + OLD)
    repository.write("articles/draft.txt", NEW + OLD)
    done = repository.run([str(PRE_COMMIT), "run"])
    assert done.returncode == 0, done.stdout
    repository.git("add", "articles/draft.txt")
    done = repository.run([str(PRE_COMMIT), "run"])
    assert done.returncode == 1, done.stderr
    assert "articles/draft.txt:" in done.stdout
