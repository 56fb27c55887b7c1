"""Gravity on simulated flows with known elasticities, and multilateral resistance by hand."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.gravity import log_ols, multilateral_resistance, ppml, unilateral_resistance


def world(rng, n=30, variance="mixed", zeros=True):
    """Flows with elasticity -1 to distance and 0.5 to a common language.

    Errors multiply a right mean; their variance may depend on the regressors (Santos Silva and Tenreyro 2006, section IV,
    case 4), and small flows are rounded to zero.
    """
    i, j = np.meshgrid(range(n), range(n), indexing="ij")
    df = pd.DataFrame({"o": i[i != j], "d": j[i != j]})
    a, b = rng.normal(0, 0.7, (2, n))
    df["distance"], df["language"] = rng.normal(size=len(df)), (rng.random(len(df)) < 0.4).astype(float)
    mean = np.exp(0.5 + a[df["o"]] + b[df["d"]] - df["distance"] + 0.5 * df["language"])
    spread = 1 / mean + (np.exp(df["language"]) if variance == "mixed" else 0)
    log_variance = np.log1p(spread)
    df["y"] = mean * np.exp(rng.normal(-log_variance / 2, np.sqrt(log_variance)))
    if zeros:
        df.loc[df["y"] < 0.25, "y"] = 0.0
    return df


@pytest.fixture(scope="module")
def simulated():
    rng = np.random.default_rng(5)
    rows = []
    for _ in range(40):
        df = world(rng)
        poisson = ppml(df, "y", ["distance", "language"], ["o", "d"])
        logs = log_ols(df, "y", ["distance", "language"], ["o", "d"])
        for name, truth in (("distance", -1.0), ("language", 0.5)):
            covered = poisson.table.loc[name, "low"] <= truth <= poisson.table.loc[name, "high"]
            rows.append(
                (
                    name,
                    poisson.params[name] - truth,
                    logs.params[name] - truth,
                    covered,
                    (df["y"] == 0).mean(),
                )
            )
    return pd.DataFrame(rows, columns=["name", "ppml", "ols", "covered", "zeros"])


def test_ppml_finds_the_elasticities_that_the_log_misses(simulated):
    bias = simulated.groupby("name")[["ppml", "ols"]].mean()
    assert 0.1 < simulated["zeros"].mean() < 0.5
    assert bias["ppml"].abs().max() < 0.04
    assert bias.loc["distance", "ols"] > 0.15
    assert bias.loc["language", "ols"] < -0.15


def test_intervals_cover_about_as_often_as_stated_unless_tails_are_heavy(simulated):
    rng = np.random.default_rng(6)
    inside = []
    for _ in range(40):
        fit = ppml(
            world(rng, variance="poisson", zeros=False), "y", ["distance", "language"], ["o", "d"]
        ).table
        inside += [
            fit.loc[n, "low"] <= truth <= fit.loc[n, "high"]
            for n, truth in (("distance", -1), ("language", 0.5))
        ]
    assert 0.88 <= np.mean(inside) <= 1.0
    # with errors whose standard deviation is twice the mean the sandwich is too small (METHODS.md says so)
    assert 0.65 <= simulated["covered"].mean() < 0.95


def test_reset_sees_a_missing_square_and_rarely_objects_to_a_right_model():
    rng = np.random.default_rng(8)
    right, wrong = [], []
    for _ in range(30):
        df = world(rng, variance="poisson", zeros=False)
        right.append(ppml(df, "y", ["distance"], ["o", "d"]).reset_p)
        df["y"] *= np.exp(0.3 * df["distance"] ** 2)
        wrong.append(ppml(df, "y", ["distance"], ["o", "d"]).reset_p)
    assert np.mean(np.array(right) < 0.05) <= 0.25
    assert np.mean(np.array(wrong) < 0.05) >= 0.9


def test_reset_objects_to_logs_of_flows_whose_variance_is_not_that_of_the_square():
    rng = np.random.default_rng(9)
    refused = [
        log_ols(world(rng, variance="poisson"), "y", ["distance"], ["o", "d"]).reset_p for _ in range(20)
    ]
    assert np.mean(np.array(refused) < 0.05) >= 0.5


def costs(seed=0, n=6):
    rng = np.random.default_rng(seed)
    names = [f"c{k}" for k in range(n)]
    return pd.DataFrame(rng.normal(size=(n, n)), names, names), pd.Series(rng.lognormal(size=n), names)


def test_resistance_is_the_sum_of_the_paper():
    d, sizes = costs()
    share = sizes / sizes.sum()
    found = multilateral_resistance(d, sizes)
    i, j = "c1", "c4"
    own = d.loc[i, j] - sum(share[k] * d.loc[i, k] for k in d) - sum(share[k] * d.loc[k, j] for k in d)
    own += sum(share[k] * share[m] * d.loc[k, m] for k in d for m in d)
    assert found.loc[i, j] == pytest.approx(own)
    assert (found @ share).abs().max() < 1e-12
    assert (share @ found).abs().max() < 1e-12


def test_what_belongs_to_one_end_has_no_resistance_term():
    d, sizes = costs()
    ends = pd.DataFrame(np.add.outer(d["c0"].to_numpy(), d["c1"].to_numpy()), d.index, d.index)
    assert multilateral_resistance(ends, sizes).abs().max().max() < 1e-12
    pd.testing.assert_frame_equal(
        multilateral_resistance(d + ends, sizes), multilateral_resistance(d, 7 * sizes)
    )


def test_one_country_has_its_row_or_column():
    d, sizes = costs()
    whole = multilateral_resistance(d, sizes)
    assert unilateral_resistance(d, sizes, "c2").to_dict() == whole.loc["c2"].drop("c2").to_dict()
    assert unilateral_resistance(d, sizes, "c2", "destination").to_dict() == whole["c2"].drop("c2").to_dict()


def test_resistance_terms_stand_in_for_the_partners_effects():
    """Flows of one country in a world of Anderson and van Wincoop: with the terms its elasticity is found nearer."""
    rng = np.random.default_rng(3)
    n = 120
    place = rng.uniform(size=(n, 2))
    distance = np.log(0.05 + np.linalg.norm(place[:, None] - place[None], axis=2))
    share = rng.lognormal(0, 1, n)
    share /= share.sum()
    cost = np.exp(-distance)  # elasticity -1
    outward = np.ones(n)
    for _ in range(
        500
    ):  # P_j = sum_i cost_ij share_i / Pi_i and the reverse; symmetric costs have one vector
        outward = np.sqrt(outward * (cost @ (share / outward)))
    flow = share[:, None] * share[None] * cost / np.outer(outward, outward)
    names = [f"c{k}" for k in range(n)]
    d = pd.DataFrame(distance, names, names)
    errors = {"plain": [], "terms": []}
    for own in range(0, n, 12):
        partners = np.arange(n) != own
        df = pd.DataFrame({"y": 1e6 * flow[own, partners], "size": np.log(share[partners])})
        df["plain"] = distance[own, partners]
        df["terms"] = unilateral_resistance(d, pd.Series(share, names), f"c{own}").to_numpy()
        for kind in errors:
            errors[kind].append(ppml(df, "y", ["size", kind]).params[kind] + 1)
    assert np.abs(errors["terms"]).mean() < 0.7 * np.abs(errors["plain"]).mean()
    assert np.abs(errors["terms"]).max() < 0.4 * np.abs(errors["plain"]).max()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda d, w: (d.drop(columns="c1"), w), "same names"),
        (lambda d, w: (d, w.drop("c3")), "c3"),
        (lambda d, w: (d, -w), "positive"),
        (lambda d, w: (d.mask(d == d.loc["c0", "c5"]), w), "from c0 to c5 is missing"),
    ],
)
def test_resistance_refuses_what_it_cannot_average(spoil, words):
    with pytest.raises(ModelError, match=words):
        multilateral_resistance(*spoil(*costs()))
    with pytest.raises(ModelError, match="c9"):
        unilateral_resistance(*costs(), "c9")
