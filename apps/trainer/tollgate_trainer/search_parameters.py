"""Better parameters for the trees, looked for within a budget of time on rows that the fit does not see."""

from dataclasses import dataclass

import numpy as np
import optuna
from numpy.typing import NDArray

from .evaluation.ranking import Ranking
from .fit_trees import Parameters, logits_of, search_trees

HONEST_SHARE = 0.2
"""A trial is fitted on so many of the honest rows: their order stays, and five times as many fit in."""
TREES_MAX = 150
PATIENCE = 20
FIRST_RANDOM_TRIALS = 8
"""Before the sampler begins to learn from them."""

Features = NDArray[np.float32]
Labels = NDArray[np.bool_]


@dataclass(frozen=True)
class ParameterSearch:
    best: Parameters
    """What differs from the parameters that were given."""
    trials: list[dict[str, float]]
    """Each with its parameters and its averagePrecision, in order."""


def search_parameters(
    features: tuple[Features, Features],
    label: tuple[Labels, Labels],
    given: Parameters,
    *,
    seconds: float,
    seed: int,
    trials_max: int | None = None,
) -> ParameterSearch:
    """
    Average precision on the second rows decides. The first trial is what was given, so the result is not
    worse there. How many trials there are depends on the machine, unless `trials_max` ends it first.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    thinned = _thinned(label[0], seed)
    training = (features[0][thinned], label[0][thinned])

    def objective(trial: optuna.Trial) -> float:
        fitted = search_trees(
            (training[0], features[1]),
            (training[1], label[1]),
            parameters=given | _suggested(trial),
            trees_max=TREES_MAX,
            patience=PATIENCE,
            seed=seed,
        )
        return Ranking(label[1], logits_of(fitted.booster, features[1])).average_precision()

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=FIRST_RANDOM_TRIALS)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.enqueue_trial({name: given[name] for name in SEARCHED})
    study.optimize(objective, n_trials=trials_max, timeout=seconds, catch=())
    done = [trial for trial in study.trials if trial.value is not None]
    print(
        f"search: {len(done)} trials in at most {seconds:.0f} s; average precision on validation rows "
        f"{done[0].value:.4f} with the given parameters, {study.best_value:.4f} with the best",
        flush=True,
    )
    trials = [{**trial.params, "averagePrecision": float(trial.value or 0)} for trial in done]
    return ParameterSearch(dict(study.best_params), trials)


SEARCHED = (
    "learning_rate",
    "num_leaves",
    "min_data_in_leaf",
    "lambda_l2",
    "feature_fraction",
    "bagging_fraction",
)


def _suggested(trial: optuna.Trial) -> Parameters:
    return {
        "learning_rate": trial.suggest_float("learning_rate", 0.03, 0.2, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 7, 63, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 20, 400, log=True),
        "lambda_l2": trial.suggest_float("lambda_l2", 0.1, 50.0, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.3, 1.0),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.5, 1.0),
    }


def _thinned(label: Labels, seed: int) -> NDArray[np.int64]:
    honest = np.flatnonzero(~label)
    kept = np.random.default_rng(seed).choice(honest, int(len(honest) * HONEST_SHARE), replace=False)
    return np.sort(np.append(np.flatnonzero(label), kept))
