"""Which rows an epoch of the network sees, and in what pieces."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sequences import inputs_of

HONEST_A_FRAUD = 30
"""Honest rows of an epoch for each fraud, drawn anew each time; calibration takes back what that does."""
BATCH = 512

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class EpochRows:
    """All known frauds, and some of the honest rows."""

    frauds: Rows
    honest: Rows

    @property
    def count(self) -> int:
        return len(self.frauds) + self._drawn

    @property
    def batches(self) -> int:
        return self.count // BATCH

    def sample(self, random: np.random.Generator) -> Rows:
        """In the order of their numbers."""
        return np.sort(self._with_honest(random))

    def batches_of(self, random: np.random.Generator) -> Iterator[Rows]:
        """Of one epoch, shuffled; what fills no whole batch is left out."""
        rows = self._with_honest(random)
        random.shuffle(rows)
        for start in range(0, len(rows) - BATCH + 1, BATCH):
            yield rows[start : start + BATCH]

    def _with_honest(self, random: np.random.Generator) -> Rows:
        return np.append(self.frauds, random.choice(self.honest, self._drawn, replace=False))

    @property
    def _drawn(self) -> int:
        return min(len(self.honest), HONEST_A_FRAUD * len(self.frauds))


def epoch_rows(label: NDArray[np.bool_], training: Rows) -> EpochRows:
    """Raises ValueError without a known fraud, and with too few for one batch."""
    rows = EpochRows(training[label[training]], training[~label[training]])
    if len(rows.frauds) == 0:
        raise ValueError("no transaction is labelled as fraud: there is nothing to learn")
    if rows.batches == 0:
        raise ValueError(
            f"an epoch has {rows.count} rows ({len(rows.frauds)} frauds, up to {HONEST_A_FRAUD} honest rows "
            f"for each), a batch needs {BATCH}: use more --transactions"
        )
    return rows


def padded_inputs(
    features: NDArray[np.float32], sequences: NDArray[np.float32], rows: Rows, at_once: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """
    Pieces of one shape, the last filled up with zeros, and how many rows each holds: another shape would be
    compiled anew.
    """
    for start in range(0, len(rows), at_once):
        given = inputs_of(features, sequences, rows[start : start + at_once])
        padded = np.zeros((at_once, given.shape[1]), dtype=np.float32)
        padded[: len(given)] = given
        yield len(given), padded
