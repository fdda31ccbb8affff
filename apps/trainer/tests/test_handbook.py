import numpy as np

from tollgate_trainer.tasks.handbook import protocol_week, start_ms
from tollgate_trainer.training_rows import TrainingRows

HOUR_MS = 3_600_000.0


def rows_of(entries: list[tuple[str, int, bool]]) -> TrainingRows:
    """Each is a day, a card and whether it is fraud."""
    count = len(entries)
    return TrainingRows(
        features=np.zeros((count, 1), np.float32),
        occurred_at_ms=np.array([start_ms(day) + HOUR_MS for day, _, _ in entries]),
        entity=np.array([card for _, card, _ in entries]),
        fraud=np.array([fraud for _, _, fraud in entries]),
        pattern=np.full(count, None, dtype=object),
        labelled_at_ms=np.full(count, np.inf),
        label_fraud=np.zeros(count, np.bool_),
        rule_rank=np.zeros(count),
        rule_outcome=np.zeros(count, np.int64),
    )


def test_seven_days_are_fitted_on_seven_wait_and_seven_are_judged() -> None:
    days = ["2018-07-24", "2018-07-25", "2018-07-31", "2018-08-01", "2018-08-08", "2018-08-14", "2018-08-15"]
    week = protocol_week(rows_of([(day, 1, False) for day in days]), "2018-07-25")
    assert list(week.training) == [False, True, True, False, False, False, False]
    assert list(week.test) == [False, False, False, False, True, True, False]


def test_a_card_leaves_the_test_when_its_fraud_is_known() -> None:
    week = protocol_week(
        rows_of(
            [
                ("2018-07-26", 1, True),
                ("2018-08-01", 2, True),
                ("2018-08-08", 1, False),
                ("2018-08-08", 2, False),
                ("2018-08-09", 2, False),
                ("2018-08-09", 3, False),
            ]
        ),
        "2018-07-25",
    )
    # The fraud of 1 August is known on 8 August's evening: card 2 is judged that day, and no more the next.
    assert list(week.test) == [False, False, False, True, False, True]
