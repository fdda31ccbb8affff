"""What a model must hold before it may be registered."""

import numpy as np
from numpy.typing import NDArray

from .direction_checks import TOLERANCE, Predict, direction_checks, sample_rows

MODEL_BYTES_MAX = 2_000_000
DIFFERENCE_MAX = 1e-5
"""Sums of some hundred leaves in float32 against double."""
DISTINCT_SCORES_MIN = 100
"""Fewer on a test window of thousands of transactions is a model that has learnt nothing."""
LATENCY_MICROS_MAX = 1000.0
"""Median of one row in ONNX Runtime: a hundredth of the deadline, and ten times what 150 trees take."""


def check_scores(model: bytes, exported: NDArray[np.float64], fitted: NDArray[np.float64]) -> float:
    """Raises ValueError with the reason; gives the largest difference between the two runtimes."""
    if len(model) > MODEL_BYTES_MAX:
        raise ValueError(f"the model has {len(model)} bytes, at most {MODEL_BYTES_MAX} are allowed")
    if not np.isfinite(exported).all():
        raise ValueError("the exported model gives a score that is not a number")
    distinct = len(np.unique(exported))
    if distinct < DISTINCT_SCORES_MIN:
        raise ValueError(f"{distinct} different scores, at least {DISTINCT_SCORES_MIN} are needed")
    return check_difference(exported, fitted)


def check_difference(exported: NDArray[np.float64], fitted: NDArray[np.float64]) -> float:
    difference = float(np.abs(exported - fitted).max())
    if difference > DIFFERENCE_MAX:
        raise ValueError(
            f"ONNX Runtime and the training library differ by {difference:.2e}, "
            f"at most {DIFFERENCE_MAX:.0e} is allowed"
        )
    return difference


def check_directions(
    names: tuple[str, ...], features: NDArray[np.float32], predict: Predict
) -> dict[str, float]:
    """By how much the mean score rises for each change; raises ValueError when it falls."""
    rows = sample_rows(features)
    rises = {check.name: check.rise(rows, predict) for check in direction_checks(names)}
    for name, rise in rises.items():
        if rise < -TOLERANCE:
            raise ValueError(f"{name} makes transactions look safer: the mean score falls by {-rise:.4f}")
    return rises


def check_missing_values(features: NDArray[np.float32], exported: Predict, fitted: Predict) -> float:
    """With any feature not a number, or all, a score is still a probability, and the same in both."""
    rows = sample_rows(features)[: features.shape[1] + 1].copy()
    for number in range(len(rows)):
        columns = slice(None) if number == features.shape[1] else slice(number, number + 1)
        rows[number, columns] = np.nan
    scores = exported(rows)
    if not ((scores >= 0) & (scores <= 1)).all():
        raise ValueError("a missing value gives a score that is no probability")
    return check_difference(scores, fitted(rows))


def check_latency(micros: float) -> None:
    if micros > LATENCY_MICROS_MAX:
        raise ValueError(f"one row takes {micros:.0f} µs, at most {LATENCY_MICROS_MAX:.0f} µs are allowed")
