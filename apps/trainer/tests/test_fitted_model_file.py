from pathlib import Path

import numpy as np

from tollgate_trainer.average_trees import AveragedTrees, fit_averaged_trees
from tollgate_trainer.blended_model import BlendedModel
from tollgate_trainer.calibrate import Calibration
from tollgate_trainer.fitted_model_file import read_fitted_model, write_fitted_model
from tollgate_trainer.simple_model import fit_simple_model

FEATURES = np.random.default_rng(11).normal(size=(3000, 3)).astype(np.float32)
LABEL = FEATURES[:, 0] + FEATURES[:, 1] ** 2 > 2


def calibrated_trees() -> AveragedTrees:
    fitted = fit_averaged_trees(FEATURES, LABEL, parameters={}, trees=20, seeds=[1, 2])
    return AveragedTrees(fitted.boosters, Calibration(1.3, -0.7))


def unseen_rows() -> np.ndarray:
    rows = np.random.default_rng(12).normal(size=(500, 3)).astype(np.float32)
    rows[::7, 1] = np.nan
    return rows


def test_trees_that_were_kept_give_the_same_scores_to_the_bit(tmp_path: Path) -> None:
    trees = calibrated_trees()
    write_fitted_model(tmp_path, BlendedModel(trees, []))
    assert np.array_equal(read_fitted_model(tmp_path).predict(unseen_rows()), trees.predict(unseen_rows()))


def test_so_does_a_blend_with_its_lines(tmp_path: Path) -> None:
    line = fit_simple_model(FEATURES, LABEL)
    curve = fit_simple_model(FEATURES, LABEL, squares=True)
    blend = BlendedModel(calibrated_trees(), [(0.2, line), (0.3, curve)])
    write_fitted_model(tmp_path, blend)
    assert np.array_equal(read_fitted_model(tmp_path).predict(unseen_rows()), blend.predict(unseen_rows()))
