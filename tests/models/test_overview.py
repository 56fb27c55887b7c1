"""The first screen: what it says of the state of the data."""

import dataclasses

import pytest

from cryptorisk.models.overview import _not_refreshed
from cryptorisk.result import Finding


@pytest.fixture
def inputs(inputs_for):
    return inputs_for("KEN")


def with_findings(inputs, *ids):
    findings = tuple(Finding(id, "Text.", "warning", "data") for id in ids)
    return dataclasses.replace(inputs, findings=findings)


def test_nothing_is_said_of_a_vintage_in_which_every_source_answered(inputs):
    assert _not_refreshed(with_findings(inputs, "data.stale", "data.quarantined")) == ""


def test_sources_that_gave_nothing_are_named_once(inputs):
    ids = ("data.not_refreshed_imf", "data.not_refreshed_worldbank", "data.not_refreshed_worldbank_2")
    text = _not_refreshed(with_findings(inputs, *ids))
    assert (
        "gave nothing at the last refresh: International Monetary Fund, World Bank (see the data log)" in text
    )
