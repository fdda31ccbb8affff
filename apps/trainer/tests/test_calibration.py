import numpy as np
from sklearn.metrics import brier_score_loss

from tollgate_trainer.calibrate import fit_calibration
from tollgate_trainer.evaluation.calibration import (
    brier_score,
    expected_calibration_error,
    reliability_curve,
)

RANDOM = np.random.default_rng(11)
PROBABILITY = RANDOM.beta(0.3, 8, 20_000)
TRUTH = RANDOM.random(20_000) < PROBABILITY


def test_the_brier_score_is_that_of_scikit_learn() -> None:
    assert np.isclose(brier_score(TRUTH, PROBABILITY), brier_score_loss(TRUTH, PROBABILITY))


def test_frequencies_have_no_error_and_doubled_ones_have() -> None:
    assert expected_calibration_error(TRUTH, PROBABILITY) < 0.005
    doubled = np.minimum(1, 2 * PROBABILITY)
    assert abs(expected_calibration_error(TRUTH, doubled) - PROBABILITY.mean()) < 0.01


def test_every_row_is_in_one_bin() -> None:
    curve = reliability_curve(TRUTH, PROBABILITY)
    assert curve.rows.sum() == len(TRUTH)
    assert np.isclose(np.average(curve.observed, weights=curve.rows), TRUTH.mean())
    assert (np.diff(curve.predicted) > 0).all()


def test_calibration_finds_the_distortion_and_keeps_the_ranks() -> None:
    logits = np.log(PROBABILITY / (1 - PROBABILITY))
    calibration = fit_calibration((logits - 1) / 2, TRUTH)
    assert np.isclose(calibration.slope, 2, atol=0.1)
    assert np.isclose(calibration.offset, 1, atol=0.2)
    scores = calibration.apply((logits - 1) / 2)
    assert (np.argsort(scores, kind="stable") == np.argsort(logits, kind="stable")).all()
    assert expected_calibration_error(TRUTH, scores) < 0.005


def test_few_frauds_leave_the_scores_as_they_are() -> None:
    calibration = fit_calibration(np.linspace(-5, 0, 100), np.arange(100) >= 95)
    assert (calibration.slope, calibration.offset) == (1.0, 0.0)
