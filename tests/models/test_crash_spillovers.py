"""Regimes, explosive episodes, spillovers and growth at risk: on the embedded vintage, and with series that only a refresh
or a bank fills."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cryptorisk.charts import price_risk as charts
from cryptorisk.data.inputs import Series, load_inputs
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.explosive import JOINTLY, explosive_part
from cryptorisk.models.price_risk.regimes import regimes_part
from cryptorisk.models.price_risk.spillover_measure import WHOLE, by_sample
from cryptorisk.models.price_risk.spillover_steadiness import window_levels
from cryptorisk.models.price_risk.spillovers import spillovers_part
from cryptorisk.models.price_risk.weekly import BITCOIN, MARKETS, bitcoin_fridays, weeks_of
from cryptorisk.models.spillovers import country_spillovers, growth_at_risk, own_markets
from cryptorisk.params import Params
from cryptorisk.result import Result
from cryptorisk.stats.connectedness import connectedness
from cryptorisk.stats.connectedness_chance import chance

PARAMS = Params(country="KEN", vintage="2026-11-23")


class Filled:
    """Inputs with some series in place of what the vintage has."""

    def __init__(self, inputs, given, confidential=()):
        self._inputs, self._given, self.confidential = inputs, given, frozenset(confidential)

    def __getattr__(self, name):
        return getattr(self._inputs, name)

    def series(self, id, *, country=None, sources=None):
        if id not in self._given:
            return self._inputs.series(id, country=country, sources=sources)
        values = self._given[id].rename_axis("date").rename(id)
        labels = pd.Series("bank", index=values.index, dtype="str")
        place = country or self._inputs.country
        return Series(id, place, "index", "D", "measured", values, labels, False, None)


def built(*parts):
    part = Part.join(parts)
    return Result.build(
        "crash", "Price crash", "KEN", estimates=part.estimates, tables=part.tables, findings=part.findings
    )


@pytest.fixture(scope="module")
def inputs(inputs_for):
    return inputs_for("KEN")


@pytest.fixture(scope="module")
def found(inputs):
    return built(*(part(inputs, PARAMS) for part in (regimes_part, explosive_part, spillovers_part)))


@pytest.fixture(scope="module")
def equity(inputs):
    """Daily shares that take on a tenth of bitcoin's daily return, on weekdays."""
    bitcoin = inputs.series("btc_price_usd", country="WLD").values.loc["2014":"2025"]
    own = 100 * np.log(bitcoin).diff().dropna()
    noise = np.random.default_rng(1).standard_normal(len(own))
    index = 100 * np.exp((0.1 * own + 0.6 * noise).cumsum() / 100)
    return index[index.index.day_of_week < 5]


def truth(inputs):
    """Share of bitcoin in the variance of these shares when nothing else moves them."""
    bitcoin = inputs.series("btc_price_usd", country="WLD").values.loc["2014":"2025"]
    own = 0.01 * float((100 * np.log(bitcoin).diff().dropna()).var())
    squared = own / (own + 0.36)
    return squared / (1 + squared)


def test_two_states_of_bitcoins_weeks(found):
    frame = found.tables["regimes"].frame
    assert list(frame["state"]) == ["calm", "turbulent"]
    assert frame["volatility_pct"].iloc[1] > 2 * frame["volatility_pct"].iloc[0]
    assert frame["share_pct"].sum() == pytest.approx(100)
    spell = found["turbulent_days"]
    assert 14 < spell.low < spell.value < spell.high < 120
    now = found["turbulent_probability_pct"]
    assert 0 <= now.low <= now.value <= now.high <= 100
    assert "2026-05-29" in now.label
    chosen = found.tables["regime_choice"].frame
    assert chosen.loc[chosen["chosen"] == "yes", "bic"].iloc[0] == chosen["bic"].min()


def test_the_boom_of_2017_is_explosive_and_no_bubble_is_claimed(found):
    frame = found.tables["explosive"].frame
    jointly = frame[frame["rule"] == JOINTLY]
    assert any(row.start < pd.Timestamp("2017-12-15") < row.end for row in jointly.itertuples())
    assert set(jointly["direction"]) == {"rise"}
    path = found.tables["explosive_path"].frame
    assert path["inside"].sum() == jointly["length"].sum()
    share = found["explosive_weeks_pct"].value
    assert share == pytest.approx(100 * path["inside"].sum() / len(path))
    assert "no evidence of a bubble" in found.tables["explosive"].note
    assert "p-value" in found["gsadf"].note


