"""Pairs of prices and gaps with a known truth, for the tests and the coverage study of price discovery."""

import numpy as np


def pair(n, speeds, rng, *, sd=(0.01, 0.01), correlation=0.0, drift=0.0, short=0.0):
    """Two log prices of one thing: each moves towards the other by its speed, with correlated news."""
    cross = correlation * sd[0] * sd[1]
    chol = np.linalg.cholesky(np.array([[sd[0] ** 2, cross], [cross, sd[1] ** 2]]))
    news = rng.standard_normal((n, 2)) @ chol.T
    x, change = np.zeros((n, 2)), np.zeros(2)
    for t in range(1, n):
        change = drift + np.asarray(speeds) * (x[t - 1, 0] - x[t - 1, 1]) + short * change + news[t]
        x[t] = x[t - 1] + change
    return x


def true_shares(speeds, sd, correlation=0.0):
    """Component share and Hasbrouck's two bounds of the first price, by the closed forms of Baillie and others (2002)."""
    first, second = -speeds[0], speeds[1]
    s1, s2, s12 = sd[0] ** 2, sd[1] ** 2, correlation * sd[0] * sd[1]
    total = second**2 * s1 + 2 * first * second * s12 + first**2 * s2
    one = second**2 * (s1 - s12**2 / s2) / total
    other = (second * sd[0] + first * s12 / sd[0]) ** 2 / total
    return second / (first + second), min(one, other), max(one, other)


def band_gap(n, edge, pull, rng, sd=1.0):
    """A gap that wanders freely within a band about nought and is drawn to its edge outside."""
    z = np.zeros(n)
    for t in range(1, n):
        out = z[t - 1] - np.sign(z[t - 1]) * edge if abs(z[t - 1]) > edge else 0.0
        z[t] = z[t - 1] + pull * out + sd * rng.standard_normal()
    return z


def autoregression(n, persistence, rng, mean=0.0):
    """First-order autoregression about a mean."""
    y = np.zeros(n)
    for t in range(1, n):
        y[t] = persistence * y[t - 1] + rng.standard_normal()
    return mean + y


def threshold_pair(n, edge, low, high, rng, *, sd=(0.01, 0.01)):
    """Two log prices with the speeds ``low`` while the first is at most ``edge`` above the second, and ``high`` beyond."""
    x = np.zeros((n, 2))
    for t in range(1, n):
        gap = x[t - 1, 0] - x[t - 1, 1]
        speeds = np.asarray(low if gap <= edge else high)
        x[t] = x[t - 1] + speeds * gap + np.asarray(sd) * rng.standard_normal(2)
    return x
