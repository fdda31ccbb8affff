"""Changes that must not matter: of the rows around a row, and of how the same payment is written down."""

import numpy as np
from numpy.typing import NDArray

from .direction_checks import Features, Predict, amount_columns, hour_columns, sample_rows

DIFFERENCE_MAX = 1e-6
"""Of any row, where the numbers stay as they are: a runtime may add up a larger batch in another order."""
MEAN_CHANGE_MAX = 1e-3
"""Where they change by rounding: some rows lie on a threshold of a tree, hardly all of them."""
HALF_CENT = 0.005
"""A payment in another currency comes back as the same euros but for this."""
HALF_SECOND = 0.5 / 3600
"""In hours: what a sender that gives whole seconds leaves out."""
EXTREME = np.float32(1e9)
ALONE_EVERY = 20
"""Each is a call: a hundred of the rows are asked for one by one."""


def largest_allowed(change: str) -> float:
    return MEAN_CHANGE_MAX if "rounding" in change else DIFFERENCE_MAX


def check_invariances(names: tuple[str, ...], features: Features, predict: Predict) -> dict[str, float]:
    """By how much each changes a score; raises ValueError, with its name, where that is too much."""
    rows = sample_rows(features)
    before = predict(rows)
    found = {
        name: float(np.abs(after - before).max())
        for name, after in _asked_otherwise(rows, before, predict).items()
    }
    for name, change in found.items():
        if not change <= DIFFERENCE_MAX:
            raise ValueError(f"a score depends on {name}: it changes by up to {change:.1e}")
    for name, changed in _rounded(names, rows).items():
        mean = float(np.abs(predict(changed) - before).mean())
        if not mean <= MEAN_CHANGE_MAX:
            raise ValueError(f"a score depends on {name}: it changes by {mean:.4f} in the mean")
        found[name] = mean
    return found


def _asked_otherwise(
    rows: Features, before: NDArray[np.float64], predict: Predict
) -> dict[str, NDArray[np.float64]]:
    """Scores of the same rows in the same order; those that are not asked for are the ones from before."""
    order = np.random.default_rng(1).permutation(len(rows))
    shuffled = np.empty(len(rows))
    shuffled[order] = predict(rows[order])
    among_others = np.repeat(rows, 3, axis=0)
    among_others[0::3] = np.nan
    among_others[2::3] = EXTREME
    alone = before.copy()
    for number in range(0, len(rows), ALONE_EVERY):
        alone[number] = predict(rows[number : number + 1])[0]
    signed_zeros = np.where(rows == 0, np.float32(-0.0), rows)
    return {
        "the order of the rows": shuffled,
        "the values of other rows": predict(among_others)[1::3],
        "whether it is asked for alone": alone,
        "whether it was asked for before": predict(rows),
        "the sign of a zero": predict(signed_zeros),
    }


def _rounded(names: tuple[str, ...], rows: Features) -> dict[str, Features]:
    """The same payments with an amount or a time that was rounded elsewhere; ratios go with the amount."""
    changed = {}
    if "transaction:amount" in names:
        amount = np.maximum(rows[:, names.index("transaction:amount")], 2 * HALF_CENT)
        factor = (1 + HALF_CENT / amount).astype(np.float32)
        by_amount = rows.copy()
        for column in amount_columns(names):
            known = rows[:, column] > 0
            by_amount[known, column] *= factor[known]
        changed["the rounding of the amount"] = by_amount
    for column in hour_columns(names):
        by_time = rows.copy()
        by_time[:, column] = np.maximum(rows[:, column] - np.float32(HALF_SECOND), 0)
        changed["the rounding of the time"] = by_time
    return changed
