import numpy as np

from tollgate_trainer.evaluation.window import DAY_MS
from tollgate_trainer.prequential import prequential_weeks
from tollgate_trainer.training_rows import TrainingRows


def stream(label_delay_days: float) -> TrainingRows:
    """40 days with a fraud in ten rows, told by the first feature; labels come after a delay."""
    count = 8000
    random = np.random.default_rng(2)
    features = random.normal(size=(count, 2)).astype(np.float32)
    fraud = features[:, 0] > 1.28
    at = np.linspace(0, 40 * DAY_MS, count)
    return TrainingRows(
        features=features,
        occurred_at_ms=at,
        entity=np.arange(count),
        fraud=fraud,
        pattern=np.full(count, None, dtype=object),
        labelled_at_ms=np.where(fraud, at + label_delay_days * DAY_MS, np.inf),
        label_fraud=fraud,
        rule_rank=np.zeros(count),
        rule_outcome=np.zeros(count, np.int64),
    )


def test_each_week_is_judged_by_a_model_that_knew_only_what_had_come_before_it() -> None:
    weeks = prequential_weeks(stream(5), {"min_data_in_leaf": 20}, trees=20, alert_share=0.1, seed=1)
    assert [round(week.startMs / DAY_MS) for week in weeks] == [19, 26, 33]
    assert all(week.averagePrecision > 0.95 for week in weeks)
    # Of the last week, the labels of its last five days have not come.
    assert weeks[-1].labelledFrauds < 0.5 * weeks[-1].frauds
    assert weeks[0].labelledFrauds == weeks[0].frauds


def test_labels_that_come_too_late_fit_no_model() -> None:
    assert prequential_weeks(stream(60), {}, trees=5, alert_share=0.1, seed=1) == []
