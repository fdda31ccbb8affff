"""The training rows in memory, and their split in time."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from .evaluation.window import DAY_MS, Window

AMOUNT_FEATURE = "transaction:amount"
"""In major units of the base currency; without it nothing is said of money."""
SEGMENT_PREFIX = "segment_"
"""Columns of attributes of people: for fairness, never features."""

TEST_DAYS = 14
"""The model is judged on the last days, which it and its thresholds have never seen."""
LABEL_DELAY_DAYS = 7
"""Before the cut-off: by then five of six frauds that will ever be reported have a label."""
VALIDATION_DAYS = 10
"""Before those: decides how many trees there are."""
TRAINING_DAYS_MIN = 7


@dataclass(frozen=True)
class TrainingRows:
    """Columns of equal length, in event-time order."""

    features: NDArray[np.float32]
    occurred_at_ms: NDArray[np.float64]
    entity: NDArray[np.int64]
    """A number for each card."""
    fraud: NDArray[np.bool_]
    """The simulation's truth."""
    pattern: NDArray[np.object_]
    labelled_at_ms: NDArray[np.float64]
    """Infinite where no label ever comes."""
    label_fraud: NDArray[np.bool_]
    rule_rank: NDArray[np.float64]
    """What the rules say: the outcome, then how many fired."""
    rule_outcome: NDArray[np.int64]
    """0 approve, 1 review, 2 decline."""
    amount: NDArray[np.float64] | None = None
    segments: dict[str, NDArray[np.object_]] = field(default_factory=dict)

    def window(self, rows: slice | NDArray[np.bool_]) -> Window:
        """These rows with their truth, to be judged on."""
        return Window(
            truth=self.fraud[rows],
            occurred_at_ms=self.occurred_at_ms[rows],
            entity=self.entity[rows],
            amount=None if self.amount is None else self.amount[rows],
            pattern=self.pattern[rows],
            segments={name: values[rows] for name, values in self.segments.items()},
        )

    def known_fraud(self, at_ms: float) -> NDArray[np.bool_]:
        """What a bank knows then: a transaction without a label counts as honest."""
        return self.label_fraud & (self.labelled_at_ms <= at_ms)


@dataclass(frozen=True)
class Split:
    """Windows of time, one after the other. Labels are used as they were known at `cutoff_ms`."""

    training: slice
    validation: slice
    unlabelled: slice
    """Too recent for labels: thresholds come from here, where the model has not been fitted."""
    test: slice
    cutoff_ms: float


def read_training_rows(path: Path, features: tuple[str, ...]) -> TrainingRows:
    table = parquet.read_table(path)
    matrix = np.empty((table.num_rows, len(features)), dtype=np.float32)
    for column, name in enumerate(features):
        matrix[:, column] = table.column(name).to_numpy()
    pattern = table.column("pattern").to_numpy(zero_copy_only=False)
    outcome = table.column("ruleOutcome").to_numpy()
    fired = table.column("rulesFired").to_numpy()
    labelled_at = table.column("labelledAtMs").fill_null(np.inf).to_numpy()
    entity = table.column("entityKey").combine_chunks().dictionary_encode().indices
    return TrainingRows(
        features=matrix,
        occurred_at_ms=table.column("occurredAtMs").to_numpy(),
        entity=entity.to_numpy().astype(np.int64),
        fraud=np.array([name is not None for name in pattern], dtype=np.bool_),
        pattern=pattern,
        labelled_at_ms=labelled_at,
        label_fraud=table.column("labelFraud").fill_null(False).to_numpy(zero_copy_only=False),
        rule_rank=outcome * 1000.0 + fired,
        rule_outcome=outcome.astype(np.int64),
        amount=_amount(matrix, features),
        segments={
            name.removeprefix(SEGMENT_PREFIX): table.column(name).to_numpy(zero_copy_only=False)
            for name in table.column_names
            if name.startswith(SEGMENT_PREFIX)
        },
    )


def _amount(matrix: NDArray[np.float32], features: tuple[str, ...]) -> NDArray[np.float64] | None:
    if AMOUNT_FEATURE not in features:
        return None
    return matrix[:, features.index(AMOUNT_FEATURE)].astype(np.float64)


def split_in_time(occurred_at_ms: NDArray[np.float64]) -> Split:
    """Cuts the rows into windows; raises ValueError when the stream is too short for them."""
    end = float(occurred_at_ms[-1])
    cutoff = end - TEST_DAYS * DAY_MS
    labelled = cutoff - LABEL_DELAY_DAYS * DAY_MS
    validation = labelled - VALIDATION_DAYS * DAY_MS
    days = (validation - float(occurred_at_ms[0])) / DAY_MS
    if days < TRAINING_DAYS_MIN:
        wanted = TEST_DAYS + LABEL_DELAY_DAYS + VALIDATION_DAYS + TRAINING_DAYS_MIN
        have = (end - float(occurred_at_ms[0])) / DAY_MS
        raise ValueError(
            f"the stream covers {have:.1f} days, the split needs {wanted}: "
            "use more --transactions or fewer --customers"
        )
    first, second, third = np.searchsorted(occurred_at_ms, [validation, labelled, cutoff])
    return Split(
        training=slice(0, int(first)),
        validation=slice(int(first), int(second)),
        unlabelled=slice(int(second), int(third)),
        test=slice(int(third), len(occurred_at_ms)),
        cutoff_ms=cutoff,
    )
