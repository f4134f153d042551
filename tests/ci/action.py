"""Runs the shell steps of a composite action, as the runner of GitHub Actions would, and lists the others."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
CONDITION = re.compile(r"(\S+) (==|!=) '(.*)'")
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]


class Ran(NamedTuple):
    """What a run of the action did."""

    failed: str
    """Name of the step that failed; the others after it did not run."""
    outputs: dict[str, str]
    used: list[str]
    """Actions that would have run."""
    summary: str
    log: str


def load(root: Path) -> dict[str, Any]:
    """The action of a repository."""
    action: dict[str, Any] = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    return action


def run(
    root: Path, folder: Path, environment: dict[str, str], skip: tuple[str, ...] = ("install",), **given: str
) -> Ran:
    """Run the action in a folder.

    Args:
        root: of the repository with the action.
        folder: the workspace.
        environment: of the runner.
        skip: ids of steps that are left out.
        given: inputs, with `_` for `-`; they must be inputs of the action.
    """
    action = load(root)
    inputs = {name: str(one.get("default", "")) for name, one in action["inputs"].items()}
    chosen = {name.replace("_", "-"): value for name, value in given.items()}
    assert set(chosen) <= set(inputs)
    known = {f"inputs.{name}": value for name, value in {**inputs, **chosen}.items()}
    known["github.action_path"] = str(root)
    used, log, failed = [], "", ""
    summary = folder.parent / "summary.md"
    summary.touch()
    for step in action["runs"]["steps"]:
        if failed or step.get("id") in skip or not _holds(step.get("if", ""), known):
            continue
        if "uses" in step:
            used.append(step["uses"])
            continue
        written = folder.parent / f"output-{step['id']}"
        written.write_text("")
        done = subprocess.run(
            [*SHELL, step["run"]],
            cwd=folder / _filled(step.get("working-directory", "."), known),
            env={
                **environment,
                **{name: _filled(value, known) for name, value in step.get("env", {}).items()},
                "GITHUB_OUTPUT": str(written),
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_ACTIONS": "true",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        log += done.stdout + done.stderr
        failed = step["name"] if done.returncode else ""
        for line in written.read_text().splitlines():
            name, _, value = line.partition("=")
            known[f"steps.{step['id']}.outputs.{name}"] = value
    outputs = {name: _filled(one["value"], known) for name, one in action["outputs"].items()}
    return Ran(failed, outputs, used, summary.read_text(encoding="utf-8"), log)


def _filled(text: str, known: dict[str, str]) -> str:
    return EXPRESSION.sub(lambda found: known.get(found[1], ""), text)


def _holds(condition: str, known: dict[str, str]) -> bool:
    """Whether all parts of a condition hold; only `a == 'b'` and `a != 'b'`, joined by `&&`, are known here."""
    for part in filter(None, condition.split(" && ")):
        found = CONDITION.fullmatch(part)
        assert found, f"this runner does not know the condition {part!r}"
        if (known.get(found[1], "") == found[3]) != (found[2] == "=="):
            return False
    return True
