"""Intervals by resampling cards: transactions of one card are not independent of each other."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .ranking import Ranking, Scores, Truth, Weights

ROUNDS = 200
"""The ends of a 95 % interval are then the fifth values from either end."""
INTERVAL = (2.5, 97.5)


def average_precision_and_roc_intervals(
    truth: Truth, scores: Scores, entity: NDArray[np.int64], seed: int, rounds: int = ROUNDS
) -> tuple[tuple[float, float], tuple[float, float]]:
    """95 % intervals of average precision and of the area under the ROC curve."""
    ranking = Ranking(truth, scores)
    precisions = []
    areas = []
    for weights in card_weights(truth, entity, seed, rounds):
        precisions.append(ranking.average_precision(weights))
        areas.append(ranking.area_under_roc(weights))
    return interval(np.array(precisions)), interval(np.array(areas))


def recall_interval(
    truth: Truth, alerts: Truth, entity: NDArray[np.int64], seed: int, rounds: int = ROUNDS
) -> tuple[float, float]:
    """95 % interval of the share of frauds that are alerts, for alerts as they were given."""
    found = (truth & alerts).astype(np.float64)
    frauds = truth.astype(np.float64)
    shares = [
        (weights @ found) / max(1.0, float(weights @ frauds))
        for weights in card_weights(truth, entity, seed, rounds)
    ]
    return interval(np.array(shares))


def card_weights(truth: Truth, entity: NDArray[np.int64], seed: int, rounds: int) -> Iterator[Weights]:
    """How often each row is drawn, per round; cards with and without fraud are drawn apart."""
    random = np.random.default_rng(seed)
    cards, position = np.unique(entity, return_inverse=True)
    has_fraud = np.zeros(len(cards), dtype=np.bool_)
    np.logical_or.at(has_fraud, position, truth)
    strata = [np.flatnonzero(has_fraud), np.flatnonzero(~has_fraud)]
    for _ in range(rounds):
        drawn = np.zeros(len(cards))
        for stratum in strata:
            if len(stratum) > 0:
                draws = random.integers(0, len(stratum), len(stratum))
                drawn[stratum] = np.bincount(draws, minlength=len(stratum))
        yield drawn[position]


def interval(values: Scores) -> tuple[float, float]:
    low, high = np.percentile(values, INTERVAL)
    return float(low), float(high)
