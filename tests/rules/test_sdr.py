"""Value of the SDR against the IMF's own daily figures (currency values in terms of SDRs, as printed by newspapers)."""

import datetime as dt

import pytest

from cryptorisk.rules.sdr import BASKETS, usd_per_sdr


def rates(usd, **sdr_per_unit):
    """Dollars per unit from the IMF's table of SDRs per unit of each currency."""
    return {currency: value / usd for currency, value in sdr_per_unit.items()}


def test_basket_of_2016_gives_the_value_of_20_january_2022():
    """SDR per US dollar 0.713066, euro 0.808474, yen 0.00624, pound 0.970198, yuan 0.112428."""
    quoted = rates(0.713066, EUR=0.808474, JPY=0.00624, GBP=0.970198, CNY=0.112428)
    assert usd_per_sdr(dt.date(2022, 1, 20), quoted) == pytest.approx(1 / 0.713066, rel=5e-4)


def test_basket_of_2022_gives_the_value_of_13_september_2022():
    """SDR per US dollar 0.765237, euro 0.778629, yen 0.00536707, pound 0.897623, yuan 0.110521."""
    quoted = rates(0.765237, EUR=0.778629, JPY=0.00536707, GBP=0.897623, CNY=0.110521)
    assert usd_per_sdr(dt.date(2022, 9, 13), quoted) == pytest.approx(1 / 0.765237, rel=1e-3)


def test_a_change_of_basket_keeps_the_value():
    """New amounts are set so that the value is the same in both baskets on the last day of the old one."""
    quoted = {"EUR": 1.0198, "JPY": 1 / 133.2, "GBP": 1.2172, "CNY": 1 / 6.745}
    before, after = (usd_per_sdr(day, quoted) for day in (dt.date(2022, 7, 29), dt.date(2022, 8, 1)))
    assert before == pytest.approx(after, rel=3e-3)


def test_without_a_rate_or_a_basket_there_is_no_value():
    assert usd_per_sdr(dt.date(2022, 1, 20), {"EUR": 1.1}) is None
    assert usd_per_sdr(min(BASKETS) - dt.timedelta(days=1), {"EUR": 1, "JPY": 1, "GBP": 1}) is None
