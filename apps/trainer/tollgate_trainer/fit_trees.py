"""Gradient-boosted trees, the same for the same rows and seed."""

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

Parameters = dict[str, Any]

STEADY: Parameters = {
    "objective": "binary",
    "verbosity": -1,
    # The same digest on every run: one thread adds up in one order.
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
}


@dataclass(frozen=True)
class TreeSearch:
    """A fit that ended by early stopping."""

    booster: lightgbm.Booster
    trees: int
    """How many of them the second rows wanted."""
    learning_curve: list[float]
    """Average precision on the second rows after each tree."""


def fit_trees(
    features: NDArray[np.float32],
    label: NDArray[np.bool_],
    *,
    parameters: Parameters,
    trees: int,
    seed: int,
) -> lightgbm.Booster:
    """So many trees on all rows."""
    settings = {**STEADY, **parameters, "seed": seed}
    data = lightgbm.Dataset(features, label=label.astype(np.float32), params=settings)
    return lightgbm.train(settings, data, num_boost_round=trees)


def search_trees(
    features: tuple[NDArray[np.float32], NDArray[np.float32]],
    label: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    *,
    parameters: Parameters,
    trees_max: int,
    patience: int,
    seed: int,
) -> TreeSearch:
    """Fits on the first rows; ends when the second ones' average precision has not grown for long."""
    settings = {**STEADY, **parameters, "seed": seed, "metric": "average_precision"}
    training = lightgbm.Dataset(features[0], label=label[0].astype(np.float32), params=settings)
    validation = lightgbm.Dataset(features[1], label=label[1].astype(np.float32), reference=training)
    curve: dict[str, dict[str, list[float]]] = {}
    booster = lightgbm.train(
        settings,
        training,
        num_boost_round=trees_max,
        valid_sets=[validation],
        callbacks=[
            lightgbm.early_stopping(patience, verbose=False),
            lightgbm.record_evaluation(curve),
        ],
    )
    return TreeSearch(booster, max(1, booster.best_iteration), curve["valid_0"]["average_precision"])


def logits_of(booster: lightgbm.Booster, features: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(booster.predict(features, raw_score=True, num_threads=1), dtype=np.float64)
