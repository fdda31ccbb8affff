import numpy as np
import pytest

from tollgate_trainer.gates import (
    check_directions,
    check_latency,
    check_missing_values,
    check_scores,
)

SCORES = np.linspace(0, 1, 1000)


def test_a_sound_model_passes_and_its_difference_is_given() -> None:
    assert np.isclose(check_scores(b"model", SCORES, SCORES + 1e-7), 1e-7)


@pytest.mark.parametrize(
    ("model", "exported", "reason"),
    [
        (bytes(2_000_001), SCORES, "2000001 bytes"),
        (b"model", np.full(1000, 0.5), "1 different scores"),
        (b"model", SCORES + 1e-4, "differ by 1.00e-04"),
        (b"model", np.full(1000, np.nan), "not a number"),
    ],
)
def test_a_faulty_model_is_refused(model: bytes, exported: np.ndarray, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_scores(model, exported, SCORES)


NAMES = ("transaction:amount", "card@v1:amount_to_normal_30d", "transaction:hour_of_day")
ROWS = np.random.default_rng(4).uniform(1, 20, (500, 3)).astype(np.float32)


def test_a_model_for_which_larger_amounts_are_safer_is_refused() -> None:
    rises = check_directions(NAMES, ROWS, lambda rows: 1 - np.exp(-rows[:, 0] / 50.0))
    assert {"a larger amount", "a larger amount at an odd hour"} < set(rises)
    assert min(rises.values()) > 0.1
    with pytest.raises(ValueError, match="a larger amount makes transactions look safer"):
        check_directions(NAMES, ROWS, lambda rows: np.exp(-rows[:, 0] / 50.0))


def test_features_without_an_amount_have_no_direction() -> None:
    assert check_directions(("V1", "V2", "V3"), ROWS, lambda rows: rows[:, 0] / 100) == {}


def test_a_score_of_a_missing_value_that_is_no_probability_is_refused() -> None:
    def tolerant(rows: np.ndarray) -> np.ndarray:
        return np.nan_to_num(rows, nan=0.0)[:, 0] / 100

    check_missing_values(ROWS, tolerant, tolerant)
    with pytest.raises(ValueError, match="no probability"):
        check_missing_values(ROWS, lambda rows: rows[:, 0] / 100, tolerant)
    with pytest.raises(ValueError, match="differ by"):
        check_missing_values(ROWS, tolerant, lambda rows: tolerant(rows) + 0.1)


def test_a_slow_model_is_refused() -> None:
    check_latency(50.0)
    with pytest.raises(ValueError, match="one row takes 2000 µs"):
        check_latency(2000.0)
