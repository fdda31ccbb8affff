"""What a model must hold before it may be registered."""

import numpy as np
from numpy.typing import NDArray

MODEL_BYTES_MAX = 2_000_000
DIFFERENCE_MAX = 1e-5
"""Sums of some hundred leaves in float32 against double."""
DISTINCT_SCORES_MIN = 100
"""Fewer on a test window of thousands of transactions is a model that has learnt nothing."""


def check_gates(model: bytes, exported: NDArray[np.float64], fitted: NDArray[np.float64]) -> float:
    """Raises ValueError with the reason; gives the largest difference between the two runtimes."""
    if len(model) > MODEL_BYTES_MAX:
        raise ValueError(f"the model has {len(model)} bytes, at most {MODEL_BYTES_MAX} are allowed")
    if not np.isfinite(exported).all():
        raise ValueError("the exported model gives a score that is not a number")
    distinct = len(np.unique(exported))
    if distinct < DISTINCT_SCORES_MIN:
        raise ValueError(f"{distinct} different scores, at least {DISTINCT_SCORES_MIN} are needed")
    difference = float(np.abs(exported - fitted).max())
    if difference > DIFFERENCE_MAX:
        raise ValueError(
            f"ONNX Runtime and LightGBM differ by {difference:.2e}, at most {DIFFERENCE_MAX:.0e} is allowed"
        )
    return difference
