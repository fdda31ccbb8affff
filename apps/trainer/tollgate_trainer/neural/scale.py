"""What the network's inputs are measured by: mean and spread of their signed logarithms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..simple_model import signed_log

Columns = NDArray[np.float32]


@dataclass(frozen=True)
class Scale:
    """Of the rows that are fitted on: mean and spread of features and channels."""

    features: tuple[Columns, Columns]
    channels: tuple[Columns, Columns]


def scale_of(features: NDArray[np.float32], sequences: NDArray[np.float32], channels: int) -> Scale:
    """Empty slots, whose first channel is below 0, do not count."""
    slots = sequences.reshape(-1, channels)
    filled = slots[slots[:, 0] >= 0]
    return Scale(_mean_and_spread(features), _mean_and_spread(filled if len(filled) > 0 else slots))


def _mean_and_spread(values: NDArray[np.float32]) -> tuple[Columns, Columns]:
    logarithms = signed_log(values)
    spread = logarithms.std(axis=0)
    spread[spread < 1e-6] = 1.0
    return logarithms.mean(axis=0).astype(np.float32), spread.astype(np.float32)
