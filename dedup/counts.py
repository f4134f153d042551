"""Counts and shares in words."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """A number and what it counts, in the plural but for one.

    >>> count(1, "block"), count(0, "block"), count(46597, "paragraph")
    ('1 block', '0 blocks', '46,597 paragraphs')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


def line_span(first: int, last: int) -> str:
    """The lines from one to another.

    >>> line_span(3, 3), line_span(18, 1034)
    ('line 3', 'lines 18-1,034')
    """
    return f"line {first:,}" if first == last else f"lines {first:,}-{last:,}"


def percent(part: int, whole: int) -> str:
    """A share that never says 0 % of something or 100 % of less than everything.

    >>> percent(1, 2), percent(1, 1000), percent(999, 1000), percent(0, 5), percent(0, 0)
    ('50 %', 'under 1 %', 'over 99 %', '0 %', '0 %')
    """
    if not part:
        return "0 %"
    rounded = round(100 * part / whole)
    if rounded == 0:
        return "under 1 %"
    return "over 99 %" if rounded == 100 and part < whole else f"{rounded} %"
