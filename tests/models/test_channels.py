"""Policy channels: regulation statements, bans and their lifting, mining arithmetic."""

from dataclasses import dataclass

import pandas as pd
import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.models import channels
from cryptorisk.models.channels.mining import energy_twh, power_gw
from cryptorisk.models.channels.regulation import banned, legal_tender, regulation, statuses
from cryptorisk.params import Override, Params

COLUMNS = ["iso3", "status", "as_of_or_from", "to", "source", "url", "note", "source_id"]


@dataclass(frozen=True)
class FewInputs:
    rows: tuple
    country: str = "KEN"

    def table(self, name):
        return pd.DataFrame(
            [
                [self.country, s, d, "", "A source", "https://a.example", None, "loc_2021"]
                for s, d in self.rows
            ],
            columns=COLUMNS,
        )


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "ARG", "BOL", "DEU", "SLV", "LBN"])
def test_statements_name_sources_of_the_register(kit_root, iso3):
    inputs = load_inputs(Params(country=iso3), root=kit_root)
    (estimate,), (table,), _ = regulation(inputs)
    assert estimate.sources == table.sources
    assert set(table.sources) <= set(inputs.sources)
    assert set(table.frame["source_id"]) == set(table.sources)


def test_a_later_licence_supersedes_a_ban():
    found = statuses(FewInputs((("implicit_ban", "2021-11"), ("licensing=Yes", "2025-03"))))
    assert banned(found) is None
    _, _, findings = regulation(FewInputs((("implicit_ban", "2021-11"), ("licensing=Yes", "2025-03"))))
    assert "superseded" in findings[0].text


def test_an_earlier_licence_does_not():
    found = statuses(FewInputs((("absolute_ban", "2021-11"), ("licensing=Yes", "2019"))))
    assert banned(found).aspect == "Absolute ban"


def test_conflicting_bans_are_shown():
    _, tables, findings = regulation(FewInputs((("absolute_ban", "2021-11"), ("implicit_ban", "2021-11"))))
    assert "conflict" in findings[0].text
    assert len(tables[0].frame) == 2


def test_legal_tender_is_read_from_the_newest_statement():
    rows = (("legal_tender", "2022"), ("legal_tender=Repealed", "2023-03-23"))
    assert legal_tender(statuses(FewInputs(rows, "CAF"))).value == "Repealed"
    _, _, findings = regulation(FewInputs(rows, "CAF"))
    assert any("no longer" in f.text for f in findings)


def test_a_country_without_rows_is_unknown():
    estimates, tables, findings = regulation(FewInputs(()))
    assert not estimates[0].available
    assert tables == []
    assert "not a sign that they are unregulated" in findings[0].text


@pytest.mark.parametrize(("pue", "gigawatts", "terawatt_hours"), [(1.0, 16.92, 148.3), (1.10, 18.61, 163.1)])
def test_mining_power_reference(pue, gigawatts, terawatt_hours):
    """V28: 600 EH/s at 28.2 J/TH."""
    power = power_gw(600, 28.2, pue)
    assert power == pytest.approx(gigawatts, abs=0.005)
    assert energy_twh(power) == pytest.approx(terawatt_hours, abs=0.06)


def test_confidential_figures_of_the_bank_are_left_out_and_that_is_said(kit_root):
    """The chapter prints remittances as given: a confidential figure would stand there to the last digit."""
    secret = {"value": 4917391384.25, "date": "2024-12-31", "confidential": True}
    own = {"remittances_received_usd": secret, "gcai_rank": {**secret, "value": 17}}
    given = Params(country="KEN", vintage="2026-11-23", use_overrides_folder=False, overrides=own)
    result = channels.analyse(load_inputs(given, root=kit_root), given)
    plain = given.model_copy(update={"overrides": {}})
    without = channels.analyse(load_inputs(plain, root=kit_root), plain)
    assert result.estimates == without.estimates
    assert result["remittances_usd"].value not in (None, 4917391384.25)
    (finding,) = [one for one in result.findings if one.id == "channels.confidential_left_out"]
    assert "personal remittances received" in finding.text
    assert not [one for one in without.findings if one.id == "channels.confidential_left_out"]
    shown = given.model_copy(
        update={"overrides": {"remittances_received_usd": Override(value=4917391384.25, date="2024-12-31")}}
    )
    assert (
        channels.analyse(load_inputs(shown, root=kit_root), shown)["remittances_usd"].value == 4917391384.25
    )
