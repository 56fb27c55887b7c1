"""Synthetic worlds with a known truth: does the exposure rule find owners and holdings that it is not told?"""

import numpy as np
import pandas as pd

from cryptorisk.models.exposure.holdings import Band, by_owners
from cryptorisk.models.exposure.ownership import world_ownership
from cryptorisk.params import PositiveRange


def a_world(seed, *, slope=0.0, n=150, published=35, noise=0.25):
    """Economies whose share of internet users who own is lognormal-odds around a mean (and, by slope, income)."""
    rng = np.random.default_rng(seed)
    income = np.exp(rng.normal(9, 1.2, n))
    internet = rng.uniform(15, 98, n)
    logit = -2.2 + slope * (np.log(income) - 9) + rng.normal(0, 0.5, n)
    truth = internet / (1 + np.exp(-logit))
    codes = [f"E{k:03d}" for k in range(n)]
    frame = pd.DataFrame(
        {
            "population": np.exp(rng.normal(16, 1.3, n)),
            "internet": internet,
            "rank": rng.permutation(n) + 1.0,
            "gdp_per_head": income,
        },
        index=codes,
    )
    chosen = rng.choice(n, published, replace=False)
    rows = []
    for place in chosen:
        for organisation in ("one", "two")[: rng.integers(1, 3)]:
            odds = np.log(truth[place] / (100 - truth[place])) + rng.normal(0, noise)
            rows.append((codes[place], 2024, 100 / (1 + np.exp(-odds)), organisation))
    readings = pd.DataFrame(rows, columns=["country", "year", "value", "organisation"])
    return readings, frame, pd.Series(truth, index=codes)


def test_intervals_of_unpublished_shares_cover_the_truth():
    """80 % prediction intervals over 40 worlds cover 80 %, within Monte Carlo error and the estimated spread."""
    inside = []
    for seed in range(40):
        readings, frame, truth = a_world(seed)
        shares = world_ownership(readings, frame).shares
        rest = shares[~shares["published"]]
        inside.append(((rest["low"] <= truth[rest.index]) & (truth[rest.index] <= rest["high"])).mean())
    assert 0.74 < np.mean(inside) < 0.9


def test_world_owners_are_recovered():
    ratios = []
    for seed in range(40):
        readings, frame, truth = a_world(seed)
        found = world_ownership(readings, frame)
        ratios.append(found.owners / (truth * frame["population"] / 100).sum())
    # The mean of log-odds lies below the mean share: owners are underestimated a little, not by more than this.
    assert 0.85 < np.median(ratios) < 1.05


def test_disagreement_of_sources_is_recovered():
    found = [world_ownership(*a_world(seed, noise=0.4)[:2]).disagreement for seed in range(30)]
    assert abs(np.mean(found) - 0.4) < 0.05


def test_a_covariate_that_matters_is_used_and_one_that_does_not_is_refused():
    with_income = [world_ownership(*a_world(seed, slope=0.6)[:2]).rule for seed in range(20)]
    without = [world_ownership(*a_world(seed)[:2]).rule for seed in range(20)]
    assert sum("GDP per head." in rule.split("used:")[1] for rule in with_income) >= 15
    assert sum("the mean alone" in rule.split("used:")[1] for rule in without) >= 10


def test_a_selected_sample_is_corrected_by_the_world_total():
    """When only the leaders publish, the world total brings the others down to where they are."""
    ratios = {"free": [], "anchored": []}
    for seed in range(20):
        _, frame, truth = a_world(seed)
        users = truth / frame["internet"]
        leaders = users.sort_values(ascending=False).index[:40]
        rows = [(c, 2024, truth[c], o) for c in leaders for o in ("one", "two")]
        readings = pd.DataFrame(rows, columns=["country", "year", "value", "organisation"])
        readings["value"] *= np.where(readings["organisation"] == "one", 0.95, 1.05)
        total = float((truth * frame["population"] / 100).sum())
        rest = truth.index.difference(leaders)
        people = frame.loc[rest, "population"] / 100
        for name, quoted in (("free", None), ("anchored", total)):
            shares = world_ownership(readings, frame, owners_quoted=quoted).shares.loc[rest, "share"]
            ratios[name].append(float((shares * people).sum() / (truth[rest] * people).sum()))
    assert np.median(ratios["free"]) > 1.5
    assert abs(np.median(ratios["anchored"]) - 1) < 0.1


def test_holdings_are_recovered_when_the_elasticity_is_right():
    _, frame, truth = a_world(3)
    frame = frame.assign(share=truth, low=truth, high=truth)
    true = truth * frame["population"] * frame["gdp_per_head"] ** 0.75
    true = 1e12 * true / true.sum()
    central = by_owners(frame, Band(1e12, 1e12, 1e12), PositiveRange(low=0.5, central=0.75, high=1))
    assert np.allclose(central["central"], true)
    # A true elasticity elsewhere in the assumed range stays inside the band for nearly all economies.
    other = truth * frame["population"] * frame["gdp_per_head"] ** 0.9
    other = 1e12 * other / other.sum()
    assert ((central["low"] <= other) & (other <= central["high"])).mean() > 0.9
