import hashlib

import numpy as np
import pytest

pytest.importorskip("jax", reason="the network's packages are in an environment of their own")

from tollgate_trainer.calibrate import Calibration  # noqa: E402
from tollgate_trainer.directions import check_monotone  # noqa: E402
from tollgate_trainer.neural import fit_network as fitting  # noqa: E402
from tollgate_trainer.neural.export_network import export_network  # noqa: E402
from tollgate_trainer.neural.fit_network import FittedNetwork, fit_network, logits_of  # noqa: E402
from tollgate_trainer.neural.network import Shape  # noqa: E402
from tollgate_trainer.neural.sequences import inputs_of  # noqa: E402
from tollgate_trainer.run_onnx import BATCH_ROWS, run_onnx  # noqa: E402

SHAPE = Shape(signs=(0, 1, -1), slots=4, channels=2)
CALIBRATION = Calibration(slope=1.4, offset=-2.0)
ROWS = 4000
SEED = 7


def some_rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A fraud is a payment that repeats the last one's amount; the past of many cards is short, or none."""
    random = np.random.default_rng(5)
    features = random.lognormal(2, 1, size=(ROWS, SHAPE.features)).astype(np.float32)
    slots = random.lognormal(2, 1, size=(ROWS, SHAPE.slots, SHAPE.channels)).astype(np.float32)
    fraud = random.random(ROWS) < 0.05
    slots[fraud, -1, 1] = features[fraud, 0]
    empty = np.arange(SHAPE.slots)[None, :] < random.integers(0, SHAPE.slots + 1, size=ROWS)[:, None]
    slots[empty] = -1
    return features, slots.reshape(ROWS, -1), fraud


FEATURES, SEQUENCES, FRAUD = some_rows()


def fit(seed: int) -> FittedNetwork:
    windows = (np.arange(3000), np.arange(3000, ROWS))
    return fit_network(FEATURES, SEQUENCES, FRAUD, windows, SHAPE, seed)


def exported(fitted: FittedNetwork) -> bytes:
    return export_network(fitted.network, CALIBRATION)


@pytest.fixture(scope="module", autouse=True)
def two_epochs():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "EPOCHS_MAX", 2)
        yield


@pytest.fixture(scope="module")
def fitted() -> FittedNetwork:
    return fit(SEED)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(fitted: FittedNetwork) -> None:
    digests = [hashlib.sha256(exported(one)).hexdigest() for one in (fitted, fit(SEED), fit(SEED + 1))]
    assert digests[0] == digests[1] != digests[2]


def test_the_network_kept_is_that_of_its_best_epoch(fitted: FittedNetwork) -> None:
    again = logits_of(fitted.network, FEATURES, SEQUENCES, np.arange(3000, ROWS))
    assert np.array_equal(fitted.validation_logits, again)
    assert 1 <= len(fitted.learning_curve) <= 2


def test_the_exported_network_gives_the_scores_of_jax_with_values_missing_too(fitted: FittedNetwork) -> None:
    features = FEATURES.copy()
    features[::5, 1] = np.nan
    rows = np.arange(ROWS)
    in_jax = CALIBRATION.apply(logits_of(fitted.network, features, SEQUENCES, rows))
    in_onnx = run_onnx(exported(fitted), inputs_of(features, SEQUENCES, rows))
    assert np.abs(in_onnx - in_jax).max() < 1e-5
    assert len(np.unique(in_onnx)) > ROWS / 2


def test_a_row_has_one_score_alone_and_among_any_number_of_others(fitted: FittedNetwork) -> None:
    model = exported(fitted)
    inputs = inputs_of(FEATURES, SEQUENCES, np.arange(BATCH_ROWS + 1) % ROWS)
    all_at_once = run_onnx(model, inputs)
    assert len(all_at_once) == BATCH_ROWS + 1
    for count in (1, 2, 7, 1000):
        assert np.abs(run_onnx(model, inputs[:count]) - all_at_once[:count]).max() < 1e-6


def test_what_stands_in_an_empty_slot_does_not_change_a_score(fitted: FittedNetwork) -> None:
    slots = SEQUENCES.reshape(ROWS, SHAPE.slots, SHAPE.channels)
    # A card without any past reads its padding, which is -1 everywhere in training and service.
    some_past = np.flatnonzero((slots[:, :, 0] >= 0).any(axis=1))
    other = slots.copy()
    empty = other[:, :, 0] < 0
    assert empty[some_past].any()
    other[empty, 1:] = 777
    model = exported(fitted)
    before = run_onnx(model, inputs_of(FEATURES, SEQUENCES, some_past))
    after = run_onnx(model, inputs_of(FEATURES, other.reshape(ROWS, -1), some_past))
    assert np.abs(after - before).max() < 1e-6


def test_a_feature_with_a_direction_never_moves_a_score_the_other_way(fitted: FittedNetwork) -> None:
    model = exported(fitted)
    names = ("free", "rising", "falling")
    inputs = inputs_of(FEATURES, SEQUENCES, np.arange(ROWS))
    changes = check_monotone(SHAPE.signs, names, inputs, lambda rows: run_onnx(model, rows))
    assert set(changes) == {"rising", "falling"}
    assert changes["rising"] >= 0 >= changes["falling"]


def test_without_any_direction_there_is_nothing_but_the_free_part() -> None:
    windows = (np.arange(3000), np.arange(3000, ROWS))
    free = Shape((0, 0, 0), SHAPE.slots, SHAPE.channels)
    network = fit_network(FEATURES, SEQUENCES, FRAUD, windows, free, SEED).network
    assert not hasattr(network, "directed")
    scores = run_onnx(export_network(network, CALIBRATION), inputs_of(FEATURES, SEQUENCES, np.arange(9)))
    assert len(np.unique(scores)) == 9
