import numpy as np
import pytest
from sklearn import metrics as reference

from tollgate_trainer.evaluation.ranking import (
    Ranking,
    area_under_roc,
    average_precision,
    precision_recall_curve,
)

TRUTH = np.array([True, False, True, False, False])
SCORES = np.array([0.9, 0.8, 0.7, 0.2, 0.1])


def sample(seed: int, levels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = random.random(500) < 0.1
    scores = np.round((random.random(500) + truth) * levels) / levels
    return truth, scores, random.integers(0, 4, 500).astype(np.float64)


def test_average_precision_is_the_mean_precision_at_each_fraud() -> None:
    assert np.isclose(average_precision(TRUTH, SCORES), (1 + 2 / 3) / 2)


def test_equal_scores_are_one_step_whatever_their_order() -> None:
    equal = np.full(5, 0.5)
    assert np.isclose(average_precision(TRUTH, equal), 2 / 5)
    assert np.isclose(area_under_roc(TRUTH, equal), 0.5)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("levels", [3, 20, 10_000])
def test_both_areas_are_those_of_scikit_learn_with_ties_and_weights(seed: int, levels: int) -> None:
    truth, scores, weights = sample(seed, levels)
    ranking = Ranking(truth, scores)
    assert np.isclose(ranking.average_precision(), reference.average_precision_score(truth, scores))
    assert np.isclose(ranking.area_under_roc(), reference.roc_auc_score(truth, scores))
    weighted = reference.average_precision_score(truth, scores, sample_weight=weights)
    assert np.isclose(ranking.average_precision(weights), weighted)
    weighted = reference.roc_auc_score(truth, scores, sample_weight=weights)
    assert np.isclose(ranking.area_under_roc(weights), weighted)


def test_the_curve_is_that_of_scikit_learn() -> None:
    truth, scores, _ = sample(1, 20)
    recall, precision = precision_recall_curve(truth, scores)
    wanted_precision, wanted_recall, _ = reference.precision_recall_curve(truth, scores)
    assert np.allclose(recall, wanted_recall[:-1][::-1])
    assert np.allclose(precision, wanted_precision[:-1][::-1])
