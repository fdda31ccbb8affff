from typing import Any

import lightgbm
import numpy as np

from tollgate_trainer.average_trees import AveragedTrees, fit_averaged_trees
from tollgate_trainer.calibrate import Calibration
from tollgate_trainer.export_onnx import export_onnx, float32_at_most
from tollgate_trainer.run_onnx import run_onnx


def fitted() -> lightgbm.Booster:
    random = np.random.default_rng(7)
    features = random.normal(size=(4000, 3)).astype(np.float32)
    label = (features[:, 0] + features[:, 1] ** 2 > 1).astype(np.float32)
    parameters = {"objective": "binary", "verbosity": -1, "num_threads": 1, "deterministic": True}
    return lightgbm.train(parameters, lightgbm.Dataset(features, label=label), num_boost_round=30)


def thresholds_of(node: dict[str, Any]) -> list[float]:
    if "threshold" not in node:
        return []
    return [node["threshold"], *thresholds_of(node["left_child"]), *thresholds_of(node["right_child"])]


def test_the_exported_model_gives_the_scores_of_the_fitted_one() -> None:
    booster = fitted()
    features = np.random.default_rng(8).normal(size=(5000, 3)).astype(np.float32)
    difference = np.abs(run_onnx(export_onnx(AveragedTrees([booster])), features) - booster.predict(features))
    assert difference.max() < 1e-6


def test_values_at_every_threshold_and_beside_it_take_the_same_branch() -> None:
    booster = fitted()
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    near = np.array([value for tree in trees for value in thresholds_of(tree)], dtype=np.float32)
    values = np.concatenate([near, np.nextafter(near, np.float32(9)), np.nextafter(near, np.float32(-9))])
    features = np.repeat(values[:, None], 3, axis=1).astype(np.float32)
    difference = np.abs(run_onnx(export_onnx(AveragedTrees([booster])), features) - booster.predict(features))
    assert difference.max() < 1e-6


def test_the_same_model_is_exported_to_the_same_bytes() -> None:
    assert export_onnx(AveragedTrees([fitted()])) == export_onnx(AveragedTrees([fitted()]))


def test_a_threshold_is_rounded_down() -> None:
    assert float32_at_most(0.1) <= 0.1
    assert float(np.nextafter(np.float32(float32_at_most(0.1)), np.float32(1))) > 0.1
    assert float32_at_most(0.5) == 0.5


def test_average_and_calibration_are_inside_the_graph() -> None:
    random = np.random.default_rng(9)
    features = random.normal(size=(3000, 3)).astype(np.float32)
    parameters = {"feature_fraction": 0.5, "min_data_in_leaf": 20}
    label = features[:, 0] > 1
    trees = fit_averaged_trees(features, label, parameters=parameters, trees=10, seeds=[1, 2, 3])
    calibrated = AveragedTrees(trees.boosters, Calibration(slope=1.7, offset=-0.4))
    scores = run_onnx(export_onnx(calibrated), features)
    assert np.abs(scores - calibrated.predict(features)).max() < 1e-6
    logits = np.log(trees.predict(features) / (1 - trees.predict(features)))
    assert np.abs(scores - 1 / (1 + np.exp(0.4 - 1.7 * logits))).max() < 1e-6


def test_a_missing_value_takes_the_branch_that_lightgbm_takes() -> None:
    random = np.random.default_rng(10)
    features = random.normal(size=(4000, 3)).astype(np.float32)
    label = (features[:, 0] > 1) | (features[:, 1] < -1)
    features[::7, 1] = np.nan
    trees = fit_averaged_trees(features, label, parameters={}, trees=20, seeds=[1])
    unseen = features.copy()
    unseen[::5, 0] = np.nan
    unseen[::3] = np.nan
    difference = np.abs(run_onnx(export_onnx(trees), unseen) - trees.predict(unseen))
    assert difference.max() < 1e-6
