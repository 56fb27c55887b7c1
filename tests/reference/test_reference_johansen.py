"""V14: Johansen's trace test on Danish money demand, with the trap of the deterministic terms.

Johansen and Juselius (1990, Oxford Bulletin of Economics and Statistics 52(2), Table 2): constant restricted to the
relations, centred seasonal dummies, two lags: 49.14, 19.06, 8.69, 2.35. statsmodels' `coint_johansen` has neither term and
gives 48.80, 17.29, 7.14, 0.56, which are not the paper's.
"""

import pytest
import statsmodels.api as sm
from statsmodels.tsa.vector_ar.vecm import coint_johansen

from cryptorisk.stats.cointegration import johansen_trace


@pytest.fixture(scope="module")
def levels():
    return sm.datasets.danish_data.load_pandas().data[["lrm", "lry", "ibo", "ide"]]


def test_v14_as_published(levels):
    found = johansen_trace(levels, lags=2, constant="restricted", seasons=4)
    assert found.trace == pytest.approx([49.14, 19.06, 8.69, 2.35], abs=0.01)
    assert found.n == 53
    assert found.critical is None
    assert found.relations is None


def test_v14_as_statsmodels_has_it(levels):
    found, theirs = johansen_trace(levels, lags=2), coint_johansen(levels, 0, 1)
    assert found.trace == pytest.approx([48.80, 17.29, 7.14, 0.56], abs=0.01)
    assert found.trace == pytest.approx(theirs.lr1, rel=1e-9)
    assert found.critical == pytest.approx(theirs.cvt[:, 1])
    assert found.relations == 1
