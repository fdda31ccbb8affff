"""Rows with known scores, which every serving process must reproduce before it serves."""

import base64
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

GOLDEN_ROWS = 64


class GoldenRow(TypedDict):
    """A vector as base64 of little-endian float32, and its score."""

    vector: str
    probability: float


def choose_golden_rows(features: NDArray[np.float32], scores: NDArray[np.float64]) -> list[GoldenRow]:
    """Rows spread evenly over the ranking, so that low, middle and high scores are among them."""
    order = np.argsort(scores, kind="stable")
    # Nearly all scores are near zero: half of the rows come from the highest thousandth part and above.
    top = max(GOLDEN_ROWS, len(order) // 50)
    low = order[np.linspace(0, len(order) - top - 1, GOLDEN_ROWS // 2).astype(np.int64)]
    high = order[np.linspace(len(order) - top, len(order) - 1, GOLDEN_ROWS // 2).astype(np.int64)]
    return [
        GoldenRow(
            vector=base64.b64encode(features[row].astype("<f4").tobytes()).decode("ascii"),
            probability=float(scores[row]),
        )
        for row in np.concatenate([low, high])
    ]
