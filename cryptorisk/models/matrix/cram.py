"""The risk matrix's rules: pillars, indicators, thresholds with their basis, read from ``cram.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from ruamel.yaml import YAML

from cryptorisk.models.peers import MAX_AGE_YEARS

Basis = Literal["cited", "relative", "kit"]


@dataclass(frozen=True)
class Indicator:
    """An estimate scored between two thresholds, with where the thresholds come from; older figures are not scored.

    ``label`` names it where its chapter gives no estimate.
    """

    estimate: str
    label: str
    calm: float
    stress: float
    basis: Basis
    citation: str
    oldest_months: int = 12 * MAX_AGE_YEARS

    def at(self, score: float) -> float:
        """The value at which the indicator reaches a score from 0 to 100."""
        return self.calm + score / 100 * (self.stress - self.calm)


@dataclass(frozen=True)
class Pillar:
    """A group of indicators with its question, policy options and the authority in charge."""

    name: str
    label: str
    question: str
    policy: str
    authority: str
    indicators: tuple[Indicator, ...]
    coverage: float = 0.5


@dataclass(frozen=True)
class Rules:
    """All pillars and the bands of the rating."""

    pillars: tuple[Pillar, ...]
    bands: tuple[tuple[float, str], ...]

    def band(self, score: float) -> str:
        """The word for a score from 0 to 100."""
        return next(label for below, label in self.bands if score < below)

    def next_band(self, score: float) -> tuple[float, str] | None:
        """The score at which the next worse band begins, and its word; None in the worst band."""
        for (below, _), (_, label) in zip(self.bands, self.bands[1:], strict=False):
            if score < below:
                return below, label
        return None

    def lower_band(self, score: float) -> tuple[float, str] | None:
        """The score below which the next calmer band ends, and its word; None in the calmest band."""
        for (below, label), (above, _) in reversed(list(zip(self.bands, self.bands[1:], strict=False))):
            if below <= score < above:
                return below, label
        return None


@cache
def rules() -> Rules:
    """Read ``cram.yaml`` once."""
    raw = YAML(typ="safe").load((files("cryptorisk.models.matrix") / "cram.yaml").read_text(encoding="utf-8"))
    pillars = tuple(
        Pillar(
            p["name"],
            p["label"],
            p["question"],
            p["policy"],
            p["authority"],
            tuple(
                Indicator(
                    i["estimate"],
                    i["label"],
                    float(i["calm"]),
                    float(i["stress"]),
                    i["basis"],
                    i["citation"],
                    int(i.get("oldest_months", 12 * MAX_AGE_YEARS)),
                )
                for i in p["indicators"]
            ),
            float(p.get("coverage", 0.5)),
        )
        for p in raw["pillars"]
    )
    return Rules(pillars, tuple((float(b["below"]), b["label"]) for b in raw["bands"]))
