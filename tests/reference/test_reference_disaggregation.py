"""Temporal disaggregation against published numbers and independent programs.

* IMF, Quarterly National Accounts Manual (Bloem, Dippelsman and Maehle 2001), example 6.2: the proportional Denton method
  with two benchmarks and a year of extrapolation. The figures were read in the test suite of statsmodels, which takes them
  from the manual.
* Denton (1971), the example of five annual totals; quarters as Stata's ``denton`` gives them, from the same place.
* gretl 2022c on statsmodels' macrodata: annual sums of real consumption spread over quarters with real GDP,
  ``tdisagg(A, X, 4, defbundle("method", m))`` with m = chow-lin-mle (R's chow-lin-maxlog), fernandez, denton-pfd.
"""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.tsa.interp import dentonm

from cryptorisk.stats.disaggregation import disaggregate


def test_imf_manual_example_6_2():
    indicator = np.array([98.2, 100.8, 102.2, 100.8, 99.0, 101.6, 102.7, 101.5, 100.5, 103.0, 103.5, 101.5])
    group = np.repeat([0, 1, -1], 4)
    found = disaggregate(np.array([4000.0, 4161.4]), group, indicator, method="denton-cholette")
    published = [969.8, 998.4, 1018.3, 1013.4, 1007.2, 1042.9, 1060.3, 1051.0, 1040.6, 1066.5, 1071.7, 1051.0]
    assert found.values == pytest.approx(published, abs=0.06)


def test_denton_1971():
    indicator = np.tile([50.0, 100.0, 150.0, 100.0], 5)
    totals = np.array([500.0, 400.0, 300.0, 400.0, 500.0])
    found = disaggregate(totals, np.repeat(np.arange(5), 4), indicator, method="denton-cholette")
    stata = [64.334796, 127.80616, 187.82379, 120.03526, 56.563894, 105.97568, 147.50144, 89.958987]
    stata += [40.547201, 74.445963, 108.34473, 76.66211, 42.763347, 94.14664, 153.41596, 109.67405]
    stata += [58.290761, 122.62556, 190.41409, 128.66959]
    assert found.values == pytest.approx(stata, abs=1e-4)


def test_as_statsmodels_with_months_and_extrapolation():
    rng = np.random.default_rng(1)
    indicator = np.exp(np.cumsum(0.1 * rng.standard_normal(67)))
    totals = np.array([10.0, 14.0, 9.0, 30.0, 25.0])
    group = np.append(np.repeat(np.arange(5), 12), [-1] * 7)
    found = disaggregate(totals, group, indicator, method="denton-cholette")
    assert found.values == pytest.approx(dentonm(indicator, totals, freq="other", k=12), rel=1e-8)


GRETL = {
    "chow-lin": {
        "coefficients": (-306.4175136, 0.7121037446),
        "errors": (76.90266388, 0.009408324276),
        "rho": 0.9476078031,
        "likelihood": -326.9948344,
        "values": [
            1696.87450962,
            1748.21763830,
            1747.22504344,
            1754.28280864,
            4202.22895355,
            6283.06316024,
            9148.24787142,
            8989.02728183,
            8967.22493613,
            9025.95767440,
        ],
    },
    "fernandez": {
        "coefficients": (-103.4282969, 0.6658926828),
        "errors": (85.45896055, 0.02841192583),
        "rho": np.nan,
        "likelihood": -326.756377,
        "values": [
            1701.37326989,
            1747.18538124,
            1745.44012964,
            1752.60121923,
            4201.06260243,
            6281.91697314,
            9159.77162239,
            9015.59919764,
            8999.68036717,
            9058.83627543,
        ],
    },
    "denton-cholette": {
        "values": [
            1702.79345466,
            1746.24084466,
            1745.05299952,
            1752.51270116,
            4203.04702331,
            6281.69500061,
            9154.37106740,
            9003.55498574,
            8986.90259441,
            9048.78448552,
        ],
    },
}
QUARTERS = np.array([1, 2, 3, 4, 100, 150, 200, 201, 202, 203]) - 1


@pytest.mark.parametrize("method", GRETL)
def test_as_gretl(method):
    data = sm.datasets.macrodata.load_pandas().data[["realcons", "realgdp"]].to_numpy()
    totals = data[:200, 0].reshape(-1, 4).sum(axis=1)
    group = np.append(np.repeat(np.arange(50), 4), [-1] * 3)
    constant = [] if method == "denton-cholette" else [np.ones(203)]
    found = disaggregate(totals, group, np.column_stack([*constant, data[:, 1]]), method=method)
    expected = GRETL[method]
    assert found.values[QUARTERS] == pytest.approx(expected["values"], rel=1e-8)
    if "rho" in expected:
        assert found.coefficients == pytest.approx(expected["coefficients"], rel=1e-6)
        assert found.coefficient_errors == pytest.approx(expected["errors"], rel=1e-6)
        assert found.rho == pytest.approx(expected["rho"], abs=1e-7, nan_ok=True)
        assert found.log_likelihood == pytest.approx(expected["likelihood"], abs=1e-6)
