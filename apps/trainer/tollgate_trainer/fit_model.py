"""The main model: trees whose number, and whose calibration, come from a window they were not fitted on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .average_trees import AveragedTrees
from .calibrate import fit_calibration
from .directions import constrained
from .fit_trees import Parameters, fit_trees, logits_of, search_trees
from .search_parameters import ParameterSearch, search_parameters
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
    parameters: Parameters
    learning_curve: list[float]
    """Average precision on the validation window after each tree."""
    search: ParameterSearch | None
    """Where other parameters were looked for."""


def fit_model(
    rows: TrainingRows, split: Split, signs: tuple[int, ...], seed: int, search_seconds: float = 0
) -> FittedModel:
    """
    Finds the number of trees on the validation window, then fits again with its rows included. With a budget
    it first looks for better parameters, on the same window. The signs are each feature's direction.
    """
    given = constrained(PARAMETERS, signs)
    label = rows.known_fraud(split.cutoff_ms)
    found = None
    if search_seconds > 0:
        windows = (rows.features[split.training], rows.features[split.validation])
        labels = (label[split.training], label[split.validation])
        found = search_parameters(windows, labels, given, seconds=search_seconds, seed=seed)
    parameters = given if found is None else given | found.best
    search = search_trees(
        (rows.features[split.training], rows.features[split.validation]),
        (label[split.training], label[split.validation]),
        parameters=parameters,
        trees_max=TREES_MAX,
        patience=PATIENCE,
        seed=seed,
    )
    trees = search.trees
    validation_logits = logits_of(search.booster, rows.features[split.validation])
    calibration = fit_calibration(validation_logits, label[split.validation])
    print(
        f"fit: {trees} trees by early stopping; calibration slope {calibration.slope:.3f}, "
        f"offset {calibration.offset:.3f}",
        flush=True,
    )
    labelled = slice(split.training.start, split.validation.stop)
    booster = fit_trees(
        rows.features[labelled], label[labelled], parameters=parameters, trees=trees, seed=seed
    )
    return FittedModel(
        AveragedTrees([booster], calibration),
        calibration.apply(validation_logits),
        parameters,
        search.learning_curve,
        found,
    )
