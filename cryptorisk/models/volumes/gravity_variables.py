"""Variables of pairs and partners: the standard ones as far as the vintage has them, and those of the file.

Distance, contiguity and language are not in the vintage; they come with the file's further columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.volumes.keys import by_year, latest
from cryptorisk.stats.gravity import unilateral_resistance
from cryptorisk.stats.reconcile import Floats

LEAST_KNOWN = 0.5
"""A variable of the vintage enters when it is known for at least this share of the rows: one that few pairs have would
drop the others. Corridor costs are surveyed for some 370 pairs."""

CONTROLS_WITHIN, CORRIDOR_WITHIN = 12, 8
"""Years for which the last coded capital controls and the last surveyed cost of a corridor serve."""


@dataclass
class Variables:
    """Rows with their variables.

    Attributes
    ----------
    frame : DataFrame
    labels : dict of str to str
        Variable -> name in a table, in the order in which they are kept when pairs are few.
    set_aside : list of str
        Variables not used, with the reason.
    """

    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    set_aside: list[str] = field(default_factory=list)

    def add(self, name: str, label: str, values: Floats, *, given: bool = False) -> None:
        """Take a variable in, unless it is hardly known or does not vary; one that the file gives is always taken."""
        known = np.isfinite(values)
        if not given and known.mean() < LEAST_KNOWN:
            self.set_aside.append(f"{label}: known for too few pairs")
        elif known.sum() < 2 or np.ptp(values[known]) == 0:
            self.set_aside.append(f"{label}: does not vary")
        else:
            self.frame[name] = values
            self.labels[name] = label


def add_pairs(frame: pd.DataFrame, further: tuple[str, ...], inputs: Inputs) -> Variables:
    """What lies between a pair, for a regression with effects of both ends: the ends' own sizes are in the effects.

    Parameters
    ----------
    frame : DataFrame
        origin, destination, date, value and the further columns.
    further : tuple of str
        Variables that the file gives.
    inputs : Inputs
    """
    out = _with_further(frame, further)
    ends = {end: _economies(frame, end, inputs) for end in ("origin", "destination")}
    one, two = ends["origin"], ends["destination"]
    out.add("corridor_cost", "Cost of sending 200 USD (log of %)", _corridor_costs(frame, inputs))
    out.add("income_gap", "Gap in GDP per head (logs, absolute)", np.abs(one["income"] - two["income"]))
    out.add("inflation_gap", "Gap in inflation (logs, absolute)", np.abs(one["inflation"] - two["inflation"]))
    label = "Outflow controls there times inflow controls here (FKRSU, last coded)"
    out.add("controls", label, one["outflow_controls"] * two["inflow_controls"])
    return out


def add_partners(frame: pd.DataFrame, further: tuple[str, ...], inputs: Inputs) -> Variables:
    """What the partners of one economy are; ``side`` and ``partner`` tell which end of the flow they stand at.

    The gap in income is taken less its multilateral resistance (Baier and Bergstrand 2009): the partner's gaps to all
    economies, by GDP. Distances between other economies are not in the file, so that distance enters as it stands.
    """
    own = inputs.country
    outward = (frame["origin"] == own).to_numpy()
    partner = np.where(outward, frame["destination"], frame["origin"])
    frame = frame.assign(partner=partner, side=np.where(outward, "out", "in"))
    out = _with_further(frame, further)
    known = _economies(frame, "partner", inputs)
    out.add("gdp", "Partner's GDP (log)", known["gdp"])
    out.add("income", "Partner's GDP per head (log)", known["income"])
    out.add("corridor_cost", "Cost of sending 200 USD (log of %)", _corridor_costs(frame, inputs))
    out.add("inflation", "Partner's inflation (log of 1 + rate)", known["inflation"])
    controls = np.where(outward, known["inflow_controls"], known["outflow_controls"])
    out.add("controls", "Partner's controls on these flows (FKRSU, last coded)", controls)
    out.add("internet", "Partner's internet users (log odds)", known["internet"])
    label = "Gap in GDP per head less multilateral resistance"
    out.add("income_gap", label, _resistance(frame, inputs))
    return out


def _with_further(frame: pd.DataFrame, further: tuple[str, ...]) -> Variables:
    out = Variables(frame.copy())
    for name in further:
        out.add(name, f"{name} (from the file)", frame[name].to_numpy(dtype=float), given=True)
    return out


def _economies(frame: pd.DataFrame, end: str, inputs: Inputs) -> Mapping[str, Floats]:
    """Figures of the economy at one end of each flow, the last at or before the flow's year."""
    year, code = frame["date"].dt.year, frame[end]
    gdp = _figures(inputs, "gdp_usd", year, code)
    people = _figures(inputs, "population", year, code)
    users = np.clip(_figures(inputs, "internet_users_pct", year, code), 1.0, 99.0)
    inflation = np.maximum(_figures(inputs, "cpi_inflation_pct", year, code, within=3), -50.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "gdp": np.log(gdp),
            "income": np.log(gdp / people),
            "internet": np.log(users / (100 - users)),
            "inflation": np.log1p(inflation / 100),
            "outflow_controls": _figures(inputs, "fkrsu_kao", year, code, within=CONTROLS_WITHIN),
            "inflow_controls": _figures(inputs, "fkrsu_kai", year, code, within=CONTROLS_WITHIN),
        }


def _figures(inputs: Inputs, id: str, year: pd.Series, code: pd.Series, within: int = 12) -> Floats:
    """Last figure at or before each row's year, at most ``within`` years old."""
    panel = by_year(inputs, id)
    out = np.full(len(code), np.nan)
    for one in sorted(set(year)):
        here = (year == one).to_numpy()
        out[here] = latest(panel, int(one), code[here], within)[0]
    return out


def _corridor_costs(frame: pd.DataFrame, inputs: Inputs) -> Floats:
    """Log of the last surveyed cost of sending 200 dollars from origin to destination."""
    table = inputs.table("remittance_corridors")
    table = table[table["cost_200_pct"] > 0].sort_values(["date", "source"])  # the newest edition last
    out = np.full(len(frame), np.nan)
    pair = pd.MultiIndex.from_frame(frame[["origin", "destination"]])
    for date in sorted(set(frame["date"])):
        here = (frame["date"] == date).to_numpy()
        recent = table[
            (table["date"] <= date) & (table["date"] > date - pd.DateOffset(years=CORRIDOR_WITHIN))
        ]
        last = recent.groupby(["from_iso3", "to_iso3"])["cost_200_pct"].last()
        out[here] = np.log(last.reindex(pair[here]).to_numpy(dtype=float))
    return out


def _resistance(frame: pd.DataFrame, inputs: Inputs) -> Floats:
    """Gap in log GDP per head between the economy and its partner, less multilateral resistance, by year."""
    gdp, people = by_year(inputs, "gdp_usd"), by_year(inputs, "population")
    out = np.full(len(frame), np.nan)
    codes = pd.Series(sorted({*gdp.columns, inputs.country}))
    for year in sorted(set(frame["date"].dt.year)):
        size = latest(gdp, int(year), codes)[0]
        income = np.log(size / latest(people, int(year), codes)[0])
        known = np.isfinite(income) & (size > 0)
        names = codes[known].to_numpy()
        if inputs.country not in names:
            continue
        gap = pd.DataFrame(np.abs(np.subtract.outer(income[known], income[known])), names, names)
        line = unilateral_resistance(gap, pd.Series(size[known], names), inputs.country)
        here = (frame["date"].dt.year == year).to_numpy()
        out[here] = line.reindex(frame["partner"][here]).to_numpy(dtype=float)
    return out
