"""What a country report may be told: frozen parameter models with units, bounds and explanations.

The models are the single statement of every parameter: `params/template.yaml` and `params/schema.json` are
generated from them, and `cryptorisk.paramfile` reads YAML into them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

FIRST_BLOCK = dt.date(2009, 1, 3)
"""Date of Bitcoin's first block: before it there is nothing to report on."""

ISO3_IN_WORDS = "a country code of three capital letters"
Iso3 = Annotated[str, Field(pattern="^[A-Z]{3}$", json_schema_extra={"pattern_in_words": ISO3_IN_WORDS})]
_Entry = TypeVar("_Entry")
Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "share, 0 to 1"})]


def _printable(text: str) -> str:
    """The page's checks take double braces for a template that was not filled in."""
    for mark in ("{{", "}}", "{%", "%}", "{#"):
        if mark in text:
            raise ValueError(f"must not hold {mark}, which the page's checks take for an unfilled template")
    return text


Printed = Annotated[str, AfterValidator(_printable)]
"""Text of the user that a report prints."""


class Frozen(BaseModel):
    """Base of all parameter models: frozen, unknown keys fatal, no coercion of text to numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class ShareRange(Frozen):
    """Low, central and high assumption about a share."""

    low: Share
    central: Share
    high: Share

    @model_validator(mode="after")
    def _ordered(self) -> ShareRange:
        if not self.low <= self.central <= self.high:
            raise ValueError("must be ordered: low <= central <= high")
        return self


class DepreciationRange(Frozen):
    """Low, central and high loss of a currency's value; a currency that loses all of it has no exchange rate."""

    low: float = Field(ge=0, lt=1)
    central: float = Field(ge=0, lt=1)
    high: float = Field(ge=0, lt=1)

    @model_validator(mode="after")
    def _ordered(self) -> DepreciationRange:
        if not self.low <= self.central <= self.high:
            raise ValueError("must be ordered: low <= central <= high")
        return self


class PositiveRange(Frozen):
    """Low, central and high assumption about a positive quantity."""

    low: float = Field(gt=0)
    central: float = Field(gt=0)
    high: float = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> PositiveRange:
        if not self.low <= self.central <= self.high:
            raise ValueError("must be ordered: low <= central <= high")
        return self


class VolumesParams(Frozen):
    """Chapter 1, transaction volumes."""

    interval_level: float = Field(
        0.8,
        gt=0.5,
        lt=1,
        description="Nominal coverage of the intervals of regional and country volumes.",
        json_schema_extra={"unit": "share, 0.5 to 1"},
    )
    flows_file: str | None = Field(
        None,
        description=(
            "The bank's own crypto-asset flows between economies, for a gravity regression: CSV, Excel (.xlsx) or "
            "Parquet with the columns origin,destination,date,asset,value (asset may be left out; values in one unit) "
            "and, if at hand, variables of the pairs such as ln_distance, contiguity or language. Beside the parameter "
            "file or below."
        ),
        json_schema_extra={"unit": "path relative to the parameter file"},
    )
    flows_confidential: bool = Field(
        True,
        description=(
            "When true nothing of the flows is printed but the regression, its numbers to one digit; false prints "
            "them in full."
        ),
    )


