"""Card precision top-k, as the Fraud Detection Handbook (chapter 4) defines it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .ranking import Scores, Truth, Weights

Cards = NDArray[np.int64]


@dataclass(frozen=True)
class RankedDay:
    """The cards of one day, by their highest score that day."""

    card: Cards
    compromised: Truth
    """Whether it has a fraud that day."""


class CardRanking:
    """Days ranked once, for many weightings of the same cards."""

    def __init__(self, truth: Truth, scores: Scores, day: NDArray[np.int64], entity: Cards) -> None:
        names, self.card = np.unique(entity, return_inverse=True)
        self.cards = len(names)
        self.days = [
            _ranked(truth[of_day], scores[of_day], self.card[of_day])
            for of_day in (np.flatnonzero(day == number) for number in np.unique(day))
        ]

    def precision(self, top: int, weights: Weights | None = None) -> tuple[float, float]:
        """
        Of the `top` cards a day, the share with a fraud that day: mean over the days, and what it could be at
        most. A card that was found leaves the days after. Weights, by row, say how often its card is drawn.
        """
        left = np.ones(self.cards)
        if weights is not None:
            left[self.card] = weights
        reached, possible = [], []
        for day in self.days:
            there = left[day.card]
            above = np.cumsum(there) - there
            found = np.clip(top - above, 0, there) * day.compromised
            reached.append(float(found.sum()) / top)
            possible.append(min(float(top), float(there[day.compromised].sum())) / top)
            left[day.card] -= found
        return float(np.mean(reached)), float(np.mean(possible))


def card_precision(
    truth: Truth, scores: Scores, day: NDArray[np.int64], entity: Cards, top: int
) -> tuple[float, float]:
    return CardRanking(truth, scores, day, entity).precision(top)


def _ranked(truth: Truth, scores: Scores, card: Cards) -> RankedDay:
    cards, position = np.unique(card, return_inverse=True)
    highest = np.full(len(cards), -np.inf)
    np.maximum.at(highest, position, scores)
    compromised = np.zeros(len(cards), dtype=np.bool_)
    np.logical_or.at(compromised, position, truth)
    order = np.argsort(-highest, kind="stable")
    return RankedDay(cards[order], compromised[order])
