"""Reference values of the minimum-variance share: arithmetic and ten-year samples of real economies."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from cryptorisk.models.substitution.sample import monthly_sample
from cryptorisk.params import Params
from cryptorisk.stats import mvp

HORIZONS = (1, 3, 6, 12, 24)

# Computed independently of this package from monthly consumer prices (World Bank, A Global Database of Inflation,
# April 2024) and the IMF's monthly official rates: the last 120 overlapping h-month log changes that end at the last
# month with both. The samples end in 2023-12, but ETH 2023-06, NGA 2023-09, KEN 2023-02.
TEN_YEARS = {
    "TUR": (0.21, 0.31, 0.51, 0.72, 0.97),
    "ETH": (0.01, 0.19, 0.42, 0.73, 1.01),
    "PAK": (0.13, 0.28, 0.37, 0.49, 0.53),
    "GHA": (0.04, 0.12, 0.26, 0.37, 0.46),
    "UKR": (0.04, 0.18, 0.30, 0.35, 0.37),
    "EGY": (0.08, 0.14, 0.20, 0.26, 0.29),
    "NGA": (0.03, 0.06, 0.08, 0.12, 0.16),
    "KEN": (-0.04, -0.05, 0.04, 0.11, 0.08),
}


def test_v17_share_is_the_argmin_of_the_variance():
    """Ize and Levy Yeyati (2003): Var(pi) 9, Var(s) 4, Cov 1.5 give (9 + 1.5) / (9 + 4 + 3)."""
    share = mvp.share(9, 4, 1.5)
    assert share == pytest.approx(0.65625)

    def variance(x):
        return (1 - x) ** 2 * 9 + x**2 * 4 - 2 * x * (1 - x) * 1.5

    assert minimize_scalar(variance).x == pytest.approx(share, abs=1e-6)


def test_v17_limits():
    assert mvp.share(5, 5, 0) == pytest.approx(0.5)
    assert mvp.share(3, 1e-12, 0) == pytest.approx(1.0)
    assert mvp.share(1e-12, 3, 0) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("iso3", sorted(TEN_YEARS))
def test_term_structure_of_ten_years(inputs_for, iso3):
    sample = monthly_sample(inputs_for(iso3), Params(country=iso3))
    found = mvp.term_structure(sample.inflation, sample.real_return, HORIZONS, window=120)
    assert [one.share for one in found] == pytest.approx(TEN_YEARS[iso3], abs=0.0061)
    assert all(one.n == 120 for one in found)


@pytest.mark.parametrize("iso3", ["BRA", "ZAF"])
def test_term_structure_about_zero(inputs_for, iso3):
    sample = monthly_sample(inputs_for(iso3), Params(country=iso3))
    found = mvp.term_structure(sample.inflation, sample.real_return, HORIZONS, window=120)
    assert np.abs([one.share for one in found]).max() < 0.05
