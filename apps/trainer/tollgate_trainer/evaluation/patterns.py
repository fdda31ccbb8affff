"""Which kinds of fraud are found."""

import numpy as np
from numpy.typing import NDArray

from .alerts import recall
from .ranking import Truth


def recall_by_pattern(truth: Truth, alerts: Truth, pattern: NDArray[np.object_]) -> dict[str, float]:
    """Share of each pattern's frauds that are alerts, by name."""
    names = sorted({str(name) for name in pattern[truth]})
    return {name: recall(truth & (pattern == name), alerts) for name in names}
