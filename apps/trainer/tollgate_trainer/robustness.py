"""Whether somebody who changes what is in his hands a little gets past the model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .direction_checks import Features, Predict, amount_columns, hour_columns

AMOUNT_FACTORS = (0.9, 0.95, 1.0, 1.05, 1.1)
"""A thief may pay a tenth less, or more: beyond that it is another theft."""
HOUR_SHIFTS = (-1.0, 0.0, 1.0)
"""Or an hour earlier or later."""
HOURS_A_DAY = 24.0
FLIP_RATE_MAX = 0.35
"""A model that more of its frauds slip past by such changes stands on the edge of a limit."""


@dataclass(frozen=True)
class Robustness:
    frauds: int
    """Those that are alerts as they are."""
    changes: int
    """Tried on each."""
    flip_rate: float
    """Share of them that one of the changes takes below the threshold."""
    mean_fall: float
    """Mean fall of the score under the worst change for each."""


def robustness(
    names: tuple[str, ...],
    features: Features,
    truth: NDArray[np.bool_],
    predict: Predict,
    review: float,
) -> Robustness | None:
    """None where the features name neither an amount nor an hour, or no fraud is an alert."""
    amounts, hours = amount_columns(names), hour_columns(names)
    before = predict(features)
    found = np.flatnonzero(truth & (before >= review))
    if len(found) == 0 or not (amounts or hours):
        return None
    rows = features[found]
    lowest = np.array(before[found])
    for factor in AMOUNT_FACTORS if amounts else (1.0,):
        for shift in HOUR_SHIFTS if hours else (0.0,):
            lowest = np.minimum(lowest, predict(_changed(rows, amounts, factor, hours, shift)))
    return Robustness(
        frauds=len(found),
        changes=(len(AMOUNT_FACTORS) if amounts else 1) * (len(HOUR_SHIFTS) if hours else 1),
        flip_rate=float((lowest < review).mean()),
        mean_fall=float((before[found] - lowest).mean()),
    )


def check_robustness(found: Robustness | None) -> None:
    if found is not None and found.flip_rate > FLIP_RATE_MAX:
        raise ValueError(
            f"{found.flip_rate:.1%} of the frauds that are alerts pass when the amount changes by a tenth or "
            f"the time by an hour, at most {FLIP_RATE_MAX:.0%} are allowed"
        )


def _changed(
    rows: Features, amounts: tuple[int, ...], factor: float, hours: tuple[int, ...], shift: float
) -> Features:
    """Ratios to what is normal move with the amount; values that are missing stay so."""
    changed = rows.copy()
    for column in amounts:
        known = changed[:, column] > 0
        changed[known, column] *= np.float32(factor)
    for column in hours:
        changed[:, column] = np.mod(changed[:, column] + np.float32(shift), np.float32(HOURS_A_DAY))
    return changed
