import pytest

from cryptorisk.estimate import Estimate
from cryptorisk.periods import period_end
from cryptorisk.words import (
    LIKELIHOOD_SCALE,
    at_worst,
    clause,
    count_of,
    likelihood,
    listing,
    significance,
    years_by_sign,
)


def between(low, high):
    return Estimate("a.b", "X", (low + high) / 2, "pct", low=low, high=high, level=0.9, interval="confidence")


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1, "virtually certain"),
        (0.95, "very likely"),
        (0.66, "likely"),
        (0.5, "about as likely as not"),
        (0.05, "very unlikely"),
        (0, "exceptionally unlikely"),
    ],
)
def test_likelihood_words(probability, word):
    assert likelihood(probability) == word


def test_the_scale_has_one_word_for_each_probability():
    bounds = [bound for bound, _ in LIKELIHOOD_SCALE]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        likelihood(1.2)


def test_significance_knows_the_interval():
    assert significance(between(1, 2)) == "above"
    assert significance(between(-2, -1)) == "below"
    assert significance(between(-1, 1)) == "not distinguishable from"
    assert significance(Estimate("a.b", "X", 0.0, "pct")) == "equal to"


def test_clause_and_listing():
    missing = Estimate.missing("a.b", "X", "pct", "No data")
    assert clause(missing) == "not available, because no data"
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert listing([]) == ""


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("2024", "2024-12-31"),
        ("2024-07/2025-06", "2025-06-30"),
        ("2025-Q1", "2025-03-31"),
        ("2026-06-01", "2026-06-01"),
        ("", "None"),
        ("no date", "None"),
    ],
)
def test_the_end_of_a_period(period, end):
    assert str(period_end(period)) == end


def test_counts_of_years_in_words():
    assert count_of(0, 5) == "none of the five"
    assert count_of(2, 5) == "two of the five"
    assert count_of(5, 5) == "all five"


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ([(1, 2)] * 5, "an outflow in all five years"),
        (
            [(1, 2), (-0.8, 1.6), (0.1, 3)],
            "an outflow in two of the three years; the sign of one is not told",
        ),
        ([(-2, -1), (-0.5, 0.5)], "an inflow in one of the two years; the sign of one is not told"),
        ([(1, 2), (-2, -1)], "an outflow in one of the two years, an inflow in one"),
        ([(-1, 1), (-1, 1)], "of a sign that is told in none of the two years"),
    ],
)
def test_a_year_counts_by_its_whole_range(ranges, words):
    assert years_by_sign(ranges, "an outflow", "an inflow") == words


def test_an_adjective_holds_over_the_whole_range():
    def word(value):
        return "large" if value > 50 else "small"

    assert at_worst(word, 60, 90) == "large"
    assert at_worst(word, 40, 90) == "at least small"
