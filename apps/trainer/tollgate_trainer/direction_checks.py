"""Changes of a transaction that must not make it look safer."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]
Predict = Callable[[Features], NDArray[np.float64]]

ROWS = 2000
TOLERANCE = 1e-3
"""In probability, on average over the rows: what the model may err by."""
LARGER = 5.0
ODD_HOURS = (1.0, 3.0, 5.0)


@dataclass(frozen=True)
class DirectionCheck:
    name: str
    multiplied: tuple[int, ...]
    """Columns that grow by the factor LARGER where they are known, so above 0."""
    set_to: dict[int, float] = field(default_factory=dict)
    """Columns that the change sets."""
    given: dict[int, float] = field(default_factory=dict)
    """Columns that are set before the change as well."""

    def rise(self, rows: Features, predict: Predict) -> float:
        """By how much the change raises the mean score."""
        before = rows.copy()
        for column, value in self.given.items():
            before[:, column] = value
        after = before.copy()
        for column in self.multiplied:
            after[after[:, column] > 0, column] *= LARGER
        for column, value in self.set_to.items():
            after[:, column] = value
        return float(predict(after).mean() - predict(before).mean())


def direction_checks(names: tuple[str, ...]) -> list[DirectionCheck]:
    """Those that the features allow: an amount, its ratios to what is normal, the hour of the day."""
    amounts = amount_columns(names)
    if not amounts:
        return []
    checks = [DirectionCheck("a larger amount", amounts)]
    for hour_column in hour_columns(names):
        odd = {hour_column: ODD_HOURS[len(ODD_HOURS) // 2]}
        checks.append(DirectionCheck("a larger amount at an odd hour", amounts, set_to=odd))
        for hour in ODD_HOURS:
            name = f"a larger amount where it is {hour:.0f} o'clock anyway"
            checks.append(DirectionCheck(name, amounts, given={hour_column: hour}))
    return checks


def amount_columns(names: tuple[str, ...]) -> tuple[int, ...]:
    """The amount, and its ratios to what is normal."""
    return tuple(
        column
        for column, name in enumerate(names)
        if name == "transaction:amount" or ":amount_to_normal" in name
    )


def hour_columns(names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(column for column, name in enumerate(names) if name == "transaction:hour_of_day")


def sample_rows(features: Features, count: int = ROWS) -> Features:
    """Spread evenly over time."""
    return features[np.linspace(0, len(features) - 1, min(count, len(features))).astype(np.int64)]
