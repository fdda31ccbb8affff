"""Platt scaling: a slope and an offset on the logit, so that a score is a frequency."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

FRAUDS_MIN = 20
"""Fewer say too little of two numbers: the scores then stay as they are."""


@dataclass(frozen=True)
class Calibration:
    """probability = sigmoid(slope * logit + offset). Ranks stay as they are: the slope is above 0."""

    slope: float = 1.0
    offset: float = 0.0

    def apply(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1 / (1 + np.exp(-(self.slope * logits + self.offset)))

    def undo(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probabilities as they would be without it."""
        known = np.clip(scores, 1e-12, 1 - 1e-12)
        return Calibration().apply((np.log(known / (1 - known)) - self.offset) / self.slope)


def fit_calibration(logits: NDArray[np.float64], label: NDArray[np.bool_]) -> Calibration:
    """From rows that the model has not been fitted on. Raises ValueError for one that ranks backwards."""
    if label.sum() < FRAUDS_MIN:
        return Calibration()
    fitted = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(logits[:, None], label)
    slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    if slope <= 0:
        raise ValueError(f"the model puts frauds below honest transactions: calibration slope {slope:.3f}")
    return Calibration(slope, offset)
