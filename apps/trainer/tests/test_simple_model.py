import numpy as np

from tollgate_trainer.average_trees import fit_balanced_trees
from tollgate_trainer.blended_model import BlendedModel, export_blended_model
from tollgate_trainer.export_simple_model import export_simple_model
from tollgate_trainer.run_onnx import run_onnx
from tollgate_trainer.simple_model import fit_simple_model

RANDOM = np.random.default_rng(6)
FEATURES = RANDOM.lognormal(2, 2, (6000, 4)).astype(np.float32)
FEATURES[::9, 1] = -1
LABEL = RANDOM.random(6000) < 1 / (1 + np.exp(6 - np.log1p(FEATURES[:, 0])))


def test_the_exported_model_gives_the_same_scores_with_missing_values_too() -> None:
    model = fit_simple_model(FEATURES, LABEL)
    features = FEATURES.copy()
    features[::4, 2] = np.nan
    difference = np.abs(run_onnx(export_simple_model(model), features) - model.predict(features))
    assert difference.max() < 1e-6


def test_it_is_calibrated_and_the_same_every_time() -> None:
    model = fit_simple_model(FEATURES, LABEL)
    assert np.isclose(model.predict(FEATURES).mean(), LABEL.mean(), rtol=0.05)
    assert export_simple_model(model) == export_simple_model(fit_simple_model(FEATURES, LABEL))


def test_a_blend_with_trees_is_one_graph() -> None:
    trees = fit_balanced_trees(
        FEATURES, LABEL, parameters={"min_data_in_leaf": 20}, trees=10, bags=3, honest_share=0.5, seed=1
    )
    curve = fit_simple_model(FEATURES, LABEL, squares=True)
    lines = [(0.15, fit_simple_model(FEATURES, LABEL)), (0.35, curve)]
    model = BlendedModel(trees, lines)
    scores = model.predict(FEATURES)
    assert np.abs(run_onnx(export_blended_model(model), FEATURES) - scores).max() < 1e-6
    assert np.isclose(scores.mean(), LABEL.mean(), rtol=0.2)