def test_shares_of_equity_are_refused_without_an_index_and_the_published_ones_named(found):
    for name in (
        "equity_returns_from_bitcoin_pct",
        "equity_volatility_from_bitcoin_pct",
        "equity_delta_covar_pct",
    ):
        assert not found[name].available
        assert "sp500_index" in found[name].reason
    text = next(f.text for f in found.findings if f.id == "crash.spillovers")
    assert "8 to 10 % of returns, 14 to 18 % of volatility" in text
    assert "http" not in text  # the page stands in the table of published figures
    assert len(text) < 600


def test_the_sentence_leads_with_the_recent_sample_and_says_when_and_why_it_ends(found, inputs):
    text = next(f.text for f in found.findings if f.id == "crash.spillovers")
    recent, whole = found["bitcoin_from_markets_recent_pct"], found["bitcoin_from_markets_pct"]
    assert text.startswith(
        "Since January 2020 and to 2025-12-26, where the figures of the US 10-year yield and Brent crude end"
    )
    assert text.index(f"{recent:full}") < text.index(f"{whole:value}")
    assert recent.date == "2020-01-03/2025-12-26"
    weeks = weeks_of(inputs, PARAMS)
    recent_weeks = weeks.part(slice("2020", None)).returns
    by_hand = connectedness(recent_weeks, horizon=10).from_others[BITCOIN]
    assert recent.value == pytest.approx(by_hand)
    assert set(weeks.ending) == {"yield", "oil"}


def told(found, id):
    return next(f.text for f in found.findings if f.id == id)


def test_halves_that_differ_are_a_finding(found):
    frame = found.tables["spillover_samples"].frame.set_index("sample")
    before, since = frame.loc["before January 2020"], frame.loc["since January 2020"]
    assert before["returns_high"] < since["returns_low"]
    assert (
        before["returns_pct"] < before["returns_chance"] < since["returns_chance"] + 1 < since["returns_pct"]
    )
    broken = next(f for f in found.findings if f.id == "crash.spillovers_break")
    assert (broken.kind, broken.severity) == ("caveat", "notice")
    assert f"not above the {before['returns_chance']:.1f} % of chance" in broken.text
    assert f", above the {since['returns_chance']:.1f} % of chance" in told(found, "crash.spillovers")
    note = found.tables["spillover_samples"].note
    assert "range from" in note
    assert "so few weeks" not in note
    assert note.endswith(found.tables["tci_path"].note)
    assert set(found.tables["spillovers"].frame["sample"]) == {"since January 2020", "whole sample"}


def test_a_share_that_one_week_makes_says_so(found, inputs):
    """The week to 13 March 2020: 14 % with it, 11 without."""
    text, estimate = told(found, "crash.spillovers"), found["bitcoin_from_markets_recent_pct"]
    recent = weeks_of(inputs, PARAMS).part(slice("2020", None)).returns
    by_hand = connectedness(recent.drop(pd.Timestamp("2020-03-13")), lags=1, horizon=10).from_others[BITCOIN]
    assert by_hand < 0.9 * estimate.value
    assert f", {by_hand:.0f} % without the week to 2020-03-13" in text
    assert f"Without the week to 2020-03-13 {by_hand:.1f} %, without any other one" in estimate.note


def test_a_break_inside_the_years_before_is_told(found):
    """2014 to 2016 above chance, 2017 to 2019 not: "not above chance" is a mean over both."""
    frame = found.tables["spillover_samples"].frame.set_index("sample")
    first, second = frame.loc["2014-01 to 2016-12"], frame.loc["2017-01 to 2019-12"]
    assert first["returns_pct"] > first["returns_chance"]
    assert second["returns_pct"] < second["returns_chance"]
    text = told(found, "crash.spillovers_break")
    assert "2014-01 to 2016-12 12 %, above its 10 % of chance; 2017-01 to 2019-12 2 %, not above" in text
    assert " to 2022-12" not in told(found, "crash.spillovers")  # both halves since then are above chance


def test_short_windows_stand_beside_what_chance_gives_in_them(inputs):
    """About three times the level of the whole sample, from windows of the same length."""
    weeks = weeks_of(inputs, PARAMS)
    spill = by_sample(weeks, 1)[WHOLE]
    level = window_levels(spill, 1)["returns"]
    whole = spill.level("returns")
    assert level.mean > 4 * whole.mean
    assert level.high > 4 * whole.high
    drawn = chance(weeks.returns.iloc[-104:], BITCOIN, spill.found["returns"], block=8, seed=2)
    assert level.high == pytest.approx(np.quantile(drawn.from_others(BITCOIN), 0.95), rel=0.2)


