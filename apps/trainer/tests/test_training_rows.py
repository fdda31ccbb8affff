import numpy as np
import pytest

from tollgate_trainer.training_rows import DAY_MS, TrainingRows, split_in_time


def test_the_windows_follow_each_other_and_cover_every_row() -> None:
    split = split_in_time(np.arange(60, dtype=np.float64) * DAY_MS)
    assert split.training.start == 0
    assert split.training.stop == split.validation.start
    assert split.validation.stop == split.unlabelled.start
    assert split.unlabelled.stop == split.test.start
    assert split.test.stop == 60
    assert split.cutoff_ms == (59 - 14) * DAY_MS


def test_a_stream_that_is_too_short_is_refused_with_the_days_it_needs() -> None:
    with pytest.raises(ValueError, match="covers 20.0 days, the split needs 38"):
        split_in_time(np.arange(21, dtype=np.float64) * DAY_MS)


def test_a_label_counts_from_the_moment_it_arrived() -> None:
    rows = TrainingRows(
        features=np.zeros((3, 1), np.float32),
        occurred_at_ms=np.zeros(3),
        entity=np.zeros(3, np.int64),
        fraud=np.array([True, True, False]),
        pattern=np.array(["a", "a", None], dtype=object),
        labelled_at_ms=np.array([5.0, np.inf, 5.0]),
        label_fraud=np.array([True, False, True]),
        rule_rank=np.zeros(3),
        rule_outcome=np.zeros(3, np.int64),
    )
    assert list(rows.known_fraud(4.0)) == [False, False, False]
    assert list(rows.known_fraud(5.0)) == [True, False, True]
