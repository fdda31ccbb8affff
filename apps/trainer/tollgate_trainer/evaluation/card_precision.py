"""Card precision top-k, as the Fraud Detection Handbook (chapter 4) defines it."""

import numpy as np
from numpy.typing import NDArray

from .ranking import Scores, Truth


def card_precision(
    truth: Truth, scores: Scores, day: NDArray[np.int64], entity: NDArray[np.int64], top: int
) -> tuple[float, float]:
    """
    Of the `top` cards a day by their highest score, the share with a fraud that day: mean over the days, and
    what it could be at most. A card that was found leaves the days after.
    """
    reached = []
    possible = []
    found = np.empty(0, dtype=np.int64)
    for number in np.unique(day):
        of_day = (day == number) & ~np.isin(entity, found)
        cards, position = np.unique(entity[of_day], return_inverse=True)
        highest = np.full(len(cards), -np.inf)
        np.maximum.at(highest, position, scores[of_day])
        compromised = np.zeros(len(cards), dtype=np.bool_)
        np.logical_or.at(compromised, position, truth[of_day])
        best = np.argsort(-highest, kind="stable")[:top]
        reached.append(compromised[best].sum() / top)
        possible.append(min(top, int(compromised.sum())) / top)
        found = np.append(found, cards[best][compromised[best]])
    return float(np.mean(reached)), float(np.mean(possible))
