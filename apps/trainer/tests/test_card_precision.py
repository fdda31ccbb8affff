import numpy as np

from tollgate_trainer.evaluation.card_precision import card_precision


def test_cards_count_once_a_day_and_the_ceiling_is_known() -> None:
    truth = np.array([True, True, False, False])
    reached, possible = card_precision(
        truth, np.array([0.9, 0.8, 0.7, 0.1]), np.zeros(4, np.int64), np.array([1, 1, 2, 3]), top=2
    )
    assert (reached, possible) == (0.5, 0.5)


def test_a_card_that_was_found_leaves_the_days_after() -> None:
    truth = np.array([True, True, True])
    day = np.array([0, 1, 1])
    card = np.array([1, 1, 2])
    reached, possible = card_precision(truth, np.array([0.9, 0.9, 0.8]), day, card, top=1)
    # On the second day card 1 is gone, so card 2 is the first.
    assert (reached, possible) == (1.0, 1.0)


def handbook_card_precision(truth, scores, day, card, top):  # noqa: ANN001, ANN201
    """As in the Handbook's shared functions, without pandas."""
    found: set[int] = set()
    daily = []
    for number in sorted(set(day)):
        of_day = [row for row in range(len(day)) if day[row] == number and card[row] not in found]
        cards = {}
        for row in of_day:
            score, fraud = cards.get(card[row], (-1.0, False))
            cards[card[row]] = (max(score, scores[row]), fraud or bool(truth[row]))
        ranked = sorted(cards.items(), key=lambda item: -item[1][0])[:top]
        hits = [name for name, (_, fraud) in ranked if fraud]
        daily.append(len(hits) / top)
        found |= set(hits)
    return float(np.mean(daily))


def test_it_is_the_handbooks_definition() -> None:
    random = np.random.default_rng(5)
    rows = 600
    truth = random.random(rows) < 0.1
    scores = random.random(rows) + 0.5 * truth
    day = np.sort(random.integers(0, 7, rows))
    card = random.integers(0, 80, rows)
    reached, possible = card_precision(truth, scores, day, card, top=10)
    assert np.isclose(reached, handbook_card_precision(truth, scores, day, card, 10))
    assert possible >= reached
