import numpy as np

from tollgate_trainer.evaluation.bootstrap import (
    average_precision_and_roc_intervals,
    card_precision_interval,
    card_weights,
)
from tollgate_trainer.evaluation.card_precision import CardRanking, card_precision
from tollgate_trainer.evaluation.cost import Costs
from tollgate_trainer.evaluation.evaluate import evaluate
from tollgate_trainer.evaluation.ranking import average_precision
from tollgate_trainer.evaluation.segments import segment_figures
from tollgate_trainer.evaluation.tables import comparison_table
from tollgate_trainer.evaluation.window import DAY_MS, Budgets, Scorer, Window

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


DAY = np.sort(RANDOM.integers(0, 7, 2000))


def as_copies(weights: np.ndarray) -> tuple[float, float]:
    """Card precision of rows that are there as often as their card was drawn, each copy a card of its own."""
    rows = np.repeat(np.arange(2000), weights.astype(np.int64))
    copy = np.concatenate([np.arange(count) for count in weights.astype(np.int64)])
    card = CARDS[rows] * 1000 + copy
    return card_precision(TRUTH[rows], SCORES[rows], DAY[rows], card, top=10)


def test_a_card_that_is_drawn_twice_is_two_cards_of_the_days_first() -> None:
    ranking = CardRanking(TRUTH, SCORES, DAY, CARDS)
    for weights in card_weights(TRUTH, CARDS, seed=4, rounds=5):
        assert np.allclose(ranking.precision(10, weights), as_copies(weights))
    assert np.allclose(ranking.precision(10), as_copies(np.ones(2000)))


def test_the_interval_of_card_precision_holds_it() -> None:
    ranking = CardRanking(TRUTH, SCORES, DAY, CARDS)
    low, high = card_precision_interval(ranking, 10, TRUTH, CARDS, seed=1)
    assert low < ranking.precision(10)[0] < high
    assert (low, high) == card_precision_interval(ranking, 10, TRUTH, CARDS, seed=1)


def test_cost_value_found_and_card_precision_are_shown_with_intervals_that_hold_them() -> None:
    amount = RANDOM.lognormal(3, 1, 2000)
    window = Window(TRUTH, DAY * DAY_MS, CARDS, amount)
    budgets = Budgets(alert=0.05, decline=0.01, costs=Costs(300, 1500, 1))
    figures = evaluate(window, Scorer("trees", SCORES), budgets, seed=1)
    of_budget = figures["atAlertBudget"]
    for value, (low, high) in (
        (figures["cardPrecisionTop100"], figures["cardPrecisionTop100Interval"]),
        (figures["costPerThousand"], figures["costPerThousandInterval"]),
        (of_budget["recall"], of_budget["recallInterval"]),
        (of_budget["valueDetectionRate"], of_budget["valueDetectionRateInterval"]),
    ):
        assert low < value < high
    header, row = comparison_table(
        {"alertBudgetShare": 0.05, "scorers": {"trees": figures}, "published": []}
    )
    shown = dict(zip(header, row, strict=True))
    low, high = figures["costPerThousandInterval"]
    assert shown["cost / 1,000 [95 %]"].endswith(f"[{low:,.2f}, {high:,.2f}]")
    assert "[" in shown["CP@100 [95 %] (ceiling)"] and "[" in shown["value found [95 %]"]


def test_more_cards_make_the_interval_of_the_cost_narrower() -> None:
    budgets = Budgets(alert=0.05, decline=0.01, costs=Costs(300, 1500, 1))

    def width(rows: int) -> float:
        window = Window(TRUTH[:rows], DAY[:rows] * DAY_MS, np.arange(rows), np.full(rows, 50.0))
        figures = evaluate(window, Scorer("trees", SCORES[:rows]), budgets, seed=1)
        return figures["costPerThousandInterval"][1] - figures["costPerThousandInterval"][0]

    assert width(2000) < 0.8 * width(500)
