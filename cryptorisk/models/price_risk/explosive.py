"""Explosive episodes of bitcoin's price: when its weekly path was one that a random walk does not take."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.opening import of_weeks
from cryptorisk.models.price_risk.weekly import FEWEST_WEEKS
from cryptorisk.params import Params
from cryptorisk.result import Column, Table
from cryptorisk.stats.bubbles import ExplosiveTest, gsadf
from cryptorisk.words import listing

LEVEL = 0.95
CONTROL_WEEKS = 104
"""Weeks within which the chance of any false signal is 5 %: two years, as a supervisor who looks back would have it. Date by
date the same level dates an episode in half of all random walks of 300 weeks (coverage study in METHODS.md)."""

REPLICATIONS = 499
VARIANT_REPLICATIONS = 199
"""Of the variant with a lagged difference, for which the p-value alone is read."""

LABELS = {
    "gsadf": ("Largest explosive statistic of bitcoin's weekly price (GSADF)", "none"),
    "explosive_weeks_pct": ("Share of weeks in explosive episodes of bitcoin's price", "pct"),
}
FUNCTION = "cryptorisk.stats.bubbles.gsadf"
JOINTLY, SINGLY = "Two years jointly", "Each week alone"


def explosive_part(inputs: Inputs, params: Params) -> Part:
    """GSADF of bitcoin's log price: estimates, tables ``explosive``, ``explosive_variants``, ``explosive_path``.

    Parameters
    ----------
    inputs : Inputs
        Without figures of the bank's own.
    params : Params
        ``crash.sample_start`` and the seed.
    """
    return of_weeks(
        inputs, params, LABELS, FEWEST_WEEKS, lambda prices, sources: _of(prices, sources, params.seed)
    )


def _of(prices: pd.Series, sources: tuple[str, ...], seed: int) -> Part:
    logs = np.log(prices)
    found, lagged = (
        gsadf(logs, lags=lags, replications=draws, seed=seed, level=LEVEL, control=CONTROL_WEEKS)
        for lags, draws in ((0, REPLICATIONS), (1, VARIANT_REPLICATIONS))
    )
    dated = found.episodes()
    estimates = _estimates(found, dated, prices, sources)
    said = _sentence(found, lagged, dated, prices)
    tables = (
        _episodes_table(found, said, prices, sources),
        _variants_table((found, lagged), sources),
        _path_table(found, prices, sources),
    )
    return Part(estimates, tables)


def _estimates(
    found: ExplosiveTest, dated: pd.DataFrame, prices: pd.Series, sources: tuple[str, ...]
) -> tuple[Estimate, ...]:
    span = f"{prices.index[0].date().isoformat()}/{prices.index[-1].date().isoformat()}"
    share = 100 * float(dated["length"].sum()) / len(found.bsadf)
    note = (
        f"p-value {number(found.gsadf_p, 3)}; {100 * LEVEL:g} % critical value {number(found.gsadf_critical, 2)}, "
        f"{found.replications} wild-bootstrap replications."
    )
    texts = {
        "gsadf": (
            found.gsadf,
            "Supremum of ADF statistics over all windows (Phillips, Shi and Yu 2015).",
            note,
        ),
        "explosive_weeks_pct": (
            share,
            f"Weeks above the critical value that holds jointly for {CONTROL_WEEKS} weeks, runs of at least ln n weeks.",
            "A count on a test's decisions: no interval.",
        ),
    }
    return tuple(
        Estimate(
            id=f"crash.{name}",
            label=LABELS[name][0],
            value=value,
            unit=LABELS[name][1],
            method=method,
            date=span,
            n_obs=len(prices),
            sources=sources,
            inputs=("btc_price_usd",),
            function=FUNCTION,
            note=said,
        )
        for name, (value, method, said) in texts.items()
    )


def _episodes(found: ExplosiveTest, prices: pd.Series, *, pointwise: bool) -> pd.DataFrame:
    frame = found.episodes(pointwise=pointwise)
    # The first statistic above looks back on a path that had begun before: the change is from the week before.
    places = prices.index.get_indexer(pd.DatetimeIndex(frame["start"])) - 1
    before = prices.to_numpy()[np.maximum(places, 0)]
    frame["change_pct"] = 100 * (prices.reindex(frame["end"]).to_numpy() / before - 1)
    frame["direction"] = np.where(frame["change_pct"] >= 0, "rise", "fall")
    frame["rule"] = SINGLY if pointwise else JOINTLY
    return frame


def _episodes_table(found: ExplosiveTest, text: str, prices: pd.Series, sources: tuple[str, ...]) -> Table:
    both = [_episodes(found, prices, pointwise=False), _episodes(found, prices, pointwise=True)]
    return Table(
        "crash.explosive",
        "Explosive episodes of bitcoin's weekly price",
        pd.concat([each for each in both if len(each)] or both[:1], ignore_index=True),
        (
            Column("rule", "Level holds for"),
            Column("start", "From"),
            Column("end", "To"),
            Column("length", "Weeks", "", 0),
            Column("direction", "Direction"),
            Column("change_pct", "Change of the price", "%", 0),
            Column("peak", "Largest statistic", "", 2),
        ),
        note=f"{text} Level {100 * LEVEL:g} %, wild bootstrap. Taken alone, weeks date an episode in half of all random "
        "walks too.",
        sources=sources,
    )


def _variants_table(tests: tuple[ExplosiveTest, ...], sources: tuple[str, ...]) -> Table:
    rows = []
    for each in tests:
        rows.append(
            {
                "lags": each.lags,
                "window": each.window,
                "gsadf": each.gsadf,
                "critical": each.gsadf_critical,
                "gsadf_p": each.gsadf_p,
                "sadf": each.sadf,
                "sadf_p": each.sadf_p,
            }
        )
    return Table(
        "crash.explosive_variants",
        "Tests for explosive behaviour, by lagged differences",
        pd.DataFrame(rows),
        (
            Column("lags", "Lagged differences", "", 0),
            Column("window", "Smallest window", "weeks", 0),
            Column("gsadf", "GSADF", "", 2),
            Column("critical", f"{100 * LEVEL:g} % critical value", "", 2),
            Column("gsadf_p", "p-value", "", 3),
            Column("sadf", "SADF", "", 2),
            Column("sadf_p", "p-value", "", 3),
        ),
        note="Hypothesis: a random walk without drift worth the name, whose volatility may change in any way.",
        sources=sources,
    )


def _path_table(found: ExplosiveTest, prices: pd.Series, sources: tuple[str, ...]) -> Table:
    frame = pd.DataFrame(
        {
            "price_usd": prices.reindex(found.bsadf.index),
            "bsadf": found.bsadf,
            "critical": found.critical,
            "pointwise": found.pointwise,
        }
    )
    inside = pd.Series(0, index=frame.index)
    for start, end in zip(*(found.episodes()[name] for name in ("start", "end")), strict=True):
        inside.loc[start:end] = 1
    return Table(
        "crash.explosive_path",
        "Backward sup ADF statistic of bitcoin's weekly price",
        frame.assign(inside=inside).rename_axis("date").reset_index(),
        (
            Column("date", "Week to"),
            Column("price_usd", "Price", "USD", 2),
            Column("bsadf", "Statistic", "", 2),
            Column("critical", "Critical value, two years jointly", "", 2),
            Column("pointwise", "Critical value, each week alone", "", 2),
            Column("inside", "In an episode", "", 0),
        ),
        sources=sources,
        shown=False,
    )


def _sentence(found: ExplosiveTest, lagged: ExplosiveTest, dated: pd.DataFrame, prices: pd.Series) -> str:
    """What the test says: the same in every country, so that it stands with its table and is no finding."""
    size = 1 - LEVEL
    verdict = (
        "does not reject a random walk"
        if found.gsadf_p > size
        else f"rejects a random walk (p-value {number(found.gsadf_p, 3)})"
    )
    when = listing([f"{row.start:%B %Y} to {row.end:%B %Y}" for row in dated.itertuples()])
    text = f"Over {len(prices)} weeks the test for explosive behaviour {verdict}"
    text += (
        f"; the episodes that stand out within two years: {when}"
        if when
        else "; no episode stands out within two years"
    )
    if (lagged.gsadf_p > size) != (found.gsadf_p > size):
        text += (
            f". With one lagged difference it comes out the other way (p-value {number(lagged.gsadf_p, 3)})"
        )
    if bool(dated["open"].any()):
        text += ". The last episode had not ended by the last price"
    return (
        text
        + ". An explosive path may be a rise or a crash, and without fundamentals it is no evidence of a bubble."
    )
