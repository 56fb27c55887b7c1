"""Hansen and Seo (2002): the term structure of interest rates in the United States.

Data: yields of zero-coupon bonds of ten years and one year, 482 months from January 1951 (McCulloch and Kwon 1993, Ohio
State University Working Paper 93-6), as Hansen and Seo used them and R's package tsDyn carries them (`zeroyld`). Statistics:
what the authors' program gives with 300 thresholds and a trim of 5 %, noted in tsDyn's tests of `TVECM.HStest`; the paper
prints p-values alone.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from cryptorisk.stats.pair_model import pair_design
from cryptorisk.stats.pair_slope import likely_slope
from cryptorisk.stats.split_sums import threshold_grid
from cryptorisk.stats.sup_lm import lm_values, sup_lm
from cryptorisk.stats.threshold_vecm import fit_threshold_vecm


@pytest.fixture(scope="module")
def yields():
    with (Path(__file__).parent / "us_zero_yields.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 482
    return np.array([[float(row["months_120"]), float(row["months_12"])] for row in rows])


@pytest.mark.parametrize(
    ("lags", "slope", "published"),
    [
        (1, None, 20.5994),
        (2, None, 28.2562),
        (3, None, 29.9405),
        (1, 1.0, 21.5586),
        (2, 1.0, 29.5295),
    ],
)
def test_the_statistic_is_that_of_the_authors_program(yields, lags, slope, published):
    b = likely_slope(yields, lags) if slope is None else slope
    left, z = pair_design(yields, lags, b)
    values = lm_values(left, z, threshold_grid(z[:, 1], 300, 0.05))
    assert values.max() == pytest.approx(published, abs=5e-5)


def test_a_threshold_is_found_in_the_term_structure(yields):
    """A few months in which short rates stood well above long ones, and fell fast; else hardly any pull (their abstract)."""
    found = sup_lm(yields, lags=1, trim=0.05, rng=np.random.default_rng(1), replications=199)
    assert found.p_fixed < 0.1
    assert found.p_residual < 0.12
    model = fit_threshold_vecm(yields, lags=1, trim=0.05, grid=300, slopes=300)
    assert model.cost < model.linear_cost
    assert model.regimes[0].n / model.n == pytest.approx(0.08, abs=0.01)
    assert model.regimes[0].speeds[1] > 4 * model.regimes[0].speed_errors[1]
    assert abs(model.regimes[1].speeds[0]) < 2 * model.regimes[1].speed_errors[0]
