"""Gravity of the institution's own flows between economies: what goes with more of them, by PPML and by logs.

Flows between pairs are not public (Auer, Lewrick and Paulick 2025, BIS Working Papers 1265, use an exchange's and on-chain
data). An institution that has its own gets the regression of that literature: effects of origins and destinations, so that
only what lies between a pair is told. Flows of its own economy alone are regressed on what the partners are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.data.own.flows import ALL_ASSETS, OwnFlows
from cryptorisk.errors import ModelError
from cryptorisk.models.volumes.gravity_variables import add_pairs, add_partners
from cryptorisk.stats.gravity import Fit, log_ols, ppml

Kind = Literal["bilateral", "unilateral"]

FEWEST_PAIRS: Mapping[Kind, int] = {"bilateral": 50, "unilateral": 30}
"""Pairs with a positive flow, or partners of one economy, that a regression needs. Errors are clustered by them, and
clustered inference goes wrong with fewer than some 20 to 50 clusters (Cameron and Miller 2015); effects of both ends of a
pair cost a good part of fifty."""

FEWEST_ENDS = 5
"""Origins and destinations that effects of both need: with fewer, nearly every flow has an effect of its own."""

ENDS_TO_CLUSTER = 20
"""Economies at each end from which on errors are clustered by both ends and no longer by pair: with heavy tails 95 %
intervals then cover 90 % and not 80 (`tests/coverage/study_gravity.py`); with fewer clusters they would cover less."""

UNITS_PER_VARIABLE = 10
"""At most one variable for so many pairs or partners: the usual rule of ten events a variable (Peduzzi et al. 1996)."""

MOST_ASSETS = 4
"""Assets that get a regression of their own, those with most pairs first."""


@dataclass(frozen=True)
class GravityFit:
    """One sample's two regressions.

    Attributes
    ----------
    sample : str
        All assets, or one.
    poisson, logs : Fit
    pairs : int
        Pairs in the file.
    """

    sample: str
    poisson: Fit
    logs: Fit
    pairs: int


@dataclass(frozen=True)
class Gravity:
    """What the flows gave.

    Attributes
    ----------
    kind : {"bilateral", "unilateral"} or None
    fits : tuple of GravityFit
        All assets together first.
    labels : mapping of str to str
        Variable -> its name in a table.
    set_aside : tuple of str
        Variables not used, with the reason.
    reason : str
        Why there is no regression; empty when there is.
    confidential : bool
    """

    kind: Kind | None
    fits: tuple[GravityFit, ...]
    labels: Mapping[str, str]
    set_aside: tuple[str, ...]
    reason: str
    confidential: bool


def gravity(inputs: Inputs) -> Gravity | None:
    """Regressions of the institution's own flows, or the reason why there is none; None without flows.

    Parameters
    ----------
    inputs : Inputs
        Without confidential series (`cryptorisk.models.volumes.public`); the flows carry a mark of their own.
    """
    flows = inputs.flows
    if flows is None:
        return None
    total = _together(flows)
    kind = _kind(total, inputs.country)
    if kind is None:
        return _refused(flows, _no_kind(total))
    if _units(total, kind, inputs.country) < FEWEST_PAIRS[kind]:
        return _refused(flows, _too_few(kind))
    samples = {ALL_ASSETS: total, **_by_asset(flows, kind, inputs.country)}
    found, labels, aside = [], dict[str, str](), list[str]()
    for name, sample in samples.items():
        add = add_pairs if kind == "bilateral" else add_partners
        variables = add(sample, flows.further, inputs)
        used = list(variables.labels)[: _units(sample, kind, inputs.country) // UNITS_PER_VARIABLE]
        try:
            found.append(_fitted(name, variables.frame, used, kind, inputs.country))
        except ModelError as error:
            if name == ALL_ASSETS:
                return _refused(flows, error.what)
            aside.append(f"{name}: {error.what}")
            continue
        labels |= {one: variables.labels[one] for one in used}
        if name == ALL_ASSETS:
            left = [label for one, label in variables.labels.items() if one not in used]
            aside += [
                *variables.set_aside,
                *(f"{label}: too few pairs for so many variables" for label in left),
            ]
    return Gravity(kind, tuple(found), labels, tuple(aside), "", flows.confidential)


def _refused(flows: OwnFlows, reason: str) -> Gravity:
    return Gravity(None, (), {}, (), reason, flows.confidential)


def _together(flows: OwnFlows) -> pd.DataFrame:
    """All assets of a pair and date added up; further columns as the first row with a figure gives them."""
    keys = ["origin", "destination", "date"]
    how = {"value": "sum", **dict.fromkeys(flows.further, "first")}
    return flows.frame.groupby(keys, as_index=False, sort=True).agg(how)


def _by_asset(flows: OwnFlows, kind: Kind, own: str) -> dict[str, pd.DataFrame]:
    """Samples of single assets that have pairs enough; none where there is one asset."""
    parts = {str(name): part.drop(columns="asset") for name, part in flows.frame.groupby("asset")}
    if len(parts) < 2:
        return {}
    sizes = {name: _units(part, kind, own) for name, part in parts.items()}
    enough = sorted((n for n in parts if sizes[n] >= FEWEST_PAIRS[kind]), key=lambda n: (-sizes[n], n))
    return {name: parts[name].reset_index(drop=True) for name in enough[:MOST_ASSETS]}


def _kind(frame: pd.DataFrame, own: str) -> Kind | None:
    if ((frame["origin"] == own) | (frame["destination"] == own)).all():
        return "unilateral"
    positive = frame[frame["value"] > 0]
    ends = min(positive["origin"].nunique(), positive["destination"].nunique())
    return "bilateral" if ends >= FEWEST_ENDS else None


def _no_kind(frame: pd.DataFrame) -> str:
    positive = frame[frame["value"] > 0]
    return (
        f"positive flows of {positive['origin'].nunique()} origins and {positive['destination'].nunique()} destinations "
        f"are neither those of the own economy alone nor of at least {FEWEST_ENDS} of each"
    )


def _units(frame: pd.DataFrame, kind: Kind, own: str) -> int:
    """Pairs with a positive flow, or of one economy's flows the partners with one: what errors are clustered by."""
    positive = frame[frame["value"] > 0]
    if kind == "bilateral":
        return len(positive[["origin", "destination"]].drop_duplicates())
    return len({*positive["origin"], *positive["destination"]} - {own})


