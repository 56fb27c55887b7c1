"""Identities of concentration and of the split of growth."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.concentration import bennet, changes, effective_number, herfindahl, whole_bounds


def test_equal_shares_and_a_monopoly():
    assert herfindahl([3.0] * 8) == pytest.approx(1 / 8)
    assert effective_number([3.0] * 8) == pytest.approx(8)
    assert herfindahl([5.0, 0.0, 0.0]) == 1


def test_scale_and_order_do_not_matter_and_a_merger_adds_twice_the_product():
    sizes = np.array([4.0, 3.0, 2.0, 1.0])
    assert herfindahl(7 * sizes[::-1]) == pytest.approx(herfindahl(sizes)) == pytest.approx(0.30)
    merged = herfindahl([4.0, 5.0, 1.0])
    assert merged - herfindahl(sizes) == pytest.approx(2 * 0.3 * 0.2)


def test_it_is_one_over_n_plus_the_variance_of_shares():
    sizes = np.random.default_rng(1).lognormal(size=12)
    shares = sizes / sizes.sum()
    assert herfindahl(sizes) == pytest.approx(1 / 12 + 12 * shares.var())


def test_the_whole_lies_between_its_bounds():
    rng = np.random.default_rng(2)
    seen, rest = rng.lognormal(size=6), rng.lognormal(size=40) / 10
    covered = seen.sum() / (seen.sum() + rest.sum())
    low, high = whole_bounds(herfindahl(seen), covered)
    assert low < herfindahl(np.concatenate([seen, rest])) < high
    one = np.append(seen, rest.sum())
    assert herfindahl(one) == pytest.approx(high)


@pytest.mark.parametrize("sizes", [[], [-1.0, 2.0], [0.0, 0.0], [1.0, np.nan]])
def test_what_has_no_shares_is_refused(sizes):
    with pytest.raises(ModelError):
        herfindahl(sizes)


def test_price_and_quantity_add_up_exactly_and_stand_for_what_moved():
    rng = np.random.default_rng(3)
    p0, p1, q0, q1 = rng.lognormal(size=(4, 50))
    price, quantity = bennet(p0, p1, q0, q1)
    assert price + quantity == pytest.approx(p1 * q1 - p0 * q0)
    assert bennet(p0, p1, q0, q0)[1] == pytest.approx(0)
    assert bennet(p0, p0, q0, q1)[0] == pytest.approx(0)
    back = bennet(p1, p0, q1, q0)
    assert back[0] == pytest.approx(-price)


def test_changes_add_up_with_comers_and_leavers():
    months = pd.date_range("2020-01-31", periods=5, freq="ME")
    rng = np.random.default_rng(4)
    price = pd.DataFrame(rng.lognormal(size=(5, 3)), index=months, columns=list("abc"))
    value = price * rng.lognormal(size=(5, 3))
    value.iloc[:2, 1] = np.nan
    value.iloc[4:, 2] = np.nan
    found = changes(value, price)
    total = found["start"] + found["price"] + found["quantity"] + found["entered"] - found["left"]
    assert total.to_numpy() == pytest.approx(found["end"].to_numpy())
    assert found["start"].to_numpy()[1:] == pytest.approx(found["end"].to_numpy()[:-1])
    assert found["entered"].iloc[1] == pytest.approx(value.iloc[2, 1])
    assert found["left"].iloc[3] == pytest.approx(value.iloc[3, 2])
    assert (found["entered"].drop(found.index[1]) == 0).all()


def test_a_value_without_a_price_is_refused():
    months = pd.date_range("2020-01-31", periods=2, freq="ME")
    value, price = (
        pd.DataFrame({"a": [1.0, 2.0]}, index=months),
        pd.DataFrame({"a": [1.0, np.nan]}, index=months),
    )
    with pytest.raises(ModelError, match="without a positive price"):
        changes(value, price)
