"""The main model: trees whose number, and whose calibration, come from a window they were not fitted on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .average_trees import AveragedTrees
from .calibrate import fit_calibration
from .fit_trees import Parameters, fit_trees, logits_of, search_trees
from .training_rows import Split, TrainingRows

TREES_MAX = 150
"""Each costs about 50 ns a row in service; twice as many gain less than 0.01 of average precision."""
PATIENCE = 30
"""Trees without a better average precision on the validation window before fitting ends."""

PARAMETERS: Parameters = {
    "learning_rate": 0.08,
    "num_leaves": 31,
    "max_depth": 8,
    # 255 bins, the default, blur edges such as an amount just under a limit.
    "max_bin": 1023,
    # Frauds are one row in 200: leaves of a few rows would learn single cards.
    "min_data_in_leaf": 100,
    "min_sum_hessian_in_leaf": 1.0,
    "lambda_l2": 10.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}


@dataclass(frozen=True)
class FittedModel:
    trees: AveragedTrees
    """One fit, calibrated."""
    validation_scores: NDArray[np.float64]
    """Calibrated scores of the validation window, from the fit without it: what thresholds may learn from."""


def fit_model(rows: TrainingRows, split: Split, seed: int) -> FittedModel:
    """Finds the number of trees on the validation window, then fits again with its rows included."""
    label = rows.known_fraud(split.cutoff_ms)
    search = search_trees(
        (rows.features[split.training], rows.features[split.validation]),
        (label[split.training], label[split.validation]),
        parameters=PARAMETERS,
        trees_max=TREES_MAX,
        patience=PATIENCE,
        seed=seed,
    )
    trees = max(1, search.best_iteration)
    validation_logits = logits_of(search, rows.features[split.validation])
    calibration = fit_calibration(validation_logits, label[split.validation])
    print(
        f"fit: {trees} trees by early stopping; calibration slope {calibration.slope:.3f}, "
        f"offset {calibration.offset:.3f}",
        flush=True,
    )
    labelled = slice(split.training.start, split.validation.stop)
    booster = fit_trees(
        rows.features[labelled], label[labelled], parameters=PARAMETERS, trees=trees, seed=seed
    )
    return FittedModel(AveragedTrees([booster], calibration), calibration.apply(validation_logits))
