import numpy as np
import pytest

from tollgate_trainer.gates import check_gates
from tollgate_trainer.thresholds import choose_thresholds

SCORES = np.linspace(0, 1, 1000)


def test_a_sound_model_passes_and_its_difference_is_given() -> None:
    assert np.isclose(check_gates(b"model", SCORES, SCORES + 1e-7), 1e-7)


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
        check_gates(model, exported, SCORES)


def test_thresholds_leave_the_budgets_above_them() -> None:
    thresholds = choose_thresholds(SCORES, 0.01, 0.003)
    assert (SCORES >= thresholds["review"]).mean() == pytest.approx(0.01)
    assert (SCORES >= thresholds["decline"]).mean() == pytest.approx(0.003)
