"""Changes of a transaction that must not make it look safer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROWS = 2000
TOLERANCE = 1e-3
"""In probability, on average over the rows: what the model may err by."""
LARGER = 5.0
ODD_HOUR = 3.0


@dataclass(frozen=True)
class DirectionCheck:
    name: str
    multiplied: tuple[str, ...]
    """Features that grow by the factor LARGER where they are known, so above 0."""
    set_to: dict[str, float]

    def changed(self, features: NDArray[np.float32], names: tuple[str, ...]) -> NDArray[np.float32]:
        rows = features.copy()
        for name in self.multiplied:
            column = rows[:, names.index(name)]
            column[column > 0] *= LARGER
        for name, value in self.set_to.items():
            rows[:, names.index(name)] = value
        return rows


def direction_checks(names: tuple[str, ...]) -> list[DirectionCheck]:
    """Those that the features allow: an amount, its ratios to what is normal, the hour of the day."""
    amounts = tuple(name for name in names if name == "transaction:amount" or ":amount_to_normal" in name)
    hour = {name: ODD_HOUR for name in names if name == "transaction:hour_of_day"}
    checks = [DirectionCheck("a larger amount", amounts, {})] if amounts else []
    if amounts and hour:
        checks.append(DirectionCheck("a larger amount at an odd hour", amounts, hour))
    return checks


def sample_rows(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spread evenly over time."""
    return features[np.linspace(0, len(features) - 1, min(ROWS, len(features))).astype(np.int64)]
