from collections.abc import Callable

import numpy as np
import pytest

from tollgate_trainer.gates import check_directions
from tollgate_trainer.invariance_checks import check_invariances

NAMES = ("transaction:amount", "card@v1:amount_to_normal_30d", "transaction:hour_of_day", "card@v1:count_1h")
RANDOM = np.random.default_rng(4)
ROWS = np.concatenate([RANDOM.uniform(1, 20, (900, 3)), RANDOM.integers(0, 3, (900, 1))], axis=1)
ROWS = ROWS.astype(np.float32)
Predict = Callable[[np.ndarray], np.ndarray]


def sound(rows: np.ndarray) -> np.ndarray:
    return 1 - np.exp(-np.nan_to_num(rows[:, 0].astype(np.float64)) / 50)


def remembering() -> Predict:
    seen: set[bytes] = set()

    def predict(rows: np.ndarray) -> np.ndarray:
        again = rows.tobytes() in seen
        seen.add(rows.tobytes())
        return sound(rows) + 0.1 * again

    return predict


def test_a_model_that_looks_at_each_row_alone_passes_and_says_by_how_much_it_changes() -> None:
    changes = check_invariances(NAMES, ROWS, sound)
    assert set(changes) == {
        "the order of the rows",
        "the values of other rows",
        "whether it is asked for alone",
        "whether it was asked for before",
        "the sign of a zero",
        "the rounding of the amount",
        "the rounding of the time",
    }
    assert max(changes.values()) < 1e-3


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (lambda rows: sound(rows) + np.arange(len(rows)) * 1e-5, "the order of the rows"),
        (lambda rows: sound(rows) - 0.1 * (np.nanmax(rows[:, 0]) > 1e6), "the values of other rows"),
        (lambda rows: sound(rows) + 0.1 * (len(rows) == 1), "whether it is asked for alone"),
        (remembering(), "whether it was asked for before"),
        (lambda rows: sound(rows) + 0.1 * np.signbit(rows[:, 3]), "the sign of a zero"),
        (lambda rows: np.mod(rows[:, 0].astype(np.float64) * 100, 1), "the rounding of the amount"),
        (lambda rows: np.mod(rows[:, 2].astype(np.float64) * 3600, 1), "the rounding of the time"),
        (lambda rows: np.full(len(rows), np.nan), "the order of the rows"),
    ],
)
def test_a_model_that_a_thing_matters_to_which_must_not_is_refused(model: Predict, reason: str) -> None:
    with pytest.raises(ValueError, match=f"a score depends on {reason}"):
        check_invariances(NAMES, ROWS, model)


def test_features_without_an_amount_or_an_hour_are_not_rounded() -> None:
    changes = check_invariances(("a", "b", "c", "d"), ROWS, sound)
    assert not any("rounding" in name for name in changes)


def test_a_larger_amount_must_not_look_safer_at_night_only() -> None:
    def asleep(rows: np.ndarray) -> np.ndarray:
        """Night is risky, so that moving a payment there hides that its amount then counts the wrong way."""
        at_night = rows[:, 2] < 6
        by_amount = 1 - np.exp(-rows[:, 0].astype(np.float64) / 50)
        return np.where(at_night, 0.9 - 0.2 * by_amount, 0.1 * by_amount)

    with pytest.raises(ValueError, match="a larger amount where it is 1 o'clock anyway makes"):
        check_directions(NAMES, ROWS, asleep)
