"""Measure what `dedup` finds and what it loses, beside plain rules and public pipelines.

    python scripts/evaluate.py pairs [FILE]           precision and recall on labelled pairs, or on ours
    python scripts/evaluate.py planted ARTICLES...    recall on copies with noise, by kind; false removals
    python scripts/evaluate.py natural ARTICLES...    what is removed of 10,000 different paragraphs, to be read

ARTICLES are folders and files of whatever `dedup clean` reads: text, JSON Lines, compressed. Markdown goes to
standard output, `--json FILE` takes all counts, and what is being done is told on standard error. docs/evaluation.md
says how it is measured and what was found.

Exit status: 0 measured; 1 with `--bars`, when a bar is missed or was not measured; 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from evaluation import contenders, natural, pairs, planted, tables

from dedup.engine.select import select
from dedup.errors import InputSkipped, UsageError
from dedup.planting.articles import Article
from dedup.planting.reading import sample_articles
from dedup.settings import DEFAULTS, OPTIONS, Settings
from dedup.sources.paths import list_files

ROOT = Path(__file__).resolve().parent.parent
PAIRS_FILE = ROOT / "tests" / "data" / "labelled_pairs.jsonl"
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.60
MODES = ("exact", "redundant", "similar")


def say(line: str) -> None:
    """What is being done."""
    print(f"evaluate: {line}", file=sys.stderr, flush=True)


def write(parts: Iterable[str]) -> None:
    """Paragraphs of Markdown to standard output."""
    for part in parts:
        print(f"{part}\n", flush=True)


def known_modes() -> list[str]:
    """What `--remove` can be in the installed version, in the order of this script."""
    return [mode for mode in MODES if mode in OPTIONS["remove"].choices]


def strictest() -> str:
    """The mode that is judged: `redundant` where the installed version has it."""
    return "redundant" if "redundant" in known_modes() else "similar"


def run_pairs(options: argparse.Namespace) -> list[planted.Bar]:
    """Labelled pairs under the plain rules and every mode."""
    labelled = pairs.read_pairs(options.file)
    modes = [mode for mode in known_modes() if mode not in ("exact", strictest())]
    chosen = [settings_of(options, mode) for mode in (*modes, strictest())]
    verdicts = pairs.judge(labelled, chosen)
    write(tables.pairs_tables(verdicts, pairs.mistakes(labelled, chosen[-1]), show=options.mistakes))
    save(options, {"pairs": [{**v._asdict(), "precision": v.precision, "recall": v.recall} for v in verdicts]})
    ours = verdicts[-1]
    demands = (("precision", LEAST_PRECISION, ours.precision), ("recall", LEAST_RECALL, ours.recall))
    return [
        planted.Bar(f"{ours.rule}: {name}", f">= {least:.2f}", found, None if found is None else found >= least)
        for name, least, found in demands
    ]


def run_planted(options: argparse.Namespace) -> list[planted.Bar]:
    """Planted copies under every mode, and the public pipelines that are installed."""
    articles = articles_of(options)
    others = contenders.available() if options.contenders else {}
    if options.contenders and len(others) < 2:
        say("pip install datasketch rensa to have both pipelines in the tables")
    cleaning = planted.ways(settings_of(options, "exact"), known_modes(), others)
    plan = planted.Plan(options.seed, options.rounds, options.changed)
    results = planted.evaluate(articles, cleaning, plan, say)
    write(tables.planted_tables(results))
    save(options, planted.as_dict(results))
    return planted.bars(results)


def run_natural(options: argparse.Namespace) -> list[planted.Bar]:
    """Articles as they are."""
    articles = natural.take_paragraphs(articles_of(options, short=True), options.paragraphs)
    removals = natural.find_removals(articles, settings_of(options, options.remove or strictest()))
    write(tables.removals_list(removals, sum(len(article.paragraphs) for article in articles)))
    save(options, {"removed": [removal._asdict() for removal in removals]})
    return []


def articles_of(options: argparse.Namespace, *, short: bool = False) -> list[Article]:
    """The sample of articles; with `short` those too that nothing can be planted from.

    Raises:
        UsageError: there are too few.
    """
    skipped: list[InputSkipped] = []
    settings = settings_of(options, "exact")
    found = list_files(str(path) for path in options.articles)
    engine = select("auto", settings)
    articles = sample_articles(found, settings, engine, options.most, options.seed, skipped, short=short).articles
    for one in skipped:
        say(one.message)
    if len(articles) < 2:
        raise UsageError(
            f"only {len(articles)} articles with three paragraphs of a dozen words that do not repeat others",
            "Give more text, or --unit if paragraphs are not recognised.",
        )
    say(f"{len(articles):,} articles")
    return articles


def settings_of(options: argparse.Namespace, mode: str) -> Settings:
    """The defaults, but for what the command line says."""
    given = {name: getattr(options, name, None) for name in ("threshold", "shingle_words", "unit")}
    return Settings(remove=mode, **{name: value for name, value in given.items() if value is not None}).validate()


def save(options: argparse.Namespace, facts: dict[str, Any]) -> None:
    """All counts as JSON, where that was asked for."""
    if options.json is not None:
        options.json.write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="pairs | planted | natural")
    one = _add(commands, "pairs", run_pairs)
    one.add_argument("file", type=Path, nargs="?", default=PAIRS_FILE, help="JSON Lines: kept, candidate, label, more")
    one.add_argument("--mistakes", action="store_true", help="show the pairs that our rule gets wrong")
    two = _add(commands, "planted", run_planted)
    _add_articles(two)
    two.add_argument("--rounds", type=int, default=3, help="of planting every kind (default 3)")
    two.add_argument("--changed", type=int, default=2000, help="paragraphs of each changed fact (default 2000)")
    two.add_argument("--contenders", action=argparse.BooleanOptionalAction, default=True)
    three = _add(commands, "natural", run_natural)
    _add_articles(three)
    three.add_argument("--paragraphs", type=int, default=10_000, help="default 10000")
    three.add_argument("--remove", choices=known_modes(), help=f"default {strictest()}")
    return parser.parse_args(argv)


def _add(commands: Any, name: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, description=run.__doc__)
    parser.set_defaults(run=run)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all counts")
    parser.add_argument("--bars", action="store_true", help="exit status 1 if a bar is missed")
    parser.add_argument("--threshold", type=float, help=f"of our modes (default {DEFAULTS['threshold']})")
    parser.add_argument("--shingle-words", type=int, help=f"default {DEFAULTS['shingle_words']}")
    return parser


def _add_articles(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("articles", type=Path, nargs="+", help="folders and files, as for dedup clean")
    parser.add_argument("--most", type=int, default=3000, help="articles in the sample (default 3000)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample and of all noise (default 1)")
    parser.add_argument("--unit", default="auto", choices=OPTIONS["unit"].choices)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, judge."""
    options = parse(argv)
    try:
        found = options.run(options)
    except UsageError as error:
        say(f"{error.message}\n          {error.remedy}")
        return 2
    if found:
        write([tables.bars_table(found)])
    return int(options.bars and not all(one.met for one in found))


if __name__ == "__main__":
    sys.exit(main())
