"""Intervals by resampling cards: transactions of one card are not independent of each other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .card_precision import CardRanking
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


@dataclass(frozen=True)
class Ratio:
    """A figure that is one sum over the rows divided by another, for decisions as they were given."""

    of: Scores
    to: Scores

    def value(self, weights: Weights) -> float:
        whole = float(weights @ self.to)
        return float(weights @ self.of) / whole if whole > 0 else 0.0


def ratio_intervals(
    ratios: dict[str, Ratio],
    truth: Truth,
    entity: NDArray[np.int64],
    seed: int,
    rounds: int = ROUNDS,
) -> dict[str, tuple[float, float]]:
    """95 % intervals by name, all of the same resampled sets of cards."""
    values: dict[str, list[float]] = {name: [] for name in ratios}
    for weights in card_weights(truth, entity, seed, rounds):
        for name, ratio in ratios.items():
            values[name].append(ratio.value(weights))
    return {name: interval(np.array(found)) for name, found in values.items()}


def recall_ratio(truth: Truth, alerts: Truth) -> Ratio:
    """The share of frauds that are alerts."""
    return Ratio((truth & alerts).astype(np.float64), truth.astype(np.float64))


def recall_interval(
    truth: Truth, alerts: Truth, entity: NDArray[np.int64], seed: int, rounds: int = ROUNDS
) -> tuple[float, float]:
    ratios = {"recall": recall_ratio(truth, alerts)}
    return ratio_intervals(ratios, truth, entity, seed, rounds)["recall"]


def card_precision_interval(
    ranking: CardRanking, top: int, truth: Truth, entity: NDArray[np.int64], seed: int, rounds: int = ROUNDS
) -> tuple[float, float]:
    """A card that is drawn twice is two cards, which may both be among the day's first."""
    drawn = card_weights(truth, entity, seed, rounds)
    return interval(np.array([ranking.precision(top, weights)[0] for weights in drawn]))


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
