"""Whether honest people of one group are stopped more often than those of another; Fairlearn's names."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .alerts import false_positive_rate
from .bootstrap import card_weights, interval
from .ranking import Truth, Weights

ROUNDS = 200


@dataclass(frozen=True)
class SegmentFigures:
    """Of one attribute, such as the age band; each mapping is by its values."""

    count: dict[str, float]
    selection_rate: dict[str, float]
    false_positive_rate: dict[str, float]
    false_positive_rate_ratio: float
    """The lowest group's rate divided by the highest's: 1 is equal."""
    false_positive_rate_ratio_interval: tuple[float, float]


def segment_figures(
    truth: Truth, alerts: Truth, segment: NDArray[np.object_], entity: NDArray[np.int64], seed: int
) -> SegmentFigures:
    """For alerts as they were given; the interval is from resampled cards."""
    values, group = np.unique(segment.astype(str), return_inverse=True)
    ratios = [
        _ratio(_rates(truth, alerts, group, weights)) for weights in card_weights(truth, entity, seed, ROUNDS)
    ]
    members = {str(value): group == number for number, value in enumerate(values)}
    return SegmentFigures(
        count={value: float(rows.sum()) for value, rows in members.items()},
        selection_rate={value: float(alerts[rows].mean()) for value, rows in members.items()},
        false_positive_rate={
            value: false_positive_rate(truth[rows], alerts[rows]) for value, rows in members.items()
        },
        false_positive_rate_ratio=_ratio(_rates(truth, alerts, group, np.ones(len(truth)))),
        false_positive_rate_ratio_interval=interval(np.array(ratios)),
    )


def _rates(truth: Truth, alerts: Truth, group: NDArray[np.int64], weights: Weights) -> Weights:
    honest = np.where(truth, 0.0, weights)
    return np.bincount(group, honest * alerts) / np.maximum(np.bincount(group, honest), 1.0)


def _ratio(rates: Weights) -> float:
    return float(rates.min() / rates.max()) if rates.max() > 0 else 1.0
