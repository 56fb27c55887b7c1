import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.api import VAR

from cryptorisk.errors import ModelError
from cryptorisk.stats.connectedness import (
    bayesian_lags,
    connectedness,
    connectedness_interval,
    rolling,
)
from cryptorisk.stats.fevd import Var, fevd
from cryptorisk.stats.var_paths import var_least_squares

COEFS = np.array([[[0.5, 0.1, 0.0], [0.0, 0.3, 0.2], [0.1, 0.0, 0.2]]])
SIGMA = np.array([[1.0, 0.4, 0.1], [0.4, 2.0, -0.3], [0.1, -0.3, 0.5]])


def simulated(n, coefs=COEFS, sigma=SIGMA, seed=0, burn=50):
    rng = np.random.default_rng(seed)
    shocks = rng.standard_normal((n + burn, len(sigma))) @ np.linalg.cholesky(sigma).T
    y = np.zeros_like(shocks)
    for t in range(1, n + burn):
        y[t] = coefs[0] @ y[t - 1] + shocks[t]
    names = list("abc")[: len(sigma)]
    return pd.DataFrame(y[burn:], pd.date_range("2010-01-01", periods=n, freq="W-FRI"), names)


def test_without_dynamics_the_shares_are_squared_correlations():
    correlation = SIGMA / np.sqrt(np.outer(np.diag(SIGMA), np.diag(SIGMA)))
    assert fevd(Var(np.zeros((1, 3, 3)), SIGMA), 10) == pytest.approx(correlation**2)


def test_a_bivariate_decomposition_by_hand():
    # y1 = 0.8 y2(-1) + e1, y2 = e2, independent: two steps ahead y1 has variance s1 + 0.64 s2.
    coefs, sigma = np.array([[[0.0, 0.8], [0.0, 0.0]]]), np.diag([2.0, 3.0])
    part = 0.64 * 3 / (2 + 0.64 * 3)
    expected = np.array([[1 - part, part], [0, 1]])
    assert fevd(Var(coefs, sigma), 2) == pytest.approx(expected)
    assert fevd(Var(coefs, sigma), 2, "cholesky") == pytest.approx(expected)
    assert fevd(Var(coefs, sigma), 1) == pytest.approx(np.eye(2))


def test_pesaran_and_shin_formula_term_by_term():
    # theta_ij = sum_h (e_i' A^h S e_j)^2 / s_jj / sum_h e_i' A^h S A^h' e_i, written out for one pair.
    a, top, below = COEFS[0], 0.0, 0.0
    for h in range(6):
        phi = np.linalg.matrix_power(a, h)
        top += (phi @ SIGMA)[0, 2] ** 2 / SIGMA[2, 2]
        below += (phi @ SIGMA @ phi.T)[0, 0]
    assert fevd(Var(COEFS, SIGMA), 6)[0, 2] == pytest.approx(top / below)


def test_cholesky_equals_statsmodels():
    data = simulated(400)
    fitted = VAR(data).fit(2)
    ours = fevd(fitted, 7, "cholesky")
    assert ours == pytest.approx(fitted.fevd(7).decomp[:, -1])
    assert ours.sum(axis=1) == pytest.approx(np.ones(3))


def test_least_squares_equals_statsmodels_and_many_are_done_at_once():
    data = simulated(300)
    fitted = VAR(data).fit(2)
    shares = fevd(fitted, 10)
    found = connectedness(data, 2)
    assert found.shares.to_numpy() / 100 == pytest.approx(shares / shares.sum(axis=1, keepdims=True))
    stacked = fevd(Var(np.stack([COEFS, 0 * COEFS]), np.stack([SIGMA, SIGMA])), 5)
    assert stacked[0] == pytest.approx(fevd(Var(COEFS, SIGMA), 5))
    assert stacked[1] == pytest.approx(fevd(Var(0 * COEFS, SIGMA), 5))


