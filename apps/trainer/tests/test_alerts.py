import numpy as np
from sklearn import metrics as reference

from tollgate_trainer.evaluation import alerts
from tollgate_trainer.evaluation.cost import Costs, cost_per_thousand, outcomes_of
from tollgate_trainer.evaluation.patterns import recall_by_pattern

TRUTH = np.array([True, False, True, False, False])
SCORES = np.array([0.9, 0.8, 0.7, 0.2, 0.1])


def test_alerts_never_exceed_the_budget_and_the_earlier_of_equals_is_taken() -> None:
    assert list(np.flatnonzero(alerts.alerts_at_budget(np.zeros(10), 0.3))) == [0, 1, 2]
    assert list(np.flatnonzero(alerts.alerts_at_budget(SCORES, 0.4))) == [0, 1]


def test_recall_and_precision_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(3)
    truth, chosen = random.random(300) < 0.2, random.random(300) < 0.3
    assert np.isclose(alerts.recall(truth, chosen), reference.recall_score(truth, chosen))
    assert np.isclose(alerts.precision(truth, chosen), reference.precision_score(truth, chosen))
    honest = reference.confusion_matrix(truth, chosen, normalize="true")[0, 1]
    assert np.isclose(alerts.false_positive_rate(truth, chosen), honest)


def test_the_ceiling_says_what_so_few_alerts_could_find() -> None:
    assert alerts.recall_ceiling(TRUTH, np.array([True, False, False, False, False])) == 0.5
    assert alerts.recall_ceiling(TRUTH, np.full(5, True)) == 1.0


def test_value_found_is_of_money_not_of_transactions() -> None:
    chosen = np.array([True, False, False, False, False])
    assert alerts.value_detection_rate(TRUTH, chosen, np.array([30.0, 5.0, 90.0, 5.0, 5.0])) == 0.25


def test_cost_adds_reviews_blocked_honest_people_and_missed_frauds() -> None:
    outcome = outcomes_of(
        np.array([True, True, False, False, True]), np.array([True, False, False, False, True])
    )
    assert list(outcome) == [2, 1, 0, 0, 2]
    amount = np.array([50.0, 1.0, 20.0, 1.0, 1.0])
    costs = Costs(review_minor=300, blocked_good_minor=1500, missed_fraud_share=0.5)
    # One review (3), one honest person declined (15), half of 20 lost: 28 for five transactions.
    assert np.isclose(cost_per_thousand(TRUTH, outcome, amount, costs), 28 * 200)


def test_each_pattern_has_its_own_recall() -> None:
    pattern = np.array(["a", None, "b", None, None], dtype=object)
    chosen = np.array([True, True, False, False, False])
    assert recall_by_pattern(TRUTH, chosen, pattern) == {"a": 1.0, "b": 0.0}
