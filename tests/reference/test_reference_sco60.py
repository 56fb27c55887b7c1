"""V20: the exposure limit of BCBS d545 (SCO60.116 to 60.119), Tier 1 = 1000, worked by hand from the text."""

import pytest

from cryptorisk.rules import sco60

CASES = [
    # Group 2 exposure, status, part under 1250 %, its risk-weighted assets, capital
    (9.0, "within", 0.0, 0.0, 0.0),
    (10.0, "within", 0.0, 0.0, 0.0),  # exactly 1 % is not above 1 %
    (15.0, "notify", 5.0, 62.5, 5.0),
    (20.0, "notify", 10.0, 125.0, 10.0),  # exactly 2 % is no breach
    (21.0, "breach", 21.0, 262.5, 21.0),  # above 2 % everything is Group 2b
]


@pytest.mark.parametrize(("exposure", "status", "penalised", "rwa", "capital"), CASES)
def test_v20(exposure, status, penalised, rwa, capital):
    got = sco60.assess(exposure, 1000.0)
    assert got.status == status
    assert got.penalised == pytest.approx(penalised)
    assert got.rwa == pytest.approx(rwa)
    assert got.capital == pytest.approx(capital)
    assert got.own_treatment == pytest.approx(exposure - penalised)