def test_the_generalised_kind_does_not_depend_on_the_order_and_cholesky_does():
    turn = [2, 0, 1]
    turned = COEFS[:, turn][:, :, turn], SIGMA[np.ix_(turn, turn)]
    plain = fevd(Var(COEFS, SIGMA), 10)
    assert fevd(Var(*turned), 10) == pytest.approx(plain[np.ix_(turn, turn)])
    assert (
        np.abs(
            fevd(Var(*turned), 10, "cholesky") - fevd(Var(COEFS, SIGMA), 10, "cholesky")[np.ix_(turn, turn)]
        ).max()
        > 0.02
    )
    data = simulated(200)
    assert connectedness(data, 1).total == pytest.approx(connectedness(data[["c", "a", "b"]], 1).total)


def test_the_table_adds_up():
    found = connectedness(simulated(300), 1)
    assert found.shares.sum(axis=1).to_numpy() == pytest.approx([100, 100, 100])
    assert found.net.sum() == pytest.approx(0)
    assert found.total == pytest.approx(found.to_others.sum() / 3)
    assert found.total == pytest.approx(found.from_others.mean())
    assert found.shares.loc["a", "c"] == pytest.approx(found.from_others["a"] - found.shares.loc["a", "b"])


def test_recovers_a_known_decomposition():
    truth = fevd(Var(COEFS, SIGMA), 10)
    truth = 100 * truth / truth.sum(axis=1, keepdims=True)
    found = connectedness(simulated(20_000), 1).shares.to_numpy()
    assert found == pytest.approx(truth, abs=1.0)
    assert bayesian_lags(simulated(3000)) == 1


def test_windows_equal_samples_of_their_own():
    data = simulated(160)
    path = rolling(data, 100, 1, step=20)
    assert list(path.index) == [data.index[place] for place in (99, 119, 139, 159)]
    own = connectedness(data.iloc[20:120], 1)
    assert path["total"].iloc[1] == pytest.approx(own.total)
    assert path["a<b"].iloc[1] == pytest.approx(own.shares.loc["a", "b"])


def test_the_interval_holds_the_estimate_and_narrows_with_the_sample():
    spans = []
    for n in (150, 1500):
        data = simulated(n, seed=2)
        found = connectedness(data, 1)
        ends = connectedness_interval(data, found, replications=99, block=4, seed=1)
        assert ends.total[0] <= found.total <= ends.total[1]
        assert (ends.low <= found.shares + 1e-9).all(axis=None)
        assert (ends.high >= found.shares - 1e-9).all(axis=None)
        spans.append(ends.total[1] - ends.total[0])
    assert spans[1] < 0.5 * spans[0]
    again = connectedness_interval(data, found, replications=99, block=4, seed=1)
    assert again.total == ends.total


def test_no_interval_for_a_var_that_is_not_stationary():
    walk = simulated(300).cumsum() + 0.01 * np.arange(300)[:, None] ** 2
    ends = connectedness_interval(walk, connectedness(walk, 1), replications=19)
    assert not ends.stable
    assert np.isnan(ends.total).all()


def test_refusals():
    data = simulated(100)
    with pytest.raises(ModelError, match="missing, the first of b"):
        connectedness(data.assign(b=data["b"].where(data.index != data.index[3])))
    with pytest.raises(ModelError, match="degrees of freedom"):
        connectedness(data.iloc[:30], 1)
    with pytest.raises(ModelError, match="do not vary: c"):
        connectedness(data.assign(c=1.0), 1)
    with pytest.raises(ModelError, match="at least two"):
        connectedness(data[["a"]], 1)
    with pytest.raises(ModelError, match="unknown kind"):
        fevd(Var(COEFS, SIGMA), 3, "structural")


def test_a_fitted_var_is_decomposed_as_it_is():
    fitted = VAR(simulated(300)).fit(2)
    by_matrices = fevd(Var(fitted.coefs, fitted.sigma_u), 10, "generalised")
    assert (fevd(fitted, 10) == by_matrices).all()
    ours = var_least_squares(simulated(300).to_numpy()[None], 2)
    assert fevd(ours, 10)[0] == pytest.approx(by_matrices)


