"""Published Poisson regressions with fixed effects, offsets and separated observations.

Ship damage: McCullagh and Nelder (1989), Generalized Linear Models, 2nd edition, table 6.2 (data) and 6.3 (estimates); the
rate ratios are those of Stata's manual for the same data. The separated cases are those of Correia, Guimaraes and Zylkin's
ppmlhdfe (MIT licence): guides/nonexistence_benchmarks.md and guides/csv, with what several programs make of them.
"""

import math

import numpy as np
import pandas as pd
import pytest

from cryptorisk.stats.gravity import ppml

SHIPS = """
A 60 60 127 0; A 60 75 63 0; A 65 60 1095 3; A 65 75 1095 4; A 70 60 1512 6; A 70 75 3353 18; A 75 75 2244 11;
B 60 60 44882 39; B 60 75 17176 29; B 65 60 28609 58; B 65 75 20370 53; B 70 60 7064 12; B 70 75 13099 44;
B 75 75 7117 18; C 60 60 1179 1; C 60 75 552 1; C 65 60 781 0; C 65 75 676 1; C 70 60 783 6; C 70 75 1948 2;
C 75 75 274 1; D 60 60 251 0; D 60 75 105 0; D 65 60 288 0; D 65 75 192 0; D 70 60 349 2; D 70 75 1208 11;
D 75 75 2051 4; E 60 60 45 0; E 65 60 789 7; E 65 75 437 7; E 70 60 1157 5; E 70 75 2161 12; E 75 75 542 1
"""


@pytest.fixture(scope="module")
def ships():
    rows = [row.split() for row in SHIPS.replace("\n", " ").split(";")]
    df = pd.DataFrame(rows, columns=["type", "built", "operated", "service", "damage"])
    df[["service", "damage"]] = df[["service", "damage"]].astype(float)
    df["months"] = np.log(df["service"])
    for year in ("65", "70", "75"):
        df[f"built_{year}"] = (df["built"] == year).astype(float)
    df["operated_75"] = (df["operated"] == "75").astype(float)
    return df


def test_ship_damage(ships):
    x = ["built_65", "built_70", "built_75", "operated_75"]
    fit = ppml(ships, "damage", x, ["type"], offset="months")
    assert fit.n == 34
    assert fit.converged
    assert fit.params.tolist() == pytest.approx([0.70, 0.82, 0.45, 0.38], abs=0.005)
    assert fit.deviance == pytest.approx(38.7, abs=0.05)  # 25 degrees of freedom
    ratios = np.exp(fit.params)
    assert ratios["operated_75"] == pytest.approx(1.468831, abs=1e-6)
    assert ratios["built_65"] == pytest.approx(2.008003, abs=2e-6)
    assert ratios["built_70"] == pytest.approx(2.26693, abs=1e-5)
    assert ratios["built_75"] == pytest.approx(1.573695, abs=1e-6)


def test_ten_observations_of_which_two_are_separated():
    """Stata's poisson and glm do not converge, ppml ends at 0.961; the estimate of the rest is 0.066."""
    df = pd.DataFrame(
        {
            "y": [0, 0, 0, 0, 0, 2, 3, 5, 7, 10],
            "x1": [0, 0, 0, 0, 1, 21, 0, 0, 0, -18],
            "x2": [1, 0, 0, 0, 9, 21, 0, 0, 0, -18],
            "x3": [0, 0, 0, 0, 0, 21, 0, 0, 0, 0],
        }
    ).astype(float)
    fit = ppml(df, "y", ["x1", "x2", "x3"])
    assert fit.dropped == {"separated": 2}
    assert fit.omitted == ("x2",)
    assert fit.params["x3"] == pytest.approx(0.066, abs=5e-4)


def test_twelve_observations_of_which_one_is_separated():
    """Published: constant 0.59095, x3 -0.47085 (0.23117), x4 -0.03779 (0.04375); x1 and x2 differ by the program."""
    df = pd.DataFrame(
        {
            "y": [0, 0, 0, 0, 0, 2, 2, 2, 2, 4, 6, 6],
            "x1": [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, -3, 0],
            "x2": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -3, 0],
            "x3": [2, 0, 0, 4, 0, 0, 0, -2, 0, -3, 0, 0],
            "x4": [10, -2, 6, 5, 3, 3, 4, 15, -7, 15, 4, 4],
        }
    ).astype(float)
    fit = ppml(df, "y", ["x1", "x2", "x3", "x4"])
    assert fit.dropped == {"separated": 1}
    assert fit.omitted == ("x2",)
    expected = {"const": 0.59095, "x3": -0.47085, "x4": -0.03779}
    assert fit.params[list(expected)].tolist() == pytest.approx(list(expected.values()), abs=5e-6)
    assert fit.deviance == pytest.approx(15.956, abs=5e-4)


def read(text):
    rows = [line.split(",") for line in text.split()]
    return pd.DataFrame(rows[1:], columns=rows[0]).astype(float)


FE1 = """y,x1,x2,i,j 2,0,0,2,1 0,0,0,4,2 0,0,0,1,1 1,1,0,4,3 0,0,1,2,2 0,0,0,2,2 1,0,0,5,4 0,1,2,2,3 1,0,0,1,1 0,0,0,2,2
0,2,0,1,3 0,0,0,1,3 0,1,0,2,2 0,0,1,5,2 0,0,1,2,4 0,0,0,1,2 0,0,0,1,1 2,0,0,1,2"""
FE3 = """y,x1,i,j 0,0,1,1 0,3,1,1 0,-2,1,1 0,2,1,3 0,2,1,5 0,0,1,6 0,7,4,1 0,1,4,4 0,2,4,5 0,1,6,1 0,-2,8,4 0,3,8,6
1,-5,1,1 1,1,1,3 5,-2,6,3 7,2,1,3"""


def test_a_regressor_separates_beside_two_effects():
    """Four observations; alpaca keeps them and prints -18.99 for x2, with x1 and the deviance as they are without."""
    fit = ppml(read(FE1), "y", ["x1", "x2"], ["i", "j"])
    assert fit.dropped == {"separated": 4, "alone": 1}
    assert fit.omitted == ("x2",)
    assert fit.params["x1"] == pytest.approx(-0.4845, abs=5e-5)
    assert fit.deviance == pytest.approx(13.3644, abs=5e-5)


def test_levels_of_zeros_beside_two_effects():
    """The guide's certificate for this case is positive in seven observations (its text says eight); -0.2995 for x1."""
    df = read(FE3)
    i, j = df["i"], df["j"]
    z = 2 * (i == 4) - 2 * (i == 1) - 2 * (i == 6) - 6 * (j == 1) - 6 * (j == 3) - 2 * (j == 4) - (j == 5) + 8
    fit = ppml(df, "y", ["x1"], ["i", "j"])
    assert fit.dropped == {"no variation": int((z > 0).sum())}
    assert list(fit.fitted.index) == list(df.index[z == 0])
    assert fit.params["x1"] == pytest.approx(-0.2995, abs=5e-5)
    assert fit.deviance == pytest.approx(13.9161, abs=5e-5)
    assert not math.isnan(fit.se["x1"])