def test_a_sample_without_a_break_has_one_sentence_and_no_such_finding(inputs):
    later = Params(country="KEN", vintage="2026-11-23", crash={"sample_start": "2020-01-01"})
    part = built(spillovers_part(inputs, later))
    assert part["bitcoin_from_markets_recent_pct"].value == part["bitcoin_from_markets_pct"].value
    assert [f.id for f in part.findings] == ["crash.spillovers"]
    early = Params(country="KEN", vintage="2026-11-23", as_of=dt.date(2021, 6, 30))
    short = built(spillovers_part(load_inputs(early), early))
    assert "weeks since January 2020" in short["vix_from_bitcoin_recent_pct"].reason
    text = short.findings[0].text
    assert text.startswith("Since 2014-01-10 and to 2021-0")
    assert "Iyer" not in text  # published later


def test_what_is_the_same_everywhere_has_two_result_findings_at_most(found):
    assert [f.id for f in found.findings if f.kind == "result"] == ["crash.spillovers"]
    assert "turbulent" in found.tables["regimes"].note


def test_the_decomposition_of_the_embedded_markets(found):
    for name in ("tci_returns_pct", "tci_volatility_pct", "bitcoin_from_markets_pct", "vix_from_bitcoin_pct"):
        estimate = found[name]
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 100
    for name in ("bitcoin_from_markets_pct", "vix_from_bitcoin_pct"):
        assert found[name].note.startswith("Above chance: with bitcoin's weeks in another order")
    assert "returns 1 (the Bayesian criterion would take none)" in found.tables["connectedness"].note
    matrix = found.tables["connectedness"].frame
    shares = matrix[[BITCOIN, "vix", "dollar", "yield", "oil"]].sum(axis=1)
    assert shares.to_numpy() == pytest.approx(np.full(len(matrix), 100.0))
    returns = matrix[matrix["kind"] == "returns"]
    assert found["tci_returns_pct"].value == pytest.approx(returns["from"].mean())
    assert found["bitcoin_from_markets_pct"].value == pytest.approx(returns["from"].iloc[0])
    assert len(found.tables["tci_path"].frame) > 100
    assert "yield" not in set(found.tables["covar"].frame["name"])  # it has no bad side


def test_weeks_go_from_friday_to_friday_and_all_markets_have_each(inputs):
    weeks = weeks_of(inputs, PARAMS)
    assert (weeks.returns.index.day_of_week == 4).all()
    assert weeks.returns.notna().all(axis=None)
    assert weeks.volatility.index.equals(weeks.returns.index)
    prices, _ = bitcoin_fridays(inputs, PARAMS)
    by_hand = 100 * np.log(prices.loc["2020-03-13"] / prices.loc["2020-03-06"])
    assert weeks.returns.loc["2020-03-13", BITCOIN] == pytest.approx(by_hand)
    assert set(weeks.absent) == {"sp500", "em_equity"}


def test_a_refresh_that_brings_shares_gives_their_part_with_an_interval(inputs, equity):
    part = built(spillovers_part(Filled(inputs, {"sp500_index": equity}), PARAMS))
    share = part["equity_returns_from_bitcoin_pct"]
    # A tenth of bitcoin's daily variance against noise of 0.36: r^2, and the generalised share r^2 / (1 + r^2).
    assert share.low < 100 * truth(inputs) < share.high
    assert share.high - share.low < 15
    assert "S&P 500" in share.label
    tail = part["equity_delta_covar_pct"]
    assert tail.low > 0  # bad weeks lie lower when bitcoin is in distress
    shown = part.tables["spillovers"].frame
    assert shown["sample"].value_counts().to_dict() == {"since January 2020": 5, "whole sample": 5}
    assert part["equity_returns_from_bitcoin_recent_pct"].available
    assert len(charts.connectedness(part).data.frame) == 5
    assert "S&amp;P 500" in charts.connectedness(part).svg


def test_a_market_that_ended_long_before_is_left_out_with_the_reason(inputs, equity):
    weeks = weeks_of(Filled(inputs, {"sp500_index": equity.loc[:"2023"]}), PARAMS)
    assert "ends on 2023" in weeks.absent["sp500"]
    short = weeks_of(Filled(inputs, {"sp500_index": equity.loc["2024":]}), PARAMS)
    assert "weeks; 156 are needed" in short.absent["sp500"]


