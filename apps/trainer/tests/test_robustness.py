import numpy as np
import pytest

from tollgate_trainer.fairness import check_fairness
from tollgate_trainer.job import Fairness
from tollgate_trainer.robustness import check_robustness, robustness

NAMES = ("transaction:amount", "card@v1:amount_to_normal_30d", "transaction:hour_of_day")
ROWS = np.array([[100, 2, 12], [100, 2, 12], [300, 6, 3]], dtype=np.float32)
TRUTH = np.array([True, False, True])


def test_frauds_just_above_the_threshold_flip_and_those_far_above_do_not() -> None:
    held = robustness(NAMES, ROWS, TRUTH, lambda rows: rows[:, 0].astype(np.float64) / 1000, 0.095)
    assert held is not None
    assert (held.frauds, held.changes, held.flip_rate) == (2, 15, 0.5)
    with pytest.raises(ValueError, match="50.0% of the frauds"):
        check_robustness(held)


def test_the_hour_goes_round_midnight_and_missing_amounts_stay_missing() -> None:
    seen: list[np.ndarray] = []

    def predict(rows: np.ndarray) -> np.ndarray:
        seen.append(rows)
        return np.full(len(rows), 0.9)

    rows = np.array([[100, -1, 23.5]], dtype=np.float32)
    held = robustness(NAMES, rows, np.array([True]), predict, 0.5)
    assert held is not None and held.flip_rate == 0
    assert {float(changed[0, 2]) for changed in seen} == {22.5, 23.5, 0.5}
    assert {float(changed[0, 1]) for changed in seen} == {-1.0}


def test_features_without_anything_in_an_attackers_hands_have_no_flip_rate() -> None:
    assert robustness(("V1",), ROWS[:, :1], TRUTH, lambda rows: rows[:, 0] * 1.0, 0.5) is None


FIGURES = {
    "segments": {
        "age_band": {"false_positive_rate_ratio": 0.5, "false_positive_rate_ratio_interval": (0.4, 0.7)}
    }
}


def test_a_ratio_that_is_below_the_policy_with_all_of_its_interval_is_refused() -> None:
    check_fairness(FIGURES, Fairness(("age_band",), 0.7))
    check_fairness(FIGURES, None)
    with pytest.raises(ValueError, match="by age_band the false_positive_rate_ratio is 0.500"):
        check_fairness(FIGURES, Fairness(("age_band",), 0.8))


def test_rows_without_any_segment_are_not_measured() -> None:
    check_fairness({}, Fairness(("age_band",), 0.8))


def test_a_segment_that_the_rows_lack_beside_others_is_refused() -> None:
    with pytest.raises(ValueError, match="no segment_region"):
        check_fairness(FIGURES, Fairness(("region",), 0.8))