class SubstitutionParams(Frozen):
    """Chapter 2, currency substitution."""

    reference_currency: Literal["USD", "EUR"] = Field(
        "USD", description="Foreign currency that competes with the national one."
    )
    horizon_months: int = Field(
        12,
        ge=1,
        le=24,
        description="Holding horizon of the headline minimum-variance share; the report shows 1 to 24.",
        json_schema_extra={"unit": "months"},
    )
    window_months: int = Field(
        120,
        ge=60,
        le=300,
        description="Sample that the headline share is computed on, counted back from the last month.",
        json_schema_extra={"unit": "months"},
    )
    bootstrap_replications: int = Field(
        2000,
        ge=200,
        le=50_000,
        description="Block-bootstrap replications.",
        json_schema_extra={"unit": "count"},
    )
    displacement: ShareRange = Field(
        ShareRange(low=0.05, central=0.10, high=0.20),
        description=(
            "Scenario, not forecast: share of currency in circulation and non-remunerated balances "
            "that foreign-currency stablecoins displace, for seigniorage at risk; where another economy's money "
            "circulates, the share of broad money that they displace."
        ),
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    stablecoin_share: float = Field(
        0.05,
        gt=0,
        lt=1,
        description=(
            "Assumption: share of stablecoins in foreign-currency money today, from which the scenarios of changed "
            "costs start; no public source observes it."
        ),
        json_schema_extra={"unit": "share, 0 to 1", "hint": "5 % is 0.05"},
    )
    risk_aversion: float = Field(
        5.0,
        ge=1,
        le=50,
        description=(
            "Assumption: relative risk aversion that weighs the cost of reaching an asset against risk in the "
            "portfolio with stablecoins and bitcoin; the portfolio of least risk alone does not use it."
        ),
        json_schema_extra={"unit": "number", "hint": "1 to 10 in most portfolio studies"},
    )
    loss_given_failure: Share = Field(
        0.5,
        description="Assumption: share of a holding that is lost when a bank, an issuer or a custodian fails.",
    )
    bank_dollar_cost: ShareRange = Field(
        ShareRange(low=0.01, central=0.02, high=0.05),
        description=(
            "Assumption: what a saver loses in buying and selling foreign currency at a bank, both together."
        ),
        json_schema_extra={"unit": "share of the amount, 0 to 1", "hint": "2 % is 0.02"},
    )
    bank_dollar_failure: ShareRange = Field(
        ShareRange(low=0.0, central=0.002, high=0.02),
        description=(
            "Assumption: yearly probability that foreign-currency deposits are frozen or converted by decree."
        ),
        json_schema_extra={"unit": "probability a year, 0 to 1", "hint": "1 % is 0.01"},
    )
    stablecoin_cost: ShareRange = Field(
        ShareRange(low=0.001, central=0.015, high=0.04),
        description=(
            "Assumption: what a saver loses in buying and selling a dollar stablecoin, both together. The default "
            "follows spreads of payment firms in January 2026 (Borderless.xyz, via the press)."
        ),
        json_schema_extra={"unit": "share of the amount, 0 to 1", "hint": "2 % is 0.02"},
    )
    stablecoin_failure: ShareRange = Field(
        ShareRange(low=0.002, central=0.01, high=0.03),
        description="Assumption: yearly probability that the issuer of a stablecoin or its custodian fails.",
        json_schema_extra={"unit": "probability a year, 0 to 1", "hint": "1 % is 0.01"},
    )
    bitcoin_cost: ShareRange = Field(
        ShareRange(low=0.001, central=0.015, high=0.04),
        description="Assumption: what a saver loses in buying and selling bitcoin; the same firms sell both.",
        json_schema_extra={"unit": "share of the amount, 0 to 1", "hint": "2 % is 0.02"},
    )
    bitcoin_failure: ShareRange = Field(
        ShareRange(low=0.002, central=0.01, high=0.03),
        description="Assumption: yearly probability that the custodian of a saver's bitcoin fails.",
        json_schema_extra={"unit": "probability a year, 0 to 1", "hint": "1 % is 0.01"},
    )


class FlightParams(Frozen):
    """Chapter 3, capital flight."""

    exchange_rate_regime: Literal["auto", "fixed", "floating"] = Field(
        "auto",
        description=(
            "Row of the IMF reserve-adequacy weights; auto takes the latest coded regime and shows both rows."
        ),
    )
    capital_controls: Literal["auto", "yes", "no"] = Field(
        "auto",
        description="Whether outflow controls lower the weight of broad money; auto reads the coded index.",
    )
    drain_shares: tuple[Share, ...] = Field(
        (0.01, 0.05, 0.10),
        min_length=1,
        max_length=6,
        description=(
            "Scenario, not forecast: shares of crypto-accessible broad money that leave within a year."
        ),
        json_schema_extra={"unit": "share, 0 to 1", "hint": "5 % is 0.05"},
    )
    stablecoin_pass_through: ShareRange = Field(
        ShareRange(low=0.01, central=0.03, high=0.10),
        description=(
            "Assumption, not measured: share of the value received in stablecoins that residents paid for with national "
            "currency and that reserves had to meet; the rest is turnover among residents, paid for with foreign exchange "
            "that they had, or comes in (remittances, exports)."
        ),
        json_schema_extra={"unit": "share, 0 to 1", "hint": "5 % is 0.05"},
    )
    money_semi_elasticity: PositiveRange = Field(
        PositiveRange(low=0.19, central=0.34, high=0.73),
        description=(
            "Years: fall of log money demand per unit of expected yearly depreciation, for the illustration of an attack on "
            "a peg. The default is the range of Cagan's estimates (1956), 2.3 to 8.7 months, median 4.1."
        ),
        json_schema_extra={"unit": "years", "hint": "6 months is 0.5"},
    )

    @field_validator("drain_shares")
    @classmethod
    def _distinct(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        return _without_repeats(shares, shares)


class CrashScenario(Frozen):
    """A rung of the user's own severity ladder."""

    name: Printed = Field(min_length=1, max_length=80, description="Shown in the report.")
    price_drop: float = Field(
        gt=0,
        le=1,
        description="Fall of crypto prices as a share of the price before.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a drop of 50 % is 0.5"},
    )
    stablecoin_loss: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Loss on stablecoin holdings in the same scenario.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a loss of 5 % is 0.05"},
    )
    ether_drop: Share | None = Field(
        None, description="Fall of ether; default altcoin_beta times price_drop, at most all of it."
    )
    altcoin_beta: float = Field(
        1.1,
        ge=0,
        le=5,
        description=(
            "Fall of other crypto-assets as a multiple of bitcoin's. The default is ether against bitcoin from peak to "
            "trough in 2018 (94.0 against 83.8 %)."
        ),
        json_schema_extra={"unit": "number"},
    )
    redemption: Share = Field(0.0, description="Share of stablecoins that holders redeem at once.")
    depreciation: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of its value in US dollars that the national currency loses.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a currency that halves in dollars is 0.5"},
    )
    equity_drop: Share = Field(0.0, description="Fall of domestic share prices.")
    premium: float = Field(
        0.0,
        ge=0,
        le=5,
        description=(
            "Premium that residents pay for crypto-assets over the official exchange rate, after the depreciation."
        ),
        json_schema_extra={"unit": "share of the price abroad", "hint": "a premium of 20 % is 0.2"},
    )


