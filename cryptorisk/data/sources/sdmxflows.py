"""What is asked of an SDMX provider: rows of a table beside this module, one for a dataflow and a series."""

from __future__ import annotations

from dataclasses import dataclass

from cryptorisk.data.catalogue import rows

AREA = "{area}"
"""Part of a key that names the economies."""

CURRENCY = "{currency}"
"""Part of a key that is left open because an economy's own currency stands there; other currencies are dropped."""


@dataclass(frozen=True)
class Flow:
    """A dataflow, the key into it, and the series that its figures are.

    Attributes
    ----------
    source : str
        Id of the register of sources.
    agency, flow : str
        ``IMF.STA`` and ``ER``.
    dimensions, key : tuple of str
        Names of the dimensions in the order of the key, and the code of each, `AREA` or `CURRENCY`.
    series : str
        Id of the catalogue.
    factor : float
        A value of the answer times this is in the unit of the series.
    frequency : str
        ``A``, ``Q`` or ``M``.
    unit : str
        Code that the answer must give in UNIT_MEASURE if it gives one; "" for any.
    euro_area : bool
        Whether the euro area as a whole is asked for beside the economies.
    read : str
        Where the key was read.
    note : str
    """

    source: str
    agency: str
    flow: str
    dimensions: tuple[str, ...]
    key: tuple[str, ...]
    series: str
    factor: float
    frequency: str
    unit: str
    euro_area: bool
    read: str
    note: str

    @property
    def ref(self) -> str:
        """As a query names the dataflow: ``IMF.STA,ER``; without a version the latest answers."""
        return f"{self.agency},{self.flow}"

    @property
    def code(self) -> str:
        """As messages name it: ``IMF.STA,ER/*.XDC_USD.PA_RT.M``."""
        return f"{self.ref}/{'.'.join('*' if part in (AREA, CURRENCY) else part for part in self.key)}"

    @property
    def fixed(self) -> dict[str, str]:
        """Dimensions whose code is the same for all economies."""
        pairs = zip(self.dimensions, self.key, strict=True)
        return {dimension: part for dimension, part in pairs if part not in (AREA, CURRENCY)}

    @property
    def area_dimension(self) -> str:
        """The dimension that names the economy."""
        return self.dimensions[self.key.index(AREA)]

    @property
    def currency_dimension(self) -> str:
        """The dimension that names the currency; "" when there is none."""
        return self.dimensions[self.key.index(CURRENCY)] if CURRENCY in self.key else ""

    def key_for(self, areas: tuple[str, ...]) -> str:
        """The key for areas in the provider's codes, for every one when there is none: ``KEN+NGA.XDC_USD.PA_RT.M``."""
        filled = {AREA: "+".join(areas), CURRENCY: ""}
        return ".".join(filled.get(part, part) for part in self.key)


def read_flows(name: str) -> tuple[Flow, ...]:
    """The rows of ``<name>.csv``, in its order."""
    return tuple(_flow(row) for row in rows(f"sources/{name}.csv"))


def _flow(row: dict[str, str]) -> Flow:
    return Flow(
        row["source"],
        row["agency"],
        row["flow"],
        tuple(row["dimensions"].split(".")),
        tuple(row["key"].split(".")),
        row["series"],
        float(row["factor"]),
        row["frequency"],
        row["unit"],
        row["euro_area"] == "yes",
        row["read"],
        row["note"],
    )
