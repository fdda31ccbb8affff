import numpy as np
import pytest

from tollgate_trainer.average_trees import fit_averaged_trees
from tollgate_trainer.blended_model import BlendedModel, export_blended_model
from tollgate_trainer.directions import Directions, check_monotone, constrained
from tollgate_trainer.export_onnx import export_onnx
from tollgate_trainer.fit_model import PARAMETERS
from tollgate_trainer.run_onnx import run_onnx
from tollgate_trainer.simple_model import fit_simple_model

NAMES = ("ratio", "age", "other")
SIGNS = (1, -1, 0)
RANDOM = np.random.default_rng(12)
FEATURES = RANDOM.lognormal(0, 1, (6000, 3)).astype(np.float32)
FEATURES[::7, 0] = -1
# Fraud goes with small ratios and great age: the wrong way round, as rows by chance may have it.
LABEL = (FEATURES[:, 0] < 0.7) & (FEATURES[:, 1] > 1) | (FEATURES[:, 2] > 4)
PARAMETERS_OF_TEST = {"min_data_in_leaf": 20}


def trees(signs: tuple[int, ...]):  # noqa: ANN201
    parameters = constrained(PARAMETERS_OF_TEST, signs)
    return fit_averaged_trees(FEATURES, LABEL, parameters=parameters, trees=30, seeds=[1, 2])


def test_signs_stand_in_the_order_of_the_features_and_unknown_names_are_refused() -> None:
    assert Directions(("ratio",), ("age",)).signs(NAMES) == SIGNS
    assert Directions().signs(NAMES) == (0, 0, 0)
    with pytest.raises(ValueError, match="name speed: no such feature"):
        Directions(("speed",)).signs(NAMES)


def test_without_directions_the_parameters_are_as_they_were() -> None:
    assert constrained(PARAMETERS, (0, 0, 0)) == PARAMETERS
    assert constrained(PARAMETERS, SIGNS)["monotone_constraints"] == [1, -1, 0]


def test_trees_that_are_fitted_freely_are_refused_and_constrained_ones_pass() -> None:
    free, held = (export_onnx(trees(signs)) for signs in ((), SIGNS))
    with pytest.raises(ValueError, match="a larger ratio makes a transaction look safer"):
        check_monotone(SIGNS, NAMES, FEATURES, lambda rows: run_onnx(free, rows))
    with pytest.raises(ValueError, match="a larger age makes a transaction look riskier"):
        check_monotone((0, -1, 0), NAMES, FEATURES, lambda rows: run_onnx(free, rows))
    changes = check_monotone(SIGNS, NAMES, FEATURES, lambda rows: run_onnx(held, rows))
    assert list(changes) == ["ratio", "age"]
    assert changes["ratio"] >= 0 >= changes["age"]


@pytest.mark.parametrize("squares", [False, True])
def test_lines_have_no_weight_against_a_direction_and_learn_the_rest(squares: bool) -> None:
    free = fit_simple_model(FEATURES, LABEL, squares=squares)
    held = fit_simple_model(FEATURES, LABEL, squares=squares, signs=SIGNS)
    with pytest.raises(ValueError, match="a larger ratio"):
        check_monotone(SIGNS, NAMES, FEATURES, free.predict)
    check_monotone(SIGNS, NAMES, FEATURES, held.predict)
    scores, large = held.predict(FEATURES), FEATURES[:, 2] > 4
    assert scores[large].mean() > 2 * scores[~large].mean()
    assert np.isclose(held.predict(FEATURES).mean(), LABEL.mean(), rtol=0.05)


def test_a_blend_of_parts_that_keep_to_the_directions_does_too() -> None:
    lines = [(0.2, fit_simple_model(FEATURES, LABEL, squares=True, signs=SIGNS))]
    model = export_blended_model(BlendedModel(trees(SIGNS), lines))
    check_monotone(SIGNS, NAMES, FEATURES, lambda rows: run_onnx(model, rows))


def test_a_step_among_the_largest_values_alone_is_found() -> None:
    edge = float(np.quantile(FEATURES[:, 0], 0.997))
    with pytest.raises(ValueError, match="by up to 0.3000"):
        check_monotone((1, 0, 0), NAMES, FEATURES, lambda rows: np.where(rows[:, 0] > edge, 0.6, 0.9))
