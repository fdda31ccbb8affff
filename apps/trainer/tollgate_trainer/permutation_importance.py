"""Which inputs a model of any kind gains from: how much worse it ranks when their values are shuffled."""

from collections.abc import Mapping

import numpy as np

from .direction_checks import Features, Predict
from .evaluation.ranking import Ranking, Truth

HONEST_ROWS = 10_000
"""Beside all frauds: 45 features and a sequence take half a minute of a network."""


def permutation_importance(
    columns: Mapping[str, tuple[int, ...]], inputs: Features, truth: Truth, predict: Predict, seed: int
) -> dict[str, float]:
    """
    Each name's share of the sum of all falls of average precision, the largest first; columns of one name are
    shuffled together (Breiman, Machine Learning 45, 2001).
    """
    random = np.random.default_rng(seed)
    honest = np.flatnonzero(~truth)
    honest = random.choice(honest, min(len(honest), HONEST_ROWS), replace=False)
    chosen = np.sort(np.append(np.flatnonzero(truth), honest))
    rows, label = inputs[chosen], truth[chosen]
    whole = Ranking(label, predict(rows)).average_precision()
    falls = {}
    for name, numbers in columns.items():
        shuffled = rows.copy()
        shuffled[:, numbers] = rows[random.permutation(len(rows))][:, numbers]
        falls[name] = max(0.0, whole - Ranking(label, predict(shuffled)).average_precision())
    total = max(sum(falls.values()), 1e-300)
    shares = {name: fall / total for name, fall in falls.items()}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))
