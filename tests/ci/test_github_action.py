"""The composite action: its shell steps run here as they stand in action.yml."""

from __future__ import annotations

import json
import os

import pytest

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

from . import action  # noqa: E402  # needs PyYAML
from .conftest import NEW, OLD, ROOT  # noqa: E402

SARIF = "github/codeql-action/upload-sarif@v3"
ARTIFACT = "actions/upload-artifact@v4"


def test_a_repeat_fails_after_the_reports_are_there(repository):
    ran = action.run(ROOT, repository.folder, repository.environment, paths="articles", upload_sarif="true")
    assert ran.failed == "Pass or fail"
    assert ran.outputs["status"] == "1"
    assert ran.outputs["findings"] == "1"
    assert ran.outputs["words"] == str(len(OLD.replace("engineer's", "engineer s").replace("4.1", "4 1").split()))
    assert 0 < float(ran.outputs["percent"]) < 100
    assert ran.used == ["actions/setup-python@v5", ARTIFACT, SARIF]
    sarif = json.loads((repository.folder / ran.outputs["sarif"]).read_text())
    assert len(sarif["runs"][0]["results"]) == 1
    assert (repository.folder / ran.outputs["html"]).read_text().startswith("<!doctype html>")
    assert "articles/reprint.txt" in ran.summary
    assert "::warning file=articles/reprint.txt,line=1,endLine=3" in ran.log


def test_only_what_a_change_adds_counts_with_since(repository):
    since = {"paths": "articles", "since": "HEAD"}
    assert action.run(ROOT, repository.folder, repository.environment, **since).failed == ""
    repository.write("articles/council.txt", OLD + "And a line of its own that stands nowhere else in the folder.\n")
    ran = action.run(ROOT, repository.folder, repository.environment, **since)
    assert (ran.failed, ran.outputs["findings"]) == ("Pass or fail", "1")


def test_limits_options_and_several_paths(repository):
    repository.write("other words.txt", "Nothing of this is anywhere else, and that is all there is to say about it.\n")
    given = {"paths": "articles\nother words.txt\n", "args": "--unit=line\n--max-blocks=5", "max_percent": "60"}
    ran = action.run(ROOT, repository.folder, repository.environment, **given)
    assert (ran.failed, ran.outputs["status"], ran.outputs["findings"]) == ("", "0", "1")


def test_a_baseline_makes_old_repeats_known(repository):
    made = repository.run(["dedup", "check", "articles", "--baseline", "known.txt", "--update-baseline"])
    assert made.returncode == 0, made.stderr
    ran = action.run(ROOT, repository.folder, repository.environment, paths="articles", baseline="known.txt")
    assert (ran.failed, ran.outputs["findings"]) == ("", "0")


def test_a_second_run_does_not_read_the_reports_of_the_first(repository):
    first = action.run(ROOT, repository.folder, repository.environment)
    second = action.run(ROOT, repository.folder, repository.environment)
    assert first.outputs == second.outputs


def test_what_the_configuration_leaves_out_is_left_out(repository):
    """A list of the command line takes its place, and the action had one."""
    repository.write("dedup.toml", 'exclude = ["reprint.txt"]\n')
    ran = action.run(ROOT, repository.folder, repository.environment)
    assert (ran.failed, ran.outputs["findings"]) == ("", "0")


def test_reports_of_an_earlier_run_are_not_those_of_one_that_failed(repository):
    action.run(ROOT, repository.folder, repository.environment)
    ran = action.run(ROOT, repository.folder, repository.environment, args="--no-such-option")
    assert (ran.outputs["status"], ran.outputs["findings"], ran.outputs["sarif"]) == ("2", "", "")


def test_a_mistake_in_the_options_fails_without_outputs_but_the_status(repository):
    ran = action.run(ROOT, repository.folder, repository.environment, args="--no-such-option")
    assert (ran.failed, ran.outputs["status"], ran.outputs["findings"]) == ("Pass or fail", "2", "")
    assert ARTIFACT not in ran.used


def test_inputs_are_words_and_never_run(repository):
    hostile = "$(touch hacked)\n`touch hacked`; touch hacked"
    ran = action.run(ROOT, repository.folder, repository.environment, paths=hostile, args=hostile)
    assert ran.failed == "Pass or fail"
    assert not (repository.folder / "hacked").exists()


def test_it_works_in_another_folder(repository):
    ran = action.run(ROOT, repository.folder, repository.environment, working_directory="articles")
    assert ran.outputs["sarif"] == "articles/dedup-reports/dedup.sarif"
    found = json.loads((repository.folder / ran.outputs["sarif"]).read_text())["runs"][0]["results"]
    paths = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in found}
    assert paths
    assert all(path.startswith("articles/") and (repository.folder / path).exists() for path in paths)
    assert "::warning file=articles/" in ran.log


@pytest.mark.skipif(
    not os.environ.get("DEDUP_TEST_INSTALL"), reason="installs over the network: set DEDUP_TEST_INSTALL=1"
)
def test_the_install_step_installs_the_command(repository, tmp_path):
    assert repository.run(["python", "-m", "venv", str(tmp_path / "venv")]).returncode == 0
    path = f"{tmp_path}/venv/bin{os.pathsep}/usr/bin{os.pathsep}/bin"
    environment = {**repository.environment, "PATH": path, "PYTHONPATH": ""}
    ran = action.run(ROOT, repository.folder, environment, skip=(), paths="articles")
    assert ran.outputs["findings"] == "1", ran.log


def test_the_example_workflow_uses_the_action_as_it_is(repository):
    workflow = yaml.safe_load((ROOT / "docs" / "ci" / "github.yml").read_text())
    steps = workflow["jobs"]["dedup"]["steps"]
    step = next(one for one in steps if one.get("id") == "dedup")
    assert set(step["with"]) <= set(action.load(ROOT)["inputs"])
    repository.git("branch", "base")
    repository.write("articles/again.txt", NEW + OLD)
    given = {**step["with"], "since": "base"}
    assert step["with"]["since"] == "origin/${{ github.base_ref }}"
    ran = action.run(
        ROOT, repository.folder, repository.environment, **{name.replace("-", "_"): one for name, one in given.items()}
    )
    assert ran.outputs["findings"] == "2"  # both passages of an article stand there, in another order
    assert SARIF in ran.used