def _too_few(kind: Kind) -> str:
    many = "partners" if kind == "unilateral" else "pairs"
    return f"fewer than {FEWEST_PAIRS[kind]} {many} have a positive flow and all variables"


def _clusters(complete: pd.DataFrame, kind: Kind) -> list[str]:
    """Within what errors may depend on each other: an economy at either end, where there are enough at both."""
    if kind == "unilateral":
        return ["partner"]
    ends = ["origin", "destination"]
    return ends if complete[ends].nunique().min() >= ENDS_TO_CLUSTER else ["pair"]


def _fitted(name: str, frame: pd.DataFrame, used: list[str], kind: Kind, own: str) -> GravityFit:
    """Both estimators on the same rows and variables.

    Raises
    ------
    ModelError
        When too few pairs are complete, or nothing can be estimated.
    """
    complete = frame[frame[used].notna().all(axis=1)]
    if _units(complete, kind, own) < FEWEST_PAIRS[kind]:
        raise ModelError(_too_few(kind))
    frame = frame.assign(pair=frame["origin"] + "-" + frame["destination"])
    effects, cluster = _effects(complete, kind), _clusters(complete, kind)
    poisson = ppml(frame, "value", used, effects, cluster)
    if not poisson.converged:
        raise ModelError("the Poisson regression did not converge")
    logs = log_ols(frame, "value", used, effects, cluster)
    return GravityFit(name, poisson, logs, len(frame["pair"].unique()))


def _effects(frame: pd.DataFrame, kind: Kind) -> list[str]:
    """Effects of both ends, by date where there are several; of one economy's flows, of direction and date."""
    dates = len(frame["date"].unique()) > 1
    if kind == "bilateral":
        return ["origin^date", "destination^date"] if dates else ["origin", "destination"]
    varying = [*(["side"] if len(frame["side"].unique()) > 1 else []), *(["date"] if dates else [])]
    return ["^".join(varying)] if varying else []
