"""Gradient-boosted trees, the same for the same rows and seed."""

from typing import Any

import lightgbm
import numpy as np

from .training_rows import Split, TrainingRows

TREES_MAX = 150
"""Each costs about 50 ns a row in service; twice as many gain less than 0.01 of average precision."""
PATIENCE = 30
"""Trees without a better average precision on the validation window before fitting ends."""

PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "metric": "average_precision",
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
    "verbosity": -1,
    # The same digest on every run: one thread adds up in one order.
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
}


def fit_model(rows: TrainingRows, split: Split, seed: int) -> lightgbm.Booster:
    """Finds the number of trees on the validation window, then fits again with its rows included."""
    parameters = {**PARAMETERS, "seed": seed}
    label = rows.known_fraud(split.cutoff_ms).astype(np.float32)
    training = lightgbm.Dataset(
        rows.features[split.training], label=label[split.training], params=parameters
    )
    validation = lightgbm.Dataset(
        rows.features[split.validation], label=label[split.validation], reference=training
    )
    search = lightgbm.train(
        parameters,
        training,
        num_boost_round=TREES_MAX,
        valid_sets=[validation],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    trees = max(1, search.best_iteration)
    print(f"fit: {trees} trees by early stopping", flush=True)
    labelled = slice(split.training.start, split.validation.stop)
    whole = lightgbm.Dataset(rows.features[labelled], label=label[labelled], params=parameters)
    return lightgbm.train(parameters, whole, num_boost_round=trees)
