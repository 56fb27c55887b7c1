"""V15: Hamilton (1989), Econometrica 57(2), table 1: growth of US real GNP, 1951 to 1984, two states, four lags.

The durations are those that Stata prints for the model (4.08 and 10.43 quarters). The data are
Hamilton's, as statsmodels (BSD) and Stata (``webuse rgnp``) carry them.
"""

import numpy as np
import pytest

from cryptorisk.stats.regimes import fit

RGNP = np.array(
    [  # growth of real GNP in percent, 1951 Q2 to 1984 Q4
        2.5931642,
        2.2021713,
        0.45827562,
        0.9687438,
        -0.24130757,
        0.89647478,
        2.0539322,
        1.7335365,
        0.93871289,
        -0.46477833,
        -0.80983406,
        -1.3976369,
        -0.39886093,
        1.1918416,
        1.4562005,
        2.1180823,
        1.0895786,
        1.3239027,
        0.87296367,
        -0.19773273,
        0.45420215,
        0.07221876,
        1.1030364,
        0.82097489,
        -0.05795795,
        0.58447772,
        -1.5619267,
        -2.0504103,
        0.53637183,
        2.3367684,
        2.3401456,
        1.2339263,
        1.8869648,
        -0.45920792,
        0.84940469,
        1.7013985,
        -0.28756312,
        0.09594627,
        -0.86080289,
        1.0344713,
        1.2368594,
        1.420045,
        2.2241063,
        1.3021017,
        1.035177,
        0.9253425,
        -0.16559951,
        1.3444382,
        1.3750013,
        1.7322218,
        0.71605635,
        2.2103214,
        0.85333031,
        1.0023878,
        0.42725441,
        2.1436834,
        1.4378918,
        1.5795993,
        2.2746983,
        1.9596266,
        0.25992399,
        1.0194691,
        0.49016398,
        0.5636338,
        0.5959546,
        1.4308286,
        0.56230122,
        1.1538839,
        1.6872284,
        0.77438205,
        -0.09647045,
        1.3960015,
        0.13646798,
        0.55223715,
        -0.39944872,
        -0.61671102,
        -0.08722561,
        1.2101835,
        -0.90729755,
        2.6491616,
        -0.0080694,
        0.51111895,
        -0.00401437,
        2.1682143,
        1.9258673,
        1.0350472,
        1.8589722,
        2.3200493,
        0.25570789,
        -0.09855274,
        0.89073682,
        -0.55896485,
        0.28350255,
        -1.3115541,
        -0.88278776,
        -1.9745494,
        1.0127526,
        1.6826472,
        1.3827128,
        1.8607364,
        0.4447377,
        0.41449001,
        0.99202275,
        1.3628358,
        1.5997052,
        1.9884582,
        -0.25684232,
        0.87786949,
        3.1095655,
        0.85324478,
        1.2333732,
        0.00314302,
        -0.09433369,
        0.89883322,
        -0.19036628,
        0.99772376,
        -2.3912005,
        0.06649673,
        1.2613602,
        1.9163784,
        -0.3348029,
        0.44207108,
        -1.4066491,
        -1.5212989,
        0.29919869,
        -0.80197448,
        0.15204792,
        0.98585027,
        2.1303461,
        1.3439792,
        1.6155052,
        2.709301,
        1.2446141,
        0.50835466,
        0.14802167,
    ]
)


@pytest.fixture(scope="module")
def hamilton():
    return fit(RGNP, 2, order=4, switching_variance=False)


def test_v15_likelihood_and_parameters(hamilton):
    assert hamilton.log_likelihood == pytest.approx(-181.263, abs=5e-4)
    assert hamilton.n_obs == 131
    assert hamilton.converged
    assert hamilton.transition[0, 0] == pytest.approx(0.7547, abs=2e-4)
    assert hamilton.transition[1, 0] == pytest.approx(0.0959, abs=2e-4)
    assert hamilton.means == pytest.approx([-0.3588, 1.1635], abs=2e-4)
    assert hamilton.sigmas**2 == pytest.approx([0.5914, 0.5914], abs=2e-4)
    lags = [hamilton.params[f"ar.L{j}"] for j in range(1, 5)]
    assert lags == pytest.approx([0.0135, -0.0575, -0.2470, -0.2129], abs=2e-4)


def test_v15_durations(hamilton):
    assert hamilton.durations == pytest.approx([4.08, 10.43], abs=0.01)
    low, high = hamilton.duration_intervals(0.9).T
    assert (low < hamilton.durations).all()
    assert (hamilton.durations < high).all()


def test_smoothed_probabilities_name_the_recessions(hamilton):
    low = hamilton.smoothed[0].to_numpy()
    assert np.asarray(low).shape == (131,)
    # Rows begin in the second quarter of 1952: 1974 Q2 to 1975 Q1 is deep in a recession, 1965 in none.
    assert low[88:92].min() > 0.8
    assert low[51:55].max() < 0.2