@pytest.mark.parametrize(
    ("coefs", "sigma", "words"),
    [
        (COEFS[0], SIGMA, "do not belong together"),
        (COEFS, SIGMA[:2, :2], "do not belong together"),
        (COEFS * np.nan, SIGMA, "not finite"),
        (COEFS, SIGMA * np.inf, "not finite"),
        (COEFS, SIGMA + np.triu(np.ones((3, 3)), 1), "not symmetric"),
        (COEFS, np.diag([1.0, -1.0, 1.0]), "not positive definite"),
        (COEFS, np.ones((3, 3)), "not positive definite"),
    ],
)
@pytest.mark.parametrize("kind", ["generalised", "cholesky"])
def test_a_var_that_cannot_be_is_refused(coefs, sigma, words, kind):
    with pytest.raises(ModelError, match=words):
        fevd(Var(coefs, sigma), 5, kind)


def test_what_is_no_var_is_told_what_is():
    with pytest.raises(
        ModelError, match=r"a ndarray is no vector autoregression; give fevd.Var\(coefs, sigma_u\)"
    ):
        fevd(COEFS, 5)
    with pytest.raises(ModelError, match="horizon must be a whole number"):
        fevd(Var(COEFS, SIGMA), 2.5)


def test_a_plain_table_gives_the_same_numbers():
    data = simulated(160)
    named, plain = connectedness(data), connectedness(data.to_numpy())
    assert (plain.shares.to_numpy() == named.shares.to_numpy()).all()
    assert connectedness(data.to_numpy().tolist(), 1).total == connectedness(data, 1).total
    assert (
        rolling(data.to_numpy(), 100, 1, step=20)["0<1"].to_list()
        == rolling(data, 100, 1, step=20)["a<b"].to_list()
    )
    assert list(plain.shares.columns) == [0, 1, 2]


@pytest.mark.parametrize("noise", [0.0, 1e-8])
@pytest.mark.parametrize("lags", [None, 1])
def test_series_that_repeat_each_other_are_named(noise, lags):
    data = simulated(200)
    extra = noise * np.random.default_rng(1).standard_normal(200)
    with pytest.raises(ModelError, match="depend on each other linearly: b, copy"):
        connectedness(data.assign(copy=2 * data["b"] + 1 + extra), lags)
    with pytest.raises(ModelError, match="depend on each other linearly: a, b, sum"):
        connectedness(data.assign(sum=data["a"] + data["b"] + extra), lags)  # lags=1 gave a total of it


@pytest.mark.parametrize(
    ("lags", "words"), [(1, "without error"), (2, "lags of the 4 series depend on each other")]
)
def test_a_series_and_its_lag_are_refused(lags, words):
    data = simulated(200)
    with pytest.raises(ModelError, match=words):
        connectedness(data.assign(late=data["a"].shift()).iloc[1:], lags)


def test_input_that_is_no_table_or_asks_for_too_much_is_refused():
    data = simulated(100)
    for odd in (data.iloc[:0], data.iloc[:1], data["a"].to_numpy()):
        with pytest.raises(ModelError, match="at least two series"):
            connectedness(odd, 1)
    with pytest.raises(ModelError, match="table of numbers"):
        connectedness(data.astype(str) + "x")
    with pytest.raises(ModelError, match="dates of the series must increase"):
        connectedness(data.iloc[::-1])
    with pytest.raises(ModelError, match="lags must be a whole number"):
        connectedness(data, 1.5)
    with pytest.raises(ModelError, match="lower max_lags to 17"):
        connectedness(data, max_lags=500)
    with pytest.raises(ModelError, match="step must be at least 1"):
        rolling(data, 60, 1, step=0)
    with pytest.raises(ModelError, match="60 rows and columns a, b, c is not the one"):
        connectedness_interval(data.iloc[:60], connectedness(data, 1), replications=9)
