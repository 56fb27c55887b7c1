"""Periods and the day that stands for each."""

from __future__ import annotations

import datetime as dt

import pytest

from cryptorisk.data.periods import frequency_of, month_end, period_end, snap


@pytest.mark.parametrize(
    ("text", "end", "frequency"),
    [
        ("2024", "2024-12-31", "A"),
        ("2023 (undated page)", "2023-12-31", "A"),
        ("2024-Q1", "2024-03-31", "Q"),
        ("2024Q4", "2024-12-31", "Q"),
        ("2024-02", "2024-02-29", "M"),
        ("2024-06-15", "2024-06-15", "D"),
        ("2023-07-01/2024-06-30", "2024-06-30", "A"),
        ("2023-07/2024-06", "2024-06-30", "A"),
    ],
)
def test_period_end(text: str, end: str, frequency: str) -> None:
    assert period_end(text) == dt.date.fromisoformat(end)
    assert frequency_of(text) == frequency


@pytest.mark.parametrize("text", ["", "24", "2024-Q5", "2024-13", "2024-02-30", "yesterday", "nan", "2024-1"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        period_end(text)


def test_snapping_to_a_frequency() -> None:
    day = dt.date(2024, 5, 3)
    assert snap(day, "A") == dt.date(2024, 12, 31)
    assert snap(day, "Q") == dt.date(2024, 6, 30)
    assert snap(day, "M") == dt.date(2024, 5, 31)
    assert snap(day, "W") == snap(day, "D") == day
    assert month_end(2023, 2) == dt.date(2023, 2, 28)
