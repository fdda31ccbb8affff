"""Week after week: fitted on the labels that have arrived, judged on the week that follows."""

from dataclasses import asdict, dataclass

import numpy as np

from .evaluation.alerts import alerts_at_budget, precision, recall
from .evaluation.ranking import Ranking
from .evaluation.window import DAY_MS
from .fit_trees import Parameters, fit_trees, logits_of
from .training_rows import LABEL_DELAY_DAYS, TRAINING_DAYS_MIN, TrainingRows

WEEK_MS = 7 * DAY_MS
WEEKS_MAX = 6
"""The latest ones: each is a fit."""
FRAUDS_MIN = 10
"""Fewer known frauds fit no model, and fewer true ones judge none."""


@dataclass(frozen=True)
class PrequentialWeek:
    """Names as evaluation.json has them."""

    startMs: float
    transactions: int
    frauds: int
    labelledFrauds: int
    """Of this week's, those whose label had come by the end of the rows."""
    averagePrecision: float
    """Against the truth."""
    averagePrecisionByLabels: float
    """Against the labels that had come: what somebody without the truth would have seen."""
    recall: float
    precision: float
    """At the alert budget, against the truth."""


def prequential_weeks(
    rows: TrainingRows, parameters: Parameters, *, trees: int, alert_share: float, seed: int
) -> list[PrequentialWeek]:
    """A model of a week has seen no label that came after its start, and no row without time for one."""
    at = rows.occurred_at_ms
    first, last = float(at[0]), float(at[-1])
    known_in_the_end = rows.known_fraud(last)
    weeks = []
    begin = last - WEEK_MS
    while begin - first > (TRAINING_DAYS_MIN + LABEL_DELAY_DAYS) * DAY_MS and len(weeks) < WEEKS_MAX:
        fitted = slice(0, int(np.searchsorted(at, begin - LABEL_DELAY_DAYS * DAY_MS)))
        judged = slice(*(int(place) for place in np.searchsorted(at, [begin, begin + WEEK_MS])))
        label = rows.known_fraud(begin)[fitted]
        if label.sum() >= FRAUDS_MIN and rows.fraud[judged].sum() >= FRAUDS_MIN:
            booster = fit_trees(rows.features[fitted], label, parameters=parameters, trees=trees, seed=seed)
            scores = logits_of(booster, rows.features[judged])
            truth, known = rows.fraud[judged], known_in_the_end[judged]
            by_labels = Ranking(known, scores).average_precision() if known.any() else 0.0
            alerts = alerts_at_budget(scores, alert_share)
            weeks.append(
                PrequentialWeek(
                    startMs=begin,
                    transactions=len(truth),
                    frauds=int(truth.sum()),
                    labelledFrauds=int((truth & known).sum()),
                    averagePrecision=Ranking(truth, scores).average_precision(),
                    averagePrecisionByLabels=by_labels,
                    recall=recall(truth, alerts),
                    precision=precision(truth, alerts),
                )
            )
        begin -= WEEK_MS
    return weeks[::-1]


def as_json(weeks: list[PrequentialWeek]) -> list[dict[str, float]]:
    return [asdict(week) for week in weeks]
