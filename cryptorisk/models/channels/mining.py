"""Mining channel: the country's share of bitcoin's hash rate and the electricity that it implies."""

from __future__ import annotations

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.result import Finding
from cryptorisk.words import capital

HOURS_PER_YEAR = 8766.0
FUNCTION = "cryptorisk.models.channels.mining.mining"


def power_gw(hash_rate_eh_s: float, efficiency_j_th: float, pue: float = 1.0) -> float:
    """Electric power of a network: ``P = H e PUE / 1000``.

    Parameters
    ----------
    hash_rate_eh_s : float
        Hash rate in exahashes per second.
    efficiency_j_th : float
        Energy per computation in joules per terahash.
    pue : float
        Power usage effectiveness of the sites, 1 or more.

    Returns
    -------
    float
        Gigawatts. An exahash per second at one joule per terahash draws a megawatt.
    """
    return hash_rate_eh_s * efficiency_j_th * pue / 1000


def energy_twh(power: float) -> float:
    """Electricity of a year at constant power: gigawatts to terawatt hours."""
    return power * HOURS_PER_YEAR / 1000


def mining(inputs: Inputs) -> tuple[list[Estimate], list[Finding]]:
    """Share of hash rate (mining map) and a lower bound of the electricity behind it.

    Returns
    -------
    tuple of (list of Estimate, list of Finding)

    Notes
    -----
    The efficiency is the fleet's in 2024, better than that of the map's month, so the electricity is a lower
    bound for that month.
    """
    share = inputs.latest("hashrate_share_pct")
    label = "Share of bitcoin's hash rate"
    label_energy = "Electricity of bitcoin mining at that date, at least"
    if share is None:
        reason = "not among the economies that the mining map names"
        return [
            Estimate.missing("channels.mining_share_pct", label, "pct_world", reason),
            Estimate.missing("channels.mining_electricity_pct", label_energy, "pct_electricity", reason),
        ], []
    month = share.date.strftime("%Y-%m")
    estimate = Estimate(
        "channels.mining_share_pct",
        label,
        share.value,
        "pct_world",
        data_class=share.data_class,
        date=month,
        method="Share of hash rate by location of the miners' addresses, as published.",
        sources=(share.source,),
        inputs=("hashrate_share_pct",),
        function=FUNCTION,
        note="Stale; addresses can be routed through other countries." if share.stale else "",
    )
    energy = _energy(inputs, share.value, month, label_energy)
    text = (
        f"{capital(country(inputs.country).name_in_sentence)} had {number(share.value, 1)} % of bitcoin's hash rate in "
        f"{month}, the last month with a figure for it; its present share is not known."
    )
    return [estimate, energy], [Finding("channels.mining", text, "notice", estimates=(estimate.id,))]


def _energy(inputs: Inputs, share_pct: float, month: str, label: str) -> Estimate:
    id = "channels.mining_electricity_pct"
    hash_rate = inputs.series("btc_hash_rate_th_s", country="WLD")
    efficiency = inputs.latest("mining_efficiency_j_per_th", country="WLD")
    use = inputs.latest("electricity_consumption_kwh")
    near = hash_rate.values[month:month] if not hash_rate.empty else hash_rate.values
    if near.empty or efficiency is None or use is None:
        return Estimate.missing(
            id,
            label,
            "pct_electricity",
            "hash rate, mining efficiency or electricity use is not in the data",
        )
    mean_eh_s = float(near.mean()) / 1e6
    twh = energy_twh(power_gw(mean_eh_s * share_pct / 100, efficiency.value))
    return Estimate(
        id,
        label,
        100 * twh * 1e9 / use.value,
        "pct_electricity",
        data_class="modelled",
        date=month,
        method=(
            f"Hash rate of the month ({mean_eh_s:.0f} EH/s) times the share times {efficiency.value:g} J/TH, the fleet's "
            f"efficiency in {efficiency.date.year}, so a lower bound; over electricity use in {use.date.year}."
        ),
        sources=(efficiency.source, use.source),
        inputs=(
            "hashrate_share_pct",
            "btc_hash_rate_th_s",
            "mining_efficiency_j_per_th",
            "electricity_consumption_kwh",
        ),
        function=FUNCTION,
    )
