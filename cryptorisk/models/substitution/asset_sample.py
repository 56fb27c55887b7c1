"""The monthly sample behind the portfolio with stablecoins and bitcoin: prices, the rate, bitcoin in dollars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cryptorisk.models.substitution.assets import Deviation, bitcoin_log_price, deviation
from cryptorisk.models.substitution.sample import FEWEST_CHANGES, MonthlySample
from cryptorisk.params import Params
from cryptorisk.stats.sample import FloatArray

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

_SEED_DEVIATION = 207
NO_RECORD = "the data have no year of daily prices of a large dollar stablecoin"


@dataclass(frozen=True)
class AssetSample:
    """Monthly log changes of prices, of the rate and of bitcoin in dollars, and the record of stablecoins.

    Attributes
    ----------
    changes : ndarray, shape (n, 3)
        Inflation, depreciation, bitcoin.
    first, last : Timestamp or None
        Months at which the first and the last change end.
    deviation : Deviation
    sources, series : tuple of str
    confidential : bool
    rate_name : str
    reason : str
        Why there is no sample, when ``changes`` is empty.
    """

    changes: FloatArray
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    deviation: Deviation
    sources: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    confidential: bool = False
    rate_name: str = ""
    reason: str = ""

    def period(self, horizon: int, window: int) -> str:
        """Months at which the overlapping changes used end, ``2014-01/2023-12``."""
        if self.last is None or self.first is None:
            return ""
        count = min(window, len(self.changes) - horizon + 1)
        first = self.last - pd.offsets.MonthEnd(count - 1) if count > 1 else self.last
        return f"{first:%Y-%m}/{self.last:%Y-%m}"


def stablecoin_record(inputs: Inputs, params: Params) -> Deviation:
    """How far stablecoins strayed from a dollar, with the draws of the parameters."""
    rng = np.random.default_rng([params.seed, _SEED_DEVIATION])
    return deviation(inputs, params.substitution.bootstrap_replications, rng)


def asset_sample(inputs: Inputs, params: Params, sample: MonthlySample) -> AssetSample:
    """The sample of prices and the rate, with bitcoin's price in the same months and the stablecoins' record.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        The reference currency, the horizon, replications and the seed are read.
    sample : MonthlySample

    Returns
    -------
    AssetSample
    """
    none = AssetSample(np.empty((0, 3)), None, None, Deviation(), rate_name=sample.rate_name)
    if params.substitution.reference_currency != "USD":
        return replace(none, reason="stablecoins are in dollars; the reference currency is another one")
    bitcoin, bitcoin_sources = bitcoin_log_price(inputs)
    if bitcoin.empty:
        return replace(none, reason="the data have no price of bitcoin (its licence may have left it out)")
    strayed = stablecoin_record(inputs, params)
    if not strayed.coin:
        return replace(none, reason=NO_RECORD)
    levels = pd.DataFrame({"price": sample.log_price, "rate": sample.log_rate, "bitcoin": bitcoin})
    levels = _last_run(levels)
    changes = np.diff(levels.to_numpy(dtype=np.float64), axis=0)
    overlapping = max(0, len(changes) - params.substitution.horizon_months + 1)
    if overlapping < FEWEST_CHANGES:
        what = "prices" if sample.rate_name == "own" else "prices, the exchange rate"
        text = (
            f"{what} and bitcoin share {overlapping} changes over {params.substitution.horizon_months} "
            f"months where {FEWEST_CHANGES} are needed"
        )
        return replace(none, reason=text)
    return AssetSample(
        changes,
        levels.index[1],
        levels.index[-1],
        strayed,
        tuple(sorted({*sample.sources, *bitcoin_sources, *strayed.sources})),
        (*sample.series, "btc_price_usd", *strayed.series),
        sample.confidential,
        sample.rate_name,
    )


def _last_run(levels: pd.DataFrame) -> pd.DataFrame:
    """The last stretch of months in which every series is known."""
    known = levels.dropna()
    if known.empty:
        return known
    full = known.reindex(pd.date_range(known.index[0], known.index[-1], freq="ME"))
    gaps = full.index[full.isna().any(axis=1)]
    return full if gaps.empty else full.loc[gaps[-1] :].iloc[1:]
