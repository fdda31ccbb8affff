import numpy as np

from tollgate_trainer import metrics

TRUTH = np.array([True, False, True, False, False])
SCORES = np.array([0.9, 0.8, 0.7, 0.2, 0.1])


def test_average_precision_is_the_mean_precision_at_each_fraud() -> None:
    assert np.isclose(metrics.average_precision(TRUTH, SCORES), (1 + 2 / 3) / 2)


def test_equal_scores_are_one_step_whatever_their_order() -> None:
    equal = np.full(5, 0.5)
    assert np.isclose(metrics.average_precision(TRUTH, equal), 2 / 5)
    assert np.isclose(metrics.area_under_roc(TRUTH, equal), 0.5)


def test_area_under_roc_is_the_share_of_pairs_in_order() -> None:
    assert np.isclose(metrics.area_under_roc(TRUTH, SCORES), 5 / 6)


def test_alerts_never_exceed_the_budget() -> None:
    assert metrics.alerts_at_budget(np.zeros(10), 0.3).sum() == 3
    assert list(np.flatnonzero(metrics.alerts_at_budget(SCORES, 0.4))) == [0, 1]


def test_card_precision_counts_cards_once_a_day_and_knows_its_ceiling() -> None:
    truth = np.array([True, True, False, False])
    reached, possible = metrics.card_precision(
        truth, np.array([0.9, 0.8, 0.7, 0.1]), np.zeros(4, np.int64), np.array([1, 1, 2, 3]), top=2
    )
    assert (reached, possible) == (0.5, 0.5)
