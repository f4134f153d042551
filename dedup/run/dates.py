"""Dates of records, to tell the newer from the older."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

OLDEST = float("-inf")
"""The rank of what has no date that can be read."""

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?\Z")
_ORDINAL = re.compile(r"\A(\d{4})-?(\d{3})(?=[T ]|\Z)")
"""The day of a year, which Python does not read."""
_SECONDS = re.compile(r"-?\d{9,10}(?:\.\d+)?\Z")
_END_OF_DAY = re.compile(r"(?<=[T ])24(?=:?00(?::?00(?:[.,]0+)?)?(?:[Z+-]|\Z))")
"""Python reads it from 3.13 on; the answer is to be the same with any."""
_MILLISECONDS = re.compile(r"-?\d{12,13}(?:\.\d+)?\Z")
_MAIL = re.compile(
    r"(?:[a-z]{3},?\s+)?\d{1,2}\s+[a-z]{3}\s+(?:\d{2}|\d{4})\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[+-]\d{4}|[a-z]+))?"
    r"(?:\s+\(.*\))?\Z",
    re.IGNORECASE,
)
"""As in mail and in feeds: `Wed, 26 Nov 2025 08:00:00 +0000`."""


def read_date(text: str | None) -> float:
    """Seconds since 1970 for a date in ISO 8601, whole or in part, for one as in mail (RFC 2822), or for a Unix time.

    OLDEST for anything else. Without a time zone, or with one whose name mail does not know, a date counts as UTC; a
    year or a month counts as its first day.

    >>> read_date("1970-01-02"), read_date("1970-01-01T01:00:00+01:00"), read_date("1970"), read_date("19700102")
    (86400.0, 0.0, 0.0, 86400.0)
    >>> read_date("1970-002"), read_date("1970002T01:00Z"), read_date("1970-W01-5"), read_date("1970-366")
    (86400.0, 90000.0, 86400.0, -inf)
    >>> read_date("1970-01-01T24:00"), read_date("1970-01-01t00:00z")
    (86400.0, 0.0)
    >>> read_date("1084204800"), read_date("1084204800000"), read_date("1084204800000.0")
    (1084204800.0, 1084204800.0, 1084204800.0)
    >>> read_date("Thu, 01 Jan 1970 01:00:00 +0100"), read_date("2 Jan 70 00:00 GMT"), read_date("1 Jan 1970 00:00 EST")
    (0.0, 86400.0, 18000.0)
    >>> read_date("last May"), read_date(None)
    (-inf, -inf)
    """
    text = (text or "").strip()
    if partial := _PARTIAL.match(text):
        text = f"{partial[1]}-{partial[2] or '01'}-01"
    if _SECONDS.match(text):
        return float(text)
    if _MILLISECONDS.match(text):
        return float(text) / 1000
    try:
        found = _read_mail(text) if _MAIL.match(text) else _read_iso(text)
    except (ValueError, OverflowError):
        return OLDEST
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _read_iso(text: str) -> datetime:
    text, days = _END_OF_DAY.subn("00", _ORDINAL.sub(_month_and_day, text.upper(), count=1))
    return datetime.fromisoformat(text) + timedelta(days)


def _month_and_day(ordinal: re.Match[str]) -> str:
    """`2024-061` is `2024-03-01`. Raises ValueError: the year has no such day."""
    year, number = int(ordinal[1]), int(ordinal[2])
    day = date(year, 1, 1) + timedelta(number - 1)
    if day.year != year:
        raise ValueError
    return day.isoformat()


def _read_mail(text: str) -> datetime:
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(text)
