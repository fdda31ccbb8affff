"""The simple model: a logistic regression, to fall back to and to compare with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

HONEST_A_FRAUD = 40
"""Honest rows kept for each fraud, weighted up to their number: more do not move 50 weights."""
ROWS_MIN = 50_000
REGULARISATION = 0.1


@dataclass(frozen=True)
class SimpleModel:
    """sigmoid(weights · signed_log(features) + offset); not a number counts as 0."""

    weights: NDArray[np.float32]
    offset: float
    squares: bool = False
    """Whether the features' squares stand beside them: far from the middle is then far, on either side."""

    @property
    def feature_count(self) -> int:
        return len(self.weights) // 2 if self.squares else len(self.weights)

    def logits(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        values = with_squares(features) if self.squares else features
        return signed_log(values) @ self.weights.astype(np.float64) + self.offset

    def predict(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        return 1 / (1 + np.exp(-self.logits(features)))


def signed_log(features: NDArray[np.float32]) -> NDArray[np.float64]:
    """Amounts and counts over many orders of magnitude become comparable; -1 for missing stays apart."""
    values = np.nan_to_num(features.astype(np.float64), nan=0.0)
    return np.sign(values) * np.log1p(np.abs(values))


def with_squares(features: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([features, features * features], axis=1)


def fit_simple_model(
    features: NDArray[np.float32],
    label: NDArray[np.bool_],
    *,
    squares: bool = False,
    signs: tuple[int, ...] = (),
) -> SimpleModel:
    """
    The same for the same rows: nothing is drawn at random. Raises ValueError without frauds. No weight goes
    against the direction of its feature (a sign of 1 or -1).
    """
    if not label.any():
        raise ValueError("no transaction is labelled as fraud: there is nothing to learn")
    chosen, weight = _thinned(label)
    kept = with_squares(features[chosen]) if squares else features[chosen]
    values = signed_log(kept)
    mean, scale = values.mean(axis=0), values.std(axis=0)
    scale[scale == 0] = 1.0
    wanted = np.zeros(values.shape[1], dtype=np.int64)
    wanted[: len(signs)] = signs
    used = _usable(values.shape[1], signs)
    while True:
        fitted = LogisticRegression(C=REGULARISATION, max_iter=500).fit(
            np.ascontiguousarray(((values - mean) / scale)[:, used]), label[chosen], sample_weight=weight
        )
        wrong = fitted.coef_[0] * wanted[used] < 0
        if not wrong.any():
            break
        # Without the weights that would go against their direction the others change: fitted again.
        used[np.flatnonzero(used)[wrong]] = False
    weights = np.zeros(len(used), dtype=np.float32)
    weights[used] = (fitted.coef_[0] / scale[used]).astype(np.float32)
    offset = float(fitted.intercept_[0] - weights.astype(np.float64) @ mean)
    return SimpleModel(weights, offset, squares)


def _usable(columns: int, signs: tuple[int, ...]) -> NDArray[np.bool_]:
    """All, but the squares of features with a direction: a square turns round at 0."""
    used = np.ones(columns, dtype=np.bool_)
    if columns > len(signs) > 0:
        used[len(signs) :] = np.array(signs) == 0
    return used


def _thinned(label: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """All frauds and every n-th honest row, with the weight that makes up for those left out."""
    honest = np.flatnonzero(~label)
    wanted = max(ROWS_MIN, HONEST_A_FRAUD * int(label.sum()))
    step = max(1, len(honest) // wanted)
    kept = honest[::step]
    chosen = np.sort(np.append(np.flatnonzero(label), kept))
    return chosen, np.where(label[chosen], 1.0, len(honest) / len(kept))
