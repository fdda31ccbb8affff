import numpy as np

from tollgate_trainer.evaluation.bootstrap import average_precision_and_roc_intervals, card_weights
from tollgate_trainer.evaluation.ranking import average_precision
from tollgate_trainer.evaluation.segments import segment_figures

RANDOM = np.random.default_rng(2)
TRUTH = RANDOM.random(2000) < 0.1
SCORES = RANDOM.random(2000) + 0.4 * TRUTH
CARDS = RANDOM.integers(0, 300, 2000)


def test_the_interval_holds_the_figure_and_is_the_same_for_the_same_seed() -> None:
    first = average_precision_and_roc_intervals(TRUTH, SCORES, CARDS, seed=1)
    assert first == average_precision_and_roc_intervals(TRUTH, SCORES, CARDS, seed=1)
    low, high = first[0]
    assert low < average_precision(TRUTH, SCORES) < high
    assert high - low > 0.02


def test_cards_with_and_without_fraud_keep_their_numbers() -> None:
    bad = np.unique(CARDS[TRUTH])
    for weights in card_weights(TRUTH, CARDS, seed=3, rounds=5):
        per_card = {card: weights[CARDS == card] for card in np.unique(CARDS)}
        assert all((values == values[0]).all() for values in per_card.values())
        assert sum(per_card[card][0] for card in bad) == len(bad)
        assert sum(values[0] for values in per_card.values()) == len(per_card)


def test_a_segment_that_is_stopped_twice_as_often_has_a_ratio_of_one_half() -> None:
    truth = np.zeros(4000, dtype=np.bool_)
    segment = np.repeat(np.array(["young", "old"], dtype=object), 2000)
    alerts = np.zeros(4000, dtype=np.bool_)
    alerts[:200] = True
    alerts[2000:2100] = True
    figures = segment_figures(truth, alerts, segment, np.arange(4000), seed=1)
    assert figures.selection_rate == {"young": 0.1, "old": 0.05}
    assert figures.false_positive_rate == {"young": 0.1, "old": 0.05}
    assert np.isclose(figures.false_positive_rate_ratio, 0.5)
    low, high = figures.false_positive_rate_ratio_interval
    assert low < 0.5 < high
