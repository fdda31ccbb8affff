"""Several fits of the same kind whose logits are averaged: steadier than one, and still one set of trees."""

from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray

from .calibrate import Calibration
from .fit_trees import Parameters, fit_trees, logits_of
from .importance import importance_of


@dataclass(frozen=True)
class AveragedTrees:
    boosters: list[lightgbm.Booster]
    calibration: Calibration = Calibration()

    def logits(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Calibrated."""
        mean = np.mean([logits_of(booster, features) for booster in self.boosters], axis=0)
        return self.calibration.slope * mean + self.calibration.offset

    def predict(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        return 1 / (1 + np.exp(-self.logits(features)))

    @property
    def tree_count(self) -> int:
        return sum(booster.num_trees() for booster in self.boosters)

    def importance(self, features: list[str]) -> dict[str, float]:
        """Share of the gain of all fits together, the largest first."""
        each = [importance_of(booster, tuple(features)) for booster in self.boosters]
        mean = {name: float(np.mean([shares[name] for shares in each])) for name in features}
        return dict(sorted(mean.items(), key=lambda item: -item[1]))


def fit_averaged_trees(
    features: NDArray[np.float32],
    label: NDArray[np.bool_],
    *,
    parameters: Parameters,
    trees: int,
    seeds: list[int],
) -> AveragedTrees:
    return AveragedTrees(
        [fit_trees(features, label, parameters=parameters, trees=trees, seed=seed) for seed in seeds]
    )


def fit_balanced_trees(
    features: NDArray[np.float32],
    label: NDArray[np.bool_],
    *,
    parameters: Parameters,
    trees: int,
    bags: int,
    honest_share: float,
    seed: int,
) -> AveragedTrees:
    """
    Each fit sees all frauds and its own share of the honest rows; the offset takes back what that does to the
    frequencies.
    """
    random = np.random.default_rng(seed)
    honest, frauds = np.flatnonzero(~label), np.flatnonzero(label)
    boosters = []
    for bag in range(bags):
        drawn = random.choice(honest, int(len(honest) * honest_share), replace=False)
        rows = np.sort(np.append(frauds, drawn))
        boosters.append(
            fit_trees(features[rows], label[rows], parameters=parameters, trees=trees, seed=seed + bag)
        )
    return AveragedTrees(boosters, Calibration(offset=float(np.log(honest_share))))
