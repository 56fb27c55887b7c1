"""SDMX-ML 2.1, structure-specific, as the International Monetary Fund and the Bank for International Settlements send it.

Header, namespaces and the place of attributes were read in recorded answers in public repositories: for the IMF a failed
look-up printed whole (IRFCL, 2026-07-27) and a test's sample of BOP (2026-07-01), for the BIS a test's sample of WS_CBPOL
(2026-06-30).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"


@dataclass
class Line:
    """A series: its dimensions, its attributes, its observations (None where the figure is missing)."""

    dimensions: dict[str, str]
    observations: list[tuple[str, float | None]]
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class Message:
    agency: str
    flow: str
    version: str
    lines: list[Line]
    sender: str
    of_data_set: dict[str, str] = field(default_factory=dict)
    of_observation: dict[str, str] = field(default_factory=dict)
    groups: str = ""
    missing: dict[str, str] = field(default_factory=dict)
    """Attributes of an observation without figure; none leaves OBS_VALUE out."""

    def spoilt(self, fault: str | None) -> Message:
        """What the faults do that are the same for every provider."""
        if fault == "empty":
            self.lines = []
        if fault == "reordered":
            for line in self.lines:
                line.dimensions = dict(reversed(line.dimensions.items()))
                line.observations = line.observations[::-1]
            self.lines = self.lines[::-1]
        if fault == "duplicated":
            self.lines = [line for line in self.lines for _ in range(2)]
        if fault == "nan_tail":
            for line in self.lines:
                kept = line.observations
                line.observations = kept[:-6] + [(period, None) for period, _ in kept[-6:]]
        return self

    def xml(self) -> bytes:
        id = f"{self.agency}_{self.flow}_{self.version.replace('.', '_')}"
        held = f"Dataflow={self.agency}:{self.flow}({self.version}):ObsLevelDim:TIME_PERIOD"
        name = f"urn:sdmx:org.sdmx.infomodel.datastructure.{held}"
        head = (
            "<?xml version='1.0' encoding='UTF-8'?><message:StructureSpecificData "
            f'xmlns:ss="{SCHEMAS}/data/structurespecific" xmlns:footer="{SCHEMAS}/message/footer" xmlns:ns1="{name}" '
            f'xmlns:message="{SCHEMAS}/message" xmlns:common="{SCHEMAS}/common" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><message:Header><message:ID>DS1785114246007</message:ID>'
            "<message:Test>false</message:Test><message:Prepared>2026-07-27T01:04:06Z</message:Prepared>"
            f'<message:Sender id="{self.sender}"/><message:Structure structureID="{id}" namespace="{name}" '
            'dimensionAtObservation="TIME_PERIOD"><common:StructureUsage>'
            f'<Ref agencyID="{self.agency}" id="{self.flow}" version="{self.version}"/></common:StructureUsage>'
            "</message:Structure><message:DataSetAction>Replace</message:DataSetAction></message:Header>"
            f'<message:DataSet ss:dataScope="DataStructure" xsi:type="ns1:DataSetType" ss:structureRef="{id}" '
            f'action="Replace"{_written(self.of_data_set)}>{self.groups}'
        )
        body = "".join(self._series(line) for line in self.lines)
        return f"{head}{body}</message:DataSet></message:StructureSpecificData>".encode()

    def _series(self, line: Line) -> str:
        observations = "".join(self._observation(period, value) for period, value in line.observations)
        return f"<Series{_written({**line.dimensions, **line.attributes})}>{observations}</Series>"

    def _observation(self, period: str, value: float | None) -> str:
        if value is None:
            return f"<Obs{_written({'TIME_PERIOD': period, **self.missing})}/>"
        given = {"TIME_PERIOD": period, "OBS_VALUE": repr(float(value)), **self.of_observation}
        return f"<Obs{_written(given)}/>"


def error_message(text: str, code: str = "100") -> bytes:
    """An SDMX error message."""
    return (
        f'<?xml version="1.0" ?><message:Error xmlns:message="{SCHEMAS}/message" xmlns:common="{SCHEMAS}/common">'
        f'<message:ErrorMessage code="{code}"><common:Text>{text}</common:Text></message:ErrorMessage></message:Error>'
    ).encode()


def _written(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
