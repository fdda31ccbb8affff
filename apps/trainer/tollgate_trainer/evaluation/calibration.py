"""Whether a score of 0.2 means one fraud in five."""

from dataclasses import dataclass

import numpy as np

from .ranking import Scores, Truth

BINS = 20


@dataclass(frozen=True)
class Reliability:
    """One entry for each bin, ascending."""

    predicted: Scores
    observed: Scores
    rows: Scores


def reliability_curve(truth: Truth, scores: Scores, bins: int = BINS) -> Reliability:
    """
    Bins hold equal shares of the sum of scores, not of the rows: nearly all rows score near zero, and equal
    counts would put every fraud into one bin.
    """
    order = np.argsort(scores, kind="stable")
    mass = np.cumsum(scores[order])
    number = np.minimum((mass / max(mass[-1], 1e-300) * bins).astype(np.int64), bins - 1)
    rows = np.bincount(number, minlength=bins).astype(np.float64)
    filled = rows > 0
    predicted = np.bincount(number, scores[order], bins)[filled] / rows[filled]
    observed = np.bincount(number, truth[order].astype(np.float64), bins)[filled] / rows[filled]
    return Reliability(predicted, observed, rows[filled])


def expected_calibration_error(truth: Truth, scores: Scores, bins: int = BINS) -> float:
    """Mean distance of predicted and observed frequency over the bins, weighted by their rows."""
    curve = reliability_curve(truth, scores, bins)
    return float(np.average(np.abs(curve.predicted - curve.observed), weights=curve.rows))


def brier_score(truth: Truth, scores: Scores) -> float:
    """Mean squared distance of score and truth."""
    return float(np.mean((scores - truth) ** 2))
