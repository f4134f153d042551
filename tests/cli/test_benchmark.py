"""The benchmark script runs end to end, names what is missing and fails when contenders disagree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "benchmark.py"
SEED = ROOT / "seeds" / "nato-summit-pasted-twice.txt"


def run_script(*arguments: str | Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the benchmark, with `path` before the PATH of the tests."""
    env = {**os.environ, "PATH": os.pathsep.join([*([path] if path else []), os.environ["PATH"]])}
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)


def rows_of(output: str, name: str) -> list[str]:
    """The lines of all tables that begin with a contender's name."""
    return [line for line in output.splitlines() if line.split(maxsplit=1)[:1] == [name]]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny corpus of the seed and a variant of it."""
    folder = tmp_path_factory.mktemp("sources")
    text = SEED.read_text(encoding="utf-8")
    records = [{"id": "a", "text": text}, {"id": "b", "text": text.replace("NATO", "Nato")}, {"id": "none"}]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    out = tmp_path_factory.mktemp("corpus")
    built = run_script("corpus", folder, "--out", out, "--quick")
    assert built.returncode == 0, built.stderr
    return out


@pytest.fixture
def fake_gawk(tmp_path: Path) -> str:
    """A folder with a gawk that prints something else than awk does."""
    program = tmp_path / "gawk"
    program.write_text("#!/bin/sh\necho wrong\n", encoding="utf-8")
    program.chmod(0o755)
    return str(tmp_path)


def test_corpus_says_what_each_file_is(corpus: Path) -> None:
    """corpus.json describes every file; sizes keep to the limits and templates to the number of copies."""
    files = {entry["file"]: entry for entry in json.loads((corpus / "corpus.json").read_bytes())["files"]}
    assert set(files) == {path.name for path in corpus.iterdir() if path.is_file()} - {"corpus.json"}
    assert {"senate.jsonl", "senate.txt.gz", "figures-100k.txt"} < set(files)
    assert 900_000 < files["mixed.txt"]["bytes"] <= 1_000_000
    assert files["templates-1m.txt"]["lines"] == 1000
    assert all(entry["made"] and len(entry["xxh3_128"]) == 32 for entry in files.values())


def test_templates_differ_in_at_most_eight_words(corpus: Path) -> None:
    """Copies of the template have 60 words, at most four changed in each, so that two differ in eight."""
    lines = [line.split() for line in (corpus / "templates-1m.txt").read_text(encoding="utf-8").splitlines()]
    assert {len(words) for words in lines} == {60}
    assert max(sum(a != b for a, b in zip(words, lines[0], strict=True)) for words in lines) <= 8


def test_run_shows_every_contender(corpus: Path, tmp_path: Path) -> None:
    """The chosen contenders are measured, the others listed; every section has its bars."""
    told = tmp_path / "result.json"
    done = run_script("run", corpus, "--quick", "--only", "wc,sort,awk,dedup", "--json", told)
    assert done.returncode == 0, done.stderr
    for name in (
        "wc",
        "sort",
        "awk",
        "gawk",
        "mawk",
        "dedup-1",
        "dedup-2",
        "dedup-line",
        "dedup-exact",
        "datasketch",
        "rensa",
    ):
        assert rows_of(done.stdout, name), name
    for name in ("wc", "sort", "awk", "dedup", "dedup-1", "dedup-2", "dedup-line", "dedup-exact"):
        assert not any("missing" in line or "FAILED" in line for line in rows_of(done.stdout, name)), name
    result = json.loads(told.read_bytes())
    assert len(result["sections"]) == 12
    assert all(section["bars"] for section in result["sections"])
    assert all(measured["samples"] for measured in result["measurements"])


def test_run_fails_when_contenders_disagree(corpus: Path, fake_gawk: str) -> None:
    """A contender with another digest than those it should agree with makes the run exit 1, and is named."""
    done = run_script("run", corpus, "--quick", "--only", "senate", "awk,gawk", path=fake_gawk)
    assert done.returncode == 1
    assert "disagreement (exact lines) on senate.txt: awk" in done.stderr


def test_run_fails_when_a_contender_fails(corpus: Path, tmp_path: Path) -> None:
    """A contender that exits with an error is marked in the table and makes the run exit 1."""
    program = tmp_path / "wc"
    program.write_text("#!/bin/sh\necho no >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    done = run_script("run", corpus, "--quick", "--only", "senate", "wc", path=str(tmp_path))
    assert done.returncode == 1
    assert "wc on senate.txt: exit status 3: no" in done.stderr
    assert any("FAILED" in line for line in rows_of(done.stdout, "wc"))


def test_run_rejects_unknown_names(corpus: Path) -> None:
    """--only with a name that is neither section nor contender is a usage error."""
    done = run_script("run", corpus, "--only", "senate,nonesuch")
    assert done.returncode == 2
    assert "nonesuch" in done.stderr
