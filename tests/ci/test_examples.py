"""The examples in docs/ci do what they say."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest

from .conftest import NEW, OLD, ROOT

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")


def gitlab_job():
    return yaml.safe_load((ROOT / "docs" / "ci" / "gitlab.yml").read_text())["repeats"]


def run_script(repository, **variables):
    job = gitlab_job()
    repository.environment.update({**job["variables"], **variables})
    return repository.run(["bash", "-e", "-c", "\n".join(job["script"])])


def test_the_gitlab_job_writes_the_reports_that_it_hands_over(repository):
    done = run_script(repository)
    assert done.returncode == 1, done.stderr
    reports = gitlab_job()["artifacts"]["reports"]
    quality = json.loads((repository.folder / reports["codequality"]).read_text())
    assert [one["location"]["path"] for one in quality] == ["articles/reprint.txt"]
    assert ElementTree.parse(repository.folder / reports["junit"]).getroot().tag == "testsuites"
    assert (repository.folder / "reports" / "dedup.html").exists()


def test_the_gitlab_job_of_a_merge_request_looks_at_the_change_alone(repository):
    base = repository.git("rev-parse", "HEAD").strip()
    assert run_script(repository, CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 0
    repository.write("articles/again.txt", NEW + OLD)
    assert run_script(repository, CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 1


def test_the_pre_commit_example_names_a_hook_that_exists():
    (repository,) = yaml.safe_load((ROOT / "docs" / "ci" / "pre-commit.yml").read_text())["repos"]
    there = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in repository["hooks"]} <= there