class CrashParams(Frozen):
    """Chapter 4, price crash."""

    sample_start: dt.date = Field(
        dt.date(2014, 1, 1),
        ge=FIRST_BLOCK,
        description=f"First day of the price sample for volatility and tails; not before {FIRST_BLOCK}.",
        json_schema_extra={"unit": "date"},
    )
    var_level: float = Field(
        0.99,
        ge=0.9,
        le=0.999,
        description="Confidence level of value at risk and expected shortfall.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "99 % is 0.99"},
    )
    tail_threshold: float = Field(
        0.95,
        ge=0.8,
        le=0.99,
        description="Quantile of daily losses above which the generalised Pareto tail is fitted.",
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    horizon_days: int = Field(
        10,
        ge=1,
        le=10,
        description=(
            "Horizon of the filtered historical simulation; beyond ten days the fitted volatility process "
            "is too close to the integrated boundary to be simulated."
        ),
        json_schema_extra={"unit": "days"},
    )
    paths: int = Field(
        10_000, ge=1000, le=200_000, description="Simulated paths.", json_schema_extra={"unit": "count"}
    )
    price_drop: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Fall of crypto prices in the report's own one-month scenario.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a drop of 50 % is 0.5"},
    )
    scenarios: tuple[CrashScenario, ...] = Field(
        (),
        max_length=12,
        description=(
            "Further rungs beside the historical menu: name, price_drop and, where wanted, stablecoin_loss, ether_drop, "
            "altcoin_beta, redemption, depreciation, equity_drop, premium."
        ),
    )
    stablecoin_loss: ShareRange = Field(
        ShareRange(low=0.0, central=0.05, high=0.127),
        description=(
            "Loss on stablecoins in the combined scenario, mild, central, severe. The defaults are lows of USDT on 12 "
            "May 2022 (0.95) and of USDC on 11 March 2023 (0.873)."
        ),
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    redemption: ShareRange = Field(
        ShareRange(low=0.0, central=0.12, high=0.25),
        description=(
            "Share of stablecoins redeemed at once in the combined scenario. Central: USDT in May 2022 (83 to 73 billion "
            "dollars); high: an assumption, about twice that."
        ),
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    depreciation: DepreciationRange | None = Field(
        None,
        description=(
            "Loss of the national currency's value in US dollars in the combined scenario, below 1. Default: none, the 90th "
            "percentile and the largest of the windows of twelve months in the last twenty years; for a held rate an "
            "assumption from those that gave way elsewhere."
        ),
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a currency that halves in dollars is 0.5"},
    )
    uncertainty_correlation: float = Field(
        0.3,
        ge=0,
        le=0.95,
        description=(
            "Assumption: rank correlation among the shocks, and among the unknown sizes of exposures, in the Monte Carlo "
            "simulation."
        ),
        json_schema_extra={"unit": "correlation"},
    )
    monte_carlo_draws: int = Field(
        100_000,
        ge=1000,
        le=1_000_000,
        description="Draws of the Monte Carlo simulation of losses.",
        json_schema_extra={"unit": "count"},
    )
    household_loss_limit: Share = Field(
        0.01,
        description="Reverse stress: loss of households, as a share of GDP, whose smallest cause is sought.",
    )
    government_loss_limit: Share = Field(
        0.01,
        description="Reverse stress: loss of the government, as a share of a year's revenue, whose least cause is sought.",
    )
    cet1_requirement: Share | None = Field(
        None,
        description=(
            "Reverse stress: the jurisdiction's own requirement for the CET1 ratio, beside the Basel minimum of 4.5 % and "
            "7 % with the conservation buffer."
        ),
    )
    reserves_months: float = Field(
        3.0,
        gt=0,
        le=24,
        description="Reverse stress: months of imports that reserves should cover.",
        json_schema_extra={"unit": "months of imports"},
    )
    mining_electricity_cost: PositiveRange = Field(
        PositiveRange(low=0.03, central=0.045, high=0.0555),
        description=(
            "Price of electricity that miners pay. Central: median of the Cambridge survey of 2025; high: its mean of all "
            "running costs; low: an assumption."
        ),
        json_schema_extra={"unit": "USD per kWh"},
    )
    consumption_response: ShareRange = Field(
        ShareRange(low=0.03, central=0.05, high=0.10),
        description="Fall of consumption per unit of crypto wealth lost.",
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    income_elasticity: PositiveRange = Field(
        PositiveRange(low=0.5, central=0.75, high=1.0),
        description="Elasticity of an owner's average holding to GDP per head relative to the world.",
        json_schema_extra={"unit": "elasticity"},
    )

    @field_validator("scenarios")
    @classmethod
    def _distinct(cls, scenarios: tuple[CrashScenario, ...]) -> tuple[CrashScenario, ...]:
        return _without_repeats(scenarios, [scenario.name for scenario in scenarios])


class ChannelsParams(Frozen):
    """Chapter 5, policy channels."""

    remittance_ticket_usd: Literal[200, 500] = Field(
        200, description="Ticket size of the remittance cost comparison.", json_schema_extra={"unit": "USD"}
    )


class MatrixParams(Frozen):
    """Chapter 6, risk matrix."""

    weights: dict[str, float] = Field(
        default_factory=dict,
        description=(
            "Weights of the pillars by name; those left out weigh 1. Names: see cryptorisk/models/matrix/cram.yaml."
        ),
        json_schema_extra={"unit": "weight"},
    )
    weight_draws: int = Field(
        5000,
        ge=500,
        le=100_000,
        description="Draws of weights and thresholds behind the rating's interval.",
        json_schema_extra={"unit": "count"},
    )

    @field_validator("weights")
    @classmethod
    def _positive(cls, weights: dict[str, float]) -> dict[str, float]:
        bad = {name: weight for name, weight in weights.items() if weight < 0}
        if bad:
            raise ValueError(f"weights must not be negative (got {bad})")
        return weights


class Override(Frozen):
    """The bank's own figure or series, in place of the public one.

    Exactly one of ``value`` and ``file`` is given. A file (CSV, Excel or Parquet) has the columns ``date,value``.
    """

    value: float | None = Field(None, description="A single figure.")
    file: str | None = Field(
        None,
        description=(
            "CSV, Excel (.xlsx) or Parquet with the columns date,value; relative to the parameter file. Of a stock "
            "the last figure in each period counts; a flow needs one figure a period."
        ),
    )
    unit: str | None = Field(None, description="Unit of the figures; must be the series' unit when given.")
    date: dt.date | None = Field(None, description="Date of the single figure; default as_of.")
    note: Printed = Field("", max_length=500, description="Origin, printed in the report.")
    confidential: bool = Field(
        False,
        description=(
            "When true the report says that the series was used, does not print the input itself, and prints "
            "results that stand on it to one digit."
        ),
    )

    @field_validator("date", mode="before")
    @classmethod
    def _day(cls, given: Any) -> Any:
        """A bare number beside it makes pydantic see Python values here, where strict reading takes no text."""
        if not isinstance(given, str) or len(given) != len("YYYY-MM-DD"):
            return given
        try:
            return dt.date.fromisoformat(given)
        except ValueError:
            return given

    @model_validator(mode="after")
    def _one(self) -> Override:
        if (self.value is None) == (self.file is None):
            raise ValueError("give either value or file")
        if self.file is not None and self.unit is None:
            raise ValueError("a file needs its unit")
        return self


class Params(Frozen):
    """Everything a country report may be told."""

    country: str = Field(
        pattern="^[A-Z]{3}$",
        description="ISO 3166-1 alpha-3 code of the economy (XKX for Kosovo).",
        json_schema_extra={"hint": "for example KEN", "pattern_in_words": ISO3_IN_WORDS},
    )
    as_of: dt.date | None = Field(
        None,
        ge=FIRST_BLOCK,
        description=f"The report sees no figure dated later; default the vintage's date; not before {FIRST_BLOCK}.",
        json_schema_extra={"unit": "date"},
    )
    vintage: str = Field(
        "latest",
        pattern=r"^(latest|\d{4}-\d{2}-\d{2}(-[a-z0-9]+)?)$",
        description="Data vintage: latest, or its date.",
        json_schema_extra={
            "hint": "`cryptorisk data verify` names the vintage at hand",
            "pattern_in_words": "latest or a date written YYYY-MM-DD",
        },
    )
    institution: Printed = Field("", max_length=120, description="Printed on the cover strip.")
    classification: Printed = Field(
        "", max_length=60, description="Printed on the cover strip, for example Internal."
    )
    seed: int = Field(20261123, ge=0, le=2**32 - 1, description="Seed of every simulation.")
    include_non_commercial: bool = Field(
        True,
        description=(
            "Use series under a non-commercial licence (Coin Metrics prices and on-chain figures); "
            "false leaves them out, and what needs them is shown as not available."
        ),
    )
    peers: tuple[Iso3, ...] = Field(
        (),
        max_length=40,
        description="Peer economies; default those of the same World Bank region.",
        json_schema_extra={"unit": "ISO 3166-1 alpha-3 codes"},
    )
    volumes: VolumesParams = VolumesParams()
    substitution: SubstitutionParams = SubstitutionParams()
    flight: FlightParams = FlightParams()
    crash: CrashParams = CrashParams()
    channels: ChannelsParams = ChannelsParams()
    matrix: MatrixParams = MatrixParams()
    own_files: tuple[str, ...] = Field(
        (),
        max_length=20,
        description=(
            "Files with several series of the bank's own: CSV, Excel (.xlsx) or Parquet with a row a figure, beside "
            "the parameter file or below. `cryptorisk data template` writes empty ones with explanations. A figure "
            "is confidential unless its row says no. What stands under overrides comes first."
        ),
        json_schema_extra={"unit": "paths relative to the parameter file"},
    )
    use_overrides_folder: bool = Field(
        True,
        description=(
            "Also use the files (of the same form, every row with its country) in data/overrides/; what stands "
            "under overrides and own_files comes first."
        ),
    )
    overrides: dict[str, Override] = Field(
        default_factory=dict,
        description=(
            "The bank's own figures by series id: a number, or value/file with unit, date, note, "
            "confidential. `cryptorisk data list` names the series."
        ),
    )

    @field_validator("own_files")
    @classmethod
    def _named_once(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        return _without_repeats(files, files)

    @field_validator("overrides", mode="before")
    @classmethod
    def _scalars(cls, overrides: Any) -> Any:
        if not isinstance(overrides, dict):
            return overrides
        return {name: {"value": given} if _is_number(given) else given for name, given in overrides.items()}


def _without_repeats(entries: tuple[_Entry, ...], names: Sequence[object]) -> tuple[_Entry, ...]:
    """The entries, refused when two bear the same name: tables and figures tell them apart by it."""
    repeated = sorted({repr(name) for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"must be distinct ({', '.join(repeated)} stands twice)")
    return entries


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)
