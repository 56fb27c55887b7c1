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


@pytest.mark.parametrize(
    ("day", "usd", "others"),
    [
        (dt.date(2005, 10, 21), 0.691929, {"EUR": 0.831145, "JPY": 0.00600894, "GBP": 1.22776}),
        (dt.date(2005, 10, 24), 0.69401, {"EUR": 0.828926, "JPY": 0.00598801, "GBP": 1.22666}),
        (dt.date(2006, 3, 6), 0.693976, {"EUR": 0.833951, "JPY": 0.00593142, "GBP": 1.21841}),
        (dt.date(2007, 6, 18), 0.662469, {"EUR": 0.887973, "JPY": 0.00536412, "GBP": 1.31235}),
        (dt.date(2007, 6, 19), 0.662429, {"EUR": 0.887854, "JPY": 0.00535902, "GBP": 1.31539}),
    ],
)
def test_earlier_baskets_give_the_imf_s_values(day, usd, others):
    """SDRs per unit of each currency, IMF Treasurer's Department as printed by Business Recorder (brecorder.com)."""
    assert usd_per_sdr(day, rates(usd, **others)) == pytest.approx(1 / usd, rel=5e-4)


def test_the_basket_of_2001_is_not_that_of_2006():
    """The values tell the amounts apart: in June 2007 those of 2001 miss by 0.2 %, in October 2005 those of 2006 by 0.05."""
    june = rates(0.662469, EUR=0.887973, JPY=0.00536412, GBP=1.31235)
    october = rates(0.69401, EUR=0.828926, JPY=0.00598801, GBP=1.22666)
    new, old = dt.date(2007, 6, 18), dt.date(2005, 10, 24)
    assert abs(usd_per_sdr(old, june) * 0.662469 - 1) > 2e-3
    assert abs(usd_per_sdr(new, october) * 0.69401 - 1) > 10 * abs(usd_per_sdr(old, october) * 0.69401 - 1)


def test_a_change_of_basket_keeps_the_value():
    """New amounts are set so that the value is the same in both baskets on the last day of the old one."""
    quoted = {"EUR": 1.0198, "JPY": 1 / 133.2, "GBP": 1.2172, "CNY": 1 / 6.745}
    before, after = (usd_per_sdr(day, quoted) for day in (dt.date(2022, 7, 29), dt.date(2022, 8, 1)))
    assert before == pytest.approx(after, rel=3e-3)


def test_without_a_rate_or_a_basket_there_is_no_value():
    assert usd_per_sdr(dt.date(2022, 1, 20), {"EUR": 1.1}) is None
    assert usd_per_sdr(min(BASKETS) - dt.timedelta(days=1), {"EUR": 1, "JPY": 1, "GBP": 1}) is None
