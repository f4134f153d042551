"""The options table: defaults, ranges, messages."""

from __future__ import annotations

import dataclasses

import pytest

from dedup.errors import UsageError
from dedup.settings import DEFAULTS, OPTIONS, Settings, flag


def test_no_default_changes_by_accident():
    """They are part of the answer: a change of one is a new minor version, and README.md names them."""
    assert DEFAULTS == {
        "unit": "auto",
        "threshold": 0.6,
        "recall": 0.95,
        "shingle_words": 3,
        "min_words": 8,
        "keep_pattern": "",
        "protect": "",
        "max_gap": 1,
        "remove": "redundant",
        "scope": "corpus",
        "min_block_words": 40,
        "bucket_capacity": 16,
        "format": "auto",
        "text_field": "text",
        "id_field": "",
        "encoding": "",
        "empty": "keep",
        "prefer": "first",
        "date_field": "",
        "on_error": "skip",
        "engine": "auto",
        "threads": 0,
    }


def test_the_defaults_are_valid():
    assert Settings().validate() == Settings()


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_is_described(name):
    """Help, unit and a range or choices, or what a free text stands for: nothing in the table is left to guess."""
    option = OPTIONS[name]
    assert option.help.endswith(".")
    if option.metavar:
        assert (option.choices, option.unit, option.minimum, option.maximum) == ((), "", None, None)
        return
    assert bool(option.choices) != (option.minimum is not None and option.maximum is not None)
    assert bool(option.choices) != bool(option.unit)


@pytest.mark.parametrize("name", [name for name, option in OPTIONS.items() if option.maximum is not None])
def test_both_ends_of_a_range_belong_to_it(name):
    option = OPTIONS[name]
    for end in (option.minimum, option.maximum):
        Settings(**{name: end}).validate()


@pytest.mark.parametrize("name", [name for name, option in OPTIONS.items() if option.choices])
def test_every_choice_is_valid_and_another_is_not(name):
    for choice in OPTIONS[name].choices:
        Settings(**{name: choice}).validate()
    with pytest.raises(UsageError):
        Settings(**{name: "other"}).validate()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threshold", 0.09),
        ("threshold", 1.01),
        ("threshold", float("nan")),
        ("threshold", "0.7"),
        ("recall", 1.0),
        ("shingle_words", 0),
        ("shingle_words", 2.0),
        ("min_words", True),
        ("max_gap", -1),
        ("threads", -1),
        ("unit", None),
        ("unit", ["line"]),
    ],
)
def test_a_value_outside_says_what_where_and_what_to_do(name, value):
    """The message names the option, the value and the range; the remedy is a line that works."""
    with pytest.raises(UsageError) as caught:
        Settings(**{name: value}).validate()
    assert caught.value.exit_status == 2
    assert flag(name) in caught.value.message
    assert repr(value) in caught.value.message
    assert f"{flag(name)} {DEFAULTS[name]}" in caught.value.remedy


def test_the_message_reads_well():
    with pytest.raises(UsageError) as caught:
        Settings(threshold=1.7).validate()
    assert str(caught.value) == "--threshold cannot be 1.7: it is a number from 0.1 to 1.0 (similarity)"
    with pytest.raises(UsageError) as caught:
        Settings(scope="line").validate()
    assert str(caught.value) == "--scope cannot be 'line': it is corpus or document"


def test_how_it_runs_does_not_determine_the_answer():
    answer = Settings(engine="reference", threads=7).answer_settings()
    assert answer == Settings().answer_settings()
    assert set(DEFAULTS) - set(answer) == {"engine", "on_error", "threads"}


def test_a_whole_number_for_a_share_is_the_same_answer():
    """1 and 1.0 must not give two digests."""
    assert repr(Settings(threshold=1).answer_settings()) == repr(Settings(threshold=1.0).answer_settings())


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().threshold = 0.8