def test_domestic_shares_refused_or_read(inputs, equity):
    without = country_spillovers(inputs, PARAMS)
    assert all("equity_index_lcu" in each.reason for each in without.estimates)
    assert without.tables == ()
    given = built(country_spillovers(Filled(inputs, {"equity_index_lcu": equity}), PARAMS))
    share = given["local_returns_from_bitcoin_pct"]
    assert share.low < 100 * truth(inputs) < share.high
    assert list(given.tables["local_covar"].frame["name"]) == ["domestic"]
    secret = country_spillovers(Filled(inputs, {"equity_index_lcu": equity}, ["equity_index_lcu"]), PARAMS)
    assert all("one digit" in each.note for each in secret.estimates)
    shown = secret.tables[0].frame["returns_pct"]
    assert shown.map(lambda x: float(f"{x:.1g}")).tolist() == shown.tolist()


def activity(n, seed=2):
    """Quarterly activity with a seasonal pattern whose slumps follow the VIX of the quarter before."""
    quarters = pd.period_range(end="2026Q2", periods=n, freq="Q")
    rng = np.random.default_rng(seed)
    steps = 0.7 + 0.8 * rng.standard_normal(n)
    season = np.tile([3.0, -1.0, 0.0, -2.0], n // 4 + 1)[:n]
    return pd.Series(
        100 * np.exp((steps.cumsum() + season) / 100), quarters.to_timestamp(how="end").normalize()
    )


def test_growth_at_risk_needs_sixty_quarters(inputs):
    none = growth_at_risk(inputs, PARAMS)
    assert all("no quarters of real_gdp_index_q" in each.reason for each in none.estimates)
    short = growth_at_risk(Filled(inputs, {"real_gdp_index_q": activity(59)}), PARAMS)
    assert all("59 quarters" in each.reason for each in short.estimates)
    gap = activity(80).drop(activity(80).index[40])
    assert (
        "39 quarters" in growth_at_risk(Filled(inputs, {"real_gdp_index_q": gap}), PARAMS).estimates[0].reason
    )


def test_growth_at_risk_is_given_only_by_the_house_rule(inputs):
    part = built(growth_at_risk(Filled(inputs, {"real_gdp_index_q": activity(80)}), PARAMS))
    test, quantiles = part.tables["growth_backtest"].frame, part.tables["growth_quantiles"].frame
    assert set(test["ahead"]) == {"a quarter", "a year"}
    for ahead, name in (("a year", "growth_at_risk_pct"), ("a quarter", "growth_at_risk_quarter_pct")):
        rows = test[test["ahead"] == ahead]
        better = 1 - rows["conditional"] / rows[["unconditional", "autoregression"]].min(axis=1)
        assert rows["saved"].to_numpy() == pytest.approx(100 * better.to_numpy())
        believed = rows["used"] == "yes"
        assert (better[believed] >= 0.1).all()
        assert part[name].available == believed.any()
        if believed.any():
            assert part[name].value in quantiles.loc[quantiles["ahead"] == ahead, "q5"].tolist()
        else:
            assert "at least 10 % less loss over the quantiles of 5 to 25 %" in part[name].reason
    assert (quantiles[["q5", "q25", "q50", "q75", "q95"]].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_the_table_of_own_markets_says_what_is_missing(inputs):
    part = built(own_markets(inputs, PARAMS))
    assert part.tables["own_markets"].absent
    assert len(part.tables["own_markets"].frame) == len(part.estimates) == 5


def test_without_bitcoins_prices_everything_is_missing_with_the_reason(inputs):
    bare = Filled(inputs, {"btc_price_usd": pd.Series(dtype=float, index=pd.DatetimeIndex([]))})
    part = built(*(each(bare, PARAMS) for each in (regimes_part, explosive_part, spillovers_part)))
    assert part.estimates
    assert not any(each.available for each in part.estimates.values())
    assert all("bitcoin's price is not in the vintage" in each.reason for each in part.estimates.values())
    for chart in (charts.regimes, charts.explosive, charts.connectedness, charts.connectedness_path):
        assert chart(part).reason


def test_figures_are_drawn_from_a_result_read_back(found):
    again = Result.from_dict(found.to_dict())
    for chart in (charts.regimes, charts.explosive, charts.connectedness, charts.connectedness_path):
        figure = chart(again)
        assert figure.svg
        assert figure.svg == chart(found).svg
        assert "nan" not in (figure.title + figure.alt).lower()


def test_every_market_has_series_that_the_catalogue_knows(inputs):
    for market in MARKETS.values():
        assert all(id in inputs.catalogue for id in market.series)
